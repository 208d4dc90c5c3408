// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lab/lab_file.hh"

namespace zonder::lab {

/// The zone as text for a name server: SOA and NS, the file's own records, the addresses of the
/// hosts' names that lie in it, and for each zone right below it the delegation with glue. `ds` has
/// the DS data ("KEYTAG 13 2 DIGEST") of the signed zones by name.
std::string zone_text(const LabFile& lab,
                      const Zone& zone,
                      const std::map<std::string, std::vector<std::string>>& ds);

/// The root's name servers and their addresses, as a resolver's hints.
std::string root_hints(const LabFile& lab);

}  // namespace zonder::lab

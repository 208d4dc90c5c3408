// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "model/name_resolution.hh"
#include "report/style.hh"

// Names that failed during a run, and the way by which each hangs on the absent.
namespace zonder::report {

/// "shop.example.nl -> CNAME shop.azurewebsites.example -> name servers of azurewebsites.example:
/// ns1-01.azure-dns.example (20.190.128.1): microsoft". The name alone when it was not seen why.
std::string chain_line(const model::FailedName& failed, const Style& style);

/// The names of which it was seen why they failed, one line each.
std::vector<std::string> stuck_names(const model::NameResolution& dns, const Style& style);

/// Whether a name was seen to fail for want of the absent: a contact with them, made for the
/// command.
bool a_name_hung_on_the_absent(const model::RunRecord& record);

/// For the verdict: how many names failed for want of the absent, and which first.
std::vector<std::string> stuck_sentences(const model::NameResolution& dns, const Style& style);

/// For the verdict: names of which no answer told where they lead.
std::vector<std::string> failed_sentences(const model::RunRecord& record, const Style& style);

/// What the run's own resolver did, and what else is to be known of how names were looked up.
std::vector<std::string> name_grounds(const model::NameResolution& dns, const Style& style);

}  // namespace zonder::report

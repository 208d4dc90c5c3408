// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <map>
#include <string>

#include "lab/lab_file.hh"
#include "lab/lab_yaml.hh"

// One reader for each noun of a lab file, each in the .cc of its name. They check what they read,
// and count on the parts before them, in this order. All throw Wrong.
namespace zonder::lab {

void read_networks(const YAML::Node& node, LabFile& lab);

/// Where each host stands, for what turns out later.
using HostPlaces = std::map<std::string, Place>;
HostPlaces read_hosts(const YAML::Node& node, LabFile& lab);

/// What runs on one host.
void read_servers(const YAML::Node& node, Host& host);

void read_zones(const YAML::Node& node, LabFile& lab);
void read_resolver(const YAML::Node& node, LabFile& lab);

/// What no part can see alone: names have zones to stand in, ports are wanted once.
void check_across(const LabFile& lab, const HostPlaces& places);

}  // namespace zonder::lab

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <yaml-cpp/yaml.h>

#include "base/translate.hh"
#include "lab/lab_readers.hh"

namespace zonder::lab {
namespace {

constexpr std::size_t most_networks = 60;

Network network_of(const YAML::Node& key, const YAML::Node& value)
{
  Network network = {.name = name_of(key, say("the network")), .prefixes = {}};
  for (const auto& item : nodes_of(value, say("the network {}", network.name))) {
    const auto prefix = net::Prefix::parse(text_of(item, say("a prefix")));
    if (!prefix) {
      wrong(item, prefix.error().message);
    }
    const unsigned longest = width(prefix->family()) - 2;
    if (prefix->length() < 8 || prefix->length() > longest) {
      wrong(item, say("{}: the length must be from {} to {}", prefix->to_string(), 8, longest));
    }
    for (const auto& other : network.prefixes) {
      if (other.family() == prefix->family()) {
        wrong(item, say("{} has two prefixes of one family", network.name));
      }
    }
    network.prefixes.push_back(*prefix);
  }
  return network;
}

void check_overlap(const YAML::Node& node, const Network& network, const Network& other)
{
  for (const auto& one : other.prefixes) {
    for (const auto& two : network.prefixes) {
      if (one.family() == two.family() && (one.contains(two) || two.contains(one))) {
        wrong(node,
              say("{} of {} overlaps {} of {}",
                  two.to_string(),
                  network.name,
                  one.to_string(),
                  other.name));
      }
    }
  }
}

}  // namespace

void read_networks(const YAML::Node& node, LabFile& lab)
{
  for (const auto& [key, value] : parts_of(node, "networks")) {
    auto network = network_of(key, value);
    for (const auto& other : lab.networks) {
      check_overlap(value, network, other);
    }
    lab.networks.push_back(std::move(network));
  }
  if (lab.networks.size() > most_networks) {
    wrong(node, say("more than {} networks", most_networks));
  }
}

}  // namespace zonder::lab

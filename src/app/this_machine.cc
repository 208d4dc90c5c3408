// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/this_machine.hh"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/ascii.hh"
#include "isolate/room_proxies.hh"
#include "net/address.hh"
#include "net/special_use.hh"
#include "net/url_host.hh"

namespace zonder::app {
namespace {

const auto v4_itself = net::Address::v4(0x7f000001);
const auto v6_itself = net::Address::v6(0, 1);

/// Who connects to no address in particular comes to the loopback.
bool is_unspecified(net::Address address)
{
  return address == net::Address::v4(0) || address == net::Address::v6(0, 0);
}

bool is_loopback(net::Address address)
{
  return net::special_use(address) == net::SpecialUse::Loopback || is_unspecified(address);
}

/// Of a request, in small letters and without the root's dot.
std::string host_of(const model::PageRequest& request)
{
  auto host = ascii_lower(std::string(net::url_host(request.url)));
  if (host.ends_with('.')) {
    host.pop_back();
  }
  return host;
}

/// Chromium has those names to itself (RFC 6761), whatever a name server says.
bool is_localhost(const std::string& host)
{
  return host == "localhost" || host.ends_with(".localhost");
}

/// As Chromium writes it: "192.0.2.1" or "[2001:db8::1]".
std::optional<net::Address> address_in(std::string_view text)
{
  if (text.starts_with('[') && text.ends_with(']')) {
    text = text.substr(1, text.size() - 2);
  }
  return net::Address::try_parse(text);
}

}  // namespace

bool ThisMachine::lets_through(std::uint16_t port) const
{
  return std::find(allowed_.begin(), allowed_.end(), port) != allowed_.end();
}

bool ThisMachine::has_to_itself(const model::PageRequest& request) const
{
  const auto host = host_of(request);
  auto address = address_in(host);
  if (!address && !by_proxy_) {
    address = address_in(request.address);
  }
  if (!address && by_proxy_) {
    const auto known = isolate::addresses_in_hosts(hosts_, host);
    address = known.empty() ? std::nullopt : std::optional(known.front());
  }
  const auto port = net::url_port(request.url);
  if (!address) {
    return is_localhost(host) && !lets_through(port);
  }
  // What is let through stands at these two, and not at 127.0.1.1.
  const bool can_be_let_through =
      *address == v4_itself || *address == v6_itself || is_unspecified(*address);
  return is_loopback(*address) && !(can_be_let_through && lets_through(port));
}

void ThisMachine::mark(model::PageVisit& with, model::PageVisit& without) const
{
  using Place = std::pair<std::string, std::uint16_t>;
  const auto place_of = [](const model::PageRequest& request) {
    return Place(host_of(request), net::url_port(request.url));
  };
  std::set<Place> places;
  for (const auto* visit : {&with, &without}) {
    for (const auto& request : visit->requests) {
      if (has_to_itself(request)) {
        places.insert(place_of(request));
      }
    }
  }
  for (auto* visit : {&with, &without}) {
    for (auto& request : visit->requests) {
      request.of_this_machine = places.count(place_of(request)) > 0;
    }
  }
}

}  // namespace zonder::app

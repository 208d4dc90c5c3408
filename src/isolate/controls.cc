// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/controls.hh"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>

#include "base/translate.hh"
#include "net/prefix_set.hh"

namespace zonder::isolate {
namespace {

struct Control {
  std::string host;
  std::vector<std::uint16_t> ports;
};

/// HOST, HOST:PORT, or [V6]:PORT.
Control read_control(const std::string& text)
{
  Control control = {.host = text, .ports = {443, 80}};
  const auto colon = text.rfind(':');
  const bool bracketed = text.starts_with('[');
  if (colon == std::string::npos || (!bracketed && text.find(':') != colon)) {
    return control;
  }
  std::uint16_t port = 0;
  const auto [end, error] =
      std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
  if (error == std::errc{} && end == text.data() + text.size() && port != 0) {
    control.host = text.substr(0, colon);
    control.ports = {port};
  }
  if (bracketed && control.host.back() == ']') {
    control.host = control.host.substr(1, control.host.size() - 2);
  }
  return control;
}

/// What stands behind the one colon that can begin a port; nothing: there is none.
std::optional<std::string> port_text(const std::string& text)
{
  const auto bracket = text.starts_with('[') ? text.find(']') : 0;
  const auto colon = text.find(':', bracket == std::string::npos ? 0 : bracket);
  const bool is_v6 = !text.starts_with('[') && colon != text.rfind(':');
  return colon == std::string::npos || is_v6 ? std::nullopt : std::optional(text.substr(colon + 1));
}

Result<std::vector<net::Address>>
addresses_of(const std::string& host, Forwarder* forwarder, const std::string& no_forwarder)
{
  if (const auto literal = net::Address::try_parse(host)) {
    return std::vector{*literal};
  }
  const auto name = net::DomainName::parse(host);
  if (!name) {
    return fail(name.error());
  }
  if (forwarder == nullptr) {
    return fail(Fault::NotPossible, no_forwarder);
  }
  return forwarder->resolve(*name);
}

/// An address that is answered without the way out: loopback, "this host", one of the machine's
/// own.
bool is_here(const net::Address& address, const std::vector<net::Address>& own)
{
  static const auto always = net::PrefixSet::of(
      std::vector{*net::Prefix::parse("127.0.0.0/8"),
                  *net::Prefix::parse("0.0.0.0/8"),
                  net::Prefix::containing(net::Address::v6(0, 0), 127)});  // :: and ::1
  return always.contains(address) || std::find(own.begin(), own.end(), address) != own.end();
}

std::string try_control(const std::string& text,
                        const std::vector<net::Address>& own,
                        const WayToControls& way,
                        Forwarder* forwarder,
                        const std::string& no_forwarder,
                        const model::Absence& absence)
{
  const auto control = read_control(text);
  const auto addresses = addresses_of(control.host, forwarder, no_forwarder);
  if (!addresses) {
    return addresses.error().message;
  }
  std::vector<net::Address> elsewhere;
  std::copy_if(addresses->begin(),
               addresses->end(),
               std::back_inserter(elsewhere),
               [&](const net::Address& address) { return !is_here(address, own); });
  if (elsewhere.empty()) {
    return say("it is this machine itself, which tells nothing of the way out: choose another "
               "control");
  }
  std::vector<net::Address> alive;
  for (const auto& address : elsewhere) {
    if (!absence.party_of(address)) {
      alive.push_back(address);
    }
  }
  if (alive.empty()) {
    return say("all its addresses belong to an absent party: choose another control");
  }
  // At most four addresses, for there are only so many sockets.
  alive.erase(alive.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(4, alive.size())),
              alive.end());
  return way.any_answers(alive, control.ports) ? "" : say("it does not answer");
}

}  // namespace

Result<void> check_control(const std::string& text)
{
  // What stands before an "@" would be told as a host or port, and may be a password.
  if (text.find_first_of("/@") != std::string::npos) {
    return fail(Fault::Usage, say("--control wants HOST or HOST:PORT, not {}", text));
  }
  const auto control = read_control(text);
  if (const auto port = port_text(text); port && control.ports.size() != 1) {
    return fail(
        Fault::Usage,
        say("--control: a port is a number between 1 and 65535, not {}, in {}", *port, text));
  }
  if (net::Address::try_parse(control.host)) {
    return {};
  }
  const auto name = net::DomainName::parse(control.host);
  return name ? Result<void>()
              : fail(Fault::Usage,
                     say("--control: {} is no host: {}", control.host, name.error().message));
}

void try_controls(const std::vector<std::string>& controls,
                  const std::vector<net::Address>& own,
                  const WayToControls& way,
                  Forwarder* forwarder,
                  const std::string& no_forwarder,
                  const model::Absence& absence,
                  model::Proof& proof)
{
  for (const auto& control : controls) {
    const auto detail = try_control(control, own, way, forwarder, no_forwarder, absence);
    proof.checks.push_back({.what = "control",
                            .target = control,
                            .party = {},
                            .as_expected = detail.empty(),
                            .detail = detail});
  }
  if (!controls.empty()) {
    return;
  }
  std::string detail = no_forwarder;
  if (forwarder != nullptr) {
    const auto upstream = forwarder->check_upstream();
    detail = !upstream                   ? upstream.error().message
             : way.name_server_answers() ? ""
                                         : say("the room's name server does not answer");
  }
  proof.checks.push_back({.what = "control",
                          .target = "resolver",
                          .party = {},
                          .as_expected = detail.empty(),
                          .detail = detail});
}

}  // namespace zonder::isolate

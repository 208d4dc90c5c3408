// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/proxy_answer.hh"

#include <fmt/format.h>

#include "base/translate.hh"

namespace zonder::isolate {
namespace {

const char* status(ProxyAnswer which)
{
  switch (which) {
  case ProxyAnswer::NotUnderstood:
    return "400 Bad Request";
  case ProxyAnswer::OffLimits:
  case ProxyAnswer::PerhapsHere:
  case ProxyAnswer::TheRoomItself:
    return "403 Forbidden";
  case ProxyAnswer::NoAddress:
  case ProxyAnswer::NotConnected:
    return "502 Bad Gateway";
  case ProxyAnswer::NotLookedUp:
  case ProxyAnswer::NotReached:
    break;
  case ProxyAnswer::NotReachedInTime:
    return "504 Gateway Timeout";
  }
  return "503 Service Unavailable";
}

/// For a person, who must not take it for the proxy's own words.
std::string sentence(ProxyAnswer which)
{
  switch (which) {
  case ProxyAnswer::NotUnderstood:
    return tr("This is an exercise: zonder did not plainly understand the request, so it did not "
              "pass it on.");
  case ProxyAnswer::OffLimits:
    return tr("This is an exercise: zonder passes on no request for this machine itself.");
  case ProxyAnswer::PerhapsHere:
    return tr("This is an exercise: by a proxy on this machine this name may lead to a service of "
              "the machine itself, so zonder did not pass it on (--allow-host PORT does).");
  case ProxyAnswer::NotLookedUp:
    return tr("This is an exercise: nobody told zonder where this name leads, so it did not pass "
              "it on.");
  case ProxyAnswer::TheRoomItself:
    return tr("This is an exercise: the room's proxy passes on no request for the room itself.");
  case ProxyAnswer::NoAddress:
    return tr("The room's proxy found no address for this name.");
  case ProxyAnswer::NotConnected:
    return tr("The room's proxy could not connect to this host.");
  case ProxyAnswer::NotReached:
  case ProxyAnswer::NotReachedInTime:
    break;
  }
  return tr("This is an exercise: zonder answers in the proxy's place, as if it could not reach "
            "this host.");
}

}  // namespace

ProxyEnd how_a_proxy_ends(model::Signature signature, bool is_address, bool opens_tunnel)
{
  switch (signature) {
  case model::Signature::Blackhole:
    return ProxyEnd::AfterSilence;
  case model::Signature::Nxdomain:
  case model::Signature::Servfail:
    return is_address ? ProxyEnd::AfterSilence : ProxyEnd::AtOnce;
  case model::Signature::TlsReset:
    return opens_tunnel ? ProxyEnd::InTls : ProxyEnd::AtOnce;
  case model::Signature::Refuse:
  case model::Signature::Unreachable:
  case model::Signature::Lossy:
  case model::Signature::Slow:
  case model::Signature::Late:
  case model::Signature::Denied:
    break;
  }
  return ProxyEnd::AtOnce;
}

std::string proxy_answer(ProxyAnswer which, bool with_body)
{
  const auto body = sentence(which) + "\n";
  return fmt::format("HTTP/1.1 {}\r\nContent-Type: text/plain; charset=utf-8\r\n"
                     "Content-Length: {}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n{}",
                     status(which),
                     body.size(),
                     with_body ? body : "");
}

}  // namespace zonder::isolate

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/page_url.hh"

#include <algorithm>

#include "base/ascii.hh"
#include "base/translate.hh"
#include "net/address.hh"
#include "net/url_host.hh"
#include "net/url_passwords.hh"

namespace zonder::app {
namespace {

constexpr std::size_t longest = 1024;

bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

/// Without a scheme too: "user:secret@www.example.nl".
std::string shown(const std::string& url)
{
  if (url.find("//") != std::string::npos) {
    return net::without_passwords(url);
  }
  return net::without_passwords("//" + url).substr(2);
}

/// "www.example.nl", "localhost:8080/path": a host is meant, and only the scheme was left out.
bool lacks_only_the_scheme(const std::string& url)
{
  const auto host = url.substr(0, url.find_first_of("/?#"));
  const auto colon = host.find(':');
  const bool port =
      colon != std::string::npos && colon + 1 < host.size() &&
      std::all_of(host.begin() + static_cast<std::ptrdiff_t>(colon) + 1, host.end(), is_digit);
  const auto name = ascii_lower(host.substr(0, colon));
  return !host.empty() && name != "http" && name != "https" && host.front() != '.' &&
         host.front() != ':' && host.find_first_of("@\\") == std::string::npos &&
         (colon == std::string::npos || port);
}

/// `url` has its scheme in small letters; `told` is how it may be told.
Result<void> check_host_and_port(const std::string& url, const std::string& told)
{
  const auto host = net::url_host(url);
  if (host.empty()) {
    return fail(Fault::Usage, say("--page: {} names no host", told));
  }
  if (host.find(':') != std::string_view::npos && !net::Address::try_parse(host)) {
    return fail(Fault::Usage,
                say("--page: what stands between the brackets of {} is no IPv6 address", told));
  }
  const auto port = net::url_port_text(url);
  if (net::url_port(url) == 0 && told.find(port) == std::string::npos) {
    return fail(
        Fault::Usage,
        say("--page: a password in an address has %2F for /, %3F for ? and %23 for #: {}", told));
  }
  if (net::url_port(url) == 0) {
    return fail(Fault::Usage,
                say("--page: a port is a number between 1 and 65535, not {}, in {}", port, told));
  }
  return {};
}

}  // namespace

Result<void> check_page_url(const std::string& url)
{
  if (url.size() > longest) {
    return fail(Fault::Usage, say("--page: an address is at most {} bytes long", longest));
  }
  const bool is_plain = std::all_of(url.begin(), url.end(), [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7f;
  });
  if (!is_plain) {
    return fail(Fault::Usage,
                say("--page: an address holds no spaces or control characters (a space is %20): {}",
                    shown(url)));
  }
  const auto end = std::min(url.find("://"), url.size());
  const auto lowered = ascii_lower(url.substr(0, end)) + url.substr(end);
  if (lowered.starts_with("http://") || lowered.starts_with("https://")) {
    return check_host_and_port(lowered, shown(url));
  }
  if (end == url.size() && lacks_only_the_scheme(url)) {
    return fail(Fault::Usage,
                say("--page wants a whole address; did you mean {}?", "https://" + url));
  }
  return fail(
      Fault::Usage,
      say("--page wants an address that begins with http:// or https://, not {}", shown(url)));
}

}  // namespace zonder::app

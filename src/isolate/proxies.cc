// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/proxies.hh"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "base/ascii.hh"
#include "base/file.hh"
#include "base/translate.hh"
#include "isolate/command.hh"
#include "net/domain_name.hh"

namespace zonder::isolate {
namespace {

constexpr std::size_t most_proxies = 32;
constexpr std::size_t longest_pac = std::size_t{1} << 20U;
constexpr std::string_view schemes_known = "http https socks socks4 socks4a socks5 socks5h";

/// The names by which programs are told of a proxy, in the spelling that curl prefers.
constexpr std::array<const char*, 4> variables = {
    "http_proxy", "https_proxy", "all_proxy", "ftp_proxy"};

bool is_known_scheme(const std::string& scheme)
{
  return !scheme.empty() &&
         (" " + std::string(schemes_known) + " ").find(" " + scheme + " ") != std::string::npos;
}

/// Where no port stands each program has an idea of its own.
std::vector<std::uint16_t> usual_ports(const std::string& scheme)
{
  if (scheme == "http") {
    return {80, 1080};
  }
  return {scheme == "https" ? std::uint16_t{443} : std::uint16_t{1080}};
}

std::optional<std::uint16_t> port_of(std::string_view text)
{
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && port != 0 ? std::optional(port) : std::nullopt;
}

struct Parts {
  std::string scheme;  // lower case; empty: none was written
  bool has_user = false;
  bool has_path = false;
  std::string host;  // without brackets
  std::optional<std::string> port;
};

/// scheme://user:word@host:port/, of which all but the host may be left out.
Parts take_apart(std::string_view text)
{
  Parts parts;
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos) {
    parts.scheme = ascii_lower(std::string(text.substr(0, scheme)));
    text.remove_prefix(scheme + 3);
  }
  const auto end = std::min(text.find_first_of("/?#"), text.size());
  parts.has_path = text.size() - end > 1;
  text = text.substr(0, end);
  if (const auto user = text.rfind('@'); user != std::string_view::npos) {
    parts.has_user = true;
    text.remove_prefix(user + 1);
  }
  const auto bracket = text.rfind(']');
  const auto colon = text.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  if (has_port) {
    parts.port = std::string(text.substr(colon + 1));
    text = text.substr(0, colon);
  }
  if (text.starts_with('[') && text.ends_with(']')) {
    text = text.substr(1, text.size() - 2);
  }
  parts.host = text;
  return parts;
}

/// Programs take "2433155408", "0x91070150" and "145.7.336" for addresses, as inet_aton(3) does;
/// browsers also where the root's dot stands behind them.
std::optional<net::Address> number_meant(const std::string& host)
{
  in_addr number{};
  if (!net::DomainName::parse(host) || ::inet_aton(host.c_str(), &number) == 0) {
    return std::nullopt;
  }
  return net::Address::v4(ntohl(number.s_addr));
}

std::string without_root(std::string host)
{
  if (host.ends_with('.')) {
    host.pop_back();
  }
  return host;
}

/// Each place that it can mean; none: not understood.
std::vector<ProxyPlace> places_of(const Parts& parts)
{
  const auto scheme = parts.scheme.empty() ? std::string("http") : parts.scheme;
  ProxyPlace place;
  place.seen_through = scheme == "http";
  place.address = net::Address::try_parse(parts.host);
  if (!place.address) {
    place.address = number_meant(without_root(parts.host));
  }
  const auto name = net::DomainName::parse(parts.host);
  if (!is_known_scheme(scheme) || (!place.address && !name)) {
    return {};
  }
  place.name = place.address ? "" : name->text();
  std::vector<std::uint16_t> ports;
  if (!parts.port) {
    ports = usual_ports(scheme);
  } else if (const auto port = port_of(*parts.port)) {
    ports = {*port};
  }
  std::vector<ProxyPlace> all;
  for (const auto port : ports) {
    place.port = port;
    all.push_back(place);
  }
  return all;
}

void add(std::vector<ProxyPlace>& to, const std::vector<ProxyPlace>& more)
{
  for (const auto& each : more) {
    if (std::find(to.begin(), to.end(), each) == to.end()) {
      to.push_back(each);
    }
  }
}

Result<void> add_pac(ToldProxies& told, const std::string& path)
{
  if (path.empty()) {
    return fail(Fault::Usage, say("--proxy pac: names no file; write pac:FILE (a local one)"));
  }
  if (path.find("://") != std::string::npos) {
    return fail(Fault::Usage,
                say("--proxy pac:{} is not on this machine: fetch it, and name the file", path));
  }
  const auto text = read_file(path, longest_pac);
  if (!text) {
    return fail(Fault::Usage,
                say("--proxy pac:FILE, a PAC file on this machine: {}", text.error().message));
  }
  if (text->find('\0') != std::string::npos || text->find("FindProxyForURL") == std::string::npos) {
    return fail(Fault::Usage,
                say("{} is no PAC file: it has no function FindProxyForURL (is it what the web "
                    "server says, or a page about an error?)",
                    path));
  }
  const auto found = proxies_in_pac(*text);
  if (!found.wrong.empty()) {
    return fail(
        Fault::Usage,
        say("{}:{}: \"{}\" is no proxy that zonder understands (PROXY host:port); mend it in "
            "a copy, or name the proxies yourself with --proxy http://HOST:PORT",
            path,
            found.wrong_line,
            found.wrong));
  }
  if (found.places.empty()) {
    return fail(Fault::Usage,
                say("{} names no proxy that can be read without running it (PROXY host:port); name "
                    "them yourself with --proxy http://HOST:PORT",
                    path));
  }
  add(told.places, found.places);
  return {};
}

Result<void> add_typed(ToldProxies& told, const std::string& typed)
{
  if (typed.starts_with("pac:")) {
    return add_pac(told, typed.substr(4));
  }
  if (typed.starts_with("file:///")) {
    return add_pac(told, typed.substr(7));
  }
  const auto parts = take_apart(typed);
  if (parts.has_user) {
    return fail(Fault::Usage,
                say("--proxy takes no user name or password, since everybody here can read what is "
                    "typed: put those in the variable http_proxy, and leave --proxy out"));
  }
  const auto places = places_of(parts);
  if (!places.empty() && !parts.scheme.empty() && !parts.port && !parts.has_path) {
    return fail(
        Fault::Usage,
        say("--proxy {}: which port? Programs differ where none stands; write it, as in "
            "--proxy {}://{}:3128",
            typed,
            parts.scheme,
            parts.host.find(':') == std::string::npos ? parts.host : "[" + parts.host + "]"));
  }
  if (places.empty() || parts.scheme.empty() || !parts.port) {
    return fail(Fault::Usage,
                say("--proxy cannot be {}; write http://HOST:PORT, pac:FILE (a local one), or none",
                    typed));
  }
  add(told.places, places);
  if (told.for_command.empty() && parts.scheme == "http") {
    told.for_command = "http://" + places.front().to_string();
  }
  return {};
}

/// Also where others were typed: programs go by theirs all the same.
Result<void>
add_variables(ToldProxies& told, const std::vector<std::string>& environment, bool others_typed)
{
  for (const auto* lower : variables) {
    for (const auto& name : {std::string(lower), ascii_upper(lower)}) {
      const auto value = variable(environment, name);
      if (value.empty()) {
        continue;
      }
      const auto places = places_of(take_apart(value));
      if (places.empty()) {
        // It may hold a password, so it is not repeated.
        return fail(
            Fault::Usage,
            say("the variable {} names no proxy that zonder understands (http://HOST:PORT): "
                "name it with --proxy, or let it go unseen with --proxy none",
                name));
      }
      add(told.places, places);
      if (!others_typed) {
        told.variables.push_back(name);
      }
    }
  }
  return {};
}

/// Of --proxy none: what is not understood is no error, since nobody sees through it anyway.
void add_unseen(ToldProxies& told, const std::vector<std::string>& environment)
{
  for (const auto* lower : variables) {
    for (const auto& name : {std::string(lower), ascii_upper(lower)}) {
      const auto value = variable(environment, name);
      const auto places = places_of(take_apart(value));
      if (!value.empty() && places.empty()) {
        told.not_read.push_back(name);
      }
      add(told.left_unseen, places);
    }
  }
}

bool is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool is_word_letter(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The scheme that a word of a PAC file's answer stands for; empty: none.
std::string scheme_of_pac(std::string_view word)
{
  const auto upper = ascii_upper(std::string(word));
  if (upper == "PROXY" || upper == "HTTP") {
    return "http";
  }
  if (upper == "HTTPS") {
    return "https";
  }
  return upper == "SOCKS" || upper == "SOCKS4" || upper == "SOCKS5" ? "socks" : "";
}

/// JavaScript with blanks for its comments; lines stay where they are. A regular expression may
/// look like one to it.
std::string without_comments(std::string_view text)
{
  std::string all(text);
  char quote = 0;  // that ends the string we are in
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto two = text.substr(i, 2);
    if (quote != 0) {
      if (all[i] == '\\') {
        ++i;
      } else if (all[i] == quote || all[i] == '\n') {
        quote = 0;
      }
    } else if (two == "//" || two == "/*") {
      auto end = text.find(two == "//" ? "\n" : "*/", i + 2);
      end = end == std::string_view::npos ? text.size() : end + (two == "//" ? 0 : 2);
      std::replace_if(
          all.begin() + static_cast<std::ptrdiff_t>(i),
          all.begin() + static_cast<std::ptrdiff_t>(end),
          [](char c) { return c != '\n'; },
          ' ');
      i = end - 1;
    } else if (all[i] == '"' || all[i] == '\'' || all[i] == '`') {
      quote = all[i];
    }
  }
  return all;
}

}  // namespace

std::string ProxyPlace::to_string() const
{
  const auto host =
      !address ? name
               : (address->is_v4() ? address->to_string() : "[" + address->to_string() + "]");
  return host + ":" + std::to_string(port);
}

PacProxies proxies_in_pac(std::string_view text)
{
  const auto code = without_comments(text);
  PacProxies all;
  std::size_t place = 0;
  while (place < text.size() && all.places.size() <= most_proxies) {
    const auto start = std::find_if(text.begin() + static_cast<std::ptrdiff_t>(place),
                                    text.end(),
                                    is_word_letter) -
                       text.begin();
    const auto end =
        std::find_if_not(text.begin() + start, text.end(), is_word_letter) - text.begin();
    place = static_cast<std::size_t>(end);
    const auto scheme = scheme_of_pac(
        text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(end - start)));
    const auto host = std::find_if_not(text.begin() + end, text.end(), is_blank);
    const auto after = std::find_if(host, text.end(), [](char c) {
      return is_blank(c) || std::string_view("\"';,)+").find(c) != std::string_view::npos;
    });
    if (scheme.empty() || host == text.begin() + end || host == after) {
      continue;
    }
    auto parts = take_apart({&*host, static_cast<std::size_t>(after - host)});
    // A word in a sentence, such as "proxy server", has neither dots nor a port.
    if (!parts.scheme.empty() || (!parts.port && parts.host.find('.') == std::string::npos)) {
      continue;
    }
    parts.scheme = scheme;
    const auto places = places_of(parts);
    const bool in_code = code[static_cast<std::size_t>(start)] != ' ';
    if (places.empty() && in_code && all.wrong.empty()) {
      all.wrong = std::string(text.begin() + start, after);
      all.wrong_line =
          1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + start, '\n'));
    }
    add(all.places, places);
  }
  return all;
}

Result<ToldProxies> read_proxies(const std::vector<std::string>& typed,
                                 const std::vector<std::string>& environment)
{
  ToldProxies told;
  if (std::find(typed.begin(), typed.end(), "none") != typed.end()) {
    if (typed.size() > 1) {
      return fail(Fault::Usage, say("--proxy none goes with no other --proxy"));
    }
    told.none = true;
    add_unseen(told, environment);
    return told;
  }
  for (const auto& each : typed) {
    ZONDER_TRY(add_typed(told, each));
  }
  ZONDER_TRY(add_variables(told, environment, !typed.empty()));
  if (told.places.size() > most_proxies) {
    return fail(Fault::Usage,
                say("at most {} proxies can be seen through; name those that the command goes by "
                    "with --proxy "
                    "http://HOST:PORT",
                    most_proxies));
  }
  return told;
}

void set_proxy_variables(std::vector<std::string>& environment, const std::string& url)
{
  for (const std::string name : {"http_proxy", "https_proxy"}) {
    const bool is_set = !variable(environment, name).empty() ||
                        !variable(environment, ascii_upper(name)).empty() ||
                        (name == "https_proxy" && !variable(environment, "all_proxy").empty());
    if (!is_set && !url.empty()) {
      environment.push_back(name + "=" + url);
    }
  }
}

}  // namespace zonder::isolate

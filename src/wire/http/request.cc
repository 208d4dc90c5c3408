// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/http/request.hh"

#include <algorithm>
#include <optional>

#include "base/ascii.hh"

namespace zonder::wire::http {
namespace {

constexpr std::size_t longest_method = 16;
constexpr std::size_t longest_host = 255;

bool is_control(char c)
{
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

bool is_method_letter(char c)
{
  return (c >= 'A' && c <= 'Z') || c == '-';
}

/// Takes the first line, without its end; a lone LF ends one too (RFC 9112 2.2).
std::string_view take_line(std::string_view& text)
{
  const auto end = text.find('\n');
  auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (!line.empty() && line.back() == '\r') {
    line.remove_suffix(1);
  }
  return line;
}

std::string_view trimmed(std::string_view text)
{
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The path in a target: "/a?b", "http://host/a?b", "*", or "host:443" of CONNECT.
std::string path_of(std::string_view target)
{
  if (const auto scheme = target.find("://");
      scheme != std::string_view::npos && target.front() != '/') {
    const auto path = target.find('/', scheme + 3);
    target = path == std::string_view::npos ? "/" : target.substr(path);
  }
  return std::string(target.substr(0, target.find_first_of("?#")));
}

/// A host name or IPv4 address; nothing else is one that we repeat.
std::string host_of(std::string_view value)
{
  auto host = ascii_lower(std::string(value.substr(0, value.find(':'))));
  const bool plain = std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
  if (!host.empty() && host.back() == '.') {
    host.pop_back();
  }
  const bool empty_label =
      host.starts_with('.') || host.ends_with('.') || host.find("..") != std::string::npos;
  return plain && !empty_label && host.size() <= longest_host ? host : "";
}

std::optional<Request> read_request_line(std::string_view line)
{
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == 0 || first == std::string_view::npos || last <= first + 1 ||
      !line.substr(last + 1).starts_with("HTTP/1.")) {
    return std::nullopt;
  }
  const auto target = line.substr(first + 1, last - first - 1);
  if (std::any_of(target.begin(), target.end(), [](char c) { return c == ' ' || is_control(c); })) {
    return std::nullopt;
  }
  Request request;
  request.method = line.substr(0, first);
  request.path = path_of(target);
  return request;
}

bool read_field(std::string_view line, Request& request)
{
  const auto colon = line.find(':');
  const auto name = ascii_lower(std::string(line.substr(0, colon)));
  if (colon == 0 || colon == std::string_view::npos ||
      std::any_of(name.begin(), name.end(), [](char c) { return c == ' ' || is_control(c); })) {
    return false;
  }
  const auto value = trimmed(line.substr(colon + 1));
  if (name == "host") {
    request.host = host_of(value);
  } else if (name == "authorization") {
    request.has_authorization = true;
  } else if (name == "accept") {
    request.wants_html = ascii_lower(std::string(value)).find("text/html") != std::string::npos;
  }
  return true;
}

std::size_t end_of_head(std::string_view bytes)
{
  const auto plain = bytes.find("\n\n");
  const auto usual = bytes.find("\n\r\n");
  return std::min(plain == std::string_view::npos ? plain : plain + 2,
                  usual == std::string_view::npos ? usual : usual + 3);
}

}  // namespace

RequestRead read_request(std::string_view bytes)
{
  const auto method = std::find_if_not(bytes.begin(), bytes.end(), is_method_letter);
  const auto letters = static_cast<std::size_t>(method - bytes.begin());
  if (letters > longest_method || (method != bytes.end() && (letters == 0 || *method != ' '))) {
    return NoRequest::NotHttp;
  }
  const auto end = end_of_head(bytes);
  if (end == std::string_view::npos) {
    return bytes.size() > longest_head ? NoRequest::Malformed : NoRequest::More;
  }
  if (end > longest_head) {
    return NoRequest::Malformed;
  }
  auto head = bytes.substr(0, end);
  auto request = read_request_line(take_line(head));
  if (!request) {
    return NoRequest::Malformed;
  }
  for (auto line = take_line(head); !line.empty(); line = take_line(head)) {
    if (!read_field(line, *request)) {
      return NoRequest::Malformed;
    }
  }
  return *request;
}

}  // namespace zonder::wire::http

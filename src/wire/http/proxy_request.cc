// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/http/proxy_request.hh"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/ascii.hh"
#include "net/domain_name.hh"

namespace zonder::wire::http {
namespace {

constexpr std::size_t longest_method = 32;
constexpr std::size_t most_length_digits = 18;

bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

bool all_digits(std::string_view text)
{
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// A token (RFC 9110 5.6.2).
bool is_token(std::string_view text)
{
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           others.find(c) != std::string_view::npos;
  });
}

bool is_method(std::string_view text)
{
  return !text.empty() && text.size() <= longest_method &&
         std::all_of(
             text.begin(), text.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == '-'; });
}

std::optional<std::uint16_t> port_of(std::string_view text)
{
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool sound = all_digits(text) && text.front() != '0' && error == std::errc() &&
                     end == text.data() + text.size();
  return sound ? std::optional(port) : std::nullopt;
}

/// Four numbers below 256 without leading zeros. To many resolvers 010.1, 0x7f000001 and
/// 2130706433 are addresses too: those are not names, and nothing that we pass on.
bool could_be_taken_for_a_number(std::string_view name)
{
  const auto last = name.substr(name.rfind('.') + 1);
  return all_digits(last) || last.starts_with("0x");
}

struct Authority {
  std::string name;
  std::optional<net::Address> address;
  std::uint16_t port = 0;

  [[nodiscard]] std::string host() const
  {
    if (!address) {
      return name;
    }
    return address->is_v4() ? address->to_string() : "[" + address->to_string() + "]";
  }
};

bool read_host(std::string_view text, Authority& authority)
{
  if (text.starts_with('[')) {
    if (!text.ends_with(']')) {
      return false;
    }
    const auto inside = text.substr(1, text.size() - 2);
    authority.address = net::Address::try_parse(inside);
    return authority.address && inside.find(':') != std::string_view::npos;
  }
  auto name = ascii_lower(std::string(text));
  if (const auto v4 = net::Address::try_parse(name); v4 && v4->is_v4()) {
    authority.address = v4;
    // What was understood must be what stands there: no leading zeros, nothing left out.
    return v4->to_string() == name;
  }
  if (name.ends_with('.')) {
    name.pop_back();
  }
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_' || c == '.';
  });
  const auto known = plain ? net::DomainName::parse(name) : fail(Fault::Usage, "");
  if (!known || known->text() != name || could_be_taken_for_a_number(name)) {
    return false;
  }
  authority.name = name;
  return true;
}

/// host, host:port, [v6], [v6]:port; `otherwise` where no port stands, 0 where one must.
std::optional<Authority> read_authority(std::string_view text, std::uint16_t otherwise)
{
  const auto bracket = text.rfind(']');
  const auto colon = text.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  Authority authority;
  authority.port = otherwise;
  if (has_port) {
    const auto port = port_of(text.substr(colon + 1));
    if (!port) {
      return std::nullopt;
    }
    authority.port = *port;
    text = text.substr(0, colon);
  }
  return authority.port != 0 && read_host(text, authority) ? std::optional(authority)
                                                           : std::nullopt;
}

/// What stands behind an authority: bytes that no reader takes for a part of it, or for an end.
bool is_plain_path(std::string_view text)
{
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7f && c != '#';
  });
}

struct Target {
  Authority authority;
  std::string text;  // as it is passed on
  std::string host;  // for the field Host
};

std::optional<Target> tunnel_target(std::string_view text)
{
  const auto authority = read_authority(text, 0);
  if (!authority) {
    return std::nullopt;
  }
  const auto whole = authority->host() + ":" + std::to_string(authority->port);
  return Target{.authority = *authority, .text = whole, .host = whole};
}

std::optional<Target> absolute_target(std::string_view text)
{
  struct Scheme {
    std::string_view start;
    std::uint16_t port;
  };
  constexpr std::array schemes = {
      Scheme{"http://", 80}, Scheme{"https://", 443}, Scheme{"ftp://", 21}};
  const auto* scheme = std::find_if(schemes.begin(), schemes.end(), [&](const Scheme& each) {
    return ascii_lower(std::string(text.substr(0, each.start.size()))) == each.start;
  });
  if (scheme == schemes.end()) {
    return std::nullopt;
  }
  text.remove_prefix(scheme->start.size());
  const auto end = text.find_first_of("/?");
  auto path = std::string(end == std::string_view::npos ? "" : text.substr(end));
  const auto authority = read_authority(text.substr(0, end), scheme->port);
  if (!authority || !is_plain_path(path)) {
    return std::nullopt;
  }
  if (!path.starts_with('/')) {
    path.insert(0, "/");
  }
  auto host = authority->host();
  if (authority->port != scheme->port) {
    host += ":" + std::to_string(authority->port);
  }
  return Target{
      .authority = *authority, .text = std::string(scheme->start) + host + path, .host = host};
}

/// Takes the first line, without its CRLF. Nothing: a carriage return or line feed stands alone.
std::optional<std::string_view> take_line(std::string_view& text)
{
  const auto end = text.find_first_of("\r\n");
  if (end == std::string_view::npos || text.substr(end, 2) != "\r\n") {
    return std::nullopt;
  }
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 2);
  return line;
}

struct Field {
  std::string name;  // lower case
  std::string_view value;
  std::string_view line;
};

std::optional<Field> read_field(std::string_view line)
{
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    return std::nullopt;
  }
  Field field = {.name = ascii_lower(std::string(line.substr(0, colon))),
                 .value = line.substr(colon + 1),
                 .line = line};
  const bool plain = std::all_of(field.value.begin(), field.value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
  const auto first = std::min(field.value.find_first_not_of(" \t"), field.value.size());
  field.value.remove_prefix(first);
  field.value = field.value.substr(0, field.value.find_last_not_of(" \t") + 1);
  return plain ? std::optional(field) : std::nullopt;
}

std::optional<std::uint64_t> length_of(std::string_view value)
{
  std::uint64_t length = 0;
  if (!all_digits(value) || value.size() > most_length_digits) {
    return std::nullopt;
  }
  std::from_chars(value.data(), value.data() + value.size(), length);
  return length;
}

/// About this connection only, or written anew.
bool ends_here(const std::string& name)
{
  constexpr std::array<std::string_view, 8> names = {"connection",
                                                     "proxy-connection",
                                                     "keep-alive",
                                                     "upgrade",
                                                     "te",
                                                     "trailer",
                                                     "http2-settings",
                                                     "host"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The fields of one request, and what they say of its body.
class Fields {
public:
  bool take(const Field& field)
  {
    if (field.name == "host") {
      return hosts_++ == 0;
    }
    if (field.name == "content-length") {
      length_ = length_of(field.value);
      return length_.has_value() && lengths_++ == 0;
    }
    if (field.name == "transfer-encoding") {
      return ascii_lower(std::string(field.value)) == "chunked" && codings_++ == 0;
    }
    if (!ends_here(field.name)) {
      kept_ += std::string(field.line) + "\r\n";
    }
    return true;
  }

  /// False: there are two ways to say where the body ends.
  bool complete(ProxyRequest& request, bool old_version) const
  {
    const bool has_body = codings_ > 0 || length_.value_or(0) > 0;
    if ((lengths_ > 0 && codings_ > 0) || (codings_ > 0 && old_version) ||
        (has_body && request.opens_tunnel())) {
      return false;
    }
    request.head += kept_;
    if (codings_ > 0) {
      request.body = ProxyRequest::Body::Chunked;
      request.head += "Transfer-Encoding: chunked\r\n";
    } else if (length_ && !request.opens_tunnel()) {
      request.body = *length_ > 0 ? ProxyRequest::Body::Length : ProxyRequest::Body::None;
      request.length = *length_;
      request.head += "Content-Length: " + std::to_string(*length_) + "\r\n";
    }
    return true;
  }

private:
  std::string kept_;
  std::optional<std::uint64_t> length_;
  int hosts_ = 0;
  int lengths_ = 0;
  int codings_ = 0;
};

/// A line feed that ends a line for some readers, and for others does not.
bool has_lone_line_feed(std::string_view bytes)
{
  for (auto end = bytes.find('\n'); end != std::string_view::npos;
       end = bytes.find('\n', end + 1)) {
    if (end == 0 || bytes[end - 1] != '\r') {
      return true;
    }
  }
  return false;
}

/// The bytes so far can still begin a head.
bool can_go_on(std::string_view bytes)
{
  const auto method = bytes.substr(0, bytes.find(' '));
  return bytes.size() <= longest_proxy_head && bytes.find('\0') == std::string_view::npos &&
         !has_lone_line_feed(bytes) && (bytes.empty() || is_method(method));
}

}  // namespace

ProxyRequestRead read_proxy_request(std::string_view bytes)
{
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    return can_go_on(bytes) ? NoProxyRequest::More : NoProxyRequest::Malformed;
  }
  const auto size = end + 4;
  auto head = bytes.substr(0, end + 2);
  const auto first = take_line(head);
  if (size > longest_proxy_head || !first) {
    return NoProxyRequest::Malformed;
  }
  const auto blank = first->find(' ');
  const auto last = first->rfind(' ');
  const auto version = first->substr(std::min(last + 1, first->size()));
  if (blank == std::string_view::npos || last == blank || !is_method(first->substr(0, blank)) ||
      (version != "HTTP/1.1" && version != "HTTP/1.0")) {
    return NoProxyRequest::Malformed;
  }
  ProxyRequest request;
  request.method = first->substr(0, blank);
  request.size = size;
  const auto text = first->substr(blank + 1, last - blank - 1);
  const auto target = request.opens_tunnel() ? tunnel_target(text) : absolute_target(text);
  if (!target) {
    return NoProxyRequest::Malformed;
  }
  request.name = target->authority.name;
  request.address = target->authority.address;
  request.port = target->authority.port;
  request.head = request.method + " " + target->text + " " + std::string(version) + "\r\n";
  Fields fields;
  while (!head.empty()) {
    const auto line = take_line(head);
    const auto field = line ? read_field(*line) : std::nullopt;
    if (!field || !fields.take(*field)) {
      return NoProxyRequest::Malformed;
    }
  }
  if (!fields.complete(request, version == "HTTP/1.0")) {
    return NoProxyRequest::Malformed;
  }
  request.head += "Host: " + target->host + "\r\n";
  request.head += request.opens_tunnel() ? "\r\n" : "Connection: close\r\n\r\n";
  return request;
}

std::string tunnel_head_to(const ProxyRequest& request, const net::Address& address)
{
  const auto host = address.is_v4() ? address.to_string() : "[" + address.to_string() + "]";
  const auto target = host + ":" + std::to_string(request.port);
  const auto& head = request.head;
  const auto version = head.find(' ', head.find(' ') + 1);
  const auto fields_end = head.rfind("Host: ");  // written last, by read_proxy_request()
  return request.method + " " + target + head.substr(version, fields_end - version) +
         "Host: " + target + "\r\n\r\n";
}

std::optional<std::string> head_for_server(const ProxyRequest& request)
{
  constexpr std::string_view scheme = "http://";
  std::string_view rest = request.head;
  const auto first = take_line(rest);  // written by read_proxy_request(), as are the others
  const auto target = first ? first->find(' ') + 1 : 0;
  if (request.opens_tunnel() || !first || first->substr(target, scheme.size()) != scheme) {
    return std::nullopt;
  }
  const auto path = first->find('/', target + scheme.size());
  auto head = request.method + " " + std::string(first->substr(path)) + "\r\n";
  while (const auto line = take_line(rest)) {
    if (!ascii_lower(std::string(*line)).starts_with("proxy-authorization:")) {
      head += std::string(*line) + "\r\n";
    }
  }
  return head;
}

ProxyReplyRead read_proxy_reply(std::string_view bytes)
{
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos || end + 4 > longest_proxy_head) {
    return bytes.size() <= longest_proxy_head ? NoProxyRequest::More : NoProxyRequest::Malformed;
  }
  auto head = bytes.substr(0, end + 2);
  const auto first = take_line(head);
  if (!first || first->size() < 12 || !first->starts_with("HTTP/1.") || (*first)[8] != ' ' ||
      !all_digits(first->substr(9, 3)) || (first->size() > 12 && (*first)[12] != ' ')) {
    return NoProxyRequest::Malformed;
  }
  ProxyReply reply;
  reply.size = end + 4;
  reply.closes = (*first)[7] == '0';
  std::from_chars(first->data() + 9, first->data() + 12, reply.status);
  while (!head.empty()) {
    const auto line = take_line(head);
    const auto field = line ? read_field(*line) : std::nullopt;
    if (!field) {
      return NoProxyRequest::Malformed;
    }
    if (field->name == "content-length" && !reply.length) {
      reply.length = length_of(field->value);
    } else if (field->name == "transfer-encoding" || field->name == "content-length") {
      reply.closes = true;  // what follows is passed on to its end, and nothing after that
    } else if (field->name == "connection" || field->name == "proxy-connection") {
      const auto value = ascii_lower(std::string(field->value));
      reply.closes = value.find("close") != std::string::npos;
    }
  }
  return reply;
}

}  // namespace zonder::wire::http

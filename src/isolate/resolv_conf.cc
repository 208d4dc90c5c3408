// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/resolv_conf.hh"

#include <sstream>

#include <net/if.h>

#include "base/file.hh"
#include "base/translate.hh"

namespace zonder::isolate {
namespace {

constexpr std::size_t most_resolvers = 3;  // MAXNS of the C library
constexpr std::size_t largest_file = 1U << 20U;
constexpr std::string_view blanks = " \t\r";

/// The next word of a line, which is taken off it; empty at its end.
std::string_view next_word(std::string_view& line)
{
  line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
  const auto word = line.substr(0, line.find_first_of(blanks));
  line.remove_prefix(word.size());
  return word;
}

/// "192.0.2.1", "fe80::1%eth0". Nothing when it is no address, or its link is not here.
std::optional<Upstream> parse_resolver(std::string_view text)
{
  const auto percent = text.find('%');
  const auto address = net::Address::try_parse(text.substr(0, percent));
  if (!address) {
    return std::nullopt;
  }
  Upstream upstream{.address = *address};
  if (percent != std::string_view::npos) {
    upstream.link = if_nametoindex(std::string(text.substr(percent + 1)).c_str());
    if (upstream.link == 0) {
      return std::nullopt;
    }
  }
  return upstream;
}

bool concerns_client(std::string_view keyword)
{
  return keyword == "domain" || keyword == "search" || keyword == "options" ||
         keyword == "sortlist";
}

void read_line(std::string_view line, ResolvConf& conf)
{
  const auto whole = line;
  const auto keyword = next_word(line);
  if (concerns_client(keyword)) {
    conf.client_lines.emplace_back(whole.substr(0, whole.find_last_not_of(blanks) + 1));
  }
  if (keyword == "nameserver" && conf.upstream.size() < most_resolvers) {
    if (const auto upstream = parse_resolver(next_word(line))) {
      conf.upstream.push_back(*upstream);
    }
  }
}

}  // namespace

Result<ResolvConf> parse_resolv_conf(std::string_view text, const std::string& path)
{
  ResolvConf conf;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.find('\0') == std::string_view::npos) {
      read_line(line, conf);
    }
  }
  if (conf.upstream.empty()) {
    return fail(Fault::NotPossible,
                say("{}: no resolver in it (a line such as: nameserver 192.0.2.53); without one no "
                    "name can be looked up in the room",
                    path));
  }
  return conf;
}

Result<ResolvConf> read_whole_resolv_conf(const std::string& path)
{
  const auto text = read_file(path, largest_file);
  if (!text) {
    return fail(text.error());
  }
  return parse_resolv_conf(*text, path);
}

std::vector<std::string> search_domains(const std::vector<std::string>& client_lines)
{
  std::vector<std::string> domains;
  for (const auto& line : client_lines) {
    std::istringstream words(line);
    std::string word;
    words >> word;
    if (word != "search" && word != "domain") {
      continue;
    }
    domains.clear();
    while (words >> word) {
      domains.push_back(word.ends_with('.') ? word.substr(0, word.size() - 1) : word);
    }
  }
  return domains;
}

Result<std::vector<Upstream>> read_resolv_conf(const std::string& path)
{
  auto conf = read_whole_resolv_conf(path);
  if (!conf) {
    return fail(std::move(conf).error());
  }
  return std::move(conf->upstream);
}

}  // namespace zonder::isolate

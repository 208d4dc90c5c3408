// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/hosts_file.hh"

#include <set>
#include <sstream>

#include "base/ascii.hh"

namespace zonder::isolate {

HostsFile::HostsFile(std::string_view text)
{
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string word;
    words >> word;
    const auto address = net::Address::try_parse(word);
    std::set<std::string> of_line;
    while (address && words >> word) {
      if (of_line.insert(ascii_lower(word)).second) {
        names_[ascii_lower(word)].push_back(*address);
      }
    }
  }
}

const std::vector<net::Address>& HostsFile::addresses_of(const std::string& name) const
{
  static const std::vector<net::Address> none;
  const auto found = names_.find(name);
  return found == names_.end() ? none : found->second;
}

std::vector<net::Address> addresses_in_hosts(std::string_view hosts, const std::string& name)
{
  return HostsFile(hosts).addresses_of(name);
}

}  // namespace zonder::isolate

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "mail/spf.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// The input is a small world: each line is a record; includes go round in it, whatever they say.
// The walk ends, keeps its limits, and a record that is read and written again is the same.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  using namespace zonder::mail;
  std::vector<std::string> lines;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  while (!rest.empty() && lines.size() < 64) {
    const auto end = std::min(rest.find('\n'), rest.size());
    lines.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (lines.empty()) {
    return 0;
  }
  std::size_t asked = 0;
  const SpfLookups world{.texts =
                             [&](const std::string&, std::vector<std::string>& texts) {
                               const auto& line = lines[++asked % lines.size()];
                               texts.push_back("v=spf1 " + line);
                               return SpfFound::Something;
                             },
                         .has =
                             [&](const std::string& name, SpfMechanism) {
                               return name.size() % 2 == 0 ? SpfFound::Nothing : SpfFound::NoAnswer;
                             }};
  const auto reach = walk_spf("example.nl", "v=spf1 " + lines.front(), world);
  if (asked > spf_most_records) {
    std::abort();
  }
  for (const auto& name : reach.names) {
    if (name.name.empty() || name.name.size() > 253) {
      std::abort();
    }
  }
  const auto record = parse_spf("v=spf1 " + lines.front());
  std::string again = "v=spf1";
  for (const auto& term : record.terms) {
    const bool redirect = term.mechanism == SpfMechanism::Redirect;
    again += " ";
    again += redirect ? "" : std::string(1, term.qualifier);
    again += to_text(term.mechanism);
    if (term.network) {
      again += ":" + term.network->to_string();
    } else if (!term.name.empty()) {
      again += (redirect ? "=" : ":") + term.name;
    }
  }
  const auto second = parse_spf(again);
  if (second.terms != record.terms || !second.mistakes.empty()) {
    std::abort();
  }
  return 0;
}

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/device_names.hh"

namespace zonder::isolate {

NamesByDevice names_by_device(const std::vector<Question>& questions)
{
  std::map<std::pair<std::size_t, net::Address>, model::Moment> times;
  NamesByDevice names;
  for (const auto& question : questions) {
    for (const auto& share : question.programs) {
      for (const auto& address : question.answers) {
        const auto key = std::pair(share.program, address);
        const auto [time, is_new] = times.try_emplace(key, share.last);
        if (is_new || share.last >= time->second) {
          time->second = share.last;
          names[key] = question.name;
        }
      }
    }
  }
  return names;
}

}  // namespace zonder::isolate

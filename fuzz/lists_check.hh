// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdlib>
#include <string>

#include "wire/lists/lists.hh"

// What must hold of every list that was read, and of every refusal.
namespace zonder::fuzz {

inline void require(bool holds)
{
  if (!holds) {
    std::abort();
  }
}

inline void check_shown(const std::string& text)
{
  require(!text.empty());
  for (const char c : text) {
    require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
  }
}

inline void check(const wire::ListFile& list)
{
  require(list.records > list.unreadable || list.records == list.skipped);
  require(list.records >= list.skipped + list.unreadable);
  // Every entry that was read gave something; only a range gives several prefixes.
  const auto read = list.records - list.skipped - list.unreadable;
  require(list.names.size() + list.asns.size() <= read);
  require(list.prefixes.size() + list.names.size() + list.asns.size() >= read);
  require(list.complaints.size() <= wire::most_complaints);
  require(list.complaints.size() <= list.unreadable);
  for (const auto& complaint : list.complaints) {
    check_shown(complaint);
  }
}

inline void check(const Result<wire::ListFile>& list)
{
  if (list) {
    check(*list);
  } else {
    check_shown(list.error().message);
  }
}

}  // namespace zonder::fuzz

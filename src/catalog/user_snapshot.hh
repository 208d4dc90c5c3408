// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "base/result.hh"
#include "catalog/feeds.hh"
#include "catalog/snapshot_content.hh"
#include "wire/lists/lists.hh"

// The user's own snapshot: the shipped one with more lists in it. It supersedes the shipped one.
namespace zonder::catalog {

/// What became of one file that was offered.
struct Taken {
  std::string path;
  std::string format;
  std::string party;  // empty: none
  std::size_t prefixes = 0;
  std::size_t names = 0;
  std::size_t asns = 0;
  std::size_t records = 0;
  std::size_t skipped = 0;
  std::size_t unreadable = 0;
  std::vector<std::string> complaints;
  std::string left_out;  // why nothing of it was taken; empty: it was
};

/// The content of the shipped snapshot, with the lists and AS names that the user's one has more.
/// `user` may be missing. Errors: the shipped one is missing or unsound.
Result<SnapshotContent> content_to_extend(const std::string& shipped, const std::string& user);

/// Takes a list into the content: one of the same name is replaced. A list about a party that the
/// catalogue does not know, or about none, is left out with the reason. `origin`: the feed that it
/// was fetched from, or empty for a file. `day`: today, for lists that do not say their own.
Taken take_list(SnapshotContent& content,
                const wire::ListFile& list,
                const Feeds& feeds,
                const std::string& origin,
                const std::string& day);

}  // namespace zonder::catalog

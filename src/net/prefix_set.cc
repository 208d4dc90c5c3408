// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "net/prefix_set.hh"

#include <algorithm>

namespace zonder::net {
namespace {

/// True when `next` starts inside `range` or right behind it.
bool joins(const Range& range, const Range& next)
{
  if (range.last.family() != next.first.family()) {
    return false;
  }
  if (next.first <= range.last) {
    return true;
  }
  const auto behind = range.last.next();
  return behind && *behind == next.first;
}

}  // namespace

PrefixSet PrefixSet::of(std::vector<Range> ranges)
{
  std::sort(ranges.begin(), ranges.end());
  PrefixSet set;
  for (const Range& range : ranges) {
    if (!set.ranges_.empty() && joins(set.ranges_.back(), range)) {
      set.ranges_.back().last = std::max(set.ranges_.back().last, range.last);
    } else {
      set.ranges_.push_back(range);
    }
  }
  return set;
}

PrefixSet PrefixSet::of(const std::vector<Prefix>& prefixes)
{
  std::vector<Range> ranges;
  ranges.reserve(prefixes.size());
  for (const Prefix& prefix : prefixes) {
    ranges.push_back({prefix.first(), prefix.last()});
  }
  return of(std::move(ranges));
}

bool PrefixSet::contains(Address address) const
{
  const auto after = std::upper_bound(
      ranges_.begin(), ranges_.end(), address, [](const Address& wanted, const Range& range) {
        return wanted < range.first;
      });
  return after != ranges_.begin() && address <= std::prev(after)->last &&
         address.family() == std::prev(after)->last.family();
}

std::vector<Prefix> PrefixSet::prefixes() const
{
  std::vector<Prefix> all;
  for (const Range& range : ranges_) {
    const auto some = prefixes_of_range(range.first, range.last);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

PrefixSet PrefixSet::united_with(const PrefixSet& other) const
{
  auto both = ranges_;
  both.insert(both.end(), other.ranges_.begin(), other.ranges_.end());
  return of(std::move(both));
}

PrefixSet PrefixSet::without(const PrefixSet& other) const
{
  PrefixSet left;
  auto cut = other.ranges_.begin();
  for (Range range : ranges_) {
    while (cut != other.ranges_.end() && cut->last < range.first) {
      ++cut;
    }
    bool something_left = true;
    for (auto each = cut; each != other.ranges_.end() && each->first <= range.last; ++each) {
      if (each->first > range.first) {
        left.ranges_.push_back({range.first, *each->first.previous()});
      }
      if (each->last >= range.last) {
        something_left = false;
        break;
      }
      range.first = *each->last.next();
    }
    if (something_left) {
      left.ranges_.push_back(range);
    }
  }
  return left;
}

}  // namespace zonder::net

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
//
// Builds the table of names: a place of its own for every suffix. name_table.cc tells the idea.
#include <algorithm>
#include <bit>
#include <cassert>
#include <map>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>

#include "catalog/name_bytes.hh"
#include "catalog/name_table.hh"

namespace zonder::catalog {
namespace {

constexpr std::uint64_t suffixes_per_bucket = 4;

struct Plan {
  std::uint32_t value = 0;
  bool has_deeper = false;
};
using Plans = std::map<std::string, Plan, std::less<>>;

/// Every suffix and its shorter forms, down to two labels. Sorted, so the bytes come out the same.
Plans plan_nodes(std::span<const NameEntry> entries)
{
  Plans plans;
  for (const NameEntry& entry : entries) {
    assert(entry.value != 0 && !entry.suffix.empty() && entry.suffix.size() <= 0xffff);
    const std::string_view suffix = entry.suffix;
    plans[entry.suffix].value = entry.value;
    const auto dots = dots_of(tail_of(suffix), suffix.size());
    auto length = last_two_labels(suffix, dots);
    while (length < suffix.size()) {
      plans[std::string(suffix.substr(suffix.size() - length))].has_deeper = true;
      length = with_next_label(suffix, length, dots);
    }
  }
  return plans;
}

/// A place for each hash, and the pilots that lead there.
struct Places {
  std::vector<std::uint16_t> pilots;
  std::vector<std::uint32_t> of_hash;
};

/// Chooses pilots, the fullest bucket first, while there is most room. Nothing when a bucket finds
/// none, or when two hashes are the same: then another seed must do.
std::optional<Places>
find_places(const std::vector<std::uint64_t>& hashes, std::uint32_t buckets, std::uint32_t places)
{
  const std::uint32_t place_shift = shift_of(places);
  std::vector<std::vector<std::uint32_t>> members(buckets);
  for (std::uint32_t i = 0; i < hashes.size(); ++i) {
    members[bucket_of(hashes[i], buckets - 1)].push_back(i);
  }
  std::vector<std::uint32_t> order(buckets);
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return members[a].size() > members[b].size();
  });

  Places found{.pilots = std::vector<std::uint16_t>(buckets),
               .of_hash = std::vector<std::uint32_t>(hashes.size())};
  std::vector<bool> taken(places);
  // Gives the bucket's members their places, or gives back those that it had given.
  const auto fits = [&](const std::vector<std::uint32_t>& bucket, std::uint16_t pilot) {
    for (std::size_t i = 0; i < bucket.size(); ++i) {
      const auto place = place_of(hashes[bucket[i]], pilot, place_shift);
      if (taken[place]) {
        while (i > 0) {
          taken[found.of_hash[bucket[--i]]] = false;
        }
        return false;
      }
      taken[place] = true;
      found.of_hash[bucket[i]] = place;
    }
    return true;
  };
  for (const std::uint32_t bucket : order) {
    std::uint32_t pilot = 0;
    while (pilot <= 0xffff && !fits(members[bucket], static_cast<std::uint16_t>(pilot))) {
      ++pilot;
    }
    if (pilot > 0xffff) {
      return std::nullopt;
    }
    found.pilots[bucket] = static_cast<std::uint16_t>(pilot);
  }
  return found;
}

/// At least two, so that a shift stays below 64.
std::uint32_t power_of_two(std::size_t at_least)
{
  return static_cast<std::uint32_t>(std::bit_ceil(std::max<std::size_t>(at_least, 2)));
}

std::vector<std::uint64_t> hashes_of(const Plans& plans, std::uint64_t salt)
{
  std::vector<std::uint64_t> hashes;
  hashes.reserve(plans.size());
  for (const auto& [suffix, plan] : plans) {
    const char* end = suffix.data() + suffix.size();
    hashes.push_back(hash_of(tail_of(suffix), end, suffix.size(), salt));
  }
  return hashes;
}

/// Of the suffixes themselves, so that the bytes come out the same, and so that nobody can choose
/// names for seeds that are known beforehand, of which two never find a place apart.
std::uint32_t first_seed(const Plans& plans)
{
  std::uint64_t sum = 0;
  for (const std::uint64_t hash : hashes_of(plans, salt_of(0))) {
    sum = mix(sum ^ hash, 0x9fb21c651e98df25U) + 1;
  }
  return static_cast<std::uint32_t>(sum);
}

}  // namespace

std::vector<std::byte> build_name_table(std::span<const NameEntry> entries)
{
  const auto plans = plan_nodes(entries);
  NameTableHeader header{
      .magic = name_table_magic,
      .seed = first_seed(plans),
      .buckets = power_of_two(plans.size() / suffixes_per_bucket),
      // At least a tenth stays empty, so that the last buckets find their places soon.
      .places = power_of_two(plans.size() + plans.size() / 9),
      .text_size = 0,
      .has_single_labels = 0,
      .zeros = {}};
  auto places = find_places(hashes_of(plans, salt_of(header.seed)), header.buckets, header.places);
  // Each seed works with a chance near one; a hundred failures are a mistake in this file.
  for (int failures = 1; !places; ++failures) {
    if (failures == 100) {
      throw std::logic_error("no perfect hash for these suffixes");
    }
    places = find_places(hashes_of(plans, salt_of(++header.seed)), header.buckets, header.places);
  }
  std::vector<NameNode> nodes(header.places, NameNode{});
  std::vector<std::uint32_t> fronts(header.places);
  std::string texts;
  auto place = places->of_hash.begin();
  for (const auto& [suffix, plan] : plans) {
    nodes[*place] = {.tail = tail_of(suffix),
                     .value = plan.value,
                     .length = static_cast<std::uint16_t>(suffix.size()),
                     .has_deeper = plan.has_deeper ? std::uint16_t{1} : std::uint16_t{0}};
    fronts[*place++] = static_cast<std::uint32_t>(texts.size());
    texts += suffix.substr(0, suffix.size() - std::min(suffix.size(), tail_size));
    header.has_single_labels |= suffix.find('.') == std::string::npos ? 1U : 0U;
  }
  header.text_size = static_cast<std::uint32_t>(texts.size());
  std::vector<std::byte> bytes;
  append(bytes, &header, 1);
  append(bytes, nodes.data(), nodes.size());
  append(bytes, fronts.data(), fronts.size());
  append(bytes, places->pilots.data(), places->pilots.size());
  append(bytes, texts.data(), texts.size());
  return bytes;
}

}  // namespace zonder::catalog

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.hh"
#include "base/result.hh"
#include "catalog/attribution.hh"
#include "catalog/snapshot_content.hh"

// A compiled catalogue: one file, read whole, whose tables are used as they lie there: nothing is
// built before the first look-up. The format is in snapshot_format.hh.
namespace zonder::catalog {

/// What a list in the snapshot is, without its thousands of rows.
struct ListInfo {
  std::string name;
  std::string format;
  std::string party;
  std::string title;
  std::string date;
  Standing standing = Standing::Published;
  std::size_t prefixes = 0;
  std::size_t names = 0;
};

struct Located {
  Attribution what;
  net::Prefix prefix;  // that decided
};

struct NamedBy {
  Attribution what;
  std::string_view suffix;  // that decided
};

struct OriginFound {
  net::Asn asn;
  net::Prefix prefix;  // the part of the AS's range, as a prefix, in which the address lies
};

class Snapshot {
public:
  /// Reads a snapshot. Errors: cannot be read; not a snapshot; of another version; cut off or
  /// damaged in a way that would lead outside it. The checksum is not read here: see intact().
  static Result<std::unique_ptr<Snapshot>> open(const std::string& path);
  static Result<std::unique_ptr<Snapshot>> from_bytes(std::string bytes);

  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  ~Snapshot();

  [[nodiscard]] const Facts& facts() const { return facts_; }
  [[nodiscard]] const std::string& date() const { return date_; }
  [[nodiscard]] const std::string& as_date() const { return as_date_; }
  [[nodiscard]] const std::string& base_checksum() const { return base_checksum_; }
  [[nodiscard]] const std::vector<std::string>& credits() const { return credits_; }
  [[nodiscard]] const std::vector<ListInfo>& lists() const { return lists_; }
  /// SHA-256 over all that follows the header, hexadecimal, as the file states it.
  [[nodiscard]] std::string checksum() const;
  /// Reads everything and compares it with the checksum.
  [[nodiscard]] bool intact() const;

  [[nodiscard]] std::optional<Located> find(net::Address address) const;
  [[nodiscard]] std::optional<NamedBy> find(const net::DomainName& name) const;
  [[nodiscard]] std::optional<OriginFound> origin_of(net::Address address) const;
  [[nodiscard]] std::string_view as_name(net::Asn asn) const;
  [[nodiscard]] bool knows_as(net::Asn asn) const;

  [[nodiscard]] const std::vector<Attribution>& kinds() const { return kinds_; }
  /// The attributed ranges, IPv4 first, of the kinds that are marked; `wanted` has a flag for each
  /// of kinds().
  [[nodiscard]] std::vector<AttributedRange>
  attributed_ranges(const std::vector<bool>& wanted) const;
  [[nodiscard]] std::vector<net::Range> ranges_of(const std::vector<bool>& wanted) const;
  [[nodiscard]] std::vector<net::Range> ranges_of(net::Asn asn) const;
  [[nodiscard]] std::vector<net::Range> ranges_of_country(std::string_view country) const;
  [[nodiscard]] std::size_t name_count() const;
  /// The n-th name, in the order of its text. An empty suffix: the file is damaged there.
  [[nodiscard]] NamedBy name(std::size_t n) const;

  /// Everything, as it was before it was compiled: to make a new one with more lists in it.
  [[nodiscard]] Result<SnapshotContent> content() const;

private:
  struct Blocks;
  Snapshot();
  static Result<std::unique_ptr<Snapshot>> over(std::unique_ptr<Snapshot> snapshot,
                                                std::span<const std::byte> bytes,
                                                const std::string& path);
  Result<void> read_head(const std::string& path);

  std::optional<LoadedFile> file_;
  std::string memory_;
  std::unique_ptr<Blocks> blocks_;
  Facts facts_;
  std::string date_;
  std::string as_date_;
  std::string base_checksum_;
  std::vector<std::string> credits_;
  std::vector<ListInfo> lists_;
  std::vector<Attribution> kinds_;
};

}  // namespace zonder::catalog

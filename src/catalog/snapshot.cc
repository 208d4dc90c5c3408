// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/snapshot.hh"

#include <algorithm>
#include <cstring>

#include "base/translate.hh"
#include "catalog/address_table.hh"
#include "catalog/binary.hh"
#include "catalog/checksum.hh"
#include "catalog/facts_binary.hh"
#include "catalog/name_table.hh"
#include "catalog/snapshot_format.hh"

namespace zonder::catalog {
namespace {

using format::RangeV4;
using format::RangeV6;
using format::Section;

Error damaged(const std::string& path)
{
  return {Fault::Usage,
          say("the catalogue {} is damaged or cut off: `zonder data update` makes your own again, "
              "the package zonder-data the one that came with zonder",
              path)};
}

/// What is wrong with a file that begins so and has `size` bytes, as far as that shows.
Result<void>
check_header(std::span<const std::byte> head, std::uint64_t size, const std::string& path)
{
  format::Header header{};
  if (head.size() < sizeof header) {
    return fail(damaged(path));
  }
  std::memcpy(&header, head.data(), sizeof header);
  if (header.magic != format::magic || header.byte_order != format::byte_order) {
    return fail(Fault::Usage, say("{} is no catalogue of zonder", path));
  }
  if (header.version != format::version) {
    return fail(Fault::Usage,
                say("{} is a catalogue of version {}, and this zonder reads version {}: make it "
                    "again with `zonder data update` or `zonder data import`",
                    path,
                    header.version,
                    format::version));
  }
  return header.file_size == size ? Result<void>() : fail(damaged(path));
}

/// Only a damaged file has a range that ends before it starts.
bool is_sound(const net::Range& range)
{
  return range.first <= range.last;
}

net::Range range_of(const RangeV4& row)
{
  return {net::Address::v4(row.first), net::Address::v4(row.last)};
}

net::Range range_of(const RangeV6& row)
{
  return {net::Address::v6(row.first_high, row.first_low),
          net::Address::v6(row.last_high, row.last_low)};
}

std::string country_of(std::uint32_t number)
{
  return {static_cast<char>(number & 0xffU), static_cast<char>(number >> 8U & 0xffU)};
}

ListInfo read_list_info(BinaryReader& in)
{
  ListInfo info;
  info.name = in.text();
  info.format = in.text();
  info.party = in.text();
  info.title = in.text();
  info.date = in.text();
  info.standing = static_cast<Standing>(
      std::min(in.number<std::uint8_t>(), static_cast<std::uint8_t>(Standing::Weak)));
  info.prefixes = in.number<std::uint32_t>();
  info.names = in.number<std::uint32_t>();
  return info;
}

/// True when every number in it leads to something that is there.
bool is_sound(const Attribution& kind, const Facts& facts, std::size_t lists)
{
  if (kind.party >= facts.parties.size() || kind.operated > facts.parties.size()) {
    return false;
  }
  const Party& party = facts.parties[kind.party];
  const bool own = kind.standing == Standing::OwnFact || kind.standing == Standing::Origin;
  const bool has_source = own ? kind.source <= party.sources.size() : kind.source < lists;
  return has_source && kind.service <= party.services.size() && kind.space <= Space::Shared &&
         kind.standing <= Standing::Weak && kind.confidence <= Confidence::High;
}

/// The row in which the address lies, of a table that is sorted by `first`.
template <typename Row>
const Row* row_with(std::span<const Row> rows, net::Address address)
{
  const auto after =
      std::upper_bound(rows.begin(), rows.end(), address, [](net::Address wanted, const Row& row) {
        return wanted < range_of(row).first;
      });
  if (after == rows.begin() || range_of(*std::prev(after)).last < address) {
    return nullptr;
  }
  return &*std::prev(after);
}

/// The widest prefix within a range that holds the address.
net::Prefix prefix_in(const net::Range& range, net::Address address)
{
  unsigned length = net::width(address.family());
  while (length > 0) {
    const auto wider = net::Prefix::containing(address, length - 1);
    if (wider.first() < range.first || wider.last() > range.last) {
      break;
    }
    --length;
  }
  return net::Prefix::containing(address, length);
}

}  // namespace

struct Snapshot::Blocks {
  std::span<const std::byte> file;
  format::Header header{};
  std::array<std::span<const std::byte>, format::section_count> sections;
  std::optional<AddressTable> addresses;  // set before anybody can ask
  std::optional<NameTable> suffixes;

  [[nodiscard]] std::span<const std::byte> bytes(Section section) const
  {
    return sections.at(static_cast<std::size_t>(section));
  }
  template <typename Row>
  [[nodiscard]] std::span<const Row> rows(Section section) const
  {
    const auto raw = bytes(section);
    return {reinterpret_cast<const Row*>(raw.data()), raw.size() / sizeof(Row)};
  }
  [[nodiscard]] std::string_view text(Section section, std::size_t offset, std::size_t length) const
  {
    const auto raw = bytes(section);
    if (offset > raw.size() || length > raw.size() - offset) {
      return {};
    }
    return {reinterpret_cast<const char*>(raw.data()) + offset, length};
  }

  [[nodiscard]] const format::AsNameRow* as_row(net::Asn asn) const
  {
    const auto all = rows<format::AsNameRow>(Section::AsNames);
    const auto found = std::ranges::lower_bound(all, asn.number, {}, &format::AsNameRow::asn);
    return found == all.end() || found->asn != asn.number ? nullptr : &*found;
  }
  /// The sound ranges of two tables, IPv4 first, whose value is wanted.
  template <typename Wanted>
  [[nodiscard]] std::vector<net::Range> ranges(Section v4, Section v6, Wanted is_wanted) const
  {
    std::vector<net::Range> all;
    const auto add = [&](const auto& table) {
      for (const auto& row : table) {
        if (is_wanted(row.value) && is_sound(range_of(row))) {
          all.push_back(range_of(row));
        }
      }
    };
    add(rows<RangeV4>(v4));
    add(rows<RangeV6>(v6));
    return all;
  }

  /// Finds the sections; false when one would lie outside the file.
  bool find_sections();
  /// Puts the tables of addresses and suffixes over their sections; false when they are damaged.
  bool open_tables();
};

bool Snapshot::Blocks::find_sections()
{
  if (header.sections > 64) {
    return false;
  }
  auto table = file.subspan(sizeof(format::Header));
  for (std::uint32_t i = 0; i < header.sections; ++i) {
    format::SectionRow row{};
    if (table.size() < sizeof row) {
      return false;
    }
    std::memcpy(&row, table.data(), sizeof row);
    table = table.subspan(sizeof row);
    if (row.offset % format::alignment != 0 || row.offset > file.size() ||
        row.size > file.size() - row.offset) {
      return false;
    }
    if (row.section < format::section_count) {
      sections.at(row.section) = file.subspan(row.offset, row.size);
    }
  }
  return true;
}

bool Snapshot::Blocks::open_tables()
{
  const auto over_addresses = AddressTable::over(bytes(Section::Addresses));
  const auto over_suffixes = NameTable::over(bytes(Section::Suffixes));
  if (!over_addresses || !over_suffixes) {
    return false;
  }
  addresses.emplace(*over_addresses);
  suffixes.emplace(*over_suffixes);
  return true;
}

Snapshot::Snapshot() : blocks_(std::make_unique<Blocks>()) {}
Snapshot::~Snapshot() = default;

Result<std::unique_ptr<Snapshot>> Snapshot::open(const std::string& path)
{
  auto file = LoadedFile::open(
      path, sizeof(format::Header), [&path](std::span<const std::byte> head, std::uint64_t size) {
        return check_header(head, size, path);
      });
  if (!file) {
    return fail(std::move(file).error());
  }
  std::unique_ptr<Snapshot> snapshot(new Snapshot());
  snapshot->file_ = std::move(*file);
  const auto bytes = snapshot->file_->bytes();
  return over(std::move(snapshot), bytes, path);
}

Result<std::unique_ptr<Snapshot>> Snapshot::from_bytes(std::string bytes)
{
  std::unique_ptr<Snapshot> snapshot(new Snapshot());
  snapshot->memory_ = std::move(bytes);
  const auto span = std::as_bytes(std::span(snapshot->memory_.data(), snapshot->memory_.size()));
  return over(std::move(snapshot), span, "memory");
}

Result<std::unique_ptr<Snapshot>> Snapshot::over(std::unique_ptr<Snapshot> snapshot,
                                                 std::span<const std::byte> bytes,
                                                 const std::string& path)
{
  Blocks& blocks = *snapshot->blocks_;
  blocks.file = bytes;
  ZONDER_TRY(check_header(bytes, bytes.size(), path));
  std::memcpy(&blocks.header, bytes.data(), sizeof blocks.header);
  if (!blocks.find_sections()) {
    return fail(damaged(path));
  }
  ZONDER_TRY(snapshot->read_head(path));
  return snapshot;
}

Result<void> Snapshot::read_head(const std::string& path)
{
  BinaryReader about(blocks_->bytes(Section::About));
  date_ = about.text();
  as_date_ = about.text();
  base_checksum_ = about.text();
  for (std::size_t left = about.count(4); left > 0 && !about.failed(); --left) {
    credits_.emplace_back(about.text());
  }
  for (std::size_t left = about.count(29); left > 0 && !about.failed(); --left) {
    lists_.push_back(read_list_info(about));
  }
  BinaryReader facts(blocks_->bytes(Section::Facts));
  auto read = read_facts(facts);
  if (about.failed() || !Date::try_parse(date_) || !read) {
    return fail(damaged(path));
  }
  facts_ = std::move(*read);
  BinaryReader kinds(blocks_->bytes(Section::Kinds));
  while (!kinds.at_end() && !kinds.failed()) {
    const auto kind = kinds.number<Attribution>();
    if (!is_sound(kind, facts_, lists_.size())) {
      return fail(damaged(path));
    }
    kinds_.push_back(kind);
  }
  return kinds.failed() || !blocks_->open_tables() ? Result<void>(fail(damaged(path)))
                                                   : Result<void>();
}

std::string Snapshot::checksum() const
{
  return to_hex(blocks_->header.checksum);
}

bool Snapshot::intact() const
{
  return sha256_of(blocks_->file.subspan(sizeof(format::Header))) == blocks_->header.checksum;
}

std::optional<Located> Snapshot::find(net::Address address) const
{
  const auto v4 = blocks_->rows<RangeV4>(Section::RangesV4);
  const auto v6 = blocks_->rows<RangeV6>(Section::RangesV6);
  const auto located = [&](const auto& rows, std::size_t place) -> std::optional<Located> {
    if (place >= rows.size() || rows[place].value >> 8U >= kinds_.size()) {
      return std::nullopt;
    }
    const auto& row = rows[place];
    const unsigned length = row.value & 0xffU;
    const bool by_prefix = length != 0 && length <= net::width(address.family());
    const auto origin = by_prefix ? std::nullopt : origin_of(address);
    return Located{kinds_[row.value >> 8U],
                   by_prefix ? net::Prefix::containing(address, length)
                             : (origin ? origin->prefix : prefix_in(range_of(row), address))};
  };
  const std::size_t value = blocks_->addresses->find(address);
  if (value == 0) {
    return std::nullopt;
  }
  return address.is_v4() ? located(v4, value - 1) : located(v6, value - 1 - v4.size());
}

std::optional<OriginFound> Snapshot::origin_of(net::Address address) const
{
  const auto found = [&](const auto* row) -> std::optional<OriginFound> {
    if (row == nullptr) {
      return std::nullopt;
    }
    return OriginFound{net::Asn{row->value}, prefix_in(range_of(*row), address)};
  };
  return address.is_v4() ? found(row_with(blocks_->rows<RangeV4>(Section::OriginsV4), address))
                         : found(row_with(blocks_->rows<RangeV6>(Section::OriginsV6), address));
}

std::size_t Snapshot::name_count() const
{
  return blocks_->rows<format::NameRow>(Section::Names).size();
}

NamedBy Snapshot::name(std::size_t n) const
{
  const auto& row = blocks_->rows<format::NameRow>(Section::Names)[n];
  if (row.attribution >= kinds_.size()) {
    return {};
  }
  return {kinds_[row.attribution], blocks_->text(Section::NameTexts, row.offset, row.length)};
}

std::optional<NamedBy> Snapshot::find(const net::DomainName& name) const
{
  const NameMatch match = blocks_->suffixes->find(name.text());
  if (match.value == 0 || match.value > name_count()) {
    return std::nullopt;
  }
  const auto named = this->name(match.value - 1);
  return named.suffix.empty() ? std::nullopt : std::optional(named);
}

std::string_view Snapshot::as_name(net::Asn asn) const
{
  const auto* row = blocks_->as_row(asn);
  return row == nullptr ? std::string_view()
                        : blocks_->text(Section::AsTexts, row->offset, row->length);
}

bool Snapshot::knows_as(net::Asn asn) const
{
  return blocks_->as_row(asn) != nullptr;
}

std::vector<AttributedRange> Snapshot::attributed_ranges(const std::vector<bool>& wanted) const
{
  std::vector<AttributedRange> all;
  const auto add = [&](const auto& rows) {
    for (const auto& row : rows) {
      const std::uint32_t kind = row.value >> 8U;
      if (kind < wanted.size() && wanted[kind] && is_sound(range_of(row))) {
        all.push_back({range_of(row), kind, static_cast<std::uint8_t>(row.value & 0xffU)});
      }
    }
  };
  add(blocks_->rows<RangeV4>(Section::RangesV4));
  add(blocks_->rows<RangeV6>(Section::RangesV6));
  return all;
}

std::vector<net::Range> Snapshot::ranges_of(const std::vector<bool>& wanted) const
{
  std::vector<net::Range> all;
  for (const AttributedRange& each : attributed_ranges(wanted)) {
    all.push_back(each.range);
  }
  return all;
}

std::vector<net::Range> Snapshot::ranges_of(net::Asn asn) const
{
  return blocks_->ranges(Section::OriginsV4, Section::OriginsV6, [asn](std::uint32_t value) {
    return value == asn.number;
  });
}

std::vector<net::Range> Snapshot::ranges_of_country(std::string_view country) const
{
  return blocks_->ranges(Section::CountryV4, Section::CountryV6, [country](std::uint32_t value) {
    return country_of(value) == country;
  });
}

Result<SnapshotContent> Snapshot::content() const
{
  SnapshotContent content;
  content.date = date_;
  content.as_date = as_date_;
  content.base_checksum = base_checksum_;
  content.credits = credits_;
  content.facts = facts_;
  const auto add_origins = [&content](const auto& rows) {
    for (const auto& row : rows) {
      content.as_ranges.push_back({range_of(row), net::Asn{row.value}});
    }
  };
  add_origins(blocks_->rows<RangeV4>(Section::OriginsV4));
  add_origins(blocks_->rows<RangeV6>(Section::OriginsV6));
  const auto add_countries = [&content](const auto& rows) {
    for (const auto& row : rows) {
      content.countries.push_back({range_of(row), country_of(row.value)});
    }
  };
  add_countries(blocks_->rows<RangeV4>(Section::CountryV4));
  add_countries(blocks_->rows<RangeV6>(Section::CountryV6));
  for (const auto& row : blocks_->rows<format::AsNameRow>(Section::AsNames)) {
    content.as_names.push_back(
        {net::Asn{row.asn}, std::string(blocks_->text(Section::AsTexts, row.offset, row.length))});
  }
  BinaryReader lists(blocks_->bytes(Section::Lists));
  while (!lists.at_end()) {
    auto list = read_list(lists);
    if (!list) {
      return fail(Fault::Usage, tr("the lists in the catalogue are damaged"));
    }
    content.lists.push_back(std::move(*list));
  }
  return content;
}

}  // namespace zonder::catalog

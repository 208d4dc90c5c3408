// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstring>
#include <map>

#include "catalog/address_table.hh"
#include "catalog/attribution.hh"
#include "catalog/binary.hh"
#include "catalog/checksum.hh"
#include "catalog/facts_binary.hh"
#include "catalog/name_table.hh"
#include "catalog/snapshot_content.hh"
#include "catalog/snapshot_format.hh"

namespace zonder::catalog {
namespace {

using format::Section;

std::uint32_t number_of(std::string_view country)
{
  return country.size() == 2
             ? static_cast<std::uint32_t>(static_cast<unsigned char>(country[0])) |
                   static_cast<std::uint32_t>(static_cast<unsigned char>(country[1])) << 8U
             : 0;
}

/// Two tables of ranges, one for each family.
struct RangeTables {
  BinaryWriter v4;
  BinaryWriter v6;

  void add(const net::Range& range, std::uint32_t value)
  {
    if (range.first.is_v4()) {
      v4.number(format::RangeV4{static_cast<std::uint32_t>(range.first.low()),
                                static_cast<std::uint32_t>(range.last.low()),
                                value});
    } else {
      v6.number(format::RangeV6{
          range.first.high(), range.first.low(), range.last.high(), range.last.low(), value, 0});
    }
  }
};

BinaryWriter about_of(const SnapshotContent& content)
{
  BinaryWriter out;
  out.text(content.date);
  out.text(content.as_date);
  out.text(content.base_checksum);
  out.number(static_cast<std::uint32_t>(content.credits.size()));
  for (const std::string& credit : content.credits) {
    out.text(credit);
  }
  out.number(static_cast<std::uint32_t>(content.lists.size()));
  for (const PublishedList& list : content.lists) {
    out.text(list.name);
    out.text(list.format);
    out.text(list.party);
    out.text(list.title);
    out.text(list.date);
    out.number(list.standing);
    out.number(static_cast<std::uint32_t>(list.prefixes.size()));
    out.number(static_cast<std::uint32_t>(list.names.size()));
  }
  return out;
}

using Sections = std::map<Section, std::string>;

std::string as_text(const std::vector<std::byte>& bytes)
{
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void add_attributed(Sections& sections, const Attributed& attributed)
{
  BinaryWriter kinds;
  for (const Attribution& kind : attributed.kinds) {
    kinds.number(kind);
  }
  RangeTables ranges;
  std::vector<AddressEntry> addresses;
  for (const AttributedRange& each : attributed.ranges) {
    ranges.add(each.range, each.attribution << 8U | each.length);
    addresses.push_back({each.range, static_cast<std::uint32_t>(addresses.size() + 1)});
  }
  std::vector<NameEntry> suffixes;
  BinaryWriter names;
  std::string texts;
  for (const AttributedName& each : attributed.names) {
    const std::string& text = each.suffix.text();
    names.number(format::NameRow{static_cast<std::uint32_t>(texts.size()),
                                 static_cast<std::uint32_t>(text.size()),
                                 each.attribution});
    texts += text;
    suffixes.push_back({text, static_cast<std::uint32_t>(suffixes.size() + 1)});
  }
  sections[Section::Addresses] = as_text(build_address_table(addresses));
  sections[Section::Suffixes] = as_text(build_name_table(suffixes));
  sections[Section::Kinds] = kinds.take();
  sections[Section::RangesV4] = ranges.v4.take();
  sections[Section::RangesV6] = ranges.v6.take();
  sections[Section::Names] = names.take();
  sections[Section::NameTexts] = std::move(texts);
}

void add_tables(Sections& sections, const SnapshotContent& content)
{
  RangeTables origins;
  for (const AsRange& each : content.as_ranges) {
    origins.add(each.range, each.asn.number);
  }
  RangeTables countries;
  for (const CountryRange& each : content.countries) {
    countries.add(each.range, number_of(each.country));
  }
  BinaryWriter as_names;
  std::string texts;
  for (const AsName& each : content.as_names) {
    as_names.number(format::AsNameRow{each.asn.number,
                                      static_cast<std::uint32_t>(texts.size()),
                                      static_cast<std::uint32_t>(each.name.size())});
    texts += each.name;
  }
  sections[Section::OriginsV4] = origins.v4.take();
  sections[Section::OriginsV6] = origins.v6.take();
  sections[Section::CountryV4] = countries.v4.take();
  sections[Section::CountryV6] = countries.v6.take();
  sections[Section::AsNames] = as_names.take();
  sections[Section::AsTexts] = std::move(texts);
}

void pad(std::string& bytes)
{
  bytes.append((format::alignment - bytes.size() % format::alignment) % format::alignment, '\0');
}

std::string assemble(const Sections& sections)
{
  std::string file(sizeof(format::Header) + sections.size() * sizeof(format::SectionRow), '\0');
  std::size_t row_at = sizeof(format::Header);
  for (const auto& [section, bytes] : sections) {
    pad(file);
    const format::SectionRow row{static_cast<std::uint32_t>(section), 0, file.size(), bytes.size()};
    std::memcpy(file.data() + row_at, &row, sizeof row);
    row_at += sizeof row;
    file += bytes;
  }
  format::Header header{};
  header.magic = format::magic;
  header.byte_order = format::byte_order;
  header.version = format::version;
  header.file_size = file.size();
  header.sections = static_cast<std::uint32_t>(sections.size());
  header.checksum =
      sha256_of(std::as_bytes(std::span(file.data(), file.size())).subspan(sizeof(format::Header)));
  std::memcpy(file.data(), &header, sizeof header);
  return file;
}

}  // namespace

std::string compile_snapshot(const SnapshotContent& content)
{
  Sections sections;
  sections[Section::About] = about_of(content).take();
  BinaryWriter facts;
  write_facts(facts, content.facts);
  sections[Section::Facts] = facts.take();
  add_attributed(sections, attribute(content));
  add_tables(sections, content);
  BinaryWriter lists;
  for (const PublishedList& list : content.lists) {
    write_list(lists, list);
  }
  sections[Section::Lists] = lists.take();
  return assemble(sections);
}

}  // namespace zonder::catalog

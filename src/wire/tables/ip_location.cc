// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/tables/ip_location.hh"

#include <optional>

#include "base/translate.hh"

namespace zonder::wire::tables {
namespace {

constexpr std::size_t longest_line = 1024;

/// The fields of one line; nothing when a quotation mark stays open or something follows it.
std::optional<std::vector<std::string>> fields_of(std::string_view line)
{
  std::vector<std::string> fields;
  for (;;) {
    std::string field;
    if (line.starts_with('"')) {
      line.remove_prefix(1);
      for (;;) {
        const auto mark = line.find('"');
        if (mark == std::string_view::npos) {
          return std::nullopt;
        }
        field += line.substr(0, mark);
        line.remove_prefix(mark + 1);
        if (!line.starts_with('"')) {
          break;
        }
        field += '"';  // two marks mean one
        line.remove_prefix(1);
      }
      if (!line.empty() && line.front() != ',') {
        return std::nullopt;
      }
    } else {
      field = line.substr(0, line.find(','));
      line.remove_prefix(field.size());
    }
    fields.push_back(std::move(field));
    if (line.empty()) {
      return fields;
    }
    line.remove_prefix(1);
  }
}

std::optional<net::Range> range_of(const std::vector<std::string>& fields)
{
  const auto first = net::Address::try_parse(fields[0]);
  const auto last = net::Address::try_parse(fields[1]);
  if (!first || !last || first->family() != last->family() || *last < *first) {
    return std::nullopt;
  }
  return net::Range{*first, *last};
}

/// Calls `row` with the fields of every line; it says whether they are sound.
template <typename Row>
Result<void>
for_each_line(std::string_view text, const std::string& path, std::size_t columns, Row row)
{
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    if (line.empty()) {
      continue;
    }
    const auto fields = line.size() > longest_line ? std::nullopt : fields_of(line);
    const auto range =
        fields && fields->size() == columns ? range_of(*fields) : std::optional<net::Range>();
    if (!range || !row(*range, *fields)) {
      return fail(Fault::Usage,
                  say("{}:{}: not a line of this table (first address, last address, {}): fetch "
                      "the table again",
                      path,
                      number,
                      columns == 4 ? "AS, name" : "country"));
    }
  }
  return {};
}

}  // namespace

Result<std::vector<AsRow>> read_as_table(std::string_view text, const std::string& path)
{
  std::vector<AsRow> rows;
  ZONDER_TRY(for_each_line(
      text, path, 4, [&rows](const net::Range& range, const std::vector<std::string>& fields) {
        const auto asn = net::Asn::try_parse(fields[2]);
        if (asn) {
          rows.push_back({range, *asn, fields[3]});
        }
        return asn.has_value();
      }));
  return rows;
}

Result<std::vector<CountryRow>> read_country_table(std::string_view text, const std::string& path)
{
  std::vector<CountryRow> rows;
  ZONDER_TRY(for_each_line(
      text, path, 3, [&rows](const net::Range& range, const std::vector<std::string>& fields) {
        const std::string& code = fields[2];
        const bool sound = code.size() == 2 && code[0] >= 'A' && code[0] <= 'Z' && code[1] >= 'A' &&
                           code[1] <= 'Z';
        if (sound) {
          rows.push_back({range, code});
        }
        return sound;
      }));
  return rows;
}

}  // namespace zonder::wire::tables

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/inventories/softwarecatalogus.hh"

#include <algorithm>
#include <array>

#include "base/ascii.hh"
#include "base/translate.hh"
#include "wire/logs/text.hh"

namespace zonder::wire::inventories {
namespace {

using std::string_view;

constexpr auto packages = std::to_array<string_view>(
    {"pakket naam", "pakketnaam", "naam pakket", "pakket", "applicatie", "applicatienaam", "naam"});
constexpr auto suppliers =
    std::to_array<string_view>({"leverancier naam", "leverancier", "leveranciernaam", "aanbieder"});
constexpr auto jurisdictions =
    std::to_array<string_view>({"hostingjurisdictie", "hosting jurisdictie", "jurisdictie"});
constexpr auto from_packages = std::to_array<string_view>({"pakket naam 1", "pakket 1"});
constexpr auto to_packages = std::to_array<string_view>({"pakket naam 2", "pakket 2"});

}  // namespace

std::string jurisdiction_in(string_view words)
{
  const auto small = ascii_lower(std::string(logs::trimmed(words)));
  for (const auto& [word, code] : {std::pair("nederland", "NL"),
                                   std::pair("europese unie", "EU"),
                                   std::pair("europa", "EU"),
                                   std::pair("verenigde staten", "US"),
                                   std::pair("vs", "US"),
                                   std::pair("usa", "US")}) {
    if (small == word) {
      return code;
    }
  }
  const bool is_code = small.size() == 2 &&
                       small.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos;
  return is_code ? ascii_upper(small) : std::string();
}

bool is_out_of_use(string_view status)
{
  const auto small = ascii_lower(std::string(status));
  return small == "gepland" || small == "uitgefaseerd" || small == "teruggetrokken";
}

bool SoftwarecatalogusReader::read_headings(const Fields& headings)
{
  other_name_ = csv::column(headings, to_packages);
  name_ = other_name_ == nowhere ? csv::column(headings, packages)
                                 : csv::column(headings, from_packages);
  direction_ = csv::column(headings, {"koppeling richting", "richting"});
  supplier_ = csv::column(headings, suppliers);
  id_ = csv::column(headings, {"pakket id", "software id"});
  status_ = csv::column(headings, {"gebruik status", "status", "status gebruik"});
  organisation_ = csv::column(headings, {"organisatie", "gemeente", "afnemer"});
  jurisdiction_ = csv::column(headings, jurisdictions);
  return name_ != nowhere;
}

void SoftwarecatalogusReader::read_record(const Fields& fields, logs::EntrySink& sink)
{
  const bool taken =
      is_out_of_use(field(fields, status_)) ||
      (other_name_ == nowhere ? take_package(fields, sink) : take_link(fields, sink));
  taken ? count() : unreadable(say("a package without its name"));
}

bool SoftwarecatalogusReader::take_package(const Fields& fields, logs::EntrySink& sink)
{
  logs::Entry entry;
  entry.what = logs::What::Has;
  entry.subject = field(fields, organisation_);
  entry.object = field(fields, name_);
  if (!sink.take(entry)) {
    return false;
  }
  entry.subject = entry.object;
  const auto give = [&entry, &sink](logs::What what, string_view object) {
    entry.what = what;
    entry.object = object;
    return object.empty() || sink.take(entry);
  };
  const auto id = field(fields, id_);
  const auto identifier = id.empty() ? std::string() : "softwarecatalogus:" + std::string(id);
  const auto jurisdiction = jurisdiction_in(field(fields, jurisdiction_));
  return give(logs::What::SuppliedBy, field(fields, supplier_)) &&
         give(logs::What::HostedIn, jurisdiction) && give(logs::What::Identifier, identifier);
}

bool SoftwarecatalogusReader::take_link(const Fields& fields, logs::EntrySink& sink)
{
  const auto direction = ascii_lower(std::string(field(fields, direction_)));
  logs::Entry entry;
  entry.what = logs::What::Needs;
  const auto one = field(fields, name_);
  const auto other = field(fields, other_name_);
  if (one == other) {
    return !one.empty();
  }
  bool taken = true;
  // The catalogue's own words, and "heen" and "weer" of others. Without any, both need the other.
  if (direction != "right_to_left" && direction != "weer") {
    entry.subject = other;
    entry.object = one;
    taken = sink.take(entry);
  }
  if (taken && direction != "left_to_right" && direction != "heen") {
    entry.subject = one;
    entry.object = other;
    taken = sink.take(entry);
  }
  return taken;
}

std::vector<std::string> SoftwarecatalogusReader::remarks() const
{
  if (name_ == nowhere || other_name_ != nowhere || organisation_ != nowhere) {
    return {};
  }
  return {say("the list does not say whose packages they are: they are taken for your own. The "
              "catalogue's list of all packages is not yours")};
}

bool is_softwarecatalogus(string_view head)
{
  const auto headings = csv::headings_in(head);
  if (csv::has_any(headings, from_packages) && csv::has_any(headings, to_packages)) {
    return true;
  }
  return csv::has_any(headings, packages) &&
         (csv::has_any(headings, suppliers) || csv::has_any(headings, jurisdictions));
}

}  // namespace zonder::wire::inventories

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/scan.hh"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "app/as_of.hh"
#include "app/complain.hh"
#include "app/mail_attribution.hh"
#include "app/open_catalog.hh"
#include "app/scan_findings.hh"
#include "base/translate.hh"
#include "collect/scan/recorded.hh"
#include "report/style.hh"

namespace zonder::app {
namespace {

/// Tells domains as they come, and all of them together at the end.
class Teller {
public:
  Teller(const World& world, const catalog::Catalog& catalog, catalog::Date day, bool in_full)
      : world_(world), catalog_(catalog), day_(day), in_full_(in_full),
        attribution_(mail_attribution(catalog, day)), suppliers_(attribution_)
  {
    if (world_.form == Form::Json) {
      print("{\"schema\":\"zonder.scan/1\",\"as_of\":\"" + day.to_string() +
            "\",\"data\":{\"date\":\"" + catalog.about().date + "\"},\"domains\":[");
    }
  }

  void tell(mail::DomainRecords records)
  {
    ScannedDomain scanned{
        .records = std::move(records), .signs = {}, .verdict = {}, .findings = {}};
    scanned.signs = mail::signs(scanned.records, attribution_);
    scanned.verdict = mail::judge(scanned.records, scanned.signs);
    scanned.findings = scan_findings(scanned.records, catalog_, day_);
    suppliers_.add(scanned.records);
    count(scanned);
    switch (world_.form) {
    case Form::Json:
      print((domains_ == 1 ? "\n" : ",\n") + scanned_json(scanned));
      break;
    case Form::JsonLines:
      print(scanned_json(scanned) + "\n");
      break;
    case Form::Text:
      print(harmless(in_full_ ? scanned_text(scanned) : scanned_line(scanned)));
      break;
    }
  }

  void end()
  {
    constexpr std::size_t least = 2;
    switch (world_.form) {
    case Form::Json:
      print("\n],\"suppliers\":" + suppliers_json(suppliers_.shared(least)) +
            ",\"parties\":" + suppliers_json(suppliers_.shared_parties(least)) +
            ",\"totals\":" + totals_json() + "}\n");
      break;
    case Form::JsonLines:
      break;
    case Form::Text:
      print(harmless(summary()));
      break;
    }
  }

  [[nodiscard]] std::size_t domains() const { return domains_; }
  [[nodiscard]] std::size_t with_silence() const { return with_silence_; }

private:
  void print(const std::string& text) { std::fputs(text.c_str(), world_.out); }

  /// Names and records are anybody's; only our own line ends and tabs stay.
  [[nodiscard]] std::string harmless(std::string_view text) const
  {
    std::string shown;
    while (!text.empty()) {
      const auto end = std::min(text.find_first_of("\n\t"), text.size());
      shown += report::harmless(text.substr(0, end), world_.unicode);
      shown += text.substr(end, 1);
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return shown;
  }

  void count(const ScannedDomain& scanned)
  {
    ++domains_;
    ++told_[mail::to_text(scanned.verdict.told)];
    for (const auto& keeper : scanned.verdict.keepers) {
      ++keepers_[keeper.party_name.empty() ? keeper.party : keeper.party_name];
    }
    if (!scanned.records.unanswered.empty()) {
      ++with_silence_;
    }
  }

  [[nodiscard]] std::string totals_json() const
  {
    nlohmann::ordered_json totals{{"domains", domains_}, {"unanswered", with_silence_}};
    for (const auto& [told, count] : told_) {
      totals["told"][std::string(told)] = count;
    }
    return totals.dump();
  }

  [[nodiscard]] std::string summary() const
  {
    constexpr std::size_t fewest_to_sum = 2;
    constexpr std::size_t most_shown = 12;
    if (domains_ < fewest_to_sum) {
      return {};
    }
    std::string text = "\n" + say("{} domains.", domains_);
    std::vector<std::pair<std::size_t, std::string>> keepers;
    for (const auto& [name, count] : keepers_) {
      keepers.emplace_back(count, name);
    }
    std::sort(keepers.rbegin(), keepers.rend());
    for (const auto& [count, name] : keepers) {
      text += " " + say("{} keeps the mail of {}.", name, count);
    }
    const auto of = [this](mail::Told told) {
      const auto found = told_.find(mail::to_text(told));
      return found == told_.end() ? std::size_t{0} : found->second;
    };
    if (const auto unknown = of(mail::Told::CannotBeTold)) {
      text += " " + say("Of {} DNS cannot tell.", unknown);
    }
    text += "\n";
    const auto shared = suppliers_.shared(fewest_to_sum);
    if (!shared.empty()) {
      text += say("Suppliers that several share:") + "\n";
    }
    for (std::size_t i = 0; i < std::min(shared.size(), most_shown); ++i) {
      text += fmt::format("  {:>6}  {:<28} {:<12} {}\n",
                          shared[i].domains.size(),
                          shared[i].registered,
                          mail::to_text(shared[i].need),
                          shared[i].party_name);
    }
    if (shared.size() > most_shown) {
      text += "  " + say("and {} more (--json has all)", shared.size() - most_shown) + "\n";
    }
    return text;
  }

  const World& world_;
  const catalog::Catalog& catalog_;
  catalog::Date day_;
  bool in_full_;
  mail::Attribution attribution_;
  mail::SupplierCount suppliers_;
  std::size_t domains_ = 0;
  std::size_t with_silence_ = 0;
  std::map<std::string_view, std::size_t> told_;
  std::map<std::string, std::size_t> keepers_;
};

int tell_recorded(const World& world, const ScanOptions& options, Teller& teller)
{
  const auto count = collect::read_records(
      options.recorded, [&](mail::DomainRecords records) { teller.tell(std::move(records)); });
  if (!count) {
    return failed_with(world, count.error());
  }
  teller.end();
  if (count->unreadable > 0) {
    complain(world.err, world.unicode, count->first_problem);
  }
  return static_cast<int>(count->unreadable > 0 || teller.with_silence() > 0 ? Exit::Incomplete
                                                                             : Exit::Done);
}

}  // namespace

int scan(const World& world, const ScanOptions& options)
{
  const auto day = as_of(options.as_of, world.now);
  if (!day) {
    return failed_with(world, day.error());
  }
  const auto catalog = open_catalog(world);
  if (!catalog) {
    return failed_with(world, catalog.error());
  }
  Teller teller(world, *catalog, *day, options.domains.size() == 1);
  return tell_recorded(world, options, teller);
}

}  // namespace zonder::app

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/scan.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "app/as_of.hh"
#include "app/complain.hh"
#include "app/mail_attribution.hh"
#include "app/open_catalog.hh"
#include "app/scan_findings.hh"
#include "base/file.hh"
#include "base/translate.hh"
#include "collect/scan/recorded.hh"
#include "collect/scan/scanner.hh"
#include "net/domain_name.hh"
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
      begin();
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
      begin();
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

  /// Once, and only when there is a result: a mistake leaves nothing half said.
  void begin()
  {
    if (!begun_) {
      begun_ = true;
      print("{\"schema\":\"zonder.scan/1\",\"as_of\":\"" + day_.to_string() +
            "\",\"data\":{\"date\":\"" + catalog_.about().date + "\"},\"domains\":[");
    }
  }

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
  bool begun_ = false;
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

// --- asking

volatile std::sig_atomic_t asked_to_stop = 0;

/// Ctrl-C, while it lives, asks for an end at the next occasion; a second one ends at once.
class StopOnSignal {
public:
  StopOnSignal()
  {
    struct sigaction action = {};
    action.sa_handler = [](int) {
      asked_to_stop = 1;
    };
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    (void)::sigaction(SIGINT, &action, &interrupt_before_);
    (void)::sigaction(SIGTERM, &action, &end_before_);
  }
  ~StopOnSignal()
  {
    (void)::sigaction(SIGINT, &interrupt_before_, nullptr);
    (void)::sigaction(SIGTERM, &end_before_, nullptr);
  }
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;
  StopOnSignal(StopOnSignal&&) = delete;
  StopOnSignal& operator=(StopOnSignal&&) = delete;

private:
  struct sigaction interrupt_before_ = {};
  struct sigaction end_before_ = {};
};

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

/// What is to be asked about, each domain once, and what could not be read.
struct Wanted {
  std::vector<std::string> domains;
  std::size_t unreadable = 0;
  std::string first_problem;
};

/// "https://www.example.nl/" and "someone@example.nl" are common in lists; they mean their domain.
std::string as_domain(std::string_view text)
{
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos) {
    text.remove_prefix(scheme + 3);
  }
  text = text.substr(0, text.find_first_of("/?#"));
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    text.remove_prefix(at + 1);
  }
  return std::string(text);
}

void add_line(Wanted& wanted,
              std::set<std::string>& known,
              std::string_view line,
              std::size_t number)
{
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (number == 1 && line.starts_with(byte_order_mark)) {
    line.remove_prefix(byte_order_mark.size());
  }
  line = line.substr(0, line.find('#'));
  const auto first = line.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) {
    return;
  }
  line = line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
  const auto domain = net::DomainName::parse(as_domain(line));
  if (!domain) {
    if (++wanted.unreadable == 1) {
      wanted.first_problem = say("line {}: {}", number, domain.error().message);
    }
  } else if (known.insert(domain->text()).second) {
    wanted.domains.push_back(domain->text());
  }
}

Result<std::string> all_of(const std::string& path)
{
  if (path != "-") {
    return read_file(path);
  }
  std::string text;
  std::array<char, 4096> piece{};
  for (std::size_t got = 0; (got = std::fread(piece.data(), 1, piece.size(), stdin)) > 0;) {
    text.append(piece.data(), got);
  }
  return text;
}

Result<Wanted> read_wanted(const ScanOptions& options)
{
  Wanted wanted;
  std::set<std::string> known;
  for (const auto& typed : options.domains) {
    const auto domain = net::DomainName::parse(as_domain(typed));
    if (!domain) {
      return fail(Fault::Usage, domain.error().message);
    }
    if (known.insert(domain->text()).second) {
      wanted.domains.push_back(domain->text());
    }
  }
  if (!options.from.empty()) {
    const auto text = all_of(options.from);
    if (!text) {
      return fail(text.error());
    }
    std::string_view rest = *text;
    for (std::size_t number = 1; !rest.empty(); ++number) {
      const auto end = std::min(rest.find('\n'), rest.size());
      add_line(wanted, known, rest.substr(0, end), number);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return wanted;
}

/// "500/s" or "500".
Result<double> read_rate(const std::string& typed, double otherwise)
{
  if (typed.empty()) {
    return otherwise;
  }
  std::string_view text = typed;
  if (text.ends_with("/s")) {
    text.remove_suffix(2);
  }
  unsigned rate = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
  constexpr unsigned most = 100'000;
  if (error != std::errc{} || end != text.data() + text.size() || rate == 0 || rate > most) {
    return fail(
        Fault::Usage,
        say("--rate cannot be {}: write how many questions a second, such as 500/s", typed));
  }
  return rate;
}

/// Takes out of `wanted` what the file has whole, and tells it. A line that was being written when
/// something ended it is no line.
Result<void> take_resumed(const std::string& path, Wanted& wanted, Teller& teller)
{
  if (::access(path.c_str(), F_OK) != 0) {
    return {};
  }
  std::map<std::string, mail::DomainRecords> have;
  const auto count = collect::read_records(path, [&have](mail::DomainRecords records) {
    auto& last = have[records.domain];
    last = std::move(records);
  });
  if (!count && read_file(path).value_or("x").empty()) {
    return {};
  }
  if (!count) {
    return fail(count.error());
  }
  std::erase_if(wanted.domains, [&](const std::string& domain) {
    const auto found = have.find(domain);
    if (found == have.end() || !found->second.unanswered.empty()) {
      return false;
    }
    teller.tell(std::move(found->second));
    return true;
  });
  return {};
}

/// The file to go on with, behind what is whole in it: half a line of before gets its end.
Result<File> open_resumed(const std::string& path)
{
  File file(std::fopen(path.c_str(), "a+e"));
  if (!file) {
    return fail(Fault::Usage, say("{}: {}", path, std::strerror(errno)));
  }
  if (std::fseek(file.get(), -1, SEEK_END) == 0 && std::fgetc(file.get()) != '\n') {
    std::fputc('\n', file.get());
  }
  (void)std::fseek(file.get(), 0, SEEK_END);
  return file;
}

void show_progress(const World& world, const collect::ScanCounts& counts, std::size_t of)
{
  const auto text = say("{} of {} domains, {} questions", counts.domains, of, counts.questions);
  std::fprintf(world.err, "\r%s\x1b[K", text.c_str());
  std::fflush(world.err);
}

Result<int> ask(const World& world, const ScanOptions& options, Wanted wanted, Teller& teller)
{
  collect::ScannerOptions how;
  how.asker.resolver = options.resolver;
  how.asker.root_hints = options.root_hints;
  if (!options.root_hints.empty()) {
    how.asker.trust_anchors.clear();  // Those of the root that everybody knows.
  }
  how.fetcher.ca_file = options.ca_file;
  how.pages = !options.no_web;
  const auto rate = read_rate(options.rate, how.rate);
  if (!rate) {
    return fail(rate.error());
  }
  how.rate = *rate;
  constexpr double share_of_an_operator = 0.2;
  how.rate_of_a_server = std::min(how.rate_of_a_server, *rate * share_of_an_operator);
  File kept;
  if (!options.resume.empty()) {
    ZONDER_TRY(take_resumed(options.resume, wanted, teller));
    auto file = open_resumed(options.resume);
    if (!file) {
      return fail(file.error());
    }
    kept = std::move(*file);
  }
  bool cannot_keep = false;
  std::size_t next = 0;
  const StopOnSignal stopping;
  const bool shows = !world.quiet && ::isatty(::fileno(world.err)) == 1;
  const auto counts = collect::scan_domains(
      how,
      {.next = [&]() -> std::optional<std::string> {
         return next < wanted.domains.size() ? std::optional(wanted.domains[next++]) : std::nullopt;
       },
       .told =
           [&](mail::DomainRecords records) {
             if (kept) {
               const auto line = collect::records_line(records) + "\n";
               cannot_keep = std::fwrite(line.data(), 1, line.size(), kept.get()) != line.size() ||
                             std::fflush(kept.get()) != 0 || cannot_keep;
             }
             teller.tell(std::move(records));
           },
       .stop = [] { return asked_to_stop != 0; },
       .now = [] { return std::chrono::system_clock::now(); },
       .progress =
           [&](const collect::ScanCounts& so_far) {
             if (shows) {
               show_progress(world, so_far, wanted.domains.size());
             }
           }});
  if (shows) {
    std::fputs("\r\x1b[K", world.err);
  }
  if (!counts) {
    return fail(counts.error());
  }
  teller.end();
  bool complete = teller.with_silence() == 0;
  if (cannot_keep) {
    complete = false;
    complain(world.err, world.unicode, say("{}: could not be written to", options.resume));
  }
  if (counts->domains < wanted.domains.size()) {
    complete = false;
    complain(world.err,
             world.unicode,
             say("stopped: {} of {} domains were not looked at",
                 wanted.domains.size() - counts->domains,
                 wanted.domains.size()));
  }
  if (wanted.unreadable > 0) {
    complete = false;
    complain(world.err, world.unicode, options.from + ": " + wanted.first_problem);
  }
  return static_cast<int>(complete ? Exit::Done : Exit::Incomplete);
}

Result<void> check_together(const World& world, const ScanOptions& options)
{
  const bool asks = !options.domains.empty() || !options.from.empty();
  if (asks == !options.recorded.empty()) {
    return fail(Fault::Usage,
                say("zonder scan needs domains, --from FILE with domains, or --recorded FILE with "
                    "records: one of the three"));
  }
  if (asks && world.offline) {
    return fail(Fault::Usage, say("--offline: only --recorded asks nobody"));
  }
  if (!options.resolver.empty()) {
    const auto address = options.resolver.substr(0, options.resolver.find('@'));
    if (!net::Address::try_parse(address)) {
      return fail(Fault::Usage,
                  say("--resolver cannot be {}: write an address, such as 192.0.2.1 or "
                      "192.0.2.1@5353",
                      options.resolver));
    }
  }
  return {};
}

}  // namespace

int scan(const World& world, const ScanOptions& options)
{
  if (const auto wrong = check_together(world, options); !wrong) {
    return failed_with(world, wrong.error());
  }
  const auto day = as_of(options.as_of, world.now);
  if (!day) {
    return failed_with(world, day.error());
  }
  const auto catalog = open_catalog(world);
  if (!catalog) {
    return failed_with(world, catalog.error());
  }
  if (!options.recorded.empty()) {
    Teller teller(world, *catalog, *day, false);
    return tell_recorded(world, options, teller);
  }
  auto wanted = read_wanted(options);
  if (!wanted) {
    return failed_with(world, wanted.error());
  }
  constexpr std::size_t most_in_full = 3;
  Teller teller(world, *catalog, *day, wanted->domains.size() <= most_in_full);
  const auto code = ask(world, options, std::move(*wanted), teller);
  return code ? *code : failed_with(world, code.error());
}

}  // namespace zonder::app

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/pages.hh"

#include <algorithm>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <map>
#include <utility>

#include "app/complain.hh"
#include "app/page_url.hh"
#include "app/passwords.hh"
#include "app/this_machine.hh"
#include "base/child_process.hh"
#include "base/duration.hh"
#include "base/translate.hh"
#include "browse/browser.hh"
#include "browse/visit.hh"
#include "isolate/command.hh"
#include "isolate/proxies.hh"
#include "net/url_host.hh"
#include "net/url_passwords.hh"
#include "report/page_comparison.hh"

namespace zonder::app {
namespace {

constexpr std::size_t most_pages = 20;
constexpr auto longest_wait = std::chrono::minutes(10);
constexpr const char* with_everybody = "with";
constexpr const char* without_them = "without";

Result<std::chrono::seconds> wait_of(const RunOptions& typed)
{
  if (typed.page_wait.empty()) {
    return browse::VisitOrder{}.wait;
  }
  const auto wait = parse_duration(typed.page_wait);
  if (!wait) {
    return fail(wait.error());
  }
  if (*wait < std::chrono::seconds(1) || *wait > longest_wait) {
    return fail(Fault::Usage, say("--page-wait is between 1s and 10m, not {}", typed.page_wait));
  }
  return *wait;
}

std::string own_program()
{
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).string();
}

Result<void> make_part(const std::string& folder, const browse::VisitOrder& order)
{
  ZONDER_TRY(make_folders(folder));
  return write_file(folder + "/" + browse::order_name, browse::order_as_json(order), 0600);
}

/// Signals that end us wait while this lives, so that the browser is ended and its profile removed
/// before we go.
class HeldSignals {
public:
  HeldSignals()
  {
    sigemptyset(&held_);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
      sigaddset(&held_, signal);
    }
    ::sigprocmask(SIG_BLOCK, &held_, &before_);
  }
  ~HeldSignals() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;
  HeldSignals(HeldSignals&&) = delete;
  HeldSignals& operator=(HeldSignals&&) = delete;

  [[nodiscard]] const sigset_t& before() const { return before_; }
  /// The signal that came; 0: none.
  [[nodiscard]] int taken() const
  {
    const timespec at_once = {};
    const int signal = ::sigtimedwait(&held_, nullptr, &at_once);
    return std::max(signal, 0);
  }

private:
  sigset_t held_{};
  sigset_t before_{};
};

/// Whose the hosts are that pages asked something of. What is cut decides before what is known.
class Owners {
public:
  /// `by_proxy`: an address that answered is the proxy's, which tells nothing.
  Owners(const model::Absence& absence,
         const catalog::Catalog& catalog,
         catalog::Date day,
         bool by_proxy)
      : absence_(absence), catalog_(catalog), day_(day), by_proxy_(by_proxy)
  {
  }

  void learn(const model::PageRequest& request)
  {
    auto& known = by_host_[std::string(net::url_host(request.url))];
    if (known.empty() || !is_absent(known)) {
      const auto found = whose(request);
      known = found.empty() ? known : found;
    }
  }
  /// The gateway saw whose a name was when the browser did not come to an address.
  void learn(const model::Attempt& attempt)
  {
    if (attempt.verdict == model::Verdict::Passed || attempt.party.empty()) {
      return;
    }
    for (const auto& name : attempt.names) {
      at_gateway_.emplace(name, attempt.party);
    }
    at_gateway_.emplace(attempt.name, attempt.party);
  }
  [[nodiscard]] std::string of(const model::PageRequest& request) const
  {
    const std::string host(net::url_host(request.url));
    const auto known = by_host_.find(host);
    if (known != by_host_.end() && is_absent(known->second)) {
      return known->second;
    }
    const auto seen = at_gateway_.find(host);
    if (seen != at_gateway_.end()) {
      return seen->second;
    }
    return known == by_host_.end() ? std::string() : known->second;
  }

private:
  [[nodiscard]] bool is_absent(const std::string& party) const
  {
    return std::any_of(absence_.parties.begin(),
                       absence_.parties.end(),
                       [&party](const model::AbsentParty& each) { return each.id == party; });
  }
  [[nodiscard]] std::string whose(const model::PageRequest& request) const
  {
    const auto host = net::url_host(request.url);
    const auto name = net::DomainName::parse(host);
    auto address = net::Address::parse(by_proxy_ ? std::string() : request.address);
    if (!address) {
      address = net::Address::parse(host);
    }
    if (const auto place = name ? absence_.party_of(*name) : std::nullopt) {
      return absence_.parties[*place].id;
    }
    if (const auto place = address ? absence_.party_of(*address) : std::nullopt) {
      return absence_.parties[*place].id;
    }
    auto party = name ? catalog_.who(*name, day_).party : std::string();
    return party.empty() && address ? catalog_.who(*address, day_).party : party;
  }

  const model::Absence& absence_;
  const catalog::Catalog& catalog_;
  catalog::Date day_;
  bool by_proxy_;
  std::map<std::string, std::string> by_host_;
  std::map<std::string, std::string> at_gateway_;
};

std::string last_part(const std::string& path)
{
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

Result<void> PageTrial::check(const RunOptions& typed)
{
  if (typed.pages.empty()) {
    return typed.page_wait.empty() ? Result<void>()
                                   : fail(Fault::Usage, say("--page-wait goes with --page only"));
  }
  if (!typed.command.empty()) {
    return fail(Fault::Usage,
                say("--page takes the place of a command: leave out what stands behind the "
                    "dashes, or --page"));
  }
  if (!typed.application.empty()) {
    return fail(Fault::Usage,
                say("--page starts a browser of its own: leave out --app, or --page"));
  }
  if (!typed.after.empty()) {
    return fail(Fault::Usage,
                say("--page compares a visit with everybody to one without; --after would let them "
                    "fall away halfway. Leave it out"));
  }
  if (typed.engine == "seccomp") {
    return fail(Fault::Usage,
                say("the engine \"seccomp\" decides about single calls, which does not hold a "
                    "browser well enough to trust the answer: --page needs a network of its own "
                    "(netns or root)"));
  }
  if (typed.pages.size() > most_pages) {
    return fail(Fault::Usage, say("--page: at most {} pages at a time", most_pages));
  }
  for (const auto& url : typed.pages) {
    ZONDER_TRY(check_page_url(url));
  }
  if (const auto wait = wait_of(typed); !wait) {
    return fail(wait.error());
  }
  return {};
}

Result<PageTrial> PageTrial::prepare(const RunOptions& typed)
{
  const auto program = browse::find_browser();
  if (!program) {
    return fail(program.error());
  }
  browse::VisitOrder order{.urls = typed.pages, .program = *program};
  order.wait = *wait_of(typed);
  auto folder = KeptFolder::make("zonder-pages");
  if (!folder) {
    return fail(folder.error());
  }
  for (const char* name : {with_everybody, without_them}) {
    ZONDER_TRY(make_part(folder->path() + "/" + name, order));
  }
  return PageTrial(std::move(order), std::move(*folder));
}

int PageTrial::visit_with_everybody(const std::string& proxy) const
{
  constexpr auto to_clear_up = std::chrono::seconds(10);
  constexpr auto a_moment = std::chrono::milliseconds(100);
  constexpr int visits = 3;  // where the network changed meanwhile
  constexpr auto to_start_and_end = std::chrono::seconds(60);  // at the very most
  const HeldSignals signals;
  auto words = command();
  words.back() = part(with_everybody);
  auto environment = user_environment();
  isolate::set_proxy_variables(environment, proxy);
  auto visitor = ChildProcess::start(
      {.argv = words, .environment = environment, .err = 2, .in_child = [&signals] {
         ::sigprocmask(SIG_SETMASK, &signals.before(), nullptr);
       }});
  if (!visitor) {
    return 0;  // nothing is found afterwards, and that is told
  }
  const auto until = std::chrono::steady_clock::now() + (order_.wait + to_start_and_end) * visits *
                                                            static_cast<int>(order_.urls.size());
  while (!visitor->wait_for(a_moment)) {
    if (const int signal = signals.taken(); signal != 0) {
      visitor->stop(to_clear_up);
      return signal;
    }
    if (std::chrono::steady_clock::now() > until) {
      visitor->stop(to_clear_up);
    }
  }
  return signals.taken();
}

std::vector<std::string> PageTrial::command() const
{
  return {own_program(),
          "--lang",
          current_language() == Language::Dutch ? "nl" : "en",
          visitor_verb,
          part(without_them)};
}

std::vector<std::string> pages_as_told(const std::string& browser,
                                       const std::vector<std::string>& urls)
{
  std::vector<std::string> words = {browser};
  for (const auto& url : urls) {
    words.push_back(net::without_passwords(url));
  }
  return words;
}

std::vector<std::string> PageTrial::command_as_told() const
{
  return pages_as_told(last_part(order_.program), order_.urls);
}

std::vector<browse::VisitResult> PageTrial::results(const char* name) const
{
  std::vector<browse::VisitResult> all;
  for (std::size_t i = 0; i < order_.urls.size(); ++i) {
    const auto text =
        browse::read_untrusted(part(name) + "/" + browse::result_name(i), browse::largest_visit);
    auto result = text ? browse::result_from_json(*text, order_.width, order_.height)
                       : Result<browse::VisitResult>(fail(text.error()));
    if (!result) {
      result.emplace();
      result->visit.why = tr("the browser's visitor left nothing that can be read");
    }
    result->visit.url = order_.urls[i];
    hide_passwords(result->visit);
    all.push_back(std::move(*result));
  }
  return all;
}

void PageTrial::finish(model::RunRecord& record,
                       const model::Absence& absence,
                       const catalog::Catalog& catalog,
                       catalog::Date day,
                       const std::vector<std::uint16_t>& allowed_host_ports) const
{
  constexpr std::size_t largest_hosts = std::size_t{1} << 24U;
  model::PagesTried pages;
  pages.wait = order_.wait;
  pages.width = order_.width;
  pages.height = order_.height;
  pages.sandboxed = browse::Browser::can_have_a_sandbox();
  for (const auto& [name, visits] :
       {std::pair(with_everybody, &pages.with), std::pair(without_them, &pages.without)}) {
    for (auto& result : results(name)) {
      pages.browser = pages.browser.empty() ? result.browser : pages.browser;
      visits->push_back(std::move(result.visit));
    }
  }
  const bool by_proxy = !record.proxies.uses.empty();
  const ThisMachine machine(
      allowed_host_ports, by_proxy, read_file("/etc/hosts", largest_hosts).value_or(""));
  for (std::size_t i = 0; i < pages.with.size(); ++i) {
    machine.mark(pages.with[i], pages.without[i]);
    if (!record.not_started.empty()) {
      pages.without[i].why = record.not_started;
    }
  }
  Owners owners(absence, catalog, day, by_proxy);
  for (const auto& attempt : record.attempts) {
    owners.learn(attempt);
  }
  for (auto* visits : {&pages.with, &pages.without}) {
    for (const auto& visit : *visits) {
      for (const auto& request : visit.requests) {
        owners.learn(request);
      }
    }
  }
  for (auto* visits : {&pages.with, &pages.without}) {
    for (auto& visit : *visits) {
      for (auto& request : visit.requests) {
        request.party = owners.of(request);
      }
    }
  }
  record.command = command_as_told();
  record.pages = std::move(pages);
  if (record.exit_code == 0) {
    record.exit_code = report::exit_code_of(*record.pages);
  }
}

int visit_pages(const World& world, const std::string& folder)
{
  const auto done = browse::visit_all(folder);
  if (!done) {
    complain(world.err, world.unicode, done.error().message);
    return static_cast<int>(Exit::RunFailed);
  }
  return *done == 0 ? 0 : 128 + *done;
}

}  // namespace zonder::app

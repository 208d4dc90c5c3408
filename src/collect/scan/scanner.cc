// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
//
// Questions wait in lanes, one for each operator of name servers; a lane and the whole have a pace.
// A question that two domains have is asked once. A domain whose name servers are silent is given
// up after a few silences, since it would hold up nobody but itself, but for long.
#include "collect/scan/scanner.hh"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include <poll.h>

#include "base/translate.hh"
#include "collect/scan/pace.hh"
#include "mail/questions.hh"
#include "net/special_use.hh"
#include "net/url_host.hh"
#include "wire/http/start_page.hh"

namespace zonder::collect {
namespace {

using mail::Answer;
using mail::Question;
using mail::RecordType;
using std::chrono::steady_clock;

constexpr unsigned most_silences = 6;  // of one domain, then it is left alone
constexpr std::size_t most_kept = 200'000;
constexpr std::size_t most_redirects = 10;
constexpr std::size_t most_rounds = 60;  // of questions of one domain: SPF can nest

bool is_under(const std::string& name, const std::string& domain)
{
  return name == domain || (name.size() > domain.size() && name.ends_with(domain) &&
                            name[name.size() - domain.size() - 1] == '.');
}

/// Whose name servers a name is at, nearly: its last two labels, or three where the second is as
/// short as that of "co.uk". Too much together only asks more slowly.
std::string operator_of(const std::string& name)
{
  constexpr std::size_t short_label = 3;
  std::vector<std::size_t> dots;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '.') {
      dots.push_back(i);
    }
  }
  if (dots.size() < 2) {
    return name;
  }
  const auto last = dots[dots.size() - 1];
  const auto before = dots[dots.size() - 2];
  if (last - before - 1 > short_label || dots.size() == 2) {
    return name.substr(last - before - 1 > short_label ? before + 1 : 0);
  }
  return name.substr(dots[dots.size() - 3] + 1);
}

struct PageWalk {
  enum class Step : std::uint8_t { Robots, Page };
  std::string url;
  Step step = Step::Robots;
  bool fetching = false;
  bool tried_plain = false;
  mail::StartPage page;
};

struct Domain {
  std::string name;
  std::uint64_t number = 0;
  mail::Answers answers;
  std::set<Question> open;
  std::set<Question> asked_again;
  unsigned silences = 0;
  std::size_t rounds = 0;
  std::string lane;  // of its own name servers; empty: not known yet
  mail::DomainRecords records;
  std::optional<PageWalk> walk;
};

struct Lane {
  explicit Lane(double rate) : pace(rate) {}
  Pace pace;
  std::deque<Question> questions;
};

class Scanner {
public:
  Scanner(const ScannerOptions& options, const ScannerCalls& calls)
      : options_(options), calls_(calls), pace_(options.rate)
  {
  }

  Result<ScanCounts> run()
  {
    take_in();
    if (domains_.empty()) {
      return counts_;
    }
    ZONDER_TRY(start_asker());
    auto fetcher = PageFetcher::make(options_.fetcher, [this](std::uint64_t id, Fetched fetched) {
      fetched_.emplace_back(id, std::move(fetched));
    });
    if (!fetcher) {
      return fail(fetcher.error());
    }
    fetcher_ = std::move(*fetcher);
    auto last_progress = steady_clock::now();
    while (!calls_.stop()) {
      take_in();
      if (domains_.empty()) {
        break;
      }
      send(steady_clock::now());
      fetcher_->wait(asker_->descriptor(), until_next());
      asker_->take_answers(steady_clock::now());
      take_pages();
      go_on();
      constexpr std::chrono::milliseconds between{200};
      if (calls_.progress && steady_clock::now() - last_progress > between) {
        last_progress = steady_clock::now();
        calls_.progress(counts_);
      }
    }
    return counts_;
  }

private:
  Result<void> make_asker(const AskerOptions& options)
  {
    auto asker = Asker::make(options, [this](const Question& question, const Answer& answer) {
      answered(question, answer);
    });
    if (!asker) {
      return fail(asker.error());
    }
    asker_ = std::move(*asker);
    return {};
  }

  /// DNSSEC is looked at where it can be: a resolver that passes no signatures on, as many a router
  /// is, would make every signed name look forged. The root, which is signed, shows which it is.
  Result<void> start_asker()
  {
    ZONDER_TRY(make_asker(options_.asker));
    if (!asker_->validates()) {
      return {};
    }
    asker_->ask({".", RecordType::Ns});
    while (asker_->waiting() > 0 && !calls_.stop()) {
      pollfd waiting{.fd = asker_->descriptor(), .events = POLLIN, .revents = 0};
      constexpr int longest = 100;
      (void)::poll(&waiting, 1, longest);
      asker_->take_answers(steady_clock::now());
    }
    if (!root_is_secure_) {
      auto without = options_.asker;
      without.trust_anchors.clear();
      return make_asker(without);
    }
    return {};
  }

  void take_in()
  {
    while (!all_taken_ && domains_.size() < options_.domains_at_once) {
      auto name = calls_.next();
      if (!name) {
        all_taken_ = true;
        return;
      }
      auto domain = std::make_unique<Domain>();
      domain->name = std::move(*name);
      domain->number = next_number_++;
      ready_.insert(domain->number);
      domains_.emplace(domain->number, std::move(domain));
      go_on();
    }
  }

  /// Everything that got all its answers takes its next step.
  void go_on()
  {
    while (!ready_.empty()) {
      const auto number = *ready_.begin();
      ready_.erase(ready_.begin());
      const auto found = domains_.find(number);
      if (found != domains_.end() && found->second->open.empty()) {
        step(*found->second);
      }
    }
  }

  void step(Domain& domain)
  {
    if (domain.walk) {
      page_step(domain);
      return;
    }
    auto assembly = mail::assemble(domain.name, domain.answers);
    if (!assembly.wanted.empty() && ++domain.rounds <= most_rounds) {
      for (const auto& question : assembly.wanted) {
        want(domain, question);
      }
      if (domain.open.empty()) {
        ready_.insert(domain.number);  // All of it was known already.
      }
      return;
    }
    domain.records = std::move(assembly.records);
    domain.records.seen = calls_.now();
    if (options_.pages && !domain.records.sites.empty()) {
      domain.walk.emplace();
      const auto& site = domain.records.sites.back();  // www, where there is one
      domain.walk->url = "https://" + site.name + "/robots.txt";
      domain.walk->page.url = "https://" + site.name + "/";
      page_step(domain);
      return;
    }
    finish(domain);
  }

  void finish(Domain& domain)
  {
    ++counts_.domains;
    auto records = std::move(domain.records);
    domains_.erase(domain.number);
    calls_.told(std::move(records));
  }

  // --- questions

  void want(Domain& domain, const Question& question)
  {
    if (const auto known = known_.find(question); known != known_.end()) {
      domain.answers[question] = known->second;
      return;
    }
    const bool own = is_under(question.name, domain.name);
    if (own && domain.silences > most_silences) {
      domain.answers[question] = Answer();
      return;
    }
    domain.open.insert(question);
    auto& waiting = waiting_[question];
    waiting.push_back(domain.number);
    if (waiting.size() == 1) {
      auto& questions = lane_of(domain, question).questions;
      // What is begun is finished first: who stops early has some domains whole, not all in part.
      if (domain.rounds > 1) {
        questions.push_front(question);
      } else {
        questions.push_back(question);
      }
    }
  }

  Lane& lane_of(const Domain& domain, const Question& question)
  {
    const auto name = !is_under(question.name, domain.name) ? operator_of(question.name)
                      : domain.lane.empty()                 ? domain.name
                                                            : domain.lane;
    return lanes_.try_emplace(name, options_.rate_of_a_server).first->second;
  }

  void send(steady_clock::time_point now)
  {
    next_send_ = now + std::chrono::milliseconds(100);
    bool sent = true;
    // One of each lane in turn, so that no operator's many domains hold up the others.
    while (sent && pace_.may(now)) {
      sent = false;
      auto from = lanes_.lower_bound(last_lane_);
      for (std::size_t i = 0; i < lanes_.size() && pace_.may(now); ++i) {
        from = from == lanes_.end() ? lanes_.begin() : from;
        auto& [name, lane] = *from;
        ++from;
        if (lane.questions.empty()) {
          continue;
        }
        if (!lane.pace.may(now)) {
          next_send_ = std::min(next_send_, lane.pace.next());
          continue;
        }
        asker_->ask(lane.questions.front());
        lane.questions.pop_front();
        lane.pace.take(now);
        pace_.take(now);
        ++counts_.questions;
        sent = true;
        last_lane_ = name + '\0';
      }
    }
    if (!pace_.may(now)) {
      next_send_ = std::min(next_send_, pace_.next());
    }
    std::erase_if(lanes_, [now](const auto& entry) {
      return entry.second.questions.empty() && entry.second.pace.may(now);
    });
  }

  [[nodiscard]] std::chrono::milliseconds until_next() const
  {
    const auto wait =
        std::chrono::ceil<std::chrono::milliseconds>(next_send_ - steady_clock::now());
    return std::clamp(wait, std::chrono::milliseconds(1), std::chrono::milliseconds(100));
  }

  void answered(const Question& question, const Answer& answer)
  {
    const auto waiting = waiting_.find(question);
    if (waiting == waiting_.end()) {
      root_is_secure_ = root_is_secure_ || (question.name == "." && answer.secure);
      return;
    }
    const bool silent = answer.outcome == Answer::Outcome::NoAnswer && !answer.bogus;
    counts_.silences += silent ? 1U : 0U;
    std::vector<std::uint64_t> once_more;
    for (const auto number : waiting->second) {
      const auto found = domains_.find(number);
      if (found == domains_.end()) {
        continue;
      }
      auto& domain = *found->second;
      if (silent && is_under(question.name, domain.name)) {
        ++domain.silences;
      }
      if (silent && domain.silences <= most_silences &&
          domain.asked_again.insert(question).second) {
        once_more.push_back(number);
        continue;
      }
      domain.answers[question] = answer;
      domain.open.erase(question);
      learn_lane(domain, question, answer);
      ready_.insert(number);
    }
    keep(question, answer, waiting->second.size());
    waiting_.erase(waiting);
    for (const auto number : once_more) {
      auto& again = waiting_[question];
      again.push_back(number);
      if (again.size() == 1) {
        lane_of(*domains_.at(number), question).questions.push_back(question);
      }
    }
  }

  static void learn_lane(Domain& domain, const Question& question, const Answer& answer)
  {
    if (question.name == domain.name && question.type == RecordType::Ns && !answer.data.empty()) {
      domain.lane = operator_of(answer.data.front().text);
    }
  }

  /// What other domains may ask too.
  void keep(const Question& question, const Answer& answer, std::size_t askers)
  {
    if (answer.outcome == Answer::Outcome::NoAnswer || askers == 0) {
      return;
    }
    if (known_.size() >= most_kept) {
      known_.clear();
    }
    known_[question] = answer;
  }

  // --- the start page

  void page_step(Domain& domain)
  {
    auto& walk = *domain.walk;
    if (walk.fetching) {
      return;
    }
    const auto host = wire::http::host_of_url(walk.url);
    std::vector<net::Address> addresses;
    for (const auto type : {RecordType::A, RecordType::Aaaa}) {
      const Question question{host, type};
      const auto answer = domain.answers.find(question);
      if (answer == domain.answers.end()) {
        want(domain, question);
        continue;
      }
      for (const auto& datum : answer->second.data) {
        if (datum.address) {
          addresses.push_back(*datum.address);
        }
      }
    }
    if (!domain.open.empty()) {
      return;
    }
    for (const auto type : {RecordType::A, RecordType::Aaaa}) {
      if (!domain.answers.contains({host, type})) {
        ready_.insert(domain.number);  // It was known; look again.
        return;
      }
    }
    std::erase_if(addresses, [this](net::Address address) {
      const auto special = net::special_use(address);
      return special && *special != net::SpecialUse::Documentation &&
             !options_.visits_private_space;
    });
    if (addresses.empty()) {
      end_walk(domain, say("{} leads to no address that may be visited", host));
      return;
    }
    walk.fetching = true;
    fetcher_->fetch(domain.number, walk.url, addresses);
  }

  void take_pages()
  {
    auto pages = std::move(fetched_);
    fetched_.clear();
    for (auto& [number, fetched] : pages) {
      if (const auto found = domains_.find(number); found != domains_.end()) {
        found->second->walk->fetching = false;
        take_page(*found->second, fetched);
      }
    }
  }

  void go_to(Domain& domain, std::string url)
  {
    domain.walk->url = std::move(url);
    ready_.insert(domain.number);
  }

  void take_page(Domain& domain, const Fetched& fetched)
  {
    auto& walk = *domain.walk;
    auto& page = walk.page;
    if (fetched.not_connected && !walk.tried_plain && walk.url.starts_with("https://")) {
      walk.tried_plain = true;
      page.url = "http" + page.url.substr(5);
      go_to(domain, "http" + walk.url.substr(5));
      return;
    }
    if (!fetched.certified_by.empty() && page.certified_by.empty()) {
      page.certified_by = fetched.certified_by;
    }
    if (walk.step == PageWalk::Step::Robots) {
      constexpr long ok = 200;
      if (fetched.status == ok && wire::http::robots_forbid_start_page(fetched.body, "zonder")) {
        end_walk(domain, say("its robots.txt asks to stay away"));
        return;
      }
      if (fetched.status == 0) {
        end_walk(domain, fetched.trouble);
        return;
      }
      walk.step = PageWalk::Step::Page;
      go_to(domain, page.url);
      return;
    }
    if (fetched.status == 0) {
      end_walk(domain, fetched.trouble);
      return;
    }
    constexpr long first_redirect = 300;
    constexpr long first_error = 400;
    if (fetched.status >= first_redirect && fetched.status < first_error &&
        !fetched.location.empty()) {
      redirect(domain, fetched.location);
      return;
    }
    const auto host = wire::http::host_of_url(walk.url);
    auto hosts = wire::http::hosts_in_page(fetched.body, host);
    page.loads = std::move(hosts.loads);
    for (auto& log_in : hosts.log_ins) {
      if (std::find(page.log_ins.begin(), page.log_ins.end(), log_in) == page.log_ins.end()) {
        page.log_ins.push_back(std::move(log_in));
      }
    }
    page.server = fetched.server;
    end_walk(domain, fetched.status >= first_error ? say("status {}", fetched.status) : "");
  }

  void redirect(Domain& domain, const std::string& location)
  {
    auto& walk = *domain.walk;
    const auto url = wire::http::resolve_url(walk.url, location);
    if (!url) {
      end_walk(domain, say("leads to something that is no web page"));
      return;
    }
    const auto host = wire::http::host_of_url(*url);
    if (host != wire::http::host_of_url(walk.url)) {
      walk.page.redirects.push_back(host);
      if (wire::http::looks_like_log_in(*url)) {
        walk.page.log_ins.push_back(host);
      }
    }
    constexpr std::uint16_t http = 80;
    constexpr std::uint16_t https = 443;
    const auto port = net::url_port(*url);
    if (++redirects_[domain.number] > most_redirects || (port != http && port != https)) {
      end_walk(domain, say("leads on and on, or to an unusual port"));
      return;
    }
    go_to(domain, *url);
  }

  void end_walk(Domain& domain, const std::string& trouble)
  {
    domain.walk->page.trouble = trouble;
    domain.records.page = std::move(domain.walk->page);
    redirects_.erase(domain.number);
    finish(domain);
  }

  const ScannerOptions& options_;
  const ScannerCalls& calls_;
  std::unique_ptr<Asker> asker_;
  std::unique_ptr<PageFetcher> fetcher_;
  std::vector<std::pair<std::uint64_t, Fetched>> fetched_;
  ScanCounts counts_;
  Pace pace_;
  bool all_taken_ = false;
  bool root_is_secure_ = false;
  std::uint64_t next_number_ = 0;
  std::map<std::uint64_t, std::unique_ptr<Domain>> domains_;
  std::set<std::uint64_t> ready_;
  std::map<std::string, Lane> lanes_;
  std::string last_lane_;
  steady_clock::time_point next_send_;
  std::map<Question, std::vector<std::uint64_t>> waiting_;
  std::map<Question, Answer> known_;
  std::map<std::uint64_t, std::size_t> redirects_;
};

}  // namespace

Result<ScanCounts> scan_domains(const ScannerOptions& options, const ScannerCalls& calls)
{
  return Scanner(options, calls).run();
}

}  // namespace zonder::collect

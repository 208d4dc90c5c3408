// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "browse/visit.hh"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <set>

#include <nlohmann/json.hpp>
#include <sys/socket.h>

#include "base/file.hh"
#include "base/translate.hh"
#include "browse/browser.hh"
#include "browse/page_log.hh"

namespace zonder::browse {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

// The browser's own answers, and not those of a page, are there at once.
constexpr auto start_patience = std::chrono::seconds(20);
constexpr auto answer_patience = std::chrono::seconds(5);
constexpr auto picture_patience = std::chrono::seconds(10);
// A page that is done and waits for nothing may still think of something.
constexpr auto quiet = std::chrono::milliseconds(700);

// What a signal handler may touch: the signal that came, and the socket that is listened at.
volatile std::sig_atomic_t ended_by = 0;
volatile std::sig_atomic_t listening_at = -1;

extern "C" void end_visit(int signal)
{
  ended_by = signal;
  if (listening_at >= 0) {
    ::shutdown(listening_at, SHUT_RDWR);
  }
}

/// While this lives, a signal that would end us ends the conversation with this browser.
class Listening {
public:
  explicit Listening(const BrowserPipe& pipe)
  {
    listening_at = pipe.descriptor();
    if (ended_by != 0) {
      end_visit(ended_by);  // it came while the browser was started
    }
  }
  ~Listening() { listening_at = -1; }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;
  Listening(Listening&&) = delete;
  Listening& operator=(Listening&&) = delete;
};

/// A conversation with a browser about one page.
class Conversation {
public:
  explicit Conversation(Browser& browser) : browser_(browser) {}

  int tell(const std::string& session, const char* method, json params = json::object())
  {
    json message = {{"id", ++last_}, {"method", method}, {"params", std::move(params)}};
    if (!session.empty()) {
      message["sessionId"] = session;
    }
    browser_.pipe().send(message.dump(-1, ' ', false, json::error_handler_t::replace));
    return last_;
  }

  /// The answer's "result"; null when none came in time, or an error did.
  json ask(const std::string& session,
           const char* method,
           json params = json::object(),
           Clock::duration patience = answer_patience)
  {
    const int id = tell(session, method, std::move(params));
    wanted_ = id;
    answer_ = nullptr;
    const auto until = Clock::now() + patience;
    while (wanted_ == id && Clock::now() < until && hear(until)) {
    }
    wanted_ = 0;
    return std::move(answer_);
  }

  /// Takes in one message; false: none came in time.
  bool hear(Clock::time_point until);

  /// Makes a page that can be told where to go.
  bool open_page(const VisitOrder& order);
  void go(const std::string& url);

  [[nodiscard]] const std::string& page() const { return page_; }
  [[nodiscard]] const std::string& frame() const { return frame_; }
  void log_to(PageLog* log) { log_ = log; }
  /// Messages of the browser that are no JSON, or nested too deep.
  [[nodiscard]] std::uint64_t not_understood() const { return not_understood_; }

private:
  void take_answer(const json& message);
  void take_event(const json& event);
  void watch(const std::string& session);

  Browser& browser_;
  int last_ = 0;
  int wanted_ = 0;      // id of the answer that is waited for
  int navigation_ = 0;  // id of the request to go somewhere
  json answer_;
  std::string page_;                // session of the page
  std::string frame_;               // its frame
  std::set<std::string> sessions_;  // of the page, its frames and workers
  PageLog* log_ = nullptr;
  std::uint64_t not_understood_ = 0;
};

std::string text(const json& of, const char* name)
{
  const auto found = of.is_object() ? of.find(name) : of.end();
  return of.is_object() && found != of.end() && found->is_string() ? found->get<std::string>()
                                                                   : std::string();
}

const json& part(const json& of, const char* name)
{
  static const json nothing;
  const auto found = of.is_object() ? of.find(name) : of.end();
  return of.is_object() && found != of.end() ? *found : nothing;
}

/// Discarded where it is no JSON, or nested deeper than any message that is looked at.
json parsed(const std::string& text)
{
  constexpr int deepest = 64;
  struct TooDeep {};
  try {
    return json::parse(
        text,
        [](int depth, json::parse_event_t, const json&) {
          if (depth > deepest) {
            throw TooDeep{};
          }
          return true;
        },
        false);
  } catch (const TooDeep&) {
    return json(json::value_t::discarded);
  }
}

bool Conversation::hear(Clock::time_point until)
{
  const auto received = browser_.pipe().receive(until);
  if (!received) {
    return false;
  }
  const auto message = parsed(*received);
  not_understood_ += message.is_discarded() ? 1U : 0U;
  if (message.is_object() && message.contains("id")) {
    take_answer(message);
  } else if (message.is_object()) {
    take_event(message);
  }
  return true;
}

void Conversation::take_answer(const json& message)
{
  const int id = message["id"].is_number_integer() ? message["id"].get<int>() : 0;
  if (id == 0) {
    return;
  }
  if (id == navigation_ && log_ != nullptr) {
    if (const auto error = text(part(message, "result"), "errorText"); !error.empty()) {
      log_->could_not_go(error);
    } else if (const auto refused = text(part(message, "error"), "message"); !refused.empty()) {
      log_->could_not_go(refused);
    }
  }
  if (id == wanted_) {
    answer_ = part(message, "result");
    wanted_ = 0;
  }
}

void Conversation::take_event(const json& event)
{
  const auto method = text(event, "method");
  const auto session = text(event, "sessionId");
  const auto& params = part(event, "params");
  if (method == "Target.attachedToTarget" && sessions_.count(session) > 0) {
    watch(text(params, "sessionId"));
  } else if (method == "Page.javascriptDialogOpening") {
    tell(session, "Page.handleJavaScriptDialog", {{"accept", false}});
  } else if ((method == "Inspector.targetCrashed" && session == page_) ||
             (method == "Target.targetCrashed" && text(params, "targetId") == frame_)) {
    if (log_ != nullptr) {
      log_->ended(tr("the page made the browser's process for it end"));
    }
  } else if (log_ != nullptr && sessions_.count(session) > 0) {
    log_->take(event);
  }
}

/// A page, a frame in a process of its own, or a worker: whatever it does is told from now on.
void Conversation::watch(const std::string& session)
{
  if (session.empty()) {
    return;
  }
  sessions_.insert(session);
  tell(session,
       "Network.enable",
       {{"maxTotalBufferSize", 0}, {"maxResourceBufferSize", 0}, {"maxPostDataSize", 0}});
  tell(session, "Runtime.enable");
  tell(session, "Log.enable");
  tell(session,
       "Target.setAutoAttach",
       {{"autoAttach", true}, {"waitForDebuggerOnStart", true}, {"flatten", true}});
  tell(session, "Runtime.runIfWaitingForDebugger");
}

bool Conversation::open_page(const VisitOrder& order)
{
  const auto target = ask("", "Target.createTarget", {{"url", "about:blank"}}, start_patience);
  frame_ = text(target, "targetId");
  const auto attached =
      ask("", "Target.attachToTarget", {{"targetId", frame_}, {"flatten", true}}, start_patience);
  page_ = text(attached, "sessionId");
  if (frame_.empty() || page_.empty()) {
    return false;
  }
  tell("", "Browser.setDownloadBehavior", {{"behavior", "deny"}});
  tell(page_, "Page.enable");
  tell(page_, "Inspector.enable");
  watch(page_);
  return !ask(page_,
              "Emulation.setDeviceMetricsOverride",
              {{"width", order.width},
               {"height", order.height},
               {"deviceScaleFactor", 1},
               {"mobile", false}})
              .is_null();
}

void Conversation::go(const std::string& url)
{
  navigation_ = tell(page_, "Page.navigate", {{"url", url}});
}

/// Until the page is done and quiet, has failed, or has had its time.
void follow(Conversation& talk, const PageLog& log, Browser& browser, Clock::time_point until)
{
  std::optional<Clock::time_point> quiet_since;
  while (Clock::now() < until && !browser.pipe().gone() && !log.has_ended()) {
    const bool is_quiet = log.failed() || (log.said_done() && log.pending() == 0);
    if (!is_quiet) {
      quiet_since.reset();
    } else if (!quiet_since) {
      quiet_since = Clock::now();
    } else if (Clock::now() - *quiet_since >= quiet) {
      return;
    }
    talk.hear(std::min(until, is_quiet ? *quiet_since + quiet : until));
  }
}

/// Where the page ended up, as the browser (and not the page) says.
std::pair<std::string, std::string> title_and_url(Conversation& talk)
{
  const auto history = talk.ask(talk.page(), "Page.getNavigationHistory");
  const auto& entries = part(history, "entries");
  if (!entries.is_array() || entries.empty()) {
    return {};
  }
  return {text(entries.back(), "title"), text(entries.back(), "url")};
}

std::string picture(Conversation& talk, const VisitOrder& order)
{
  const auto taken =
      talk.ask(talk.page(), "Page.captureScreenshot", {{"format", "png"}}, picture_patience);
  auto data = text(taken, "data");
  const bool fits = data.size() <= largest_screenshot &&
                    png_size(data) == PictureSize{.width = order.width, .height = order.height};
  return fits ? data : std::string();
}

void visit_in(Browser& browser, const VisitOrder& order, VisitResult& result)
{
  Conversation talk(browser);
  result.browser =
      text(talk.ask("", "Browser.getVersion", json::object(), start_patience), "product");
  if (result.browser.empty() || !talk.open_page(order)) {
    const auto words = browser.last_words();
    result.visit.why = words.empty()
                           ? say("the browser did not answer")
                           : say("the browser did not answer; it said: {}", words.substr(0, 500));
    return;
  }
  PageLog log(result.visit.url, talk.frame());
  talk.log_to(&log);
  talk.go(result.visit.url);
  follow(talk, log, browser, Clock::now() + order.wait);
  std::pair<std::string, std::string> where;
  std::string screenshot;
  if (browser.pipe().gone()) {
    log.ended(tr("the browser ended during the visit"));
  } else if (!log.has_ended()) {
    // What comes while the picture is made is no longer noted: the time is over.
    talk.log_to(nullptr);
    where = title_and_url(talk);
    screenshot = picture(talk, order);
  }
  result.visit = log.visit(where.first, where.second);
  result.visit.screenshot = std::move(screenshot);
  result.visit.messages_left_out = browser.pipe().too_large() + talk.not_understood();
}

}  // namespace

VisitResult visit_page(const VisitOrder& order, const std::string& url, const std::string& profile)
{
  VisitResult result;
  result.sandboxed = Browser::can_have_a_sandbox();
  result.visit.url = url;
  auto browser = Browser::start(
      {.program = order.program, .profile = profile, .width = order.width, .height = order.height});
  if (!browser) {
    result.visit.why = browser.error().message;
    return result;
  }
  {
    const Listening listening(browser->pipe());
    visit_in(*browser, order, result);
  }
  browser->end();
  return result;
}

namespace {

/// A network that is new still gets addresses (IPv6 takes a second or two to be sure of one), and
/// for each Chromium breaks off all that it waits for. That says nothing of the page.
bool was_disturbed(const model::PageVisit& visit)
{
  return std::any_of(visit.requests.begin(), visit.requests.end(), [](const auto& request) {
    return request.error.find("ERR_NETWORK_CHANGED") != std::string::npos;
  });
}

/// Once more where the network changed meanwhile; what it is the third time, it is.
VisitResult
visit_undisturbed(const VisitOrder& order, const std::string& url, const std::string& profile)
{
  constexpr int most = 3;
  for (int round = 1;; ++round) {
    auto result = visit_page(order, url, profile + (round == 1 ? "" : "-" + std::to_string(round)));
    result.visit.rounds = static_cast<unsigned>(round);
    if (round == most || ended_by != 0 || !was_disturbed(result.visit)) {
      return result;
    }
  }
}

}  // namespace

Result<int> visit_all(const std::string& folder)
{
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action = {};
    action.sa_handler = end_visit;
    ::sigaction(signal, &action, nullptr);
  }
  constexpr std::size_t largest_order = std::size_t{1} << 20U;
  const auto text = read_file(folder + "/" + order_name, largest_order);
  if (!text) {
    return fail(text.error());
  }
  const auto order = order_from_json(*text);
  if (!order) {
    return fail(order.error());
  }
  for (std::size_t i = 0; i < order->urls.size() && ended_by == 0; ++i) {
    const auto result = visit_undisturbed(
        *order, order->urls[i], folder + "/" + model::profile_folder + std::to_string(i));
    ZONDER_TRY(write_file(folder + "/" + result_name(i), result_as_json(result), 0600));
  }
  return static_cast<int>(ended_by);
}

}  // namespace zonder::browse

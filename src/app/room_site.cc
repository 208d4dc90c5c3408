// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/room_site.hh"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <unistd.h>

#include "app/local_time.hh"
#include "base/translate.hh"
#include "isolate/gateway_rules.hh"
#include "web/pac.hh"
#include "web/qr.hh"
#include "web/room_pages.hh"

namespace zonder::app {
namespace {

using web::Problem;
using web::Request;
using web::Response;

constexpr const char* script_type = "text/javascript; charset=utf-8";
/// The leader's pages look for a new board by themselves.
constexpr const char* board_policy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

Result<std::string> random_word()
{
  std::array<unsigned char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return fail(Fault::NotPossible, say("the system gives no random bytes"));
  }
  std::string word;
  for (const auto byte : bytes) {
    word += fmt::format("{:02x}", byte);
  }
  return word;
}

std::string field(const web::Form& form, const std::string& name)
{
  const auto found = form.find(name);
  return found == form.end() ? std::string() : found->second;
}

/// Which language somebody reads: as he chose, as his browser says, or that of the country.
Language language_of(const Request& request)
{
  for (const auto& chosen : {field(request.query, "lang"), field(request.form, "lang")}) {
    if (chosen == "nl" || chosen == "en") {
      return chosen == "nl" ? Language::Dutch : Language::English;
    }
  }
  // The first of both that is named is the one that is liked best, but for odd weights.
  const auto dutch = request.language.find("nl");
  const auto english = request.language.find("en");
  return english < dutch ? Language::English : Language::Dutch;
}

std::string chosen_language(const Request& request)
{
  for (auto chosen : {field(request.query, "lang"), field(request.form, "lang")}) {
    if (chosen == "nl" || chosen == "en") {
      return chosen;
    }
  }
  return {};
}

Response page(std::string body, unsigned status = 200)
{
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

Response go_to(std::string location, unsigned status = 303)
{
  Response response;
  response.status = status;
  response.location = std::move(location);
  return response;
}

std::optional<model::Mark> read_mark(const std::string& word)
{
  using enum model::Mark;
  if (word == "works") {
    return Works;
  }
  if (word == "degraded") {
    return Degraded;
  }
  if (word == "stopped") {
    return Stopped;
  }
  return word == "could-not-try" ? std::optional(CouldNotTry) : std::nullopt;
}

std::optional<std::size_t> read_number(const std::string& text)
{
  std::size_t number = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return read.ec == std::errc() && read.ptr == end && !text.empty() ? std::optional(number)
                                                                    : std::nullopt;
}

std::string host_in(const std::string& url)
{
  const auto begin = url.find("//") + 2;
  return url.substr(begin, url.find('/', begin) - begin);
}

bool reads(const Request& request)
{
  return request.method == "GET" || request.method == "HEAD";
}

/// "?lang=nl", so that what was chosen stays.
std::string with_language(const std::string& path, const Request& request)
{
  const auto chosen = chosen_language(request);
  const auto mark = path.find('#');
  return chosen.empty() ? path
                        : path.substr(0, mark) + "?lang=" + chosen +
                              (mark == std::string::npos ? "" : path.substr(mark));
}

}  // namespace

RoomSite::RoomSite(Options options, const trust::KeyedWord& tokens)
    : options_(std::move(options)), tokens_(tokens), host_(host_in(options_.page_url)),
      roster_(room::Roster(options_.about.tasks))
{
}

Result<std::unique_ptr<RoomSite>> RoomSite::make(Options options)
{
  const auto key = random_word();
  const auto tokens = trust::KeyedWord::make();
  if (!key || !tokens) {
    return fail(!key ? key.error() : tokens.error());
  }
  std::unique_ptr<RoomSite> site(new RoomSite(std::move(options), *tokens));
  site->base_ = "/" + *key + "/";
  site->stop_ = Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!site->stop_) {
    return fail(Fault::NotPossible, say("there is no descriptor left"));
  }
  return site;
}

web::RoomView RoomSite::view_of(const model::RoomRecord& record, const Request& request) const
{
  const auto now = options_.clock.now();
  return {.record = &record,
          .now = now,
          .east_of_utc = east_of_utc(now),
          .page_url = options_.page_url,
          .address_url = options_.address_url,
          .wifi = options_.wifi,
          .proxy = options_.proxy,
          .lang = chosen_language(request),
          .reports = options_.reports,
          .unkept = options_.unkept ? options_.unkept() : std::string()};
}

model::RoomRecord RoomSite::record() const
{
  auto record = options_.about;
  {
    const auto shown = shown_.lock();
    record.contacts = shown->contacts;
    record.contacts_unlisted = shown->unlisted;
    record.turned_away = shown->turned_away;
    record.lapses = shown->lapses;
    record.givers = shown->givers;
  }
  const auto roster = roster_.lock();
  record.ended = options_.clock.now();  // so far
  record.devices = roster->devices();
  record.marks = roster->marks();
  // Seen in the moment between admitting a device and writing it down.
  std::erase_if(record.contacts, [&](const model::RoomContact& each) {
    return each.device >= record.devices.size();
  });
  for (auto& giver : record.givers) {
    giver.device =
        giver.device && *giver.device < record.devices.size() ? giver.device : std::nullopt;
  }
  return record;
}

void RoomSite::show(isolate::OpenHall::Reached reached)
{
  *shown_.lock() = std::move(reached);
}

void RoomSite::note_outside(std::size_t device,
                            model::Outside how,
                            const std::string& what,
                            model::Moment when)
{
  (void)roster_.lock()->note_outside(device, how, what, when);
}

std::optional<std::size_t> RoomSite::number_of(const net::MacAddress& device) const
{
  const auto numbers = numbers_.lock();
  const auto found = numbers->find(device);
  return found == numbers->end() ? std::nullopt : std::optional(found->second);
}

Result<void> RoomSite::join(const net::MacAddress& device, const std::string& name, bool by_leader)
{
  if (auto good = room::device_name(name); !good) {
    return fail(std::move(good).error());
  }
  const auto now = options_.clock.now();
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(options_.about.planned - now);
  if (left.count() <= 0) {
    return fail(Fault::NotPossible, say("the room's time is up"));
  }
  // Held all the while: numbers and places in the roster are the same.
  const auto roster = roster_.lock();
  ZONDER_TRY(roster->may_join(number_of(device), by_leader));
  const auto number = options_.hall->admit(device, left);
  if (!number) {
    return fail(number.error());
  }
  numbers_.lock()->insert_or_assign(device, *number);
  auto joined = roster->join(*number, name, by_leader, now);
  somebody_spoke();
  return joined;
}

void RoomSite::somebody_spoke() const
{
  if (options_.spoken) {
    options_.spoken();
  }
}

void RoomSite::leave(const net::MacAddress& device, std::size_t number)
{
  const auto roster = roster_.lock();  // so that it does not come back in between
  (void)options_.hall->dismiss(device);
  roster->leave(number, options_.clock.now());
  somebody_spoke();
}

void RoomSite::send_out(const net::MacAddress& device, std::size_t number)
{
  const auto roster = roster_.lock();
  (void)options_.hall->dismiss(device);
  roster->send_out(number, options_.clock.now());
  somebody_spoke();
}

Response RoomSite::join_by_page(const Request& request, const net::MacAddress& device)
{
  const auto current = record();
  const auto view = view_of(current, request);
  const auto token = tokens_.of(device.to_string());
  if (reads(request) && request.path == "/left") {
    return page(web::left_page(view));
  }
  if (reads(request) && request.path == "/about") {
    return page(web::about_page(view));
  }
  if (request.method != "POST" || request.path != "/join") {
    return page(web::join_page(view, token));
  }
  const auto name = field(request.form, "name");
  const auto again = [&](const std::string& at, const std::string& why) {
    return page(web::join_page(view, token, {.field = at, .text = why, .typed = name, .task = {}}),
                422);
  };
  if (!tokens_.fits(field(request.form, "token"), device.to_string())) {
    return again("", say("this form was of another device, or too old: please try again"));
  }
  if (field(request.form, "consent") != "yes") {
    return again("consent", say("you join only when you agree"));
  }
  if (const auto joined = join(device, name, false); !joined) {
    return again("name", joined.error().message);
  }
  return go_to(with_language("/", request));
}

Response RoomSite::page_again(const Request& request,
                              std::size_t device,
                              const std::string& token,
                              Problem problem) const
{
  const auto current = record();
  const unsigned status = problem.text.empty() ? 200 : 422;
  return page(web::participant_page(view_of(current, request), device, token, problem), status);
}

Response RoomSite::mark(const Request& request, std::size_t device, const std::string& token)
{
  const auto task = read_number(field(request.form, "task"));
  const auto said = read_mark(field(request.form, "mark"));
  const auto note = field(request.form, "note");
  if (!task || !said) {
    return page_again(
        request,
        device,
        token,
        {.field = "mark", .text = say("choose how the task went"), .typed = note, .task = task});
  }
  const auto marked = roster_.lock()->mark(device, *task, *said, note, options_.clock.now());
  if (!marked) {
    return page_again(
        request,
        device,
        token,
        {.field = "note", .text = marked.error().message, .typed = note, .task = task});
  }
  somebody_spoke();
  return go_to(with_language("/#task-" + std::to_string(*task), request));
}

Response RoomSite::outside(const Request& request, std::size_t device, const std::string& token)
{
  const auto what = field(request.form, "what");
  const auto noted =
      roster_.lock()->note_outside(device, model::Outside::Said, what, options_.clock.now());
  somebody_spoke();
  return noted ? go_to(with_language("/", request))
               : page_again(
                     request,
                     device,
                     token,
                     {.field = "what", .text = noted.error().message, .typed = what, .task = {}});
}

Response
RoomSite::of_participant(const Request& request, const net::MacAddress& device, std::size_t number)
{
  const auto token = tokens_.of(device.to_string());
  if (reads(request)) {
    const auto current = record();
    const auto view = view_of(current, request);
    if (request.path == "/about") {
      return page(web::about_page(view));
    }
    return request.path == "/" ? page(web::participant_page(view, number, token))
                               : page(web::not_found_page(view), 404);
  }
  if (!tokens_.fits(field(request.form, "token"), device.to_string())) {
    return page_again(request,
                      number,
                      token,
                      {.field = "",
                       .text = say("this form was of another device, or too old: please try again"),
                       .typed = {},
                       .task = {}});
  }
  if (request.path == "/leave") {
    leave(device, number);
    return go_to(with_language("/left", request));
  }
  if (request.path == "/join") {
    return go_to(with_language("/", request));
  }
  if (request.path == "/mark") {
    return mark(request, number, token);
  }
  if (request.path == "/outside") {
    return outside(request, number, token);
  }
  const auto current = record();
  return page(web::not_found_page(view_of(current, request)), 404);
}

Response RoomSite::in_room(const Request& request)
{
  const Speaking language(language_of(request));
  // What a device asks to find out whether there is internet, and whatever else was typed.
  if (request.host != host_ && request.host != request.to.to_string()) {
    return go_to(options_.page_url, 302);
  }
  if (!reads(request) && request.method != "POST") {
    Response refused = page("", 405);
    refused.headers = {{"Allow", "GET, HEAD, POST"}};
    return refused;
  }
  if (reads(request) && (request.path == "/proxy.pac" || request.path == "/wpad.dat")) {
    return proxy_settings(request);
  }
  const auto device = options_.hall->device_at(request.from);
  if (!device) {
    Response later = page(say("The room cannot tell which device this is; please try again."), 503);
    later.type = "text/plain; charset=utf-8";
    return later;
  }
  const auto number = number_of(*device);
  const bool is_in = number && roster_.lock()->is_in(*number);
  return is_in ? of_participant(request, *device, *number) : join_by_page(request, *device);
}

/// For a browser, whoever has joined: its page is reached without the proxy.
Response RoomSite::proxy_settings(const Request& request) const
{
  if (options_.proxy.empty()) {
    const auto current = record();
    return page(web::not_found_page(view_of(current, request)), 404);
  }
  const auto& plan = options_.hall->plan();
  const auto v6 = plan.gateway_v6.to_string();
  return {.type = web::pac_type,
          .body = web::pac_file(plan.gateway_v4,
                                isolate::rules::relay_port,
                                {host_, plan.gateway_v4.to_string(), v6, "[" + v6 + "]"})};
}

Response RoomSite::leaders_page(const Request& request, Problem problem) const
{
  const auto current = record();
  const unsigned status = problem.text.empty() ? 200 : 422;
  auto response = page(web::leader_page(view_of(current, request), base_, problem), status);
  response.policy = board_policy;
  return response;
}

Response RoomSite::admit_by_leader(const Request& request)
{
  const auto typed = field(request.form, "mac");
  const auto device = net::MacAddress::try_parse(typed);
  if (!device) {
    return leaders_page(
        request,
        {.field = "mac",
         .text = say("that is no address of a network card; it looks like 00:11:22:33:44:55"),
         .typed = typed,
         .task = {}});
  }
  const auto name = field(request.form, "name");
  const auto joined = join(*device, name, true);
  return joined ? go_to(with_language(base_, request))
                : leaders_page(
                      request,
                      {.field = "name", .text = joined.error().message, .typed = name, .task = {}});
}

Response RoomSite::dismiss_by_leader(const Request& request)
{
  const auto number = read_number(field(request.form, "device"));
  std::optional<net::MacAddress> device;
  {
    const auto numbers = numbers_.lock();
    for (const auto& [address, each] : *numbers) {
      device = number == each ? std::optional(address) : device;
    }
  }
  if (!device) {
    return leaders_page(
        request, {.field = "", .text = say("there is no such device"), .typed = {}, .task = {}});
  }
  send_out(*device, *number);
  return go_to(with_language(base_, request));
}

Response RoomSite::of_leader(const Request& request)
{
  const Speaking language(language_of(request));
  const auto current = record();
  const auto view = view_of(current, request);
  if (!request.path.starts_with(base_)) {
    return page(web::not_found_page(view), 404);
  }
  const auto what = request.path.substr(base_.size());
  if (reads(request)) {
    if (what.empty()) {
      return leaders_page(request, {});
    }
    Response response;
    response.policy = board_policy;
    if (what == "beamer") {
      const auto qr =
          web::qr_svg(options_.page_url, say("QR code that leads to {}", options_.page_url));
      response.body = web::beamer_page(view, base_, qr ? *qr : std::string());
      return response;
    }
    if (what == "board") {
      response.body = web::board_fragment(view, base_, field(request.query, "big") == "1");
      return response;
    }
    if (what == "board.js") {
      response.body = web::board_script();
      response.type = script_type;
      return response;
    }
  } else if (request.method == "POST") {
    if (what == "stop") {
      stop_wanted_ = true;
      const std::uint64_t one = 1;
      (void)!::write(stop_.get(), &one, sizeof one);
      auto over = current;
      over.ended = view.now;
      over.ending = model::RoomEnding::Stopped;
      return page(web::room_over_page(view_of(over, request)));
    }
    if (what == "device") {
      return admit_by_leader(request);
    }
    if (what == "dismiss") {
      return dismiss_by_leader(request);
    }
  }
  return page(web::not_found_page(view), 404);
}

}  // namespace zonder::app

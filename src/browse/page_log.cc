// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "browse/page_log.hh"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/ascii.hh"

namespace zonder::browse {
namespace {

using nlohmann::json;

constexpr unsigned first_refusal = 400;

const json& member(const json& of, const char* name)
{
  static const json nothing;
  if (!of.is_object()) {
    return nothing;
  }
  const auto found = of.find(name);
  return found == of.end() ? nothing : *found;
}

std::string text(const json& of, const char* name)
{
  const auto& value = member(of, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

double number(const json& of, const char* name)
{
  const auto& value = member(of, name);
  return value.is_number() ? value.get<double>() : 0;
}

bool flag(const json& of, const char* name)
{
  const auto& value = member(of, name);
  return value.is_boolean() && value.get<bool>();
}

unsigned status_of(const json& response)
{
  const auto status = number(response, "status");
  return status >= 100 && status < 1000 ? static_cast<unsigned>(status) : 0;
}

/// Only these ask something of a network; "data:" and "blob:" are in the page already.
bool is_of_the_network(const std::string& url)
{
  constexpr std::array schemes = {"http://", "https://", "ws://", "wss://"};
  return std::any_of(schemes.begin(), schemes.end(), [&url](const char* scheme) {
    return url.starts_with(scheme);
  });
}

bool has_no_end(const model::PageRequest& request)
{
  return request.kind == "websocket" || request.kind == "eventsource" || request.kind == "ping";
}

model::RequestOutcome by_status(unsigned status)
{
  return status >= first_refusal ? model::RequestOutcome::Refused : model::RequestOutcome::Came;
}

/// What console.log() was given, as text.
std::string words(const json& arguments)
{
  std::string line;
  for (const auto& argument : arguments) {
    const auto& value = member(argument, "value");
    auto word = value.is_string() ? value.get<std::string>() : text(argument, "description");
    if (word.empty() && (value.is_number() || value.is_boolean())) {
      word = value.dump();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return line;
}

}  // namespace

PageLog::PageLog(std::string url, std::string main_frame, PageLimits limits)
    : limits_(limits), main_frame_(std::move(main_frame))
{
  visit_.url = std::move(url);
}

void PageLog::take(const json& event)
{
  const auto method = text(event, "method");
  const auto& params = member(event, "params");
  if (method == "Network.requestWillBeSent") {
    request(params);
  } else if (method == "Network.responseReceived") {
    answer(params);
  } else if (method == "Network.loadingFinished") {
    finished(params);
  } else if (method == "Network.loadingFailed") {
    broke(params);
  } else if (method == "Network.webSocketCreated") {
    socket_made(params);
  } else if (method == "Network.webSocketHandshakeResponseReceived") {
    socket_answered(params);
  } else if (method == "Network.webSocketFrameError") {
    socket_ended(params, text(params, "errorMessage"));
  } else if (method == "Network.webSocketClosed") {
    socket_ended(params, "");
  } else if (method == "Runtime.consoleAPICalled") {
    said(params);
  } else if (method == "Runtime.exceptionThrown") {
    threw(params);
  } else if (method == "Log.entryAdded") {
    logged(params);
  } else if (method == "Page.loadEventFired" && document_.answered && !done_at_) {
    done_at_ = number(params, "timestamp");
  }
}

void PageLog::could_not_go(const std::string& error)
{
  if (!document_.answered) {
    document_.error = bounded(error);
  }
}

void PageLog::ended(const std::string& why)
{
  ended_ = true;
  visit_.why = bounded(why);
}

bool PageLog::failed() const
{
  return !document_.answered && !document_.error.empty();
}

std::size_t PageLog::pending() const
{
  return static_cast<std::size_t>(
      std::count_if(open_.begin(), open_.end(), [this](const auto& each) {
        const auto& request = visit_.requests[each.second];
        return request.outcome == model::RequestOutcome::Waiting && !has_no_end(request);
      }));
}

model::PageVisit PageLog::visit(const std::string& title, const std::string& final_url) const
{
  auto result = visit_;
  result.title = document_.answered ? bounded(title) : "";
  result.final_url = document_.answered ? bounded(final_url) : "";
  result.outcome = outcome();
  result.status = document_.status;
  if (result.why.empty()) {
    result.why = document_.error;
  }
  if (result.outcome == model::PageOutcome::Loaded && start_) {
    result.loaded_after = since_start(*done_at_);
  }
  for (auto& request : result.requests) {
    // A stream that was opened has come, as far as it ever does.
    if (request.outcome == model::RequestOutcome::Waiting && has_no_end(request) &&
        request.status != 0) {
      request.outcome = by_status(request.status);
    }
  }
  return result;
}

model::PageOutcome PageLog::outcome() const
{
  using enum model::PageOutcome;
  if (!document_.answered) {
    if (ended_ || !document_.asked) {
      return document_.error.empty() ? NotVisited : Failed;
    }
    return document_.error.empty() ? Waiting : Failed;
  }
  if (ended_) {
    return NotVisited;  // not by the page, as far as anybody knows
  }
  if (document_.status >= first_refusal) {
    return Refused;
  }
  return done_at_ ? Loaded : Unfinished;
}

void PageLog::request(const json& params)
{
  const auto id = text(params, "requestId");
  const auto url = text(member(params, "request"), "url");
  const auto moment = number(params, "timestamp");
  // A redirect is told with the request that it leads to, which has the same id.
  if (const auto& before = member(params, "redirectResponse"); before.is_object()) {
    if (auto* redirected = open_request(params)) {
      redirected->status = status_of(before);
      redirected->address = bounded(text(before, "remoteIPAddress"));
      settle(*redirected, model::RequestOutcome::Came);
    }
    open_.erase(id);
  }
  if (is_main(params) && id == text(params, "loaderId")) {
    main_request_ = id;
    document_ = {.asked = true, .answered = false, .status = 0, .error = {}};
    done_at_.reset();
    if (!start_) {
      start_ = moment;
    }
  }
  if (is_of_the_network(url)) {
    begin(id, url, ascii_lower(text(params, "type")), moment);
  }
}

void PageLog::answer(const json& params)
{
  const auto& response = member(params, "response");
  const auto status = status_of(response);
  if (text(params, "requestId") == main_request_ && !main_request_.empty()) {
    document_.answered = true;
    document_.status = status;
  }
  if (auto* request = open_request(params)) {
    request->status = status;
    request->address = bounded(text(response, "remoteIPAddress"));
  }
}

void PageLog::finished(const json& params)
{
  if (auto* request = open_request(params)) {
    settle(*request, by_status(request->status));
    open_.erase(text(params, "requestId"));
  }
}

void PageLog::broke(const json& params)
{
  const auto id = text(params, "requestId");
  auto error = text(params, "errorText");
  if (const auto reason = text(params, "blockedReason"); !reason.empty()) {
    error += (error.empty() ? "" : ", ") + reason;
  }
  if (const auto cors = text(member(params, "corsErrorStatus"), "corsError"); !cors.empty()) {
    error += (error.empty() ? "" : ", ") + cors;
  }
  if (id == main_request_ && !document_.answered) {
    document_.error = bounded(error);
  }
  if (auto* request = open_request(params)) {
    request->error = bounded(error);
    const bool refused = request->status >= first_refusal;
    settle(*request,
           refused ? model::RequestOutcome::Refused
                   : (flag(params, "canceled") ? model::RequestOutcome::Canceled
                                               : model::RequestOutcome::Failed));
    open_.erase(id);
  }
}

void PageLog::socket_made(const json& params)
{
  // A socket is told of without a moment: that of what was told before it stands in.
  const auto moment = visit_.requests.empty() ? 0 : visit_.requests.back().at;
  begin(text(params, "requestId"),
        text(params, "url"),
        "websocket",
        start_ ? *start_ + moment : moment);
}

void PageLog::socket_answered(const json& params)
{
  if (auto* request = open_request(params)) {
    request->status = status_of(member(params, "response"));
  }
}

void PageLog::socket_ended(const json& params, const std::string& error)
{
  if (auto* request = open_request(params)) {
    request->error = bounded(error);
    settle(*request,
           request->status != 0 && request->status < first_refusal ? model::RequestOutcome::Came
                                                                   : model::RequestOutcome::Failed);
    open_.erase(text(params, "requestId"));
  }
}

void PageLog::said(const json& params)
{
  const auto type = text(params, "type");
  const bool error = type == "error" || type == "assert";
  const auto& arguments = member(params, "args");
  if ((error || type == "warning") && arguments.is_array()) {
    note({.error = error, .text = words(arguments), .url = {}});
  }
}

void PageLog::threw(const json& params)
{
  const auto& details = member(params, "exceptionDetails");
  auto what = text(member(details, "exception"), "description");
  const auto before = text(details, "text");
  what = before + (before.empty() || what.empty() ? "" : " ") + what;
  note({.error = true, .text = what, .url = text(details, "url")});
}

void PageLog::logged(const json& params)
{
  const auto& entry = member(params, "entry");
  const auto level = text(entry, "level");
  if (level == "error" || level == "warning") {
    note({.error = level == "error", .text = text(entry, "text"), .url = text(entry, "url")});
  }
}

void PageLog::begin(const std::string& id, const std::string& url, std::string kind, double moment)
{
  if (visit_.requests.size() >= limits_.requests) {
    ++visit_.requests_left_out;
    return;
  }
  model::PageRequest request;
  request.url = bounded(url);
  request.kind = bounded(kind.empty() ? "other" : kind);
  request.at = since_start(moment);
  open_[id] = visit_.requests.size();
  visit_.requests.push_back(std::move(request));
}

void PageLog::note(model::ConsoleMessage message)
{
  if (message.text.empty()) {
    return;
  }
  if (visit_.console.size() >= limits_.console) {
    ++visit_.console_left_out;
    return;
  }
  std::replace(message.text.begin(), message.text.end(), '\n', ' ');
  message.text = bounded(message.text);
  message.url = bounded(message.url);
  visit_.console.push_back(std::move(message));
}

void PageLog::settle(model::PageRequest& request, model::RequestOutcome outcome)
{
  if (request.outcome == model::RequestOutcome::Waiting) {
    request.outcome = outcome;
  }
}

model::PageRequest* PageLog::open_request(const json& params)
{
  const auto found = open_.find(text(params, "requestId"));
  return found == open_.end() ? nullptr : &visit_.requests[found->second];
}

bool PageLog::is_main(const json& params) const
{
  return text(params, "type") == "Document" && text(params, "frameId") == main_frame_;
}

double PageLog::since_start(double moment) const
{
  constexpr double longest = 3600;  // a visit is shorter; the browser's clock may be what it likes
  return start_ ? std::clamp(moment - *start_, 0.0, longest) : 0;
}

std::string PageLog::bounded(const std::string& text) const
{
  if (text.size() <= limits_.text) {
    return text;
  }
  // Not in the middle of a character.
  auto end = limits_.text;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) {
    --end;
  }
  return text.substr(0, end) + "...";
}

}  // namespace zonder::browse

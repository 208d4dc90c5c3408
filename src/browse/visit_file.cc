// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "browse/visit_file.hh"

#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.hh"
#include "base/translate.hh"

namespace zonder::browse {
namespace {

using nlohmann::json;

constexpr std::size_t most_entries = 4096;   // requests, or messages of the console
constexpr std::size_t longest_text = 4096;   // bytes
constexpr std::size_t longest_order = 1024;  // URLs
constexpr int deepest = 8;                   // of what is written here, 4 is enough

const std::array<std::pair<model::PageOutcome, const char*>, 6> page_words = {
    {{model::PageOutcome::Loaded, "loaded"},
     {model::PageOutcome::Unfinished, "unfinished"},
     {model::PageOutcome::Refused, "refused"},
     {model::PageOutcome::Failed, "failed"},
     {model::PageOutcome::Waiting, "waiting"},
     {model::PageOutcome::NotVisited, "not-visited"}}};
const std::array<std::pair<model::RequestOutcome, const char*>, 5> request_words = {
    {{model::RequestOutcome::Came, "came"},
     {model::RequestOutcome::Refused, "refused"},
     {model::RequestOutcome::Failed, "failed"},
     {model::RequestOutcome::Canceled, "canceled"},
     {model::RequestOutcome::Waiting, "waiting"}}};

template <typename Words, typename Value>
const char* word(const Words& words, Value value)
{
  for (const auto& [each, text] : words) {
    if (each == value) {
      return text;
    }
  }
  return "";
}

/// What is not as it must be; caught where the file is read.
struct Damaged {};

const json& member(const json& of, const char* name)
{
  if (!of.is_object() || !of.contains(name)) {
    throw Damaged{};
  }
  return of[name];
}

std::string text(const json& of, const char* name, std::size_t longest = longest_text)
{
  const auto& value = member(of, name);
  if (!value.is_string() || value.get_ref<const std::string&>().size() > longest) {
    throw Damaged{};
  }
  return value.get<std::string>();
}

std::uint64_t count(const json& of, const char* name, std::uint64_t most)
{
  const auto& value = member(of, name);
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > most) {
    throw Damaged{};
  }
  return value.get<std::uint64_t>();
}

double seconds(const json& value)
{
  constexpr double a_day = 86400;
  if (!value.is_number() || !std::isfinite(value.get<double>()) || value.get<double>() < 0 ||
      value.get<double>() > a_day) {
    throw Damaged{};
  }
  return value.get<double>();
}

bool flag(const json& of, const char* name)
{
  const auto& value = member(of, name);
  if (!value.is_boolean()) {
    throw Damaged{};
  }
  return value.get<bool>();
}

const json& entries(const json& of, const char* name, std::size_t most = most_entries)
{
  const auto& value = member(of, name);
  if (!value.is_array() || value.size() > most) {
    throw Damaged{};
  }
  return value;
}

template <typename Value, typename Words>
Value one_of(const Words& words, const std::string& text)
{
  for (const auto& [value, word] : words) {
    if (text == word) {
      return value;
    }
  }
  throw Damaged{};
}

/// Throws Damaged where it is no JSON, or nested deeper than anything of ours.
json parsed(std::string_view text)
{
  const auto shallow = [](int depth, json::parse_event_t, const json&) {
    if (depth > deepest) {
      throw Damaged{};
    }
    return true;
  };
  auto document = json::parse(text, shallow, false);
  if (!document.is_object()) {
    throw Damaged{};
  }
  return document;
}

model::PageRequest request_from(const json& from)
{
  model::PageRequest request;
  request.url = text(from, "url");
  request.kind = text(from, "kind");
  request.outcome = one_of<model::RequestOutcome>(request_words, text(from, "outcome"));
  request.status = static_cast<unsigned>(count(from, "status", 999));
  request.error = text(from, "error");
  request.address = text(from, "address");
  request.at = seconds(member(from, "at"));
  return request;
}

model::PageVisit visit_from(const json& from)
{
  constexpr std::uint64_t many = std::uint64_t{1} << 48U;
  model::PageVisit visit;
  visit.url = text(from, "url");
  visit.final_url = text(from, "final_url");
  visit.title = text(from, "title");
  visit.outcome = one_of<model::PageOutcome>(page_words, text(from, "outcome"));
  visit.why = text(from, "why");
  visit.status = static_cast<unsigned>(count(from, "status", 999));
  if (const auto& after = member(from, "loaded_after"); !after.is_null()) {
    visit.loaded_after = seconds(after);
  }
  for (const auto& each : entries(from, "requests")) {
    visit.requests.push_back(request_from(each));
  }
  visit.requests_left_out = count(from, "requests_left_out", many);
  for (const auto& each : entries(from, "console")) {
    visit.console.push_back(
        {.error = flag(each, "error"), .text = text(each, "text"), .url = text(each, "url")});
  }
  visit.console_left_out = count(from, "console_left_out", many);
  visit.messages_left_out = count(from, "messages_left_out", many);
  visit.rounds = static_cast<unsigned>(count(from, "rounds", 100));
  visit.screenshot = text(from, "screenshot", largest_screenshot);
  return visit;
}

tl::unexpected<Error> damaged()
{
  return fail(Fault::Incomplete, say("what the browser's visitor wrote is damaged"));
}

}  // namespace

std::string order_as_json(const VisitOrder& order)
{
  const json document = {{"urls", order.urls},
                         {"program", order.program},
                         {"wait", order.wait.count()},
                         {"width", order.width},
                         {"height", order.height}};
  return document.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

Result<VisitOrder> order_from_json(std::string_view from)
{
  try {
    const auto document = parsed(from);
    VisitOrder order;
    for (const auto& url : entries(document, "urls", longest_order)) {
      if (!url.is_string()) {
        throw Damaged{};
      }
      order.urls.push_back(url.get<std::string>());
    }
    order.program = text(document, "program");
    order.wait = std::chrono::seconds(count(document, "wait", 86400));
    order.width = static_cast<unsigned>(count(document, "width", 10000));
    order.height = static_cast<unsigned>(count(document, "height", 10000));
    return order;
  } catch (const Damaged&) {
    return damaged();
  }
}

std::string result_as_json(const VisitResult& result)
{
  const auto& visit = result.visit;
  json requests = json::array();
  for (const auto& request : visit.requests) {
    requests.push_back({{"url", request.url},
                        {"kind", request.kind},
                        {"outcome", word(request_words, request.outcome)},
                        {"status", request.status},
                        {"error", request.error},
                        {"address", request.address},
                        {"at", request.at}});
  }
  json console = json::array();
  for (const auto& message : visit.console) {
    console.push_back({{"error", message.error}, {"text", message.text}, {"url", message.url}});
  }
  const json document = {
      {"browser", result.browser},
      {"sandboxed", result.sandboxed},
      {"visit",
       {{"url", visit.url},
        {"final_url", visit.final_url},
        {"title", visit.title},
        {"outcome", word(page_words, visit.outcome)},
        {"why", visit.why},
        {"status", visit.status},
        {"loaded_after", visit.loaded_after ? json(*visit.loaded_after) : json(nullptr)},
        {"requests", requests},
        {"requests_left_out", visit.requests_left_out},
        {"console", console},
        {"console_left_out", visit.console_left_out},
        {"messages_left_out", visit.messages_left_out},
        {"rounds", visit.rounds},
        {"screenshot", visit.screenshot}}}};
  return document.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

Result<VisitResult> result_from_json(std::string_view from, unsigned width, unsigned height)
{
  try {
    const auto document = parsed(from);
    VisitResult result;
    result.browser = text(document, "browser");
    result.sandboxed = flag(document, "sandboxed");
    result.visit = visit_from(member(document, "visit"));
    if (png_size(result.visit.screenshot) != PictureSize{.width = width, .height = height}) {
      result.visit.screenshot.clear();
    }
    return result;
  } catch (const Damaged&) {
    return damaged();
  }
}

std::string result_name(std::size_t page)
{
  return "page-" + std::to_string(page) + ".json";
}

Result<std::string> read_untrusted(const std::string& path, std::size_t limit)
{
  // Not blocking: a named pipe would let us wait for ever.
  const Descriptor file(
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  struct stat about = {};
  if (!file || ::fstat(file.get(), &about) != 0) {
    return fail(Fault::Incomplete, say("cannot read {}: {}", path, std::strerror(errno)));
  }
  if (!S_ISREG(about.st_mode)) {
    return fail(Fault::Incomplete, say("{} is no regular file", path));
  }
  std::string content;
  std::array<char, 65536> buffer{};
  for (ssize_t got = 0; (got = ::read(file.get(), buffer.data(), buffer.size())) > 0;) {
    content.append(buffer.data(), static_cast<std::size_t>(got));
    if (content.size() > limit) {
      return fail(Fault::Incomplete,
                  say("{} is larger than the {} bytes that are allowed", path, limit));
    }
  }
  return content;
}

}  // namespace zonder::browse

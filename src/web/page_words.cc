// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "web/page_words.hh"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "base/translate.hh"
#include "report/room_words.hh"
#include "report/run_grounds.hh"
#include "report/run_html.hh"
#include "report/style.hh"

namespace zonder::web {
namespace {

using model::FailureMode;
using model::Mark;

constexpr std::size_t named_at_most = 3;

/// The first `most` characters; UTF-8 bytes that continue one go with it.
std::string_view beginning(std::string_view text, std::size_t most)
{
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool continues = (static_cast<unsigned char>(text[i]) & 0xc0U) == 0x80;
    if (!continues && characters++ == most) {
      return text.substr(0, i);
    }
  }
  return text;
}

/// The first `most` characters on one line, and whether they are all.
std::pair<std::string, bool> harmless_beginning(std::string_view text, std::size_t most)
{
  // Four bytes are the longest character that there is: what lies past that is not looked at.
  std::string line(text.substr(0, 4 * most + 4));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  const auto harmless = report::harmless(line, true);
  const auto kept = beginning(harmless, most);
  return {std::string(kept), kept.size() == harmless.size() && line.size() == text.size()};
}

bool is_ascii(std::string_view text)
{
  return std::all_of(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// As typed, but a party by its name.
std::string typed(const model::RoomRecord& record)
{
  const auto without = tame(report::known_name(record, record.without), name_length);
  return record.except.empty() ? without
                               : say("{}, except {}", without, tame(record.except, name_length));
}

}  // namespace

std::string escaped(std::string_view text)
{
  return report::html_escaped(text);
}

std::string tame(std::string_view text, std::size_t most)
{
  const auto [kept, whole] = harmless_beginning(text, most);
  const auto with_end = kept + (whole ? "" : "…");
  // FIRST STRONG ISOLATE and its end: a name in Hebrew does not turn the sentence around it.
  return is_ascii(kept) ? with_end : "\u2068" + with_end + "\u2069";
}

std::string shown(std::string_view text, std::size_t most)
{
  return "<bdi>" + escaped(tame(text, most)) + "</bdi>";
}

std::string as_value(std::string_view text, std::size_t most)
{
  return escaped(harmless_beginning(text, most).first);
}

std::string clock_time(const RoomView& view, model::Moment moment)
{
  using std::chrono::days;
  using std::chrono::minutes;
  const auto local = std::chrono::floor<minutes>(moment) + view.east_of_utc;
  const std::chrono::hh_mm_ss time{local - std::chrono::floor<days>(local)};
  return fmt::format("{:02}:{:02}", time.hours().count(), time.minutes().count());
}

std::string span_of(std::chrono::system_clock::duration span)
{
  const auto minutes = std::chrono::floor<std::chrono::minutes>(span).count();
  if (minutes < 1) {
    return tr("less than a minute");
  }
  return fmt::format(
      fmt::runtime(ntr("{} minute", "{} minutes", static_cast<unsigned long>(minutes))), minutes);
}

std::string times(std::uint64_t count)
{
  return fmt::format(fmt::runtime(ntr("{} time", "{} times", count)), count);
}

std::string party_name(const RoomView& view, const std::string& id)
{
  return tame(report::known_name(*view.record, id), name_length);
}

std::string who_is_absent(const RoomView& view)
{
  const auto& parties = view.record->parties;
  if (parties.empty() || parties.size() > named_at_most || !view.record->except.empty()) {
    return typed(*view.record);
  }
  // Whoever was typed comes before who came along.
  auto in_order = parties;
  std::stable_partition(in_order.begin(), in_order.end(), [&](const std::string& id) {
    return id == view.record->without;
  });
  std::string names;
  for (std::size_t i = 0; i < in_order.size(); ++i) {
    const bool last = i + 1 == in_order.size();
    names += (i == 0 ? "" : last ? tr(" and ") : ", ") + party_name(view, in_order[i]);
  }
  return names;
}

std::string who_exactly(const RoomView& view, std::size_t most)
{
  const auto& parties = view.record->parties;
  if (parties.size() < 2 || (parties.size() <= named_at_most && view.record->except.empty())) {
    return {};
  }
  std::string names;
  for (std::size_t i = 0; i < std::min(parties.size(), most); ++i) {
    names += (i == 0 ? "" : ", ") + party_name(view, parties[i]);
  }
  return parties.size() <= most ? say("Cut off are: {}.", names)
                                : say("Cut off are: {} and {} more.", names, parties.size() - most);
}

std::string age_of_data(const RoomView& view)
{
  return report::old_data_sentence(view.record->data_date, {.unicode = true, .now = view.now});
}

std::string what_absence_means(const RoomView& view)
{
  const auto who = who_is_absent(view);
  switch (view.record->mode) {
  case FailureMode::Frozen:
    return say("What runs at {} goes on, but what hands out log-ins, certificates, updates and "
               "rights there is cut off.",
               who);
  case FailureMode::Hostile:
    return say("What belongs to {} counts as broken into, and is cut off for that.", who);
  case FailureMode::Gone:
  case FailureMode::Revoked:
  case FailureMode::Captured:
    break;
  }
  return model::hinders_only(view.record->signature)
             ? say("What belongs to {} answers, but badly: slowly, late, or with losses.", who)
             : say("Nothing of {} answers, as if it did not exist.", who);
}

std::string whoever(const RoomView& view, const std::string& id)
{
  return id.empty() ? std::string(tr("somebody whom the catalogue does not know"))
                    : party_name(view, id);
}

const char* mark_key(Mark mark)
{
  switch (mark) {
  case Mark::Works:
    return "works";
  case Mark::Degraded:
    return "degraded";
  case Mark::Stopped:
    return "stopped";
  case Mark::CouldNotTry:
    return "could-not-try";
  }
  return "";
}

std::string outside_word(const model::OutsideSign& sign)
{
  return tame(report::outside_words(sign, {.unicode = true}), note_length);
}

std::string doubts_of(const report::TaskFinding& finding)
{
  std::string words;
  for (const auto doubt : finding.doubts) {
    words += (words.empty() ? "" : "; ") + report::word_of(doubt);
  }
  return words.empty() ? words : say("Less sure: {}.", words);
}

}  // namespace zonder::web

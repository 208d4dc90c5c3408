// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "room/kept_record.hh"

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/translate.hh"

namespace zonder::room {
namespace {

using model::Moment;
using nlohmann::json;

constexpr const char* schema = "zonder.room-kept/1";
/// In the year 2116: far enough, and sums of two such moments still fit.
constexpr std::int64_t last_moment = std::int64_t{1} << 62U;

/// What is wrong with a kept record; becomes one sentence at the door (read_kept).
struct Malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// ---- writing ----

std::int64_t written(Moment moment)
{
  return std::chrono::duration_cast<std::chrono::nanoseconds>(moment.time_since_epoch()).count();
}

json written(const std::optional<Moment>& moment)
{
  return moment ? json(written(*moment)) : json(nullptr);
}

template <typename Enum>
int number_of(Enum value)
{
  return static_cast<int>(value);
}

template <typename T, typename Write>
json list_of(const std::vector<T>& all, Write write)
{
  json list = json::array();
  for (const auto& each : all) {
    list.push_back(write(each));
  }
  return list;
}

json task_as_json(const model::RoomTask& task)
{
  return {{"title", task.title},
          {"role", task.role},
          {"how", task.how},
          {"names", task.names},
          {"inside", task.inside},
          {"stops_after", task.stops_after ? json(task.stops_after->count()) : json(nullptr)}};
}

json sign_as_json(const model::OutsideSign& sign)
{
  return {{"how", number_of(sign.how)}, {"what", sign.what}, {"time", written(sign.time)}};
}

json device_as_json(const model::RoomDevice& device)
{
  return {{"name", device.name},
          {"by_leader", device.by_leader},
          {"joined", written(device.joined)},
          {"left", written(device.left)},
          {"outside", list_of(device.outside, sign_as_json)}};
}

json mark_as_json(const model::RoomMark& mark)
{
  return {{"task", mark.task},
          {"device", mark.device},
          {"mark", number_of(mark.mark)},
          {"note", mark.note},
          {"time", written(mark.time)}};
}

json contact_as_json(const model::RoomContact& contact)
{
  return {{"device", contact.device},
          {"name", contact.name},
          {"address", contact.address ? contact.address->to_string() : std::string()},
          {"port", contact.port},
          {"protocol", contact.protocol},
          {"party", contact.party},
          {"blocked", contact.blocked},
          {"login", contact.login},
          {"count", contact.count},
          {"first", written(contact.first)},
          {"last", written(contact.last)}};
}

json check_as_json(const model::Proof::Check& check)
{
  return {{"what", check.what},
          {"target", check.target},
          {"party", check.party},
          {"as_expected", check.as_expected},
          {"detail", check.detail}};
}

// ---- reading ----

const json& part(const json& from, const char* key)
{
  const auto found = from.find(key);
  if (found == from.end()) {
    throw Malformed(key);
  }
  return *found;
}

std::string text_of(const json& from, const char* key)
{
  const auto& value = part(from, key);
  if (!value.is_string()) {
    throw Malformed(key);
  }
  return value.get<std::string>();
}

bool yes_or_no_of(const json& from, const char* key)
{
  const auto& value = part(from, key);
  if (!value.is_boolean()) {
    throw Malformed(key);
  }
  return value.get<bool>();
}

std::int64_t number_in(const json& value, const char* key, std::int64_t least, std::int64_t most)
{
  if (!value.is_number_integer() ||
      (value.is_number_unsigned() &&
       value.get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()})) {
    throw Malformed(key);
  }
  const auto number = value.get<std::int64_t>();
  if (number < least || number > most) {
    throw Malformed(key);
  }
  return number;
}

/// A count, or a place in a list of so many.
std::uint64_t count_of(const json& from,
                       const char* key,
                       std::int64_t most = std::numeric_limits<std::int64_t>::max())
{
  return static_cast<std::uint64_t>(number_in(part(from, key), key, 0, most));
}

std::size_t place_of(const json& from, const char* key, std::size_t size)
{
  return count_of(from, key, static_cast<std::int64_t>(size) - 1);
}

template <typename Enum>
Enum one_of(const json& from, const char* key, Enum last)
{
  return static_cast<Enum>(number_in(part(from, key), key, 0, number_of(last)));
}

Moment moment_in(const json& value, const char* key)
{
  return Moment(std::chrono::duration_cast<Moment::duration>(
      std::chrono::nanoseconds(number_in(value, key, 0, last_moment))));
}

Moment moment_of(const json& from, const char* key)
{
  return moment_in(part(from, key), key);
}

const json& array_of(const json& from, const char* key)
{
  const auto& value = part(from, key);
  if (!value.is_array()) {
    throw Malformed(key);
  }
  return value;
}

std::vector<std::string> texts_of(const json& from, const char* key)
{
  std::vector<std::string> texts;
  for (const auto& value : array_of(from, key)) {
    if (!value.is_string()) {
      throw Malformed(key);
    }
    texts.push_back(value.get<std::string>());
  }
  return texts;
}

model::RoomTask task_of(const json& from)
{
  model::RoomTask task{.title = text_of(from, "title"),
                       .role = text_of(from, "role"),
                       .how = text_of(from, "how"),
                       .names = texts_of(from, "names"),
                       .inside = yes_or_no_of(from, "inside"),
                       .stops_after = {}};
  if (const auto& lasts = part(from, "stops_after"); !lasts.is_null()) {
    constexpr std::int64_t ten_years = std::int64_t{10} * 365 * 24 * 60;
    task.stops_after = std::chrono::minutes(number_in(lasts, "stops_after", 0, ten_years));
  }
  return task;
}

model::RoomDevice device_of(const json& from)
{
  model::RoomDevice device{.name = text_of(from, "name"),
                           .by_leader = yes_or_no_of(from, "by_leader"),
                           .joined = moment_of(from, "joined"),
                           .left = {},
                           .outside = {}};
  if (const auto& left = part(from, "left"); !left.is_null()) {
    device.left = moment_in(left, "left");
  }
  for (const auto& sign : array_of(from, "outside")) {
    device.outside.push_back({.how = one_of(sign, "how", model::Outside::Silent),
                              .what = text_of(sign, "what"),
                              .time = moment_of(sign, "time")});
  }
  return device;
}

model::RoomMark mark_of(const json& from, const model::RoomRecord& record)
{
  return {.task = place_of(from, "task", record.tasks.size()),
          .device = place_of(from, "device", record.devices.size()),
          .mark = one_of(from, "mark", model::Mark::CouldNotTry),
          .note = text_of(from, "note"),
          .time = moment_of(from, "time")};
}

model::RoomContact contact_of(const json& from, const model::RoomRecord& record)
{
  model::RoomContact contact{.device = place_of(from, "device", record.devices.size()),
                             .name = text_of(from, "name"),
                             .address = {},
                             .port = static_cast<std::uint16_t>(count_of(from, "port", 65535)),
                             .protocol = text_of(from, "protocol"),
                             .party = text_of(from, "party"),
                             .blocked = yes_or_no_of(from, "blocked"),
                             .login = yes_or_no_of(from, "login"),
                             .count = count_of(from, "count"),
                             .first = moment_of(from, "first"),
                             .last = moment_of(from, "last")};
  if (const auto address = text_of(from, "address"); !address.empty()) {
    contact.address = net::Address::try_parse(address);
    if (!contact.address) {
      throw Malformed("address");
    }
  }
  return contact;
}

model::Proof proof_of(const json& from)
{
  model::Proof proof;
  for (const auto& check : array_of(from, "checks")) {
    proof.checks.push_back({.what = text_of(check, "what"),
                            .target = text_of(check, "target"),
                            .party = text_of(check, "party"),
                            .as_expected = yes_or_no_of(check, "as_expected"),
                            .detail = text_of(check, "detail")});
  }
  proof.canaries_possible = count_of(from, "canaries_possible");
  proof.overridden = yes_or_no_of(from, "overridden");
  return proof;
}

model::RoomRecord record_of(const json& from)
{
  model::RoomRecord record;
  record.without = text_of(from, "without");
  record.except = text_of(from, "except");
  record.selection = texts_of(from, "selection");
  record.parties = texts_of(from, "parties");
  const auto& names = part(from, "party_names");
  for (const auto& [id, name] : names.items()) {
    if (!names.is_object() || !name.is_string()) {
      throw Malformed("party_names");
    }
    record.party_names[id] = name.get<std::string>();
  }
  record.mode = one_of(from, "mode", model::FailureMode::Captured);
  record.signature = one_of(from, "signature", model::Signature::Denied);
  record.dns = one_of(from, "dns", model::DnsMode::Honest);
  record.data_date = text_of(from, "data_date");
  record.facts_date = text_of(from, "facts_date");
  record.uplink = text_of(from, "uplink");
  record.proof = proof_of(part(from, "proof"));
  record.east_of_utc =
      std::chrono::minutes(number_in(part(from, "east_of_utc"), "east_of_utc", -1440, 1440));
  record.cut = moment_of(from, "cut");
  record.planned = moment_of(from, "planned");
  record.ended = moment_of(from, "ended");
  record.ending = one_of(from, "ending", model::RoomEnding::Lost);
  record.failed = text_of(from, "failed");
  record.cold = yes_or_no_of(from, "cold");
  for (const auto& task : array_of(from, "tasks")) {
    record.tasks.push_back(task_of(task));
  }
  for (const auto& device : array_of(from, "devices")) {
    record.devices.push_back(device_of(device));
  }
  for (const auto& mark : array_of(from, "marks")) {
    record.marks.push_back(mark_of(mark, record));
  }
  for (const auto& contact : array_of(from, "contacts")) {
    record.contacts.push_back(contact_of(contact, record));
  }
  record.contacts_unlisted = count_of(from, "contacts_unlisted");
  record.turned_away = count_of(from, "turned_away");
  return record;
}

}  // namespace

std::string kept_as_text(const KeptRecord& kept)
{
  const auto& record = kept.record;
  json all = {{"schema", schema},
              {"holder", kept.holder},
              {"without", record.without},
              {"except", record.except},
              {"selection", record.selection},
              {"parties", record.parties},
              {"party_names", json::object()},
              {"mode", number_of(record.mode)},
              {"signature", number_of(record.signature)},
              {"dns", number_of(record.dns)},
              {"data_date", record.data_date},
              {"facts_date", record.facts_date},
              {"uplink", record.uplink},
              {"proof",
               {{"checks", list_of(record.proof.checks, check_as_json)},
                {"canaries_possible", record.proof.canaries_possible},
                {"overridden", record.proof.overridden}}},
              {"east_of_utc", record.east_of_utc.count()},
              {"cut", written(record.cut)},
              {"planned", written(record.planned)},
              {"ended", written(record.ended)},
              {"ending", number_of(record.ending)},
              {"failed", record.failed},
              {"cold", record.cold},
              {"tasks", list_of(record.tasks, task_as_json)},
              {"devices", list_of(record.devices, device_as_json)},
              {"marks", list_of(record.marks, mark_as_json)},
              {"contacts", list_of(record.contacts, contact_as_json)},
              {"contacts_unlisted", record.contacts_unlisted},
              {"turned_away", record.turned_away}};
  for (const auto& [id, name] : record.party_names) {
    all["party_names"][id] = name;
  }
  return all.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

Result<KeptRecord> read_kept(const std::string& path, const std::string& text)
{
  const auto all = json::parse(text, nullptr, false);
  if (all.is_discarded() || !all.is_object() || all.value("schema", json()) != schema) {
    return fail(Fault::Usage, say("{} is no record of a room, or not a whole one", path));
  }
  try {
    return KeptRecord{.record = record_of(all), .holder = text_of(all, "holder")};
  } catch (const Malformed& wrong) {
    return fail(Fault::Usage,
                say("{} is no record of a room as zonder keeps it: \"{}\" is missing or wrong",
                    path,
                    wrong.what()));
  }
}

}  // namespace zonder::room

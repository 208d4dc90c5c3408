// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/room_json.hh"

#include <algorithm>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/visible_text.hh"
#include "report/room_seen.hh"
#include "report/room_sums.hh"
#include "report/room_words.hh"
#include "report/style.hh"

namespace zonder::report {
namespace {

using model::RoomRecord;
using nlohmann::ordered_json;

const char* key_of(model::Mark mark)
{
  switch (mark) {
  case model::Mark::Works:
    return "works";
  case model::Mark::Degraded:
    return "degraded";
  case model::Mark::Stopped:
    return "stopped";
  case model::Mark::CouldNotTry:
    return "could-not-try";
  }
  return "";
}

const char* key_of(model::Outside how)
{
  switch (how) {
  case model::Outside::Said:
    return "said";
  case model::Outside::Vpn:
    return "vpn";
  case model::Outside::PrivateDns:
    return "private-dns";
  case model::Outside::Silent:
    return "silent";
  }
  return "";
}

const char* key_of(model::RoomEnding ending)
{
  switch (ending) {
  case model::RoomEnding::TimeIsUp:
    return "time-is-up";
  case model::RoomEnding::Stopped:
    return "stopped";
  case model::RoomEnding::Interrupted:
    return "interrupted";
  case model::RoomEnding::Failed:
    return "failed";
  case model::RoomEnding::Lost:
    return "lost";
  }
  return "";
}

const char* key_of(RoomSurprise::Kind kind)
{
  switch (kind) {
  case RoomSurprise::Kind::StoppedThoughItsNamesLive:
    return "stopped-though-its-names-live";
  case RoomSurprise::Kind::AskedByMostAndInNoTask:
    return "asked-by-most-and-in-no-task";
  case RoomSurprise::Kind::Held:
    return "held";
  }
  return "";
}

const char* key_of(RoomEvent::Kind kind)
{
  switch (kind) {
  case RoomEvent::Kind::Joined:
    return "joined";
  case RoomEvent::Kind::Left:
    return "left";
  case RoomEvent::Kind::Marked:
    return "marked";
  case RoomEvent::Kind::FirstTry:
    return "first-try";
  case RoomEvent::Kind::Outside:
    return "outside";
  }
  return "";
}

/// What a contact's count is a number of.
const char* unit_of(const model::RoomContact& contact)
{
  return contact.protocol == "dns"     ? "questions"
         : contact.protocol == "proxy" ? "requests"
                                       : "packets";
}

ordered_json or_null(const std::string& text)
{
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json or_null(const std::optional<model::Moment>& moment)
{
  return moment ? ordered_json(iso_time(*moment)) : ordered_json(nullptr);
}

ordered_json numbered(const std::vector<std::size_t>& devices)
{
  ordered_json all = ordered_json::array();
  for (const auto device : devices) {
    all.push_back(device + 1);
  }
  return all;
}

/// The same on a line of its own and in the document.
ordered_json contact_as_json(const model::RoomContact& contact)
{
  const bool local = is_local(contact);
  return {{"device", contact.device + 1},
          {"name", local ? ordered_json(nullptr) : or_null(contact.name)},
          {"address",
           contact.address && !local ? ordered_json(contact.address->to_string())
                                     : ordered_json(nullptr)},
          {"local", local},
          {"port", contact.port},
          {"protocol", contact.protocol},
          {"party", or_null(contact.party)},
          {"blocked", contact.blocked},
          {"login", contact.login},
          {"count", contact.count},
          {"unit", unit_of(contact)},
          {"first", iso_time(contact.first)},
          {"last", iso_time(contact.last)}};
}

ordered_json sign_as_json(const model::OutsideSign& sign)
{
  return {{"how", key_of(sign.how)}, {"what", or_null(sign.what)}, {"time", iso_time(sign.time)}};
}

ordered_json lapse_as_json(const model::RoomLapse& lapse)
{
  return {{"from", iso_time(lapse.from)}, {"until", iso_time(lapse.until)}};
}

ordered_json giver_as_json(const model::RoomGiver& giver)
{
  return {{"device", giver.device ? ordered_json(*giver.device + 1) : ordered_json(nullptr)},
          {"time", iso_time(giver.time)}};
}

ordered_json add_asked(ordered_json into, const RoomAsked& asked)
{
  into["attempts"] = asked.tries;
  into["questions"] = asked.questions;
  return into;
}

ordered_json parties_as_json(const DeviceSums& device)
{
  ordered_json all = ordered_json::array();
  for (const auto& party : device.parties) {
    ordered_json names = ordered_json::array();
    for (const auto& name : party.names) {
      if (!is_local({.name = name.name})) {
        names.push_back(add_asked({{"name", name.name}}, name.asked));
      }
    }
    auto entry = add_asked({{"party", or_null(party.party)}}, party.asked);
    entry["names"] = std::move(names);
    all.push_back(std::move(entry));
  }
  return all;
}

ordered_json devices_as_json(const RoomRecord& record, const RoomSums& sums)
{
  ordered_json all = ordered_json::array();
  for (std::size_t i = 0; i < record.devices.size(); ++i) {
    const auto& device = record.devices[i];
    ordered_json outside = ordered_json::array();
    for (const auto& sign : device.outside) {
      outside.push_back(sign_as_json(sign));
    }
    auto entry = add_asked({{"device", i + 1},
                            {"by_leader", device.by_leader},
                            {"joined", iso_time(device.joined)},
                            {"left", or_null(device.left)},
                            {"last_seen", iso_time(sums.devices[i].last_seen)},
                            {"minutes", sums.devices[i].in_room.count()}},
                           sums.devices[i].asked);
    entry["parties"] = parties_as_json(sums.devices[i]);
    entry["outside"] = std::move(outside);
    all.push_back(std::move(entry));
  }
  return all;
}

ordered_json task_as_json(const model::RoomTask& task, const TaskSums& sums)
{
  ordered_json doubts = ordered_json::array();
  for (const auto doubt : sums.finding.doubts) {
    doubts.push_back(name_of(doubt));
  }
  return {{"title", task.title},
          {"role", or_null(task.role)},
          {"names", task.names},
          {"inside", task.inside},
          {"stops_after_minutes",
           task.stops_after ? ordered_json(task.stops_after->count()) : ordered_json(nullptr)},
          {"finding", name_of(sums.finding.finding)},
          {"evidence",
           is_drilled(sums.finding.finding) ? ordered_json("drilled") : ordered_json(nullptr)},
          {"degraded", sums.finding.degraded},
          {"disputed", sums.finding.disputed},
          {"came_back", sums.finding.came_back},
          {"doubts", doubts},
          {"marks", sums.finding.marks},
          {"contacts", sums.finding.contacts},
          {"devices",
           {{"works", sums.works},
            {"degraded", sums.degraded},
            {"stopped", sums.stopped},
            {"could_not_try", sums.could_not_try}}},
          {"last_worked", or_null(sums.last_worked)},
          {"first_stopped", or_null(sums.first_stopped)}};
}

ordered_json mark_as_json(const model::RoomMark& mark)
{
  return {{"device", mark.device + 1},
          {"task", mark.task},
          {"mark", key_of(mark.mark)},
          {"note", or_null(mark.note)},
          {"time", iso_time(mark.time)}};
}

ordered_json services_as_json(const RoomSums& sums)
{
  ordered_json all = ordered_json::array();
  for (const auto& service : sums.services) {
    const bool local = is_local({.name = service.service});
    auto entry = add_asked({{"party", or_null(service.party)},
                            {"service", local ? ordered_json(nullptr) : or_null(service.service)}},
                           service.asked);
    entry["devices"] = numbered(service.devices);
    entry["in_task"] = service.in_task;
    entry["first"] = iso_time(service.first);
    all.push_back(std::move(entry));
  }
  return all;
}

ordered_json stopped_as_json(const RoomSums& sums)
{
  ordered_json all = ordered_json::array();
  for (const auto& stopped : sums.stopped) {
    all.push_back({{"task", stopped.task},
                   {"mark", stopped.mark},
                   {"minutes_after_cut", stopped.after_cut.count()}});
  }
  return all;
}

ordered_json surprises_as_json(const RoomSums& sums)
{
  ordered_json all = ordered_json::array();
  for (const auto& surprise : sums.surprises) {
    const bool of_party = surprise.kind == RoomSurprise::Kind::AskedByMostAndInNoTask;
    all.push_back({{"kind", key_of(surprise.kind)},
                   {"task", of_party ? ordered_json(nullptr) : ordered_json(surprise.task)},
                   {"contacts", surprise.contacts},
                   {"party", or_null(surprise.party)},
                   {"devices", of_party ? ordered_json(surprise.devices) : ordered_json(nullptr)}});
  }
  return all;
}

ordered_json timeline_as_json(const RoomRecord& record, const RoomSums& sums)
{
  ordered_json all = ordered_json::array();
  for (const auto& event : sums.timeline) {
    ordered_json entry = {{"event", key_of(event.kind)}, {"time", iso_time(event.time)}};
    switch (event.kind) {
    case RoomEvent::Kind::Joined:
    case RoomEvent::Kind::Left:
      entry["device"] = event.place + 1;
      break;
    case RoomEvent::Kind::Outside:
      entry["device"] = event.place + 1;
      entry["how"] = key_of(record.devices[event.place].outside[event.sign].how);
      break;
    case RoomEvent::Kind::Marked:
      entry["mark"] = event.place;
      break;
    case RoomEvent::Kind::FirstTry:
      entry["contact"] = event.place;
      break;
    }
    all.push_back(std::move(entry));
  }
  return all;
}

ordered_json proof_as_json(const model::Proof& proof)
{
  ordered_json checks = ordered_json::array();
  for (const auto& check : proof.checks) {
    checks.push_back({{"what", check.what},
                      {"target", check.target},
                      {"party", or_null(check.party)},
                      {"as_expected", check.as_expected},
                      {"detail", check.detail}});
  }
  return {{"holds", proof.holds()},
          {"canaries_failed", proof.canaries_failed()},
          {"controls_passed", proof.controls_passed()},
          {"overridden", proof.overridden},
          {"checks", checks}};
}

/// How each number was got at.
ordered_json method_of_numbers()
{
  return {
      {"attempts",
       {{"source", "the rules of the room's gateway, by device"},
        {"method",
         "packets that open something, and requests to the room's proxy; whoever "
         "tries again counts again; times are exact to some seconds"}}},
      {"questions",
       {{"source", "the room's name server"}, {"method", "questions for names, by device"}}},
      {"party", {{"source", "the catalogue of zonder, see data"}, {"method", "as of that day"}}},
      {"marks",
       {{"source", "people in the room"}, {"method", "said on a page; nobody checked it"}}},
      {"findings",
       {{"source", "marks and contacts, as each task lists them"},
        {"method",
         "rules of zonder; a contact counts for what is said within " +
             std::to_string(near_before.count()) + " minutes after it"}}}};
}

/// The room itself, in the document and on the first line.
ordered_json add_room(ordered_json into, const RoomRecord& record)
{
  into["without"] = record.without;
  into["except"] = or_null(record.except);
  into["selection"] = record.selection;
  into["parties"] = record.parties;
  into["mode"] = model::to_string(record.mode);
  into["like"] = model::to_string(record.signature);
  into["dns"] = record.dns == model::DnsMode::Honest ? "honest" : "forward";
  into["uplink"] = record.uplink;
  into["cold"] = record.cold;
  into["utc_offset_minutes"] = record.east_of_utc.count();
  into["cut"] = iso_time(record.cut);
  into["planned"] = iso_time(record.planned);
  into["ended"] = iso_time(record.ended);
  into["ending"] = key_of(record.ending);
  into["failed"] = or_null(record.failed);
  into["data"] = {{"date", record.data_date}, {"facts", or_null(record.facts_date)}};
  return into;
}

std::string on_a_line(const ordered_json& value)
{
  return json_without_unseen(value.dump(-1, ' ', false, ordered_json::error_handler_t::replace)) +
         "\n";
}

struct Observation {
  model::Moment time;
  ordered_json what;
};

ordered_json observation(const char* kind, model::Moment time, const char* tier, const char* method)
{
  return {{"schema", "zonder.room-observation/1"},
          {"kind", kind},
          {"time", iso_time(time)},
          {"evidence", {{"source", "zonder room"}, {"tier", tier}, {"method", method}}}};
}

/// Of marks that a finding rests on which is evidence of a drill.
std::vector<bool> drilled_marks(const RoomRecord& record)
{
  std::vector<bool> drilled(record.marks.size());
  for (const auto& finding : room_findings(record)) {
    for (const auto mark : finding.marks) {
      drilled[mark] = is_drilled(finding.finding);
    }
  }
  return drilled;
}

std::vector<Observation> observations_of_devices(const RoomRecord& record)
{
  const auto sums = room_sums(record);
  std::vector<Observation> all;
  for (std::size_t i = 0; i < record.devices.size(); ++i) {
    const auto& device = record.devices[i];
    auto joined = observation("device", device.joined, "measured", "admitted to the room");
    joined["device"] = i + 1;
    joined["by_leader"] = device.by_leader;
    joined["left"] = or_null(device.left);
    joined["last_seen"] = iso_time(sums.devices[i].last_seen);
    all.push_back({device.joined, std::move(joined)});
    for (const auto& sign : device.outside) {
      const bool said = sign.how == model::Outside::Said;
      auto what = observation("outside",
                              sign.time,
                              said ? "declared" : "measured",
                              said ? "said on a page" : "recognised from the room");
      what["device"] = i + 1;
      what.update(sign_as_json(sign));
      all.push_back({sign.time, std::move(what)});
    }
  }
  return all;
}

void add_contacts(std::vector<Observation>& all, const RoomRecord& record)
{
  for (const auto& contact : record.contacts) {
    auto what = observation("contact",
                            contact.first,
                            "measured",
                            contact.protocol == "dns" ? "questions to the room's name server"
                            : contact.protocol == "proxy"
                                ? "requests to the room's proxy"
                                : "packets that open something, counted at the gateway");
    what.update(contact_as_json(contact));
    all.push_back({contact.first, std::move(what)});
  }
}

void add_disturbances(std::vector<Observation>& all, const RoomRecord& record)
{
  for (const auto& lapse : record.lapses) {
    auto what = observation("lapse", lapse.from, "measured", "the room was not renewed in time");
    what.update(lapse_as_json(lapse));
    all.push_back({lapse.from, std::move(what)});
  }
  for (const auto& giver : record.givers) {
    auto what = observation(
        "giver", giver.time, "measured", "DHCP answers and router advertisements in the room");
    what.update(giver_as_json(giver));
    all.push_back({giver.time, std::move(what)});
  }
}

void add_marks(std::vector<Observation>& all, const RoomRecord& record)
{
  const auto drilled = drilled_marks(record);
  for (std::size_t i = 0; i < record.marks.size(); ++i) {
    const auto& mark = record.marks[i];
    if (mark.task >= record.tasks.size()) {
      continue;
    }
    auto what =
        observation("mark",
                    mark.time,
                    drilled[i] ? "drilled" : "declared",
                    drilled[i] ? "said on a page, and seen at the gateway" : "said on a page");
    what.update(mark_as_json(mark));
    what["title"] = record.tasks[mark.task].title;
    what["names"] = record.tasks[mark.task].names;
    all.push_back({mark.time, std::move(what)});
  }
}

}  // namespace

std::string room_as_json(const RoomRecord& record)
{
  const auto sums = room_sums(record);
  auto document = add_room({{"schema", "zonder.room/1"}}, record);
  document["proof"] = proof_as_json(record.proof);
  auto totals = add_asked(ordered_json::object(), sums.asked);
  totals["devices"] = record.devices.size();
  totals["contacts_unlisted"] = record.contacts_unlisted;
  totals["turned_away"] = record.turned_away;
  document["totals"] = std::move(totals);
  document["tasks"] = ordered_json::array();
  for (std::size_t i = 0; i < record.tasks.size(); ++i) {
    document["tasks"].push_back(task_as_json(record.tasks[i], sums.tasks[i]));
  }
  document["devices"] = devices_as_json(record, sums);
  document["marks"] = ordered_json::array();
  for (const auto& mark : record.marks) {
    document["marks"].push_back(mark_as_json(mark));
  }
  document["contacts"] = ordered_json::array();
  for (const auto& contact : record.contacts) {
    document["contacts"].push_back(contact_as_json(contact));
  }
  document["lapses"] = ordered_json::array();
  for (const auto& lapse : record.lapses) {
    document["lapses"].push_back(lapse_as_json(lapse));
  }
  document["givers"] = ordered_json::array();
  for (const auto& giver : record.givers) {
    document["givers"].push_back(giver_as_json(giver));
  }
  document["services"] = services_as_json(sums);
  document["stopped"] = stopped_as_json(sums);
  document["surprises"] = surprises_as_json(sums);
  document["timeline"] = timeline_as_json(record, sums);
  document["numbers"] = method_of_numbers();
  return json_without_unseen(document.dump(2, ' ', false, ordered_json::error_handler_t::replace)) +
         "\n";
}

std::string room_observations_as_json_lines(const RoomRecord& record)
{
  auto room = add_room(
      observation("room", record.cut, "measured", "rules of the gateway, proved beforehand"),
      record);
  room["proved"] = record.proof.holds();
  if (!record.proof.holds()) {
    room["evidence"]["method"] = "rules of the gateway, not proved";
  }
  auto all = observations_of_devices(record);
  add_contacts(all, record);
  add_marks(all, record);
  add_disturbances(all, record);
  std::stable_sort(all.begin(), all.end(), [](const Observation& a, const Observation& b) {
    return a.time < b.time;
  });
  std::string lines = on_a_line(room);
  for (const auto& each : all) {
    lines += on_a_line(each.what);
  }
  return lines;
}

}  // namespace zonder::report

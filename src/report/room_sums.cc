// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/room_sums.hh"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "report/room_seen.hh"

namespace zonder::report {
namespace {

using model::Mark;
using model::RoomContact;
using model::RoomRecord;

void add(RoomAsked& asked, const RoomContact& contact)
{
  (contact.protocol == "dns" ? asked.questions : asked.tries) += contact.count;
}

/// Most asked first; equal ones in the order in which they came, which is by name.
template <typename Asked>
void sort_most_first(std::vector<Asked>& all)
{
  std::stable_sort(all.begin(), all.end(), [](const Asked& a, const Asked& b) {
    return a.asked.all() > b.asked.all();
  });
}

std::string target_of(const RoomContact& contact)
{
  return contact.name.empty() && contact.address ? contact.address->to_string() : contact.name;
}

std::vector<AskedParty> parties_asked(const RoomRecord& record,
                                      const std::vector<std::size_t>& contacts)
{
  std::map<std::string, std::map<std::string, RoomAsked>> counts;
  for (const auto place : contacts) {
    const auto& contact = record.contacts[place];
    if (is_for_absent(contact, record)) {
      add(counts[contact.party][target_of(contact)], contact);
    }
  }
  std::vector<AskedParty> parties;
  for (const auto& [party, names] : counts) {
    AskedParty sums{.party = party};
    for (const auto& [name, asked] : names) {
      sums.asked.tries += asked.tries;
      sums.asked.questions += asked.questions;
      sums.names.push_back({name, asked});
    }
    sort_most_first(sums.names);
    parties.push_back(std::move(sums));
  }
  sort_most_first(parties);
  return parties;
}

model::Moment
last_seen(const RoomRecord& record, std::size_t device, const std::vector<std::size_t>& contacts)
{
  auto last = record.devices[device].joined;
  for (const auto contact : contacts) {
    last = std::max(last, record.contacts[contact].last);
  }
  for (const auto& mark : record.marks) {
    last = mark.device == device ? std::max(last, mark.time) : last;
  }
  return last;
}

std::vector<DeviceSums> sums_by_device(const RoomRecord& record)
{
  std::vector<DeviceSums> all;
  auto contacts = contacts_by_device(record);
  for (std::size_t i = 0; i < record.devices.size(); ++i) {
    const auto& device = record.devices[i];
    DeviceSums sums{.since = std::max(device.joined, record.cut)};
    const auto until = device.left ? std::min(*device.left, record.ended) : record.ended;
    sums.in_room = std::max(std::chrono::floor<std::chrono::minutes>(until - sums.since),
                            std::chrono::minutes(0));
    sums.last_seen = last_seen(record, i, contacts[i]);
    sums.parties = parties_asked(record, contacts[i]);
    for (const auto& party : sums.parties) {
      sums.asked.tries += party.asked.tries;
      sums.asked.questions += party.asked.questions;
    }
    sums.contacts = std::move(contacts[i]);
    all.push_back(std::move(sums));
  }
  return all;
}

bool is_of_any_task(const RoomContact& contact, const RoomRecord& record)
{
  return std::any_of(record.tasks.begin(), record.tasks.end(), [&](const model::RoomTask& task) {
    return is_of_task(contact, task);
  });
}

/// What was asked of the absent, by party and service, in order of their names.
using Services = std::map<std::pair<std::string, std::string>, AskedService>;

Services services_asked(const RoomRecord& record)
{
  Services services;
  std::map<std::pair<std::string, std::string>, std::set<std::size_t>> devices;
  for (const auto& contact : record.contacts) {
    if (!is_for_absent(contact, record)) {
      continue;
    }
    const auto key = std::pair(contact.party, service_of(contact, record));
    auto [found, is_new] = services.try_emplace(key, AskedService{key.first, key.second});
    auto& service = found->second;
    service.first = is_new ? contact.first : std::min(service.first, contact.first);
    service.in_task = service.in_task || is_of_any_task(contact, record);
    add(service.asked, contact);
    if (contact.device < record.devices.size()) {
      devices[key].insert(contact.device);
    }
  }
  for (const auto& [key, places] : devices) {
    services.at(key).devices.assign(places.begin(), places.end());
  }
  return services;
}

std::vector<PartySums> sums_by_party(const Services& services)
{
  std::map<std::string, PartySums> parties;
  for (const auto& [key, service] : services) {
    auto& sums = parties[service.party];
    sums.party = service.party;
    sums.asked.tries += service.asked.tries;
    sums.asked.questions += service.asked.questions;
    sums.in_task = sums.in_task || service.in_task;
    std::vector<std::size_t> both;
    std::set_union(sums.devices.begin(),
                   sums.devices.end(),
                   service.devices.begin(),
                   service.devices.end(),
                   std::back_inserter(both));
    sums.devices = std::move(both);
  }
  std::vector<PartySums> all;
  for (auto& [party, sums] : parties) {
    all.push_back(std::move(sums));
  }
  sort_most_first(all);
  return all;
}

std::vector<AskedService> in_order(const Services& services, const std::vector<PartySums>& parties)
{
  std::vector<AskedService> all;
  for (const auto& party : parties) {
    std::vector<AskedService> theirs;
    for (const auto& [key, service] : services) {
      if (service.party == party.party) {
        theirs.push_back(service);
      }
    }
    sort_most_first(theirs);
    all.insert(all.end(), theirs.begin(), theirs.end());
  }
  return all;
}

void count_say(TaskSums& sums, Mark say)
{
  switch (say) {
  case Mark::Works:
    ++sums.works;
    break;
  case Mark::Degraded:
    ++sums.degraded;
    break;
  case Mark::Stopped:
    ++sums.stopped;
    break;
  case Mark::CouldNotTry:
    ++sums.could_not_try;
    break;
  }
}

std::vector<TaskSums> sums_by_task(const RoomRecord& record)
{
  std::vector<TaskSums> all(record.tasks.size());
  auto findings = room_findings(record);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].finding = std::move(findings[i]);
  }
  std::map<std::pair<std::size_t, std::size_t>, Mark> last;  // by task and device
  for (const auto& mark : record.marks) {
    if (!is_valid(mark, record)) {
      continue;
    }
    last[{mark.task, mark.device}] = mark.mark;
    auto& sums = all[mark.task];
    if (mark.mark == Mark::Works || mark.mark == Mark::Degraded) {
      sums.last_worked = mark.time;
    } else if (mark.mark == Mark::Stopped && !sums.first_stopped) {
      sums.first_stopped = mark.time;
    }
  }
  for (const auto& [key, say] : last) {
    count_say(all[key.first], say);
  }
  return all;
}

std::vector<StoppedTask> stopped_in_order(const RoomRecord& record)
{
  std::vector<StoppedTask> all;
  for (std::size_t i = 0; i < record.marks.size(); ++i) {
    const auto& mark = record.marks[i];
    const bool told = std::any_of(all.begin(), all.end(), [&](const StoppedTask& before) {
      return before.task == mark.task;
    });
    if (is_valid(mark, record) && mark.mark == Mark::Stopped && !told) {
      all.push_back(
          {.task = mark.task,
           .mark = i,
           .after_cut = std::chrono::floor<std::chrono::minutes>(mark.time - record.cut)});
    }
  }
  return all;
}

/// It is of another task's names, and so of that task's service; but whatever people do, they log
/// in first.
bool is_of_another(const RoomContact& contact, std::size_t task, const RoomRecord& record)
{
  for (std::size_t i = 0; i < record.tasks.size() && !contact.login; ++i) {
    if (i != task && is_of_task(contact, record.tasks[i])) {
      return true;
    }
  }
  return false;
}

/// What a task that stopped hung on, where all of its own that was seen lives.
std::vector<std::size_t> asked_behind(const RoomRecord& record,
                                      const TaskFinding& finding,
                                      const std::vector<DeviceSums>& devices)
{
  if (finding.finding != RoomFinding::CutAndStopped) {
    return {};
  }
  std::set<std::size_t> behind;
  bool lives = false;
  for (const auto place : finding.marks) {
    const auto& mark = record.marks[place];
    for (const auto i : devices[mark.device].contacts) {
      const auto& contact = record.contacts[i];
      if (!is_near(contact, mark.time)) {
        continue;
      }
      if (is_of_task(contact, record.tasks[mark.task])) {
        if (contact.blocked) {
          return {};
        }
        lives = lives || is_with_living(contact, record);
      } else if (contact.blocked && contact.last >= record.cut &&
                 !is_of_another(contact, mark.task, record)) {
        behind.insert(i);
      }
    }
  }
  return lives ? std::vector<std::size_t>(behind.begin(), behind.end())
               : std::vector<std::size_t>();
}

/// Whoever was chosen by his own id surprises nobody: "microsoft", "microsoft,google".
bool was_chosen_by_id(const RoomRecord& record, const std::string& party)
{
  const auto chosen = "," + record.without + ",";
  return chosen.find("," + party + ",") != std::string::npos;
}

/// How much speaks for it that something hangs on a service: log-ins come from it, then how many
/// stopped tasks and how many devices asked for it, then how often.
using Weight = std::tuple<bool, std::size_t, std::size_t, std::uint64_t>;

/// Tasks that stopped though their own names live, with what they may hang on, the weightiest
/// first in both.
std::vector<RoomSurprise> stopped_though_alive(const RoomRecord& record, const RoomSums& sums)
{
  std::vector<RoomSurprise> all;
  std::map<std::pair<std::string, std::string>, std::set<std::size_t>> tasks;  // by service
  const auto service = [&](std::size_t place) {
    const auto& contact = record.contacts[place];
    return std::pair(contact.party, service_of(contact, record));
  };
  for (std::size_t i = 0; i < sums.tasks.size(); ++i) {
    auto behind = asked_behind(record, sums.tasks[i].finding, sums.devices);
    for (const auto place : behind) {
      tasks[service(place)].insert(i);
    }
    if (!behind.empty()) {
      all.push_back({.kind = RoomSurprise::Kind::StoppedThoughItsNamesLive,
                     .task = i,
                     .contacts = std::move(behind)});
    }
  }
  std::map<std::size_t, Weight> weights;  // by place of a contact
  for (const auto& surprise : all) {
    for (const auto place : surprise.contacts) {
      const auto key = service(place);
      const auto sum =
          std::find_if(sums.services.begin(), sums.services.end(), [&](const AskedService& each) {
            return each.party == key.first && each.service == key.second;
          });
      const auto devices = sum == sums.services.end() ? 0 : sum->devices.size();
      const auto& contact = record.contacts[place];
      weights[place] = {contact.login, tasks[key].size(), devices, contact.count};
    }
  }
  for (auto& surprise : all) {
    std::stable_sort(surprise.contacts.begin(),
                     surprise.contacts.end(),
                     [&](std::size_t a, std::size_t b) { return weights[a] > weights[b]; });
  }
  std::stable_sort(all.begin(), all.end(), [&](const RoomSurprise& a, const RoomSurprise& b) {
    return weights[a.contacts.front()] > weights[b.contacts.front()];
  });
  return all;
}

std::vector<RoomSurprise> surprises_of(const RoomRecord& record, const RoomSums& sums)
{
  auto all = stopped_though_alive(record, sums);
  const auto by_most = all.size();
  for (const auto& party : sums.parties) {
    if (!party.party.empty() && !party.in_task && !was_chosen_by_id(record, party.party) &&
        party.devices.size() * 2 > record.devices.size()) {
      all.push_back({.kind = RoomSurprise::Kind::AskedByMostAndInNoTask,
                     .party = party.party,
                     .devices = party.devices.size()});
    }
  }
  std::stable_sort(
      all.begin() + static_cast<std::ptrdiff_t>(by_most),
      all.end(),
      [](const RoomSurprise& a, const RoomSurprise& b) { return a.devices > b.devices; });
  for (std::size_t i = 0; i < sums.tasks.size(); ++i) {
    if (sums.tasks[i].finding.finding == RoomFinding::CutAndHeld) {
      all.push_back({.kind = RoomSurprise::Kind::Held, .task = i});
    }
  }
  return all;
}

/// The first contact of all for each service of an absent party.
void add_first_tries(std::vector<RoomEvent>& all, const RoomRecord& record)
{
  std::map<std::pair<std::string, std::string>, std::size_t> first;
  for (std::size_t i = 0; i < record.contacts.size(); ++i) {
    const auto& contact = record.contacts[i];
    if (!is_for_absent(contact, record)) {
      continue;
    }
    const auto [found, is_new] =
        first.try_emplace(std::pair(contact.party, service_of(contact, record)), i);
    if (!is_new && contact.first < record.contacts[found->second].first) {
      found->second = i;
    }
  }
  for (const auto& [key, place] : first) {
    all.push_back(
        {.kind = RoomEvent::Kind::FirstTry, .place = place, .time = record.contacts[place].first});
  }
}

std::vector<RoomEvent> timeline_of(const RoomRecord& record)
{
  std::vector<RoomEvent> all;
  for (std::size_t i = 0; i < record.devices.size(); ++i) {
    const auto& device = record.devices[i];
    all.push_back({.kind = RoomEvent::Kind::Joined, .place = i, .time = device.joined});
    for (std::size_t sign = 0; sign < device.outside.size(); ++sign) {
      all.push_back({.kind = RoomEvent::Kind::Outside,
                     .place = i,
                     .sign = sign,
                     .time = device.outside[sign].time});
    }
    if (device.left) {
      all.push_back({.kind = RoomEvent::Kind::Left, .place = i, .time = *device.left});
    }
  }
  for (std::size_t i = 0; i < record.marks.size(); ++i) {
    if (record.marks[i].task < record.tasks.size() &&
        record.marks[i].device < record.devices.size()) {
      all.push_back({.kind = RoomEvent::Kind::Marked, .place = i, .time = record.marks[i].time});
    }
  }
  add_first_tries(all, record);
  std::stable_sort(all.begin(), all.end(), [](const RoomEvent& a, const RoomEvent& b) {
    return a.time < b.time;
  });
  return all;
}

}  // namespace

RoomSums room_sums(const RoomRecord& record)
{
  RoomSums sums;
  sums.devices = sums_by_device(record);
  const auto services = services_asked(record);
  sums.parties = sums_by_party(services);
  sums.services = in_order(services, sums.parties);
  for (const auto& party : sums.parties) {
    sums.asked.tries += party.asked.tries;
    sums.asked.questions += party.asked.questions;
  }
  sums.tasks = sums_by_task(record);
  sums.stopped = stopped_in_order(record);
  sums.surprises = surprises_of(record, sums);
  for (std::size_t i = 0; i < record.devices.size(); ++i) {
    if (!record.devices[i].outside.empty()) {
      sums.outside.push_back(i);
    }
  }
  sums.timeline = timeline_of(record);
  return sums;
}

}  // namespace zonder::report

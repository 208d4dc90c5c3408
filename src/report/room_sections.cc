// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/room_sections.hh"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/translate.hh"
#include "report/room_seen.hh"
#include "report/room_words.hh"
#include "report/run_grounds.hh"
#include "report/run_limits.hh"

namespace zonder::report {
namespace {

using model::Mark;
using model::RoomRecord;

constexpr std::size_t shown_places = 4;
constexpr std::size_t shown_parties = 40;
constexpr std::size_t selection_length = 400;

constexpr std::array all_findings = {RoomFinding::CutAndStopped,
                                     RoomFinding::CutAndHeld,
                                     RoomFinding::SupplierNotCut,
                                     RoomFinding::TooShortToShow,
                                     RoomFinding::StoppedUnexplained,
                                     RoomFinding::WorkedUnseen,
                                     RoomFinding::NotExercised};

std::size_t count_of(const RoomSums& sums, RoomFinding finding)
{
  return static_cast<std::size_t>(
      std::count_if(sums.tasks.begin(), sums.tasks.end(), [&](const TaskSums& task) {
        return task.finding.finding == finding;
      }));
}

std::string quoted(std::size_t task, const RoomTold& told)
{
  return "\"" + title_of(told.record.tasks[task], told.style) + "\"";
}

/// The places of contacts, each once, in order: "login.example, 192.0.2.1 and 3 more".
std::string places_of(const std::vector<std::size_t>& contacts, const RoomTold& told)
{
  std::vector<std::string> places;
  for (const auto contact : contacts) {
    auto place = place_of(told.record.contacts[contact], told.style);
    if (std::find(places.begin(), places.end(), place) == places.end()) {
      places.push_back(std::move(place));
    }
  }
  std::string words;
  for (std::size_t i = 0; i < places.size() && i < shown_places; ++i) {
    words += (i == 0 ? "" : ", ") + places[i];
  }
  return places.size() > shown_places ? say("{} and {} more", words, places.size() - shown_places)
                                      : words;
}

std::vector<std::size_t> devices_of(const std::vector<std::size_t>& marks, const RoomRecord& record)
{
  std::set<std::size_t> devices;
  for (const auto mark : marks) {
    devices.insert(record.marks[mark].device);
  }
  return {devices.begin(), devices.end()};
}

/// How many tasks came to it, and what makes some of them less sure; empty: none did.
std::string count_sentence(RoomFinding finding, const RoomTold& told)
{
  std::size_t doubted = 0;
  std::set<RoomDoubt> doubts;
  for (const auto& task : told.sums.tasks) {
    if (task.finding.finding == finding && !task.finding.doubts.empty()) {
      ++doubted;
      doubts.insert(task.finding.doubts.begin(), task.finding.doubts.end());
    }
  }
  const auto count = count_of(told.sums, finding);
  const auto of_all = say("{} of {} tasks: {}", count, told.record.tasks.size(), word_of(finding));
  if (count == 0 || doubts.empty()) {
    return count == 0 ? std::string() : of_all + ".";
  }
  std::string why;
  for (const auto doubt : doubts) {
    why += (why.empty() ? "" : "; ") + word_of(doubt);
  }
  return of_all + "; " + say("{} of these less sure: {}.", doubted, why);
}

std::string minutes_until(model::Moment moment, const RoomTold& told)
{
  return minutes_word(std::chrono::floor<std::chrono::minutes>(moment - told.record.cut));
}

/// Until when a task worked, or that it stopped, as far as people said.
std::string how_long(const TaskSums& task, const RoomTold& told)
{
  const auto last = minutes_until(*task.last_worked, told);
  if (!task.first_stopped) {
    const auto all = minutes_until(told.record.ended, told);
    return told.record.ending == model::RoomEnding::Lost
               ? say("works until the record ends ({}), last said after {}", all, last)
               : say("works until the end of the room ({}), last said after {}", all, last);
  }
  const auto stopped = minutes_until(*task.first_stopped, told);
  return *task.last_worked < *task.first_stopped
             ? say("stopped after {}; last said to work after {}", stopped, last)
             : say("stopped after {}; said to work after {}", stopped, last);
}

std::string joined(const std::vector<std::string>& all, std::size_t most, const Style& style)
{
  std::string words;
  for (std::size_t i = 0; i < all.size() && i < most; ++i) {
    words += (i == 0 ? "" : ", ") + harmless(all[i], style.unicode);
  }
  return all.size() > most ? say("{} and {} more", words, all.size() - most) : words;
}

}  // namespace

std::vector<std::string> room_verdict(const RoomTold& told)
{
  const auto& [record, sums, style] = told;
  const auto devices = record.devices.size();
  std::vector<std::string> sentences = {
      say("Without {} for {}, with {}.",
          absent_words(record, style),
          minutes_word(std::chrono::floor<std::chrono::minutes>(record.ended - record.cut)),
          fmt::format(fmt::runtime(ntr("{} device", "{} devices", devices)), devices))};
  std::size_t drilled = 0;
  for (const auto finding : all_findings) {
    if (auto sentence = count_sentence(finding, told); !sentence.empty()) {
      sentences.push_back(std::move(sentence));
      drilled += is_drilled(finding) ? count_of(sums, finding) : 0;
    }
  }
  if (record.tasks.empty()) {
    sentences.emplace_back(tr("There was no list of tasks: only what devices asked for is known."));
  } else {
    sentences.push_back(say(
        "Evidence of a drill: {} of {} tasks, those that were cut and stopped, or cut and held. "
        "The others prove nothing of what happens without the absent.",
        drilled,
        record.tasks.size()));
  }
  sentences.push_back(say("Asked of the absent, by all together: {}.", asked_words(sums.asked)));
  if (!record.proof.holds()) {
    sentences.emplace_back(tr("NOT PROVED: it was not shown beforehand that the cut holds and the "
                              "rest lives, so nothing here is evidence of a drill."));
  }
  if (record.ending == model::RoomEnding::Lost) {
    sentences.push_back(say(
        "THE RECORD ENDS at {} ({}): the room ended without zonder, which was killed, or the "
        "laptop failed. What was seen in the last minute may be missing, and what came after it "
        "is not in here.",
        local_time(record.ended, record),
        zone_word(record)));
  }
  if (record.ending == model::RoomEnding::Failed) {
    sentences.push_back(say("THE ROOM FAILED: {}", harmless(record.failed, style.unicode)));
  }
  return sentences;
}

std::vector<std::string> what_stopped(const RoomTold& told)
{
  std::vector<std::string> sentences;
  for (const auto& stopped : told.sums.stopped) {
    const auto& mark = told.record.marks[stopped.mark];
    const char* text = sentences.empty() ? tr("First {}: stopped after {}, says {} ({}).")
                                         : tr("Then {}: stopped after {}, says {} ({}).");
    sentences.push_back(fmt::format(fmt::runtime(text),
                                    quoted(stopped.task, told),
                                    minutes_until(mark.time, told),
                                    device_word(mark.device),
                                    finding_with_doubts(told.sums.tasks[stopped.task].finding)));
  }
  return sentences;
}

std::vector<std::string> what_worked(const RoomTold& told)
{
  std::vector<std::string> sentences;
  for (std::size_t i = 0; i < told.sums.tasks.size(); ++i) {
    const auto& task = told.sums.tasks[i];
    if (!task.last_worked) {
      continue;
    }
    sentences.push_back(quoted(i, told) + ": " + how_long(task, told) + " (" +
                        finding_with_doubts(task.finding) + ").");
  }
  return sentences;
}

std::vector<std::string> what_surprised(const RoomTold& told)
{
  std::vector<std::string> sentences;
  for (const auto& surprise : told.sums.surprises) {
    switch (surprise.kind) {
    case RoomSurprise::Kind::StoppedThoughItsNamesLive:
      sentences.push_back(
          say("{} stopped though all that was seen of its own names lives. At about that time its "
              "device asked the absent for {}: something behind it may hang on them.",
              quoted(surprise.task, told),
              places_of(surprise.contacts, told)));
      if (told.record.contacts[surprise.contacts.front()].login) {
        sentences.back() +=
            " " + say("Log-ins come from {}.", places_of({surprise.contacts.front()}, told));
      }
      break;
    case RoomSurprise::Kind::AskedByMostAndInNoTask:
      sentences.push_back(
          say("{} of {} devices asked {} for something, and it is in no task.",
              surprise.devices,
              told.record.devices.size(),
              in_short(known_name(told.record, surprise.party), selection_length, told.style)));
      break;
    case RoomSurprise::Kind::Held:
      sentences.push_back(say("{} held: it was cut, and it works.", quoted(surprise.task, told)));
      break;
    }
  }
  return sentences;
}

std::vector<std::string> what_findings_prove(const RoomTold& told)
{
  std::vector<std::string> sentences;
  for (const auto finding : all_findings) {
    if (count_of(told.sums, finding) > 0) {
      sentences.push_back(word_of(finding) + ": " + what_it_proves(finding));
    }
  }
  return sentences;
}

std::string what_it_rests_on(const TaskFinding& finding, const RoomTold& told)
{
  std::string words;
  if (!finding.marks.empty()) {
    words = say("says {}", device_words(devices_of(finding.marks, told.record)));
  }
  if (!finding.contacts.empty()) {
    words += "; " + say("seen: {}", places_of(finding.contacts, told));
  }
  for (const auto doubt : finding.doubts) {
    words += "; " + say("but {}", word_of(doubt));
  }
  return words;
}

std::vector<std::string> what_disturbed(const RoomTold& told)
{
  std::vector<std::string> sentences;
  for (const auto& lapse : told.record.lapses) {
    if (sentences.size() == shown_places) {
      sentences.push_back(say("The room was closed {} times in all; the JSON has them.",
                              told.record.lapses.size()));
      break;
    }
    sentences.push_back(
        say("The room was closed from {} until {}: zonder hung, or the machine slept. What stopped "
            "then did not stop for want of the absent.",
            local_time(lapse.from, told.record),
            local_time(lapse.until, told.record)));
  }
  const auto& givers = told.record.givers;
  for (std::size_t i = 0; i < std::min(givers.size(), shown_places); ++i) {
    const auto& giver = givers[i];
    sentences.push_back(
        say("Somebody else gave out addresses in the room, or said that he is its router: {}, "
            "first seen {}. Devices that took them were not in the room.",
            giver.device ? device_word(*giver.device) : std::string(tr("who had not joined")),
            after_cut(giver.time, told.record)));
  }
  if (givers.size() > shown_places) {
    sentences.push_back(
        say("... and {} more; --report FILE.json has them all", givers.size() - shown_places));
  }
  return sentences;
}

std::vector<std::string> who_went_around(const RoomTold& told)
{
  std::vector<std::string> sentences;
  for (const auto place : told.sums.outside) {
    std::string signs;
    std::set<std::string> told_before;
    for (const auto& sign : told.record.devices[place].outside) {
      const auto words = outside_words(sign, told.style);
      if (told_before.insert(words).second && told_before.size() <= shown_places) {
        signs += (signs.empty() ? "" : "; ") + words + ", " + after_cut(sign.time, told.record);
      }
    }
    sentences.push_back(device_word(place) + ": " + signs);
  }
  return sentences;
}

std::vector<std::string> what_was_not_tested(const RoomTold& told)
{
  std::vector<std::string> sentences;
  for (std::size_t i = 0; i < told.sums.tasks.size(); ++i) {
    const auto& task = told.sums.tasks[i];
    if (task.finding.finding == RoomFinding::NotExercised) {
      sentences.push_back(task.could_not_try > 0
                              ? say("{}: nobody could try it.", quoted(i, told))
                              : say("{}: nobody tried it and said how it went.", quoted(i, told)));
    } else if (task.finding.finding == RoomFinding::TooShortToShow) {
      sentences.push_back(say("{}: what happens after {} without the absent.",
                              quoted(i, told),
                              minutes_word(*told.record.tasks[i].stops_after)));
    }
  }
  std::set<std::size_t> silent;
  for (std::size_t i = 0; i < told.record.devices.size(); ++i) {
    if (!told.record.devices[i].by_leader) {
      silent.insert(i);
    }
  }
  for (const auto& mark : told.record.marks) {
    silent.erase(mark.device);
  }
  if (!told.record.tasks.empty() && !silent.empty()) {
    sentences.push_back(
        say("Nothing was said of any task by {}.", device_words({silent.begin(), silent.end()})));
  }
  return sentences;
}

std::vector<std::string> what_people_wrote(const RoomTold& told)
{
  std::vector<std::string> sentences;
  for (const auto& mark : told.record.marks) {
    if (!mark.note.empty() && mark.task < told.record.tasks.size()) {
      sentences.push_back(say("{}, {}, {} ({}): {}",
                              device_word(mark.device),
                              after_cut(mark.time, told.record),
                              quoted(mark.task, told),
                              word_of(mark.mark),
                              harmless(mark.note, told.style.unicode)));
    }
  }
  return sentences;
}

std::vector<std::string> how_it_was_cut(const RoomTold& told)
{
  const auto& [record, sums, style] = told;
  std::vector<std::string> sentences = {say("Without: {}.", typed_by(record, style))};
  if (!record.parties.empty()) {
    std::vector<std::string> names;
    for (const auto& party : record.parties) {
      names.push_back(known_name(record, party));
    }
    sentences.push_back(say("Absent: {}.", joined(names, shown_parties, style)));
  }
  sentences.push_back(say("Failure mode {}, like {}; names: {}; uplink {}.",
                          model::to_string(record.mode),
                          model::to_string(record.signature),
                          record.dns == model::DnsMode::Honest
                              ? tr("looked up without the absent")
                              : tr("asked of the resolvers of this network"),
                          harmless(record.uplink, style.unicode)));
  sentences.push_back(say("Cut from {} until {}, at the latest until {} ({}). It ended: {}.",
                          local_time(record.cut, record),
                          local_time(record.ended, record),
                          local_time(record.planned, record),
                          zone_word(record),
                          ending_words(record, style)));
  sentences.emplace_back(
      record.cold ? tr("Cold: people were asked to sign out, clear and restart first. Whether they "
                       "did was not looked at.")
                  : tr("Warm: what was signed in, open or kept stayed so."));
  for (auto& sentence : proof_sentences(record.proof, style)) {
    sentences.push_back(std::move(sentence));
  }
  if (record.proof.overridden) {
    sentences.emplace_back(tr("Held on your order (--unproved)."));
  }
  sentences.push_back(data_sentence(record.data_date, style));
  if (!record.facts_date.empty()) {
    sentences.push_back(
        say("The newest fact of the catalogue is of {}.", harmless(record.facts_date, false)));
  }
  for (const auto& sentence : record.selection) {
    sentences.push_back(in_short(sentence, selection_length, style));
  }
  return sentences;
}

std::vector<std::string> where_numbers_come_from(const RoomTold& told)
{
  const auto& record = told.record;
  std::vector<std::string> sentences = {
      say("Attempts: counted by the rules of the room's own gateway, by device, from {} until {} "
          "({}): packets that open something, and requests to the room's proxy. Whoever tries "
          "again "
          "counts again; times are exact to some seconds.",
          local_time(record.cut, record),
          local_time(record.ended, record),
          zone_word(record)),
      tr("Questions for names: counted by the room's own name server, at the same time."),
      say("Whose a name or an address is: the catalogue of zonder, data of {}.",
          harmless(record.data_date, told.style.unicode)),
      say("What works and what stopped: what people said on their pages, each at its time. Of each "
          "device the last word counts, and one for whom it stopped outweighs all for whom it "
          "works. A contact counts for what is said within {} after it.",
          minutes_word(near_before))};
  sentences.emplace_back(tr("Findings: by the rules of zonder, from the two above; which marks and "
                            "contacts each rests on stands in the JSON."));
  if (record.contacts_unlisted > 0) {
    sentences.push_back(
        say("{} more packets were counted than could be listed.", record.contacts_unlisted));
  }
  if (record.turned_away > 0) {
    sentences.push_back(say("{} packets came from devices that had not joined, and were turned "
                            "away.",
                            record.turned_away));
  }
  return sentences;
}

std::vector<std::string> room_limits(const RoomTold& told)
{
  std::vector<std::string> sentences;
  if (auto mode = what_the_mode_tells(told.record.mode); !mode.empty()) {
    sentences.push_back(std::move(mode));
  }
  sentences.emplace_back(
      tr("Only the side of those in the room was cut. What a supplier needs of the absent at his "
         "own side was not, and nothing here tells whether he would hold."));
  sentences.emplace_back(
      tr("What lasts for a while (tokens, tickets, caches, licences) may have hidden "
         "what stops later."));
  sentences.emplace_back(
      tr("What goes by mobile data or another network is not seen. It is told above where "
         "something showed it, or somebody said so; that nothing is told proves nothing."));
  sentences.emplace_back(tr(
      "What goes through a tunnel, or asks a living party for names over HTTPS, is cut by address "
      "only and shown without its name."));
  sentences.emplace_back(
      tr("What was said in connections was never looked at, only with whom they were: whether a "
         "page was right, only people can tell, and nobody checked what they said."));
  sentences.emplace_back(
      tr("A device is told by the address of its network card, which another one in the room can "
         "copy: it then counts as that device."));
  sentences.emplace_back(tr("What devices do among themselves behind one port of the room, at a "
                            "switch or an access point, is not seen."));
  return sentences;
}

}  // namespace zonder::report

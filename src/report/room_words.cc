// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/room_words.hh"

#include <algorithm>
#include <string_view>

#include "base/translate.hh"
#include "net/special_use.hh"

namespace zonder::report {
namespace {

constexpr std::size_t shown_devices = 8;
constexpr std::size_t title_length = 80;
constexpr std::size_t host_length = 80;
constexpr std::size_t selector_length = 400;
constexpr std::size_t shown_parties = 6;

bool is_local_name(std::string_view name)
{
  constexpr std::string_view endings[] = {
      ".local", ".lan", ".internal", ".home.arpa", ".in-addr.arpa", ".ip6.arpa"};
  return !name.empty() && name.find(':') == std::string_view::npos &&  // an address has them
         (name.find('.') == std::string_view::npos ||
          std::any_of(std::begin(endings), std::end(endings), [&](std::string_view ending) {
            return name.ends_with(ending);
          }));
}

bool is_local_address(net::Address address)
{
  const auto use = net::special_use(address);
  return use == net::SpecialUse::Private || use == net::SpecialUse::Shared ||
         use == net::SpecialUse::LinkLocal || use == net::SpecialUse::Loopback;
}

/// The selector is ids of parties, and nothing else.
bool were_typed_by_id(const model::RoomRecord& record)
{
  for (std::size_t at = 0; at <= record.without.size();) {
    const auto end = std::min(record.without.find(',', at), record.without.size());
    const auto id = record.without.substr(at, end - at);
    if (std::find(record.parties.begin(), record.parties.end(), id) == record.parties.end()) {
      return false;
    }
    at = end + 1;
  }
  return true;
}

/// The absent, those that were typed by their id before those that came along.
std::vector<std::string> typed_first(const model::RoomRecord& record)
{
  const auto typed = "," + record.without + ",";
  auto parties = record.parties;
  std::stable_partition(parties.begin(), parties.end(), [&](const std::string& id) {
    return typed.find("," + id + ",") != std::string::npos;
  });
  return parties;
}

}  // namespace

std::string device_word(std::size_t device)
{
  return say("device {}", device + 1);
}

std::string device_words(const std::vector<std::size_t>& devices)
{
  std::string words;
  for (std::size_t i = 0; i < devices.size() && i < shown_devices; ++i) {
    words += (i == 0 ? "" : ", ") + device_word(devices[i]);
  }
  return devices.size() > shown_devices
             ? say("{} and {} more", words, devices.size() - shown_devices)
             : words;
}

std::string in_short(const std::string& text, std::size_t most, const Style& style)
{
  const auto safe = harmless(text, style.unicode);
  std::size_t characters = 0;
  for (std::size_t i = 0; i < safe.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(safe[i]) & 0xc0U) != 0x80;
    if (begins && characters++ == most) {
      return safe.substr(0, i) + "...";
    }
  }
  return safe;
}

std::string title_of(const model::RoomTask& task, const Style& style)
{
  return in_short(task.title, title_length, style);
}

std::string minutes_word(std::chrono::minutes minutes)
{
  const auto count = static_cast<unsigned long>(std::max<std::int64_t>(minutes.count(), 0));
  return count == 0 ? tr("less than a minute")
                    : fmt::format(fmt::runtime(ntr("{} minute", "{} minutes", count)), count);
}

std::string known_name(const model::RoomRecord& record, const std::string& id)
{
  const auto found = record.party_names.find(id);
  return found == record.party_names.end() ? id : found->second;
}

std::string typed_by(const model::RoomRecord& record, const Style& style)
{
  const auto without = in_short(record.without, selector_length, style);
  return record.except.empty()
             ? without
             : say("{}, except {}", without, in_short(record.except, selector_length, style));
}

std::string absent_words(const model::RoomRecord& record, const Style& style)
{
  const auto typed = typed_by(record, style);
  const auto parties = typed_first(record);
  const auto name = [&](const std::string& id) {
    return in_short(known_name(record, id), host_length, style);
  };
  if (parties.empty() || (parties.size() == 1 && name(parties[0]) == typed)) {
    return typed;
  }
  const bool all = parties.size() <= shown_parties;
  std::string names;
  for (std::size_t i = 0; i < std::min(parties.size(), shown_parties); ++i) {
    const bool last = all && i + 1 == parties.size();
    names += (i == 0 ? "" : last ? tr(" and ") : ", ") + name(parties[i]);
  }
  if (!all) {
    names = say("{} and {} more", names, parties.size() - shown_parties);
  }
  const bool by_id = were_typed_by_id(record);
  return all && by_id && record.except.empty() ? names : typed + " (" + names + ")";
}

std::string local_time(model::Moment moment, const model::RoomRecord& record)
{
  using namespace std::chrono;
  const auto local = floor<minutes>(moment) + record.east_of_utc;
  const auto day = floor<days>(local);
  const year_month_day date{day};
  const hh_mm_ss time{local - day};
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}",
                     static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()),
                     time.hours().count(),
                     time.minutes().count());
}

std::string zone_word(const model::RoomRecord& record)
{
  const auto minutes = record.east_of_utc.count();
  const auto size = minutes < 0 ? -minutes : minutes;
  return minutes == 0
             ? "UTC"
             : fmt::format("UTC{}{:02}:{:02}", minutes < 0 ? '-' : '+', size / 60, size % 60);
}

std::string after_cut(model::Moment moment, const model::RoomRecord& record)
{
  return say("{} after the cut",
             minutes_word(std::chrono::floor<std::chrono::minutes>(moment - record.cut)));
}

std::string asked_words(const RoomAsked& asked)
{
  const auto tries =
      fmt::format(fmt::runtime(ntr("{} attempt", "{} attempts", asked.tries)), asked.tries);
  const auto questions = fmt::format(
      fmt::runtime(ntr("{} question for a name", "{} questions for names", asked.questions)),
      asked.questions);
  return asked.questions == 0 ? tries : asked.tries == 0 ? questions : tries + ", " + questions;
}

std::string party_word(const std::string& party, const Style& style)
{
  return party.empty() ? std::string(tr("not known")) : in_short(party, host_length, style);
}

std::string service_word(const std::string& service, const Style& style)
{
  return service.empty()          ? std::string(tr("by address only"))
         : is_local_name(service) ? std::string(tr("something in the network around"))
                                  : in_short(service, host_length, style);
}

std::string notes_warning()
{
  return tr("These are people's own words, not changed: read them before you share this report, as "
            "they may tell who somebody is.");
}

bool is_local(const model::RoomContact& contact)
{
  return is_local_name(contact.name) || (contact.address && is_local_address(*contact.address));
}

std::string place_of(const model::RoomContact& contact, const Style& style)
{
  if (is_local(contact)) {
    return tr("something in the network around");
  }
  return contact.name.empty() && contact.address ? contact.address->to_string()
                                                 : in_short(contact.name, host_length, style);
}

std::string word_of(RoomFinding finding)
{
  switch (finding) {
  case RoomFinding::CutAndStopped:
    return tr("cut and stopped");
  case RoomFinding::CutAndHeld:
    return tr("cut and held");
  case RoomFinding::SupplierNotCut:
    return tr("works here; the supplier's side was not cut");
  case RoomFinding::NotExercised:
    return tr("not exercised");
  case RoomFinding::TooShortToShow:
    return tr("too short to show");
  case RoomFinding::StoppedUnexplained:
    return tr("said to have stopped; the room does not show why");
  case RoomFinding::WorkedUnseen:
    return tr("said to work; the room does not show by what");
  }
  return {};
}

std::string what_it_proves(RoomFinding finding)
{
  switch (finding) {
  case RoomFinding::CutAndStopped:
    return tr("Evidence of a drill: somebody says that it stopped, and the device asked the absent "
              "for something at about that time, in vain. Both were seen; that the one caused the "
              "other was not, and another device or another way in may fare otherwise.");
  case RoomFinding::CutAndHeld:
    return tr("Evidence of a drill, for as long as the room lasted: somebody says that it works, "
              "and nothing that lives was seen by which it can have been done. All of it fell away "
              "with the absent, or is in the room, as the list of tasks says.");
  case RoomFinding::SupplierNotCut:
    return tr(
        "No evidence: it works here, and whoever runs it elsewhere was not cut off at his own "
        "side. He may need the absent there (a log-in, a cloud, a name server), and nothing "
        "here tells whether he would hold. Ask the supplier.");
  case RoomFinding::NotExercised:
    return tr("No evidence: nobody tried it and said how it went.");
  case RoomFinding::TooShortToShow:
    return tr("No evidence: it worked when it was last tried, and is predicted to stop later than "
              "that. Tokens, tickets and licences last for a while.");
  case RoomFinding::StoppedUnexplained:
    return tr("No evidence: somebody says that it stopped, and the room does not show that it was "
              "for want of the absent.");
  case RoomFinding::WorkedUnseen:
    return tr(
        "No evidence: somebody says that it works, and the room does not show by what. It may "
        "have gone around the room.");
  }
  return {};
}

std::string word_of(RoomDoubt doubt)
{
  switch (doubt) {
  case RoomDoubt::NothingSeen:
    return tr("nothing was seen of what it would use");
  case RoomDoubt::Indirect:
    return tr("nothing that it names fell away, only other things that the device asked for then");
  case RoomDoubt::NotInRoom:
    return tr("the device was not in the room when it said so");
  case RoomDoubt::WentAround:
    return tr("the device may have gone around the room");
  case RoomDoubt::OtherLiving:
    return tr("others that live were reached, by which it may have been done");
  case RoomDoubt::NotAllListed:
    return tr("more was reached than could be listed");
  case RoomDoubt::Warm:
    return tr("the room was warm: what was signed in or kept from before may have carried it");
  case RoomDoubt::Hindered:
    return tr("the absent were only hindered, not cut");
  case RoomDoubt::Unproved:
    return tr("that the cut holds was not proved beforehand");
  case RoomDoubt::RoomFailed:
    return tr("the room itself was failing");
  case RoomDoubt::RoomClosed:
    return tr("the room itself was closed at about that time");
  }
  return {};
}

std::string finding_words(const TaskFinding& finding)
{
  auto words = word_of(finding.finding);
  const bool stopped = finding.finding == RoomFinding::CutAndStopped ||
                       finding.finding == RoomFinding::StoppedUnexplained;
  if (finding.disputed) {
    words += "; " + std::string(tr("others say that it works"));
  }
  if (finding.degraded && !stopped) {
    words += "; " + std::string(tr("degraded"));
  }
  if (finding.came_back) {
    words += "; " + std::string(tr("it had stopped, and came back"));
  }
  return words;
}

std::string finding_with_doubts(const TaskFinding& finding)
{
  auto words = finding_words(finding);
  for (const auto doubt : finding.doubts) {
    words += "; " + say("but {}", word_of(doubt));
  }
  return words;
}

std::string outside_words(const model::OutsideSign& sign, const Style& style)
{
  using model::Outside;
  switch (sign.how) {
  case Outside::Said:
    return sign.what == "mobile-data"     ? tr("says: mobile data")
           : sign.what == "vpn"           ? tr("says: a VPN")
           : sign.what == "other-network" ? tr("says: another network")
           : sign.what.empty()            ? tr("says so")
                               : say("says: {}", in_short(sign.what, host_length, style));
  case Outside::Vpn:
    return say("a tunnel, perhaps a VPN: {}", in_short(sign.what, host_length, style));
  case Outside::PrivateDns:
    return say("asks somebody else for names: {}", in_short(sign.what, host_length, style));
  case Outside::Silent:
    return tr("nothing was heard of it any more");
  }
  return {};
}

std::string word_of(model::Mark mark)
{
  switch (mark) {
  case model::Mark::Works:
    return tr("works");
  case model::Mark::Degraded:
    return tr("degraded");
  case model::Mark::Stopped:
    return tr("stopped");
  case model::Mark::CouldNotTry:
    return tr("could not try");
  }
  return {};
}

std::string ending_words(const model::RoomRecord& record, const Style& style)
{
  switch (record.ending) {
  case model::RoomEnding::TimeIsUp:
    return tr("the time was up");
  case model::RoomEnding::Stopped:
    return tr("whoever held it stopped it");
  case model::RoomEnding::Interrupted:
    return tr("it was interrupted");
  case model::RoomEnding::Lost:
    return tr("zonder was killed, or the laptop failed");
  case model::RoomEnding::Failed:
    return say("it failed: {}", harmless(record.failed, style.unicode));
  }
  return {};
}

}  // namespace zonder::report

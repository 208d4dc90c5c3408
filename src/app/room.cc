// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/room.hh"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "app/complain.hh"
#include "app/local_time.hh"
#include "app/loopback_port.hh"
#include "app/open_catalog.hh"
#include "app/planned_room.hh"
#include "app/room_clock.hh"
#include "app/room_memory.hh"
#include "app/room_reports.hh"
#include "app/room_signs.hh"
#include "app/room_site.hh"
#include "base/boot_clock.hh"
#include "base/file.hh"
#include "base/translate.hh"
#include "catalog/catalog.hh"
#include "isolate/open_files.hh"
#include "isolate/port_in_use.hh"
#include "report/style.hh"
#include "web/server.hh"

namespace zonder::app {
namespace {

void tell(const World& world, const std::string& sentence)
{
  if (!world.quiet) {
    complain(world.err, world.unicode, sentence);
  }
}

/// What ends a room from outside: Ctrl-C, kill, a terminal that is closed. Until it is destroyed
/// they are only told; threads that start after it do not hear them either.
class Interrupts {
public:
  Interrupts()
  {
    sigset_t ours;
    ::sigemptyset(&ours);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      ::sigaddset(&ours, signal);
    }
    ::sigprocmask(SIG_BLOCK, &ours, &before_);
    descriptor_ = Descriptor(::signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK));
  }
  ~Interrupts()
  {
    signalfd_siginfo told{};
    while (::read(descriptor_.get(), &told, sizeof told) > 0) {
    }
    ::sigprocmask(SIG_SETMASK, &before_, nullptr);
  }
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  Interrupts(Interrupts&&) = delete;
  Interrupts& operator=(Interrupts&&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_.get(); }

private:
  sigset_t before_{};
  Descriptor descriptor_;
};

/// What is known of a room before it is open.
model::RoomRecord
record_at_start(const RoomOptions& typed, const PlannedRoom& planned, model::Moment now)
{
  const auto& options = planned.options;
  model::RoomRecord record;
  record.without = typed.selector;
  record.except = typed.except;
  record.selection = planned.selection;
  for (const auto& party : options.absence.parties) {
    record.parties.push_back(party.id);
    record.party_names[party.id] = party.name;
  }
  record.mode = options.mode;
  record.signature = options.signature;
  record.dns = options.dns;
  record.data_date = options.absence.data_date;
  record.facts_date = planned.facts_date;
  record.east_of_utc = east_of_utc(now);
  record.cut = now;
  record.planned = now + planned.lasts;
  record.ended = now;
  record.cold = typed.cold;
  record.tasks = planned.tasks;
  return record;
}

/// Whose all that is that did not fall away, by the catalogue, and what of it all hands out
/// log-ins. Each place is looked up once.
class Owners {
public:
  Owners(const catalog::Catalog& catalog, catalog::Date day) : catalog_(catalog), day_(day) {}

  void tell(std::vector<model::RoomContact>& contacts)
  {
    for (auto& contact : contacts) {
      if (contact.party.empty() && !contact.blocked) {
        contact.party = by_address(contact).party;
      }
      contact.login = by_name(contact.name).service_category == "identity";
    }
  }

private:
  catalog::Answer by_address(const model::RoomContact& contact)
  {
    if (!contact.address) {
      return by_name(contact.name);
    }
    const auto key = contact.address->to_string();
    const auto found = known_.find(key);
    return found != known_.end()
               ? found->second
               : known_.emplace(key, catalog_.who(*contact.address, day_)).first->second;
  }
  catalog::Answer by_name(const std::string& text)
  {
    if (const auto found = known_.find(text); found != known_.end()) {
      return found->second;
    }
    const auto name = net::DomainName::parse(text);
    return known_.emplace(text, name ? catalog_.who(*name, day_) : catalog::Answer()).first->second;
  }

  const catalog::Catalog& catalog_;
  catalog::Date day_;
  std::map<std::string, catalog::Answer> known_;  // by address, or name
};

catalog::PrivateResolvers private_resolvers(const World& world)
{
  const auto path = world.share_folder + "/private-resolvers.yaml";
  const auto text = read_file(path, std::size_t{1} << 20U);
  auto known = text ? catalog::load_private_resolvers(path, *text)
                    : Result<catalog::PrivateResolvers>(fail(text.error()));
  if (!known) {
    tell(world, known.error().message);
    return catalog::PrivateResolvers();
  }
  return std::move(*known);
}

/// What whoever holds the room must hear of at once, each once.
class Disturbances {
public:
  explicit Disturbances(const World& world) : world_(world) {}

  void tell_new(const isolate::OpenHall::Reached& reached)
  {
    for (; lapses_ < reached.lapses.size(); ++lapses_) {
      const auto& lapse = reached.lapses[lapses_];
      tell(world_,
           say("the room was closed from {} on: zonder did not get to renew it; what stopped then "
               "did not stop for want of the absent",
               report::iso_time(lapse.from)));
    }
    for (const auto& giver : reached.givers) {
      if (givers_.insert(giver.who).second) {
        tell(world_,
             say("somebody else gives out addresses in the room, or says that he is its router: "
                 "{}; devices that take them are not in the room",
                 giver.who));
      }
    }
  }

private:
  const World& world_;
  std::size_t lapses_ = 0;
  std::set<std::string> givers_;
};

/// One look at what devices did, onto the pages.
Result<void> look(isolate::OpenHall& hall,
                  RoomSite& site,
                  Owners& owners,
                  const catalog::PrivateResolvers& resolvers,
                  const RoomClock& clock,
                  Disturbances& disturbances)
{
  auto reached = hall.reached();
  if (!reached) {
    return fail(std::move(reached).error());
  }
  owners.tell(reached->contacts);
  disturbances.tell_new(*reached);
  site.show(std::move(*reached));
  for (const auto& sign : signs_in(site.record(), resolvers, clock.now())) {
    site.note_outside(sign.device, sign.how, sign.what, sign.time);
  }
  return {};
}

struct Ending {
  model::RoomEnding how = model::RoomEnding::TimeIsUp;
  std::string why;  // where it failed
};

/// Stays until the room's time is up, somebody stops it, or something that it needs has ended.
Ending stay(isolate::OpenHall& hall,
            RoomSite& site,
            const Interrupts& interrupts,
            BootClock::time_point until,
            const std::function<Result<void>()>& look_around)
{
  for (;;) {
    const auto now = BootClock::now();
    if (now >= until) {
      return {.how = model::RoomEnding::TimeIsUp, .why = {}};
    }
    auto kept = hall.keep_open();
    kept = kept ? look_around() : kept;
    if (!kept) {
      return {.how = model::RoomEnding::Failed, .why = kept.error().message};
    }
    const auto rest = std::min<BootClock::duration>(isolate::OpenHall::rhythm, until - now);
    const auto ended = hall.ended();
    std::array<pollfd, 4> ready = {
        pollfd{.fd = interrupts.descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = site.stop_descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = ended[0], .events = POLLIN, .revents = 0},
        pollfd{.fd = ended[1], .events = POLLIN, .revents = 0}};
    const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(rest).count();
    if (::poll(ready.data(), ready.size(), static_cast<int>(milliseconds)) < 0 && errno != EINTR) {
      return {.how = model::RoomEnding::Failed,
              .why = say("cannot wait: {}", std::strerror(errno))};
    }
    if (site.stop_wanted()) {
      return {.how = model::RoomEnding::Stopped, .why = {}};
    }
    if (ready[0].revents != 0) {
      return {.how = model::RoomEnding::Interrupted, .why = {}};
    }
  }
}

void tell_where(const World& world, const RoomSite& site, const std::string& leader_address)
{
  tell(world,
       say("the leader's page, on this machine only: http://{}{}",
           leader_address,
           site.leader_base()));
  tell(world, say("for a beamer: http://{}{}beamer", leader_address, site.leader_base()));
}

/// Printers and badge readers, which cannot join by themselves.
Result<void> join_by_leader(RoomSite& site, const PlannedRoom& planned)
{
  for (const auto& [device, name] : planned.devices) {
    ZONDER_TRY(site.join(device, name, true));
  }
  return {};
}

void tell_how_it_closed(const World& world, const PlannedRoom& planned, const Result<void>& closed)
{
  if (!closed) {
    complain(world.err,
             world.unicode,
             say("the room is closed, but not all of {} is this machine's again: {}",
                 ports_of(planned),
                 closed.error().message));
    return;
  }
  for (const auto& sentence : words_at_closing(planned)) {
    tell(world, sentence);
  }
}

/// Where somebody who leads looks for them.
std::vector<std::string> absolute(const std::vector<std::string>& paths)
{
  std::vector<std::string> all;
  for (const auto& path : paths) {
    std::error_code unknown;
    const auto whole = std::filesystem::absolute(path, unknown);
    all.push_back(unknown ? path : whole.string());
  }
  return all;
}

/// Rooms that ended without zonder, and whose report nobody made.
void tell_what_was_left(const World& world)
{
  std::error_code unknown;
  for (const auto& each : std::filesystem::directory_iterator(".", unknown)) {
    const auto name = each.path().filename().string();
    if (name.starts_with("zonder-room-") && !finished(name).empty() && left_behind(name)) {
      tell(world,
           say("a room before this one ended without zonder, and left its record in {}; its report "
               "is made with: zonder room --recover {}",
               name,
               finished(name)));
    }
  }
}

/// What people have of the hour when zonder does not live to the end of it.
Result<std::unique_ptr<RoomMemory>>
remember(const World& world, const RoomOptions& typed, const RoomSite& site)
{
  if (typed.reports.empty()) {
    return std::unique_ptr<RoomMemory>();
  }
  return RoomMemory::begin({.path = unfinished(typed.reports.front()),
                            .record = [&site] { return site.record(); },
                            .tell =
                                [&world](const std::string& sentence) {
                                  complain(world.err, world.unicode, sentence);
                                }});
}

void tell_how_to_go_on(const World& world, const RoomOptions& typed, const Result<void>& written)
{
  if (!written) {
    complain(world.err,
             world.unicode,
             say("what was seen is kept in {}; when the report can be written, it is made with: "
                 "zonder room --recover {}",
                 unfinished(typed.reports.front()),
                 typed.reports.front()));
    return;
  }
  tell(world,
       say("now: everybody back on the usual network, with the proxy settings and the VPN as they "
           "were; look whether all works again; read the report together"));
}

Result<int> hold(const World& world, const RoomOptions& typed)
{
  // What was typed, what is still to be asked, and whether to begin.
  ZONDER_TRY(check_room_files(typed));
  ZONDER_TRY(isolate::check_open_files());
  tell_what_was_left(world);
  auto planned = plan_room(world, typed);
  if (!planned) {
    return fail(std::move(planned).error());
  }
  planned->options.progress = [&world](const std::string& sentence) {
    tell(world, sentence);
  };
  const auto catalog = open_catalog(world);
  if (!catalog) {
    return fail(catalog.error());
  }
  ZONDER_TRY(isolate::OpenHall::check(planned->options));
  ZONDER_TRY(isolate::refuse_ports_in_use(all_ports_of(*planned)));
  ZONDER_TRY(try_room_files(typed, record_at_start(typed, *planned, world.now)));
  ZONDER_TRY(agree(world, typed, *planned));

  // The room, and its pages.
  auto leader = LoopbackPort::open(static_cast<std::uint16_t>(typed.page_port));
  if (!leader) {
    return fail(std::move(leader).error());
  }
  const Interrupts interrupts;
  auto hall = isolate::OpenHall::open(planned->options);
  if (!hall) {
    return fail(std::move(hall).error());
  }
  const RoomClock clock;
  const auto until = BootClock::now() + planned->lasts;
  const auto& plan = (*hall)->plan();
  const auto address_url = fmt::format("http://{}/", plan.gateway_v4.to_string());
  const auto page_url = fmt::format("http://{}/", planned->options.page_name);
  auto about = record_at_start(typed, *planned, clock.now());
  about.uplink = (*hall)->uplink();
  about.proof = (*hall)->proof();
  RoomMemory* kept = nullptr;  // set before anybody can come; looked at, not owned
  auto site = RoomSite::make({.hall = hall->get(),
                              .clock = clock,
                              .about = std::move(about),
                              .page_url = page_url,
                              .address_url = address_url,
                              .wifi = typed.wifi,
                              .proxy = (*hall)->proxy(),
                              .reports = absolute(typed.reports),
                              .spoken =
                                  [&kept] {
                                    if (kept != nullptr) {
                                      kept->note();
                                    }
                                  },
                              .unkept =
                                  [&kept] {
                                    return kept == nullptr ? std::string() : kept->trouble();
                                  }});
  if (!site) {
    return fail(std::move(site).error());
  }
  ZONDER_TRY(join_by_leader(**site, *planned));
  auto memory = remember(world, typed, **site);
  if (!memory) {
    return fail(std::move(memory).error());
  }
  kept = memory->get();
  auto pages = web::Server::start(
      (*hall)->take_page(), [&](const web::Request& request) { return (*site)->in_room(request); });
  const auto leader_address = leader->to_string();
  auto leader_pages = web::Server::start(
      leader->take(), [&](const web::Request& request) { return (*site)->of_leader(request); });
  if (!pages || !leader_pages) {
    if (kept != nullptr) {
      kept->forget();  // nobody was in
    }
    return fail(!pages ? pages.error() : leader_pages.error());
  }
  tell(world,
       say("shown before it opened: {} addresses of the absent are dead, {} others answer",
           (*hall)->proof().canaries_failed(),
           (*hall)->proof().controls_passed()));
  tell(world, say("the room is open; people join at {} or {}", page_url, address_url));
  tell_where(world, **site, leader_address);

  // Until it ends; then nobody is in it any more.
  Owners owners(*catalog, planned->day);
  const auto resolvers = private_resolvers(world);
  Disturbances disturbances(world);
  const auto look_around = [&] {
    return look(**hall, **site, owners, resolvers, clock, disturbances);
  };
  const auto ending = stay(**hall, **site, interrupts, until, look_around);
  (void)look_around();
  auto record = (*site)->record();
  record.ended = clock.now();
  record.ending = ending.how;
  record.failed = ending.why;
  (*pages)->stop();
  const auto closed = (*hall)->close();
  tell_how_it_closed(world, *planned, closed);

  // What it told.
  print_room(world, record);
  const auto written = write_room_files(world, typed, record);
  if (kept != nullptr) {
    written ? kept->forget() : kept->stop(record);
    tell_how_to_go_on(world, typed, written);
  }
  (*leader_pages)->stop();
  if (!ending.why.empty()) {
    return fail(Fault::NotPossible, say("the room ended before its time: {}", ending.why));
  }
  return static_cast<int>(written && closed ? Exit::Done : Exit::NotPossible);
}

/// The report of a room that ended without zonder.
Result<int> recover(const World& world, RoomOptions typed)
{
  if (!typed.selector.empty()) {
    return fail(Fault::Usage,
                say("--recover makes the report of a room that was, so it takes no selector; it "
                    "goes with --report and --export only"));
  }
  const auto report = finished(typed.recover).empty() ? typed.recover : finished(typed.recover);
  if (typed.reports.empty()) {
    typed.reports = {report};
  }
  if (::access(unfinished(report).c_str(), F_OK) != 0) {
    return fail(Fault::Usage,
                say("there is no {}: the room ended with its report, or was held in another folder",
                    unfinished(report)));
  }
  auto kept = left_behind(unfinished(report));
  if (!kept) {
    return fail(std::move(kept).error());
  }
  ZONDER_TRY(check_room_files(typed));
  print_room(world, kept->record);
  if (const auto written = write_room_files(world, typed, kept->record); !written) {
    return static_cast<int>(Exit::NotPossible);
  }
  ::unlink(unfinished(report).c_str());
  return static_cast<int>(kept->record.ending == model::RoomEnding::Lost ? Exit::Incomplete
                                                                         : Exit::Done);
}

}  // namespace

int room(const World& world, const RoomOptions& options)
{
  if (!options.recover.empty()) {
    const auto code = recover(world, options);
    return code ? *code : failed_with(world, code.error());
  }
  auto with_report = options;
  if (options.reports.empty() && world.form == Form::Text) {
    with_report.reports = {usual_report(world.now)};
  }
  const auto code = hold(world, with_report);
  return code ? *code : failed_with(world, code.error());
}

}  // namespace zonder::app

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/planned_room.hh"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "app/as_of.hh"
#include "app/complain.hh"
#include "app/open_catalog.hh"
#include "app/question.hh"
#include "base/ascii.hh"
#include "base/duration.hh"
#include "base/file.hh"
#include "base/translate.hh"
#include "isolate/controls.hh"
#include "isolate/port_in_use.hh"
#include "kernel/links.hh"
#include "report/run_grounds.hh"
#include "room/roster.hh"
#include "room/task_file.hh"

namespace zonder::app {
namespace {

constexpr std::chrono::seconds shortest{10};
constexpr std::chrono::hours longest{12};
constexpr const char* ordinary = "60m";
constexpr const char* page_name = "zonder.internal";
constexpr std::size_t largest_task_file = 65536;

tl::unexpected<Error> not_one_of(const char* option, const std::string& typed, const char* known)
{
  return fail(Fault::Usage, say("{} cannot be {}; it is one of: {}", option, typed, known));
}

Result<model::FailureMode> read_mode(const std::string& typed)
{
  using enum model::FailureMode;
  const auto mode = model::parse_failure_mode(typed);
  if (!mode || (*mode != Gone && *mode != Frozen && *mode != Hostile)) {
    return not_one_of("--mode", typed, "gone frozen hostile");
  }
  return *mode;
}

Result<model::Signature> read_like(const std::string& typed)
{
  const auto signature = model::parse_signature(typed.empty() ? "blackhole" : typed);
  if (!signature || model::is_answered(*signature)) {
    return not_one_of(
        "--like", typed, "blackhole refuse unreachable nxdomain servfail lossy slow late");
  }
  return *signature;
}

Result<std::vector<model::RoomTask>> read_task_list(const std::string& path)
{
  if (path.empty()) {
    return room::ordinary_tasks();
  }
  const auto text = read_file(path, largest_task_file + 1);
  return text ? room::read_tasks(path, *text)
              : Result<std::vector<model::RoomTask>>(fail(Fault::Usage, text.error().message));
}

}  // namespace

Result<std::chrono::seconds> read_length(const std::string& typed)
{
  const bool is_number =
      !typed.empty() && typed.find_first_not_of("0123456789") == std::string::npos;
  const auto lasts = parse_duration(is_number ? typed + "m" : typed);
  if (!lasts) {
    return fail(
        Fault::Usage,
        say("{} is no length of time: write it like 60 (minutes), 90m, 2h or 1h30m", typed));
  }
  if (*lasts < shortest || *lasts > longest) {
    return fail(Fault::Usage, say("a room lasts between 10 seconds and 12 hours, not {}", typed));
  }
  return *lasts;
}

std::string Offer::to_string() const
{
  return !is_on ? say("{} (off)", port) : !has_cable ? say("{} (no cable in it)", port) : port;
}

std::vector<Offer> best_first(std::vector<Offer> offers)
{
  std::ranges::stable_partition(offers, [](const Offer& each) { return each.has_cable; });
  return offers;
}

std::string why_no_port(const std::vector<std::string>& reasons)
{
  std::string all;
  for (const auto& reason : reasons) {
    all += (all.empty() ? "" : "; ") + reason;
  }
  return all.empty()
             ? say("this machine has no network port at all for a room: plug in a USB adapter, or "
                   "use --wifi NAME; a port that another room has taken is not here until that "
                   "room ends")
             : say("no network port of this machine is free for a room ({}): plug in a second one "
                   "(a USB adapter will do), or use --wifi NAME; a port that another room has "
                   "taken "
                   "is not here until that room ends",
                   all);
}

namespace {

struct Ports {
  std::vector<Offer> free;
  std::vector<std::string> in_use;  // why, in sentences
};

/// Network ports of this machine that a cable goes into.
Result<Ports> list_ports()
{
  auto machine = kernel::Links::open();
  const auto links =
      machine ? machine->list_links() : Result<std::vector<kernel::Link>>(fail(machine.error()));
  if (!links) {
    return fail(links.error());
  }
  Ports ports;
  for (const auto& link : *links) {
    if (link.loopback || (!link.kind.empty() && link.kind != "veth")) {
      continue;
    }
    if (const auto free = isolate::refuse_port_in_use(*machine, link, *links); free) {
      ports.free.push_back({.port = link.name, .is_on = link.up, .has_cable = link.carrier});
    } else {
      ports.in_use.push_back(free.error().message);
    }
  }
  ports.free = best_first(std::move(ports.free));
  return ports;
}

std::string joined(const std::vector<Offer>& offers)
{
  std::string all;
  for (const auto& each : offers) {
    all += (all.empty() ? "" : ", ") + each.to_string();
  }
  return all;
}

/// Those of the ports that are bridges.
Result<std::set<std::string>> bridges_in(const std::vector<std::string>& ports)
{
  auto machine = kernel::Links::open();
  const auto links =
      machine ? machine->list_links() : Result<std::vector<kernel::Link>>(fail(machine.error()));
  if (!links) {
    return fail(links.error());
  }
  std::set<std::string> bridges;
  for (const auto& link : *links) {
    if (link.kind == "bridge" && std::ranges::find(ports, link.name) != ports.end()) {
      bridges.insert(link.name);
    }
  }
  return bridges;
}

std::string joined(const std::vector<std::string>& words)
{
  std::string all;
  for (const auto& word : words) {
    all += (all.empty() ? "" : " ") + word;
  }
  return all;
}

/// "eth1 wlan0": what leaves this machine.
std::string taken_ports(const PlannedRoom& planned)
{
  std::vector<std::string> taken;
  for (const auto& port : planned.options.ports) {
    if (!planned.bridges.contains(port)) {
      taken.push_back(port);
    }
  }
  if (planned.options.access_point) {
    taken.push_back(planned.options.access_point->link);
  }
  return joined(taken);
}

/// The access point, where one is wanted: its card is the only one, if nobody said which.
Result<std::optional<isolate::AccessPoint>> read_wifi(const RoomOptions& typed)
{
  if (typed.wifi.empty()) {
    return typed.wifi_on.empty() && typed.wifi_password.empty()
               ? Result<std::optional<isolate::AccessPoint>>(std::nullopt)
               : fail(Fault::Usage,
                      say("--wifi-on and --wifi-password belong to --wifi NAME, which is missing"));
  }
  isolate::AccessPoint wanted{
      .name = typed.wifi, .password = {}, .link = typed.wifi_on, .radio = {}};
  if (!typed.wifi_password.empty()) {
    const auto text = read_file(typed.wifi_password, 256);
    if (!text) {
      return fail(Fault::Usage, text.error().message);
    }
    wanted.password = text->substr(0, text->find('\n'));
  }
  ZONDER_TRY(isolate::check_access_point(wanted));
  if (wanted.link.empty()) {
    const auto cards = isolate::wireless_links();
    if (cards.size() != 1) {
      return fail(cards.empty() ? Fault::NotPossible : Fault::Usage,
                  cards.empty()
                      ? say("this machine has no wireless card, so no room by Wi-Fi")
                      : say("which wireless card? Say it with --wifi-on: {}", joined(cards)));
    }
    wanted.link = cards.front();
  }
  const auto radio = isolate::radio_of(wanted.link);
  if (!radio) {
    return fail(radio.error());
  }
  wanted.radio = *radio;
  return wanted;
}

/// Which port becomes the room, where nobody said it.
Result<std::vector<std::string>> ask_for_port(const World& world)
{
  const auto ports = list_ports();
  if (!ports) {
    return fail(ports.error());
  }
  const auto& free = ports->free;
  if (free.empty()) {
    return fail(Fault::NotPossible, why_no_port(ports->in_use));
  }
  if (!can_ask(world)) {
    return fail(
        Fault::Usage,
        say("which network port becomes the room? Say it with --on; free are: {}", joined(free)));
  }
  std::string port;
  ZONDER_TRY(ask_until_good(
      [&] {
        return ask(world,
                   say("Which network port becomes the room? Free are: {}. [{}]",
                       joined(free),
                       free.front().port));
      },
      [&](const std::string& answer) {
        port = answer.empty() ? free.front().port : answer;
        return isolate::refuse_ports_in_use({port});
      },
      [&](const std::string& why) { complain(world.err, world.unicode, why); },
      say("no port was named")));
  return std::vector{port};
}

Result<std::chrono::seconds> length_or_question(const World& world, const RoomOptions& typed)
{
  if (!typed.lasts.empty() || typed.yes || !can_ask(world)) {
    return read_length(typed.lasts.empty() ? ordinary : typed.lasts);
  }
  std::chrono::seconds lasts{};
  ZONDER_TRY(
      ask_until_good([&] { return ask(world, say("How long at most? [{}]", ordinary)); },
                     [&](const std::string& answer) -> Result<void> {
                       const auto read = read_length(answer.empty() ? ordinary : answer);
                       if (!read) {
                         return fail(read.error());
                       }
                       lasts = *read;
                       return {};
                     },
                     [&](const std::string& why) { complain(world.err, world.unicode, why); },
                     say("no time was named")));
  return lasts;
}

Result<void> read_devices(const RoomOptions& typed, PlannedRoom& planned)
{
  std::set<net::MacAddress> known;
  for (const auto& each : typed.devices) {
    auto device = read_device(each);
    if (!device) {
      return fail(std::move(device).error());
    }
    if (!known.insert(device->first).second) {
      return fail(Fault::Usage, say("--device names {} twice", device->first.to_string()));
    }
    planned.devices.push_back(std::move(*device));
  }
  return {};
}

Result<void> read_options(const RoomOptions& typed, PlannedRoom& planned)
{
  const auto mode = read_mode(typed.mode);
  const auto signature = read_like(typed.like);
  if (!mode || !signature) {
    return fail(!mode ? mode.error() : signature.error());
  }
  const auto uplink = isolate::parse_uplink(typed.uplink);
  if (!uplink) {
    return not_one_of("--uplink", typed.uplink, "auto slirp4netns pasta veth");
  }
  if (typed.dns != "forward" && typed.dns != "honest") {
    return not_one_of("--dns", typed.dns, "forward honest");
  }
  for (const auto& control : typed.controls) {
    ZONDER_TRY(isolate::check_control(control));
  }
  if (typed.page_port < 0 || typed.page_port > 65535) {
    return fail(Fault::Usage, say("--port wants a port between 0 and 65535"));
  }
  auto& options = planned.options;
  options.mode = *mode;
  options.signature = *signature;
  options.uplink.wanted = *uplink;
  options.dns = typed.dns == "honest" ? model::DnsMode::Honest : model::DnsMode::Forward;
  options.controls = typed.controls;
  options.unproved = typed.unproved;
  options.page_name = page_name;
  return {};
}

Result<void> choose_absent(const World& world, const RoomOptions& typed, PlannedRoom& planned)
{
  const auto catalog = open_catalog(world);
  if (!catalog) {
    return fail(catalog.error());
  }
  planned.day = day_of(world.now);
  auto selection =
      catalog->select(typed.selector, typed.except, planned.day, planned.day, planned.options.mode);
  if (!selection) {
    return fail(std::move(selection).error());
  }
  planned.facts_date = catalog->about().facts_date;
  planned.selection = {selection->summary};
  planned.selection.insert(
      planned.selection.end(), selection->notes.begin(), selection->notes.end());
  planned.options.absence = std::move(selection->absence);
  return {};
}

}  // namespace

Result<std::pair<net::MacAddress, std::string>> read_device(const std::string& typed)
{
  const auto equals = typed.find('=');
  const auto address = net::MacAddress::try_parse(typed.substr(0, equals));
  if (equals == std::string::npos || !address) {
    return fail(Fault::Usage,
                say("--device is an address and a name, for example 00:11:22:33:44:55=printer; "
                    "not {}",
                    typed));
  }
  auto name = room::device_name(typed.substr(equals + 1));
  if (!name) {
    return fail(std::move(name).error());
  }
  return std::pair{*address, std::move(*name)};
}

std::vector<std::string> all_ports_of(const PlannedRoom& planned)
{
  auto all = planned.options.ports;
  if (planned.options.access_point) {
    all.push_back(planned.options.access_point->link);
  }
  return all;
}

std::string ports_of(const PlannedRoom& planned)
{
  return joined(all_ports_of(planned));
}

std::vector<std::string> words_on_ports(const PlannedRoom& planned)
{
  const auto count =
      static_cast<unsigned long>(std::chrono::ceil<std::chrono::minutes>(planned.lasts).count());
  const auto minutes = fmt::format(fmt::runtime(ntr("{} minute", "{} minutes", count)), count);
  std::vector<std::string> words;
  for (const auto& bridge : planned.bridges) {
    words.push_back(
        say("{} stays, and gets one more port, which is the room, until its time is up ({}), "
            "somebody stops it, or zonder ends; then that port is gone",
            bridge,
            minutes));
  }
  if (const auto taken = taken_ports(planned); !taken.empty()) {
    words.push_back(
        say("{} leaves this machine and becomes the room, until its time is up ({}), "
            "somebody stops it, or zonder ends; then it comes back, and who stayed has no network",
            taken,
            minutes));
  }
  return words;
}

std::vector<std::string> words_at_closing(const PlannedRoom& planned)
{
  std::vector<std::string> words;
  for (const auto& bridge : planned.bridges) {
    words.push_back(say("the room is closed; {} is without its port again", bridge));
  }
  if (const auto taken = taken_ports(planned); !taken.empty()) {
    words.push_back(say("the room is closed; {} is this machine's again", taken));
  }
  return words;
}

Result<void> check_named_once(const std::vector<std::string>& ports, const std::string& wifi_card)
{
  std::set<std::string> known;
  for (const auto& port : ports) {
    if (!known.insert(port).second) {
      return fail(Fault::Usage, say("--on names {} twice", port));
    }
  }
  return !known.contains(wifi_card)
             ? Result<void>()
             : fail(Fault::Usage,
                    say("{} cannot be both a port (--on) and the card for Wi-Fi", wifi_card));
}

Result<PlannedRoom> plan_room(const World& world, const RoomOptions& typed)
{
  PlannedRoom planned;
  ZONDER_TRY(check_named_once(typed.ports, {}));
  ZONDER_TRY(read_options(typed, planned));
  ZONDER_TRY(read_devices(typed, planned));
  auto tasks = read_task_list(typed.tasks);
  if (!tasks) {
    return fail(std::move(tasks).error());
  }
  planned.tasks = std::move(*tasks);
  ZONDER_TRY(choose_absent(world, typed, planned));
  auto wifi = read_wifi(typed);
  if (!wifi) {
    return fail(std::move(wifi).error());
  }
  planned.options.access_point = std::move(*wifi);
  const bool ask_port = typed.ports.empty() && !planned.options.access_point;
  auto ports = ask_port ? ask_for_port(world) : Result<std::vector<std::string>>(typed.ports);
  if (!ports) {
    return fail(std::move(ports).error());
  }
  ZONDER_TRY(isolate::refuse_ports_in_use(*ports));  // told before anything else is asked
  planned.options.ports = std::move(*ports);
  if (const auto& wifi_card = planned.options.access_point) {
    ZONDER_TRY(check_named_once(planned.options.ports, wifi_card->link));
  }
  auto bridges = bridges_in(planned.options.ports);
  if (!bridges) {
    return fail(std::move(bridges).error());
  }
  planned.bridges = std::move(*bridges);
  const auto lasts = length_or_question(world, typed);
  if (!lasts) {
    return fail(lasts.error());
  }
  planned.lasts = *lasts;
  return planned;
}

std::optional<bool> read_yes_or_no(const std::string& answer)
{
  const auto word = ascii_lower(answer);
  if (word == "y" || word == "yes" || word == "j" || word == "ja") {
    return true;
  }
  return word.empty() || word == "n" || word == "no" || word == "nee" ? std::optional(false)
                                                                      : std::nullopt;
}

Result<void> agree(const World& world, const RoomOptions& typed, const PlannedRoom& planned)
{
  const auto tell = [&](const std::string& sentence) {
    if (!world.quiet) {
      complain(world.err, world.unicode, sentence);
    }
  };
  for (const auto& sentence : planned.selection) {
    tell(sentence);
  }
  tell(report::data_sentence(planned.options.absence.data_date, {.now = world.now}));
  for (const auto& sentence : words_on_ports(planned)) {
    tell(sentence);
  }
  tell(say("nothing else changes here: no route, no rule of the packet filter, no setting; devices "
           "in the room reach what this machine reaches, without {}",
           typed.selector));
  if (typed.yes || !can_ask(world)) {
    return {};
  }
  bool yes = false;
  ZONDER_TRY(ask_until_good([&] { return ask(world, say("Begin? [y/N]")); },
                            [&](const std::string& answer) -> Result<void> {
                              const auto known = read_yes_or_no(answer);
                              yes = known.value_or(false);
                              return known ? Result<void>()
                                           : fail(Fault::Usage,
                                                  say("y is yes, n is no; {} is neither", answer));
                            },
                            tell,
                            say("not begun; nothing was changed")));
  return yes ? Result<void>() : fail(Fault::Usage, say("not begun; nothing was changed"));
}

}  // namespace zonder::app

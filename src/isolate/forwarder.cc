// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/forwarder.hh"

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <set>
#include <thread>

#include "base/boot_clock.hh"
#include "base/guarded.hh"
#include "base/translate.hh"
#include "base/without_signals.hh"
#include "isolate/event_loop.hh"
#include "isolate/name_policy.hh"
#include "isolate/resolvers.hh"
#include "isolate/room_clients.hh"
#include "net/special_use.hh"
#include "wire/dns/answer.hh"

namespace zonder::isolate {
namespace {

namespace dns = wire::dns;
using Kind = Ruling::Kind;
using Client = RoomClients::Client;

// Short, so that a program that keeps what it heard is soon out of date by itself.
constexpr std::uint32_t stand_in_ttl = 5;
// How much longer than the question itself its asker in another thread waits.
constexpr std::chrono::seconds margin{2};
// Whoever waits for a control before anything starts does not wait for the last name server.
constexpr std::chrono::milliseconds longest_control{20000};

/// The addresses that an answer tells, hints of HTTPS and SVCB too.
std::vector<net::Address> addresses_in(const dns::Response& response)
{
  std::vector<net::Address> all;
  for (const auto& record : response.records) {
    if (record.section == dns::Section::Answer) {
      all.insert(all.end(), record.addresses.begin(), record.addresses.end());
    }
  }
  return all;
}

/// Of the world outside, not of an organisation's own network.
bool has_public_address(const dns::Response& response)
{
  const auto all = addresses_in(response);
  return std::any_of(
      all.begin(), all.end(), [](const auto& each) { return !net::special_use(each); });
}

/// That there is none, or that such names are not looked up there, is an answer; a failure is none.
bool is_answer(const dns::Response& response)
{
  const auto code = response.rcode;
  return code == static_cast<std::uint16_t>(dns::Rcode::NoError) ||
         code == static_cast<std::uint16_t>(dns::Rcode::NxDomain) ||
         code == static_cast<std::uint16_t>(dns::Rcode::Refused);
}

dns::Rcode rcode_of(Kind kind)
{
  switch (kind) {
  case Kind::NxDomain:
    return dns::Rcode::NxDomain;
  case Kind::NoData:
    return dns::Rcode::NoError;
  case Kind::ServFail:
  case Kind::Ask:
  case Kind::Pass:
  case Kind::PassWithoutAdditional:
  case Kind::StandIn:
    return dns::Rcode::ServFail;
  }
  return dns::Rcode::ServFail;
}

std::string list_of(const std::vector<Upstream>& upstream)
{
  std::string text;
  for (const auto& each : upstream) {
    text += (text.empty() ? "" : ", ") + each.address.to_string();
  }
  return text;
}

}  // namespace

/// Lives in the forwarder's thread, but for what is said to be for any.
struct Forwarder::State {
  State(Options given, EventLoop opened)
      : options(std::move(given)), policy(*options.absence, options.signature),
        armed(options.armed), ledger(NameLedger(options.names_kept)), loop(std::move(opened)),
        resolvers(loop,
                  {.upstream = options.upstream,
                   .next_try_after = options.next_try_after,
                   .give_up_after = options.give_up_after,
                   .socket = options.socket}),
        chains(resolvers, *options.absence, options.families),
        clients(loop, [this](const Client& client, std::span<const std::uint8_t> bytes) {
          return on_message(client, bytes);
        })
  {
  }

  struct Asker {
    Client client;
    dns::Bytes bytes;  // the query as it came
    dns::Query query;
    std::optional<std::size_t> program;
  };

  bool on_message(const Client& client, std::span<const std::uint8_t> bytes);
  void on_query(const Asker& asker);
  [[nodiscard]] bool answer_pinned(const Asker& asker);
  void look_up(const std::string& name, const std::function<void(const Found&)>& done);
  void hear(const dns::Response& response);
  void ask(const Asker& asker);
  void on_reply(const Asker& asker, const std::optional<Resolvers::Reply>& reply);
  void give(const Asker& asker, const Ruling& ruling);
  void pass(const Asker& asker, const Ruling& ruling, const Resolvers::Reply& reply);
  void stand_in(const Asker& asker, const Ruling& ruling);
  void send(const Asker& asker, const Result<dns::Bytes>& answer);
  void note(const Asker& asker,
            const Ruling& ruling,
            std::vector<net::Address> answers,
            bool untold = false);
  /// Whether names of the absent fail, or lead elsewhere; where the parties are only hindered, none
  /// does.
  [[nodiscard]] bool decides() const { return armed && !model::hinders_only(options.signature); }
  [[nodiscard]] std::optional<std::size_t>
  party_that_is_hindered(const dns::Question& question, const Resolvers::Reply& reply) const
  {
    return armed ? policy.party_on_the_way(question, reply.response) : std::nullopt;
  }
  void settle(EventLoop::Clock::time_point until, const std::shared_ptr<std::promise<void>>& done);
  [[nodiscard]] bool honest() const { return static_cast<bool>(options.socket); }
  void look_at(const dns::Question& question, const std::optional<Resolvers::Reply>& reply);
  [[nodiscard]] std::vector<model::FailedName> failed_so_far() const;
  Result<dns::Bytes> in_the_open(const dns::Bytes& answer);
  /// Of the name itself, when nobody said where it leads.
  [[nodiscard]] std::optional<std::size_t> party_of_name(const Asker& asker) const
  {
    return decides() ? policy.before(asker.query.question).party : std::nullopt;
  }
  [[nodiscard]] std::vector<bool> usable() const;
  [[nodiscard]] std::optional<std::size_t> party_of_dead_resolvers() const;
  Result<dns::Response> ask_from_outside(const std::string& name, std::uint16_t type);

  // For any thread.
  const Options options;
  const NamePolicy policy;
  std::atomic<bool> armed;
  std::atomic<bool> stopped = false;
  std::atomic<bool> heard_of_outside = false;  // see answers_names()
  Guarded<NameLedger> ledger;
  Guarded<Counters> counters;
  Guarded<std::map<std::string, std::vector<net::Address>>> pins;  // by name
  EventLoop loop;

  Resolvers resolvers;
  NameChains chains;
  RoomClients clients;
  std::set<std::pair<std::string, std::uint16_t>> failed;  // names and types, in honest mode
  std::map<std::string, Asker> outstanding;                // those that wait
  bool settled = false;                                    // what is still outstanding was noted
  std::thread thread;
};

bool Forwarder::State::on_message(const Client& client, std::span<const std::uint8_t> bytes)
{
  const auto query = dns::parse_query(bytes);
  if (!query) {
    ++counters.lock()->odd_questions;
    return false;
  }
  ++counters.lock()->questions;
  // Now, while the asker's socket is certainly there.
  const auto program = options.asker ? options.asker({.at = client.at, .over_tcp = client.over_tcp})
                                     : std::optional<std::size_t>();
  on_query({client, {bytes.begin(), bytes.end()}, *query, program});
  return true;
}

void Forwarder::State::on_query(const Asker& asker)
{
  if (asker.query.opcode != 0) {
    ++counters.lock()->odd_questions;
    send(asker, dns::answer_empty(asker.bytes, dns::Rcode::NotImp));
    return;
  }
  const auto way_around = NamePolicy::on_way_around(asker.query.question);
  const auto ruling =
      way_around ? *way_around
                 : (decides() ? policy.before(asker.query.question) : Ruling{Kind::Ask, {}});
  if (ruling.kind == Kind::Ask) {
    if (!answer_pinned(asker)) {
      ask(asker);
    }
  } else {
    give(asker, ruling);
  }
}

void Forwarder::State::settle(EventLoop::Clock::time_point until,
                              const std::shared_ptr<std::promise<void>>& done)
{
  constexpr std::chrono::milliseconds look_again{5};
  if ((clients.has_unread() || !outstanding.empty()) && EventLoop::Clock::now() < until) {
    loop.after(look_again, [this, until, done] { settle(until, done); });
    return;
  }
  for (const auto& [key, asker] : outstanding) {
    note(asker, {Kind::ServFail, party_of_name(asker)}, {}, armed);
  }
  counters.lock()->unanswered += outstanding.size();
  settled = true;
  done->set_value();
}

/// False: nobody said where the name leads.
bool Forwarder::State::answer_pinned(const Asker& asker)
{
  const auto& question = asker.query.question;
  std::vector<net::Address> addresses;
  {
    const auto held = pins.lock();
    const auto found = held->find(question.name);
    if (found == held->end() || party_of_name(asker)) {
      return false;
    }
    addresses = found->second;
  }
  if (addresses.empty()) {
    give(asker, {Kind::NxDomain, std::nullopt});
    return true;
  }
  const auto family = question.type == dns::type::aaaa ? net::Family::V6 : net::Family::V4;
  const auto first = std::find_if(addresses.begin(), addresses.end(), [&](const auto& each) {
    return each.family() == family;
  });
  const bool wants_address = question.type == dns::type::a || question.type == dns::type::aaaa;
  if (!wants_address || first == addresses.end()) {
    give(asker, {Kind::NoData, std::nullopt});
    return true;
  }
  note(asker, {Kind::Pass, std::nullopt}, {*first});
  send(asker, dns::answer_address(asker.bytes, *first, stand_in_ttl));
  return true;
}

void Forwarder::State::look_up(const std::string& name,
                               const std::function<void(const Found&)>& done)
{
  const auto found = std::make_shared<Found>();
  const auto left = std::make_shared<int>(2);
  found->complete = true;
  for (const auto type : {dns::type::a, dns::type::aaaa}) {
    const dns::Question question{name, type, dns::class_in};
    const auto on_reply = [=, this](const std::optional<Resolvers::Reply>& reply) {
      found->complete = found->complete && reply && is_answer(reply->response);
      if (reply) {
        hear(reply->response);
        const auto more = addresses_in(reply->response);
        found->addresses.insert(found->addresses.end(), more.begin(), more.end());
        const auto party = policy.after(question, reply->response).party;
        found->party = party ? party : found->party;
      }
      if (--*left == 0) {
        done(*found);
      }
    };
    auto query = dns::build_query(0, name, type);
    if (!query || party_of_dead_resolvers() ||
        !resolvers.ask(std::move(*query), question, usable(), on_reply)) {
      on_reply(std::nullopt);
    }
  }
}

void Forwarder::State::hear(const dns::Response& response)
{
  if (!heard_of_outside && has_public_address(response)) {
    heard_of_outside = true;
  }
}

void Forwarder::State::ask(const Asker& asker)
{
  if (const auto party = party_of_dead_resolvers()) {
    note(asker, {Kind::ServFail, party}, {});
    if (options.signature != model::Signature::Blackhole) {
      send(asker, dns::answer_empty(asker.bytes, dns::Rcode::ServFail));
    }
    return;
  }
  const auto key = asker.client.key() + '/' + std::to_string(asker.query.id) + '/' +
                   std::to_string(asker.query.question.type) + '/' + asker.query.question.name;
  // The asker has lost patience and asks again: it hears the answer to the first one.
  if (!outstanding.emplace(key, asker).second) {
    return;
  }
  const bool taken =
      resolvers.ask(asker.bytes,
                    asker.query.question,
                    usable(),
                    [this, asker, key](const std::optional<Resolvers::Reply>& reply) {
                      outstanding.erase(key);
                      if (!settled) {
                        on_reply(asker, reply);
                      }
                    });
  if (!taken) {
    outstanding.erase(key);
    ++counters.lock()->turned_away;
    give(asker, {Kind::ServFail, party_of_name(asker)});
  }
}

void Forwarder::State::on_reply(const Asker& asker, const std::optional<Resolvers::Reply>& reply)
{
  const auto& question = asker.query.question;
  counters.lock()->ignored_answers = resolvers.ignored();
  if (honest()) {
    look_at(question, reply);
  }
  if (!reply) {
    ++counters.lock()->unanswered;
    give(asker, {Kind::ServFail, party_of_name(asker)});
    return;
  }
  hear(reply->response);
  const auto ruling = decides() ? policy.after(question, reply->response)
                                : Ruling{Kind::Pass, party_that_is_hindered(question, *reply)};
  switch (ruling.kind) {
  case Kind::Pass:
  case Kind::PassWithoutAdditional:
    pass(asker, ruling, *reply);
    return;
  case Kind::StandIn:
    stand_in(asker, ruling);
    return;
  case Kind::Ask:
  case Kind::NxDomain:
  case Kind::ServFail:
  case Kind::NoData:
    give(asker, ruling);
    return;
  }
}

void Forwarder::State::give(const Asker& asker, const Ruling& ruling)
{
  note(asker, ruling, {}, armed && ruling.kind == Kind::ServFail);
  send(asker, dns::answer_empty(asker.bytes, rcode_of(ruling.kind)));
}

void Forwarder::State::pass(const Asker& asker, const Ruling& ruling, const Resolvers::Reply& reply)
{
  note(asker, ruling, addresses_in(reply.response), armed && !is_answer(reply.response));
  auto answer = ruling.kind == Kind::Pass ? Result<dns::Bytes>(reply.bytes)
                                          : dns::without_additional(reply.bytes);
  send(asker, options.show_names && answer ? in_the_open(*answer) : std::move(answer));
}

/// Why names fail is looked for at once, while the resolver knows it.
void Forwarder::State::look_at(const dns::Question& question,
                               const std::optional<Resolvers::Reply>& reply)
{
  if (stopped) {
    return;
  }
  const bool answered =
      reply && reply->response.rcode != static_cast<std::uint16_t>(dns::Rcode::ServFail);
  if (answered) {
    failed.erase({question.name, question.type});
  } else if (failed.size() < NameChains::most_names) {
    failed.emplace(question.name, question.type);
    chains.look(question.name);
  }
}

std::vector<model::FailedName> Forwarder::State::failed_so_far() const
{
  auto all = chains.found();
  const auto only_unfinished = [this](const model::FailedName& each) {
    const auto mine = failed.lower_bound({each.name, 0});
    return each.chain.empty() && (mine == failed.end() || mine->first != each.name);
  };
  all.erase(std::remove_if(all.begin(), all.end(), only_unfinished), all.end());
  return all;
}

/// Without what would let a program hide the name of the server that it talks to.
Result<dns::Bytes> Forwarder::State::in_the_open(const dns::Bytes& answer)
{
  auto shorter = dns::without_ech(answer);
  if (!shorter) {
    return fail(shorter.error());
  }
  counters.lock()->ech_removed += shorter->removed;
  return std::move(shorter->bytes);
}

void Forwarder::State::stand_in(const Asker& asker, const Ruling& ruling)
{
  const auto family = asker.query.question.type == dns::type::a ? net::Family::V4 : net::Family::V6;
  const auto address =
      ledger.lock()->synthetic(asker.query.question.name, family, ruling.party.value_or(0));
  if (!address) {
    give(asker, {Kind::ServFail, ruling.party});
    return;
  }
  note(asker, ruling, {*address});
  send(asker, dns::answer_address(asker.bytes, *address, stand_in_ttl));
}

void Forwarder::State::send(const Asker& asker, const Result<dns::Bytes>& answer)
{
  if (!answer) {
    return;
  }
  if (!asker.client.over_tcp && answer->size() > asker.query.udp_size) {
    if (const auto truncated = dns::answer_truncated(asker.bytes)) {
      clients.answer(asker.client, *truncated);
    }
    return;
  }
  clients.answer(asker.client, *answer);
}

void Forwarder::State::note(const Asker& asker,
                            const Ruling& ruling,
                            std::vector<net::Address> answers,
                            bool untold)
{
  ledger.lock()->note({.name = asker.query.question.name,
                       .type = asker.query.question.type,
                       .verdict = ruling.party ? model::Verdict::Blocked : model::Verdict::Passed,
                       .party = ruling.party,
                       .answers = std::move(answers),
                       .program = asker.program,
                       .failed = untold && !ruling.party},
                      time_of_day());
  const bool fails = ruling.kind == Kind::NxDomain || ruling.kind == Kind::ServFail;
  if (fails && ruling.party && options.on_failed_name) {
    options.on_failed_name(*ruling.party, asker.query.question.name, asker.program);
  }
}

/// A resolver that is itself at an absent party is gone with it.
std::vector<bool> Forwarder::State::usable() const
{
  std::vector<bool> each;
  for (const auto& upstream : options.upstream) {
    each.push_back(!decides() || !options.absence->party_of(upstream.address));
  }
  return each;
}

std::optional<std::size_t> Forwarder::State::party_of_dead_resolvers() const
{
  const auto alive = usable();
  if (std::find(alive.begin(), alive.end(), true) != alive.end()) {
    return std::nullopt;
  }
  return options.absence->party_of(options.upstream.front().address);
}

Result<dns::Response> Forwarder::State::ask_from_outside(const std::string& name,
                                                         std::uint16_t type)
{
  if (const auto party = party_of_dead_resolvers()) {
    return fail(Fault::NotPossible,
                say("your resolver {} is itself at {}, which falls away: no name can be looked up "
                    "in the room (name another one in /etc/resolv.conf)",
                    list_of(options.upstream),
                    options.absence->parties[*party].name));
  }
  auto query = dns::build_query(0, name, type);
  if (!query) {
    return fail(query.error());
  }
  using Reply = std::optional<Resolvers::Reply>;
  const auto promise = std::make_shared<std::promise<Reply>>();
  auto answer = promise->get_future();
  loop.post([this, promise, name, type, bytes = std::move(*query)] {
    const bool taken =
        resolvers.ask(bytes, {name, type, dns::class_in}, usable(), [promise](Reply reply) {
          promise->set_value(std::move(reply));
        });
    if (!taken) {
      promise->set_value(std::nullopt);
    }
  });
  const bool ready =
      !stopped && answer.wait_for(std::min(options.give_up_after + margin, longest_control)) ==
                      std::future_status::ready;
  auto reply = ready ? answer.get() : std::nullopt;
  if (!reply && honest()) {
    return fail(
        Fault::NotPossible,
        say("unbound got no answer from the name servers (--dns honest needs a network that "
            "lets questions out to port 53 everywhere)"));
  }
  if (!reply) {
    return fail(Fault::NotPossible,
                say("none of your resolvers answered: {} (is this machine online?)",
                    list_of(options.upstream)));
  }
  hear(reply->response);
  return std::move(reply->response);
}

Result<std::unique_ptr<Forwarder>>
Forwarder::start(Options options, std::vector<Descriptor> udp, std::vector<Descriptor> tcp)
{
  if (options.upstream.empty()) {
    return fail(Fault::NotPossible, say("there is no resolver to pass questions on to"));
  }
  auto loop = EventLoop::open();
  if (!loop) {
    return fail(loop.error());
  }
  auto state = std::make_unique<State>(std::move(options), std::move(*loop));
  for (auto& socket : udp) {
    ZONDER_TRY(state->clients.add_udp(std::move(socket)));
  }
  for (auto& socket : tcp) {
    ZONDER_TRY(state->clients.add_tcp(std::move(socket)));
  }
  const WithoutSignals masked;
  auto* running = state.get();
  state->thread = std::thread([running] {
    running->loop.run();
    running->resolvers.abandon();
  });
  return std::unique_ptr<Forwarder>(new Forwarder(std::move(state)));
}

Forwarder::Forwarder(std::unique_ptr<State> state) : state_(std::move(state)) {}

Forwarder::~Forwarder()
{
  stop();
}

void Forwarder::stop()
{
  if (!state_->stopped.exchange(true)) {
    state_->loop.stop();
    state_->thread.join();
    state_->clients.close_all();
  }
}

void Forwarder::settle(std::chrono::milliseconds limit)
{
  const auto done = std::make_shared<std::promise<void>>();
  const auto until = EventLoop::Clock::now() + limit;
  state_->loop.post([this, until, done] { state_->settle(until, done); });
  if (!state_->stopped) {
    done->get_future().wait_for(limit + margin);
  }
}

void Forwarder::arm()
{
  state_->armed = true;
}

std::vector<Question> Forwarder::questions() const
{
  return state_->ledger.lock()->questions();
}

Forwarder::Counters Forwarder::counters() const
{
  auto counters = *state_->counters.lock();
  counters.questions_not_kept = state_->ledger.lock()->not_kept();
  counters.not_heard = state_->clients.not_heard();
  return counters;
}

std::optional<std::string> Forwarder::name_of(net::Address address) const
{
  return state_->ledger.lock()->name_of(address);
}

std::optional<std::size_t> Forwarder::party_of(net::Address synthetic) const
{
  return state_->ledger.lock()->party_of(synthetic);
}

std::vector<model::FailedName> Forwarder::failed_names(std::chrono::milliseconds limit)
{
  using Names = std::vector<model::FailedName>;
  const auto tell = [this](const std::shared_ptr<std::promise<Names>>& promise) {
    promise->set_value(state_->failed_so_far());
  };
  auto promise = std::make_shared<std::promise<Names>>();
  auto found = promise->get_future();
  state_->loop.post([this, promise, tell] {
    for (const auto& [key, asker] : state_->outstanding) {
      state_->chains.look(asker.query.question.name);
    }
    state_->chains.when_idle([promise, tell] { tell(promise); });
  });
  if (!state_->stopped && found.wait_for(limit) == std::future_status::ready) {
    return found.get();
  }
  // What there is by now.
  promise = std::make_shared<std::promise<Names>>();
  found = promise->get_future();
  state_->loop.post([promise, tell] { tell(promise); });
  return !state_->stopped && found.wait_for(limit) == std::future_status::ready ? found.get()
                                                                                : Names();
}

Result<std::vector<net::Address>> Forwarder::resolve(const net::DomainName& name)
{
  std::vector<net::Address> all;
  for (const auto type : {dns::type::a, dns::type::aaaa}) {
    const auto response = state_->ask_from_outside(name.text(), type);
    if (!response) {
      return fail(response.error());
    }
    if (response->rcode == static_cast<std::uint16_t>(dns::Rcode::NxDomain)) {
      return fail(Fault::Usage, say("{} does not exist, says your resolver", name.text()));
    }
    if (response->rcode != 0) {
      const auto code = dns::rcode_name(response->rcode);
      return fail(Fault::NotPossible,
                  state_->honest()
                      ? say("unbound could not look up {}: it says {}", name.text(), code)
                      : say("your resolver could not look up {}: it says {}", name.text(), code));
    }
    const auto addresses = addresses_in(*response);
    all.insert(all.end(), addresses.begin(), addresses.end());
  }
  if (all.empty()) {
    return fail(Fault::Usage, say("{} has no address, says your resolver", name.text()));
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

void Forwarder::look_up(const net::DomainName& name, std::function<void(const Found&)> done)
{
  state_->loop.post(
      [this, name = name.text(), done = std::move(done)] { state_->look_up(name, done); });
}

bool Forwarder::answers_names() const
{
  return !state_->party_of_dead_resolvers() && (state_->honest() || state_->heard_of_outside);
}

std::chrono::milliseconds Forwarder::give_up_after() const
{
  return state_->options.give_up_after;
}

void Forwarder::pin(const net::DomainName& name, std::vector<net::Address> addresses)
{
  state_->pins.lock()->insert_or_assign(name.text(), std::move(addresses));
}

Result<void> Forwarder::check_upstream()
{
  const auto response = state_->ask_from_outside(".", dns::type::ns);
  if (!response) {
    return fail(response.error());
  }
  using dns::Rcode;
  if (response->rcode != static_cast<std::uint16_t>(Rcode::NoError) &&
      response->rcode != static_cast<std::uint16_t>(Rcode::NxDomain)) {
    const auto code = dns::rcode_name(response->rcode);
    return fail(
        Fault::NotPossible,
        state_->honest()
            ? say("unbound cannot reach the name servers of the root: it says {} (--dns honest "
                  "needs a network that lets questions out to port 53 everywhere, and the "
                  "internet's own root: the lab's has keys of its own)",
                  code)
            : say("your resolver answers, but cannot look anything up: it says {}", code));
  }
  return {};
}

}  // namespace zonder::isolate

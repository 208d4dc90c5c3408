// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/descriptor.hh"
#include "base/result.hh"
#include "isolate/name_chain.hh"
#include "isolate/name_ledger.hh"
#include "isolate/resolv_conf.hh"
#include "isolate/tries.hh"
#include "model/absence.hh"
#include "model/failure.hh"
#include "model/name_resolution.hh"
#include "net/address.hh"
#include "net/domain_name.hh"

namespace zonder::isolate {

/// How long an answer is waited for when whoever asked has ended.
inline constexpr std::chrono::milliseconds settle_limit{2000};

/// Where a question comes from.
struct NameClient {
  InternetPlace at;
  bool over_tcp = false;
};

/// The room's name server: a thread of its own in our own network, with sockets that were bound in
/// the gateway's. It asks the user's own resolvers, so that everything they know (split names of a
/// VPN, a stub on loopback) is known in the room, or the run's own one, and decides with NamePolicy
/// what the room hears. Everything that is asked is written down.
///
/// Nothing waits for something else: one epoll loop, a random id and port for each question, other
/// resolvers tried when one is silent, and a bound on all that is outstanding.
class Forwarder {
public:
  struct Options {
    const model::Absence* absence = nullptr;  // outlives the forwarder
    model::Signature signature = model::Signature::Blackhole;
    std::vector<Upstream> upstream;
    bool armed = true;                               // false: nothing is absent until arm()
    std::chrono::milliseconds next_try_after{1500};  // silence of one resolver
    std::chrono::milliseconds give_up_after{8000};   // then the room hears SERVFAIL
    std::size_t names_kept = 100000;                 // see NameLedger
    /// Who asks from there: of a run a program (place in RunRecord::programs), of a hall a device;
    /// may be empty.
    std::function<std::optional<std::size_t>(const NameClient&)> asker;
    /// --dns honest: `upstream` is the run's own resolver, reached by these sockets (called in the
    /// forwarder's thread). Why a name fails is looked for then. Empty: the user's resolvers.
    std::function<Descriptor(int kind)> socket;
    NameChains::Families families;  // that resolver's
    /// Told of each question that fails for want of that party (place in Absence::parties), and who
    /// asked (place in RunRecord::programs); in the forwarder's thread. May be empty.
    std::function<void(
        std::size_t party, const std::string& name, std::optional<std::size_t> asker)>
        on_failed_name;
    bool show_names = false;  // take "ech" out of what the room hears
  };

  /// What could not be written down or was not understood; all zero on a quiet day.
  struct Counters {
    std::uint64_t questions = 0;           // all that came from the room
    std::uint64_t questions_not_kept = 0;  // past names_kept: asked and answered, not listed
    std::uint64_t odd_questions = 0;       // cannot be read, or of another kind than a look-up
    std::uint64_t ignored_answers = 0;     // wrong id, question or bytes from the resolver
    std::uint64_t unanswered = 0;          // no resolver answered in time
    std::uint64_t turned_away = 0;         // too many outstanding at once
    std::uint64_t not_heard = 0;           // came too fast to be taken
    std::uint64_t ech_removed = 0;         // records that lost their "ech"
  };

  /// The sockets are bound, the TCP ones listen; both kinds may be IPv4 or IPv6. Errors: no
  /// resolver; no sockets; the thread cannot start.
  static Result<std::unique_ptr<Forwarder>>
  start(Options options, std::vector<Descriptor> udp, std::vector<Descriptor> tcp);
  ~Forwarder();
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;
  Forwarder(Forwarder&&) = delete;
  Forwarder& operator=(Forwarder&&) = delete;

  /// --after: from now on what is absent is gone.
  void arm();

  /// Whoever asked is gone: hears what was already sent, and waits at most so long for answers to
  /// it. What has none then is noted as failed. Any thread.
  void settle(std::chrono::milliseconds limit);

  /// Everything asked so far, sorted by name, type, verdict and party. Any thread.
  [[nodiscard]] std::vector<Question> questions() const;
  [[nodiscard]] Counters counters() const;

  /// The name that the room asked for when it was given this address: the last one, aliases
  /// followed back. Nothing: the address was never in an answer.
  [[nodiscard]] std::optional<std::string> name_of(net::Address address) const;

  /// For a synthetic address: the absent party (index in Absence::parties) it stands for.
  [[nodiscard]] std::optional<std::size_t> party_of(net::Address synthetic) const;

  /// --dns honest: the names that failed and why; those too that nobody has answered yet, when it
  /// is known why. Waits at most so long for what is still being found out.
  std::vector<model::FailedName> failed_names(std::chrono::milliseconds limit);

  /// The addresses of a name through the same resolvers, for controls: no policy, not written down.
  /// Errors: does not exist, has none, or no resolver answered.
  Result<std::vector<net::Address>> resolve(const net::DomainName& name);

  /// What the resolvers know of a name, for a request that goes by it elsewhere. Any thread; `done`
  /// is called once, in the forwarder's thread.
  struct Found {
    std::optional<std::size_t> party;  // absent, by an alias on the way to the address
    std::vector<net::Address> addresses;
    bool complete = false;  // both families were answered, be it that there is none, or that the
                            // resolver looks up no such names
  };
  void look_up(const net::DomainName& name, std::function<void(const Found&)> done);

  /// Whether names of the world outside are looked up here as a rule: an address that can be
  /// anybody's was heard, or the run's own resolver asks the world itself. Then a name that nobody
  /// answers is an exception. Where only a proxy knows the outside, it stays false. Any thread.
  [[nodiscard]] bool answers_names() const;

  /// How long a question may stay without an answer.
  [[nodiscard]] std::chrono::milliseconds give_up_after() const;

  /// From now on the room hears of these addresses for the name, the first of each family; none: it
  /// does not exist. Unless it is absent.
  void pin(const net::DomainName& name, std::vector<net::Address> addresses);

  /// Whether one of the user's resolvers answers at all, for the proof's control. Errors: silence,
  /// refusal, failure; or all of them lie at an absent party, so that in the room none is left.
  Result<void> check_upstream();

  /// Ends the thread and closes the sockets. What was written down stays. Also done by ~Forwarder.
  void stop();

private:
  struct State;
  explicit Forwarder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace zonder::isolate

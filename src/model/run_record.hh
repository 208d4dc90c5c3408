// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/failure.hh"
#include "model/name_resolution.hh"
#include "model/page_visit.hh"
#include "model/proxy_use.hh"
#include "net/address.hh"

namespace zonder::model {

using Moment = std::chrono::system_clock::time_point;

/// What became of an attempt at the gateway. Passed means: let through, not: answered. Hindered:
/// let through to an absent party whose signature is to be lossy or slow. Denied: answered by
/// zonder in the absent party's name, with a refusal; nothing left.
enum class Verdict { Blocked, Denied, Hindered, Passed };

/// A program that reached for something: one process, from one exec to the next.
struct Program {
  struct Ancestor {
    int pid = 0;
    std::string name;  // as the kernel has it, at most 15 bytes
  };
  int pid = 0;       // as the user's own tools show it
  std::string path;  // of the executable; empty: could not be read
  std::vector<std::string> argv;
  std::vector<Ancestor> parents;  // who started it, nearest first; ends where one had ended before
};

/// How often one program tried one thing.
struct Share {
  std::size_t program = 0;  // place in RunRecord::programs
  std::uint64_t tries = 0;  // calls; what the network carried is Attempt::count
  Moment first;
  Moment last;
};

/// One thing that the command tried to reach, with how often.
struct Attempt {
  std::string party;                    // id of whose it is; empty: not known
  std::string name;                     // the name asked for before; empty: none was seen
  std::vector<std::string> names;       // all that led here, sorted: addresses can be shared
  std::optional<net::Address> address;  // nothing: only the name was asked for
  std::uint16_t port = 0;               // 0 where the protocol has none
  std::string protocol;  // "tcp", "udp", "icmp", "dns", "proxy" (asked of one), or the number
  Verdict verdict = Verdict::Passed;
  std::uint64_t count = 0;  // packets that open something; questions for "dns"; requests
  bool failed = false;      // of "dns": no answer told where the name leads
  bool by_calls = false;    // no packet of it came to the gateway: `count` is of calls
  Moment first;
  Moment last;
  std::vector<Share> programs;  // who tried, by first time; empty: not known
};

/// What became of connections that zonder itself took, in the name of an absent party.
enum class Reception {
  Reset,         // after the first message of TLS, as was asked for
  Answered,      // a request was answered with a refusal
  NotTestable,   // the client broke off: it does not trust this run's certificate authority
  BrokenOff,     // the handshake ended for another reason
  SaidNothing,   // nothing was asked, by TLS or without
  NotUnderstood  // neither TLS nor HTTP, or not as it should be; reset
};
struct Received {
  std::string name;  // by which the client called the server (SNI, or Host); empty: by none
  net::Address address;
  std::uint16_t port = 0;
  Reception how = Reception::Reset;
  unsigned status = 0;  // of HTTP, where Answered
  std::uint64_t count = 0;
  std::vector<Share> programs;  // who reached for that address and port
};

/// What was shown before the command began. A canary is an address of an absent party; a packet to
/// it from inside the room must die at the gateway with the real rules, and must have been let
/// through by the same rules while the set was empty (and stopped before the uplink).
struct Proof {
  struct Check {
    std::string what;    // "canary", "passes-while-empty", "control"
    std::string target;  // address, or host name of a control
    std::string party;   // id, for canaries
    bool as_expected = false;
    std::string detail;  // in the user's language; may be empty
  };
  std::vector<Check> checks;
  std::uint64_t canaries_possible = 0;  // one per party and family; when more than in `checks`,
                                        // those are a sample
  bool overridden = false;              // --unproved

  [[nodiscard]] std::uint64_t canaries_failed() const;  // canaries that died, as they must
  [[nodiscard]] std::uint64_t controls_passed() const;
  [[nodiscard]] bool holds() const;  // every check as expected, with a canary and a control in it
};

/// A way around the network that was open while the command ran.
struct LeftTheRoom {
  std::string what;             // "unix socket /run/user/1000/bus"
  std::string meaning;          // one sentence, in the user's language
  std::vector<Share> programs;  // who used it; empty: nobody was seen to
};

/// Whether programs were seen at the calls by which they reach for something.
enum class Attribution {
  Seen,
  Outer,       // this run is inside another one, which sees them
  NotPossible  // the kernel does not let us
};

/// Everything that `run` has to say afterwards: schema zonder.run/1.
struct RunRecord {
  std::string selector;
  std::string except;
  std::vector<std::string> selection;     // what the selector meant, as sentences in the user's
                                          // language: how many of what, what came along
  std::vector<std::string> parties;       // ids of the absent
  std::vector<std::string> by_name_only;  // of those, which have no address of their own
  FailureMode mode = FailureMode::Gone;
  Signature signature = Signature::Blackhole;
  std::string engine;               // "netns", "root" or "seccomp"
  std::vector<std::string> weaker;  // where the engine is a weaker one: why, in the user's language
  std::string uplink;  // "slirp4netns", "pasta", "veth"; "none": the machine's own network
  std::vector<std::string> command;
  int exit_code = 0;        // the command's own, or 128 + its signal; 126, 127 see next line
  std::string not_started;  // why the command could not be started; empty: it ran
  std::uint64_t ended_with_it = 0;  // processes that still ran when the command had ended
  std::chrono::duration<double> seconds{};
  Moment started;
  bool later = false;                 // --after: the parties were there at first, see absent_from
  std::optional<Moment> absent_from;  // when the parties fell away, where that was later (--after)
  std::string data_date;
  std::string facts_date;  // ISO 8601 day of the newest fact; empty: not known
  std::uint64_t prefixes_v4 = 0;
  std::uint64_t prefixes_v6 = 0;
  Proof proof;
  std::vector<Attempt> attempts;      // sorted: blocked first, then party, name, address, port
  std::uint64_t blocked_packets = 0;  // the gateway's own counters over all absent parties, and
                                      // requests to proxies for them
  std::uint64_t passed_packets = 0;   // new flows, and requests to proxies, that were let through
  std::uint64_t lost_packets = 0;     // thrown away where a party is only lossy or slow
  std::uint64_t unlisted = 0;         // counted by the gateway, in none of the attempts above
  Attribution attribution = Attribution::Seen;
  std::string not_attributed;              // why not, in the user's language; empty when Seen
  std::vector<Program> programs;           // that reached for something, by first time
  std::uint64_t programs_unlisted = 0;     // calls of programs past what is kept
  std::uint64_t unattributed = 0;          // packets and questions of which no program is known
  std::uint64_t refused_unseen = 0;        // calls refused since they could not be looked at
  std::uint64_t unseen_calls = 0;          // calls that went on, and could not be looked at
  std::uint64_t lost_events = 0;           // log events that the kernel could not hand over in time
  std::uint64_t questions_unlisted = 0;    // names asked for, past what the name server keeps
  std::uint64_t questions_unheard = 0;     // that came faster than the name server could take them
  std::uint64_t questions_odd = 0;         // that the name server could not read, or does not take
  std::uint64_t questions_unanswered = 0;  // no resolver of the user's answered in time
  std::vector<Received> received;          // sorted: by name, address, port
  std::uint64_t received_unlisted = 0;     // connections past what is kept
  std::vector<std::uint16_t> own_loopback;  // TCP ports that were tried at the room's own loopback,
                                            // but those that --allow-host lets through; sorted
  bool uplink_died = false;
  NameResolution dns;
  Proxies proxies;
  std::vector<LeftTheRoom> left_the_room;
  std::optional<PagesTried> pages;  // --page: the command was a browser's visit to these
};

}  // namespace zonder::model

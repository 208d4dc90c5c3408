// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// The test that somebody else would write: a program in the room that tries every way out that it
// knows (programs/escape.cc), as root and as an ordinary user, over each uplink. Each way has an
// end that was said beforehand, in the table here. What was "blocked" was really tried: the same
// program arrives by that way when it is not in the room.
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/descriptor.hh"
#include "base/file.hh"
#include "isolate/run.hh"
#include "isolate/socket_address.hh"
#include "support/mini_internet.hh"
#include "support/run_checks.hh"

namespace zonder::isolate {
namespace {

using std::chrono::milliseconds;
using test::Arrivals;
using test::differs;
using test::in_mini_internet;
using test::ordinary_user;
using test::run_unless_pasta_stalls;
using test::without_microsoft;

enum class End {
  Blocked,      // it was tried, and nothing came out
  NotPossible,  // the kernel does not let the program
  OnlyTheRoom,  // it comes out in the room itself
  Passes        // and README says so, under the number of the limit
};

/// What is expected of the ways with that name; a star at its end stands for all that begin so. The
/// first that fits counts.
struct Row {
  std::string way;
  End root = End::Blocked;
  End user = End::Blocked;
  const char* nowhere = "";  // why it leads nowhere outside of the room either
  int limit = 0;             // of README, for what passes
  std::optional<End> veth;   // where that is not what it is for root over another uplink
};

const std::vector<Row>& table()
{
  using enum End;
  constexpr auto module = "a kernel may have no such protocol; raw-sctp and raw-dccp then try it";
  constexpr auto neighbours = "it speaks to neighbours on one link, and they are not Microsoft";
  constexpr auto rights = "rights over another network than one's own do not come with it";
  static const std::vector<Row> rows = {
      // Plain sockets.
      {.way = "sctp/*", .nowhere = module},
      {.way = "dccp/*", .nowhere = module},
      {.way = "ping-socket/*",
       .root = NotPossible,
       .user = NotPossible,
       .nowhere = "net.ipv4.ping_group_range lets nobody, in a new network"},
      {.way = "tcp*"},
      {.way = "mptcp/*"},
      {.way = "udp*"},
      {.way = "sendmmsg/*"},
      {.way = "ttl-*"},
      {.way = "fragmented/*"},
      // Options of sockets.
      {.way = "so-mark", .user = NotPossible},
      {.way = "so-dontroute",
       .root = NotPossible,
       .user = NotPossible,
       .nowhere = "the absent are no neighbours"},
      {.way = "bind-to-loopback", .nowhere = "what goes out on loopback comes back"},
      {.way = "bind-to-gateways-tap",
       .root = NotPossible,
       .user = NotPossible,
       .nowhere = "that link is in the gateway"},
      {.way = "bind-to-link"},
      {.way = "ip-transparent", .user = NotPossible},
      {.way = "priority-and-tos"},
      {.way = "loose-source-route", .user = NotPossible},
      {.way = "strict-source-route",
       .root = NotPossible,
       .user = NotPossible,
       .nowhere = "the first stop must be a neighbour"},
      {.way = "record-route"},
      {.way = "timestamp-option"},
      {.way = "router-alert"},
      {.way = "flow-label"},
      {.way = "routing-header-*",
       .root = NotPossible,
       .user = NotPossible,
       .nowhere = "sockets have no such option in this kernel; raw-routing-header-* make it"},
      {.way = "freebind-anothers-address"},
      // Other spellings of the address.
      {.way = "nat64-of-a-network", .root = Passes, .user = Passes, .limit = 12},
      {.way = "mapped"},
      {.way = "compatible"},
      {.way = "translated"},
      {.way = "nat64*"},
      {.way = "6to4"},
      {.way = "teredo"},
      // Who is near.
      {.way = "metadata-service"},
      {.way = "link-local-router", .nowhere = neighbours},
      // Over veth these are addresses like any other, and who has them lives.
      {.way = "tap-*", .limit = 4, .veth = Passes},
      {.way = "gateways-tap/*", .limit = 4, .veth = Passes},
      {.way = "gateway-itself"},
      {.way = "broadcast"},
      {.way = "multicast*"},
      // Names.
      {.way = "dns-at-the-absent/*"},
      {.way = "dns-over-tcp-at-the-absent"},
      {.way = "dns-over-tls-port"},
      {.way = "dns-at-any-address", .root = Passes, .user = Passes, .limit = 3},
      {.way = "dns-name-as-message", .root = Passes, .user = Passes, .limit = 3},
      {.way = "dns-over-https-at-a-living-one", .root = Passes, .user = Passes, .limit = 3},
      // Tunnels.
      {.way = "tunnel-over-*", .root = Passes, .user = Passes, .limit = 4},
      {.way = "tunnel-*", .user = NotPossible, .limit = 4, .veth = Passes},
      // Beside the network.
      {.way = "io-uring", .root = NotPossible, .user = NotPossible},
      {.way = "vsock", .root = NotPossible, .user = NotPossible},
      {.way = "unix-abstract", .root = NotPossible, .user = NotPossible},
      {.way = "unix-path", .root = Passes, .user = Passes, .limit = 1},
      {.way = "machines-loopback/*"},
      {.way = "machines-own-address", .root = Passes, .user = Passes, .limit = 11, .veth = Blocked},
      {.way = "inherited-descriptor", .root = NotPossible, .user = NotPossible},
      {.way = "steal-a-socket", .root = NotPossible, .user = NotPossible},
      {.way = "trace-a-process", .root = NotPossible, .user = NotPossible},
      {.way = "write-a-process", .root = NotPossible, .user = NotPossible},
      {.way = "open-a-process", .root = NotPossible, .user = NotPossible},
      {.way = "join-*", .root = NotPossible, .user = NotPossible},
      {.way = "tun-device", .root = NotPossible, .user = NotPossible},
      {.way = "own-network-with-link-out",
       .root = NotPossible,
       .user = NotPossible,
       .nowhere = rights},
      {.way = "own-network*", .root = OnlyTheRoom, .user = OnlyTheRoom, .nowhere = rights},
      {.way = "raw-with-own-rights", .root = NotPossible, .user = NotPossible, .nowhere = rights},
      {.way = "change-routes-and-addresses", .root = NotPossible, .user = NotPossible},
      {.way = "nft-*", .root = NotPossible, .user = NotPossible},
      {.way = "cores-of-the-machine", .root = Passes, .user = NotPossible, .limit = 8},
      // Packets and frames of one's own making.
      {.way = "frame-neighbour-says-we-are-the-router", .user = NotPossible, .nowhere = neighbours},
      {.way = "frame-router-advertisement", .user = NotPossible, .nowhere = neighbours},
      {.way = "raw-*", .user = NotPossible},
      {.way = "frame-*", .user = NotPossible},
  };
  return rows;
}

const Row* row_of(const std::string& way)
{
  const auto found = std::find_if(table().begin(), table().end(), [&](const Row& row) {
    return row.way.ends_with('*') ? way.starts_with(row.way.substr(0, row.way.size() - 1))
                                  : way == row.way;
  });
  return found == table().end() ? nullptr : &*found;
}

struct Who {
  UplinkKind uplink;
  const char* name;
  uid_t uid;
  model::Signature signature;
};

void PrintTo(const Who& who, std::ostream* out)
{
  *out << who.name;
}

End expected(const Row& row, const Who& who)
{
  return who.uplink == UplinkKind::Veth && row.veth ? *row.veth
         : who.uid == 0                             ? row.root
                                                    : row.user;
}

std::string words_of(End end, const Row& row)
{
  switch (end) {
  case End::Blocked:
    return "blocked";
  case End::NotPossible:
    return "not possible";
  case End::OnlyTheRoom:
    return "reaches only the room";
  case End::Passes:
    return "passes, documented in README limit " + std::to_string(row.limit);
  }
  return {};
}

/// Whether the program's own words are those of that end.
bool fits(const std::string& said, End end)
{
  switch (end) {
  case End::Blocked:
  case End::Passes:
    return said.starts_with("went") || said.starts_with("only the room");
  case End::NotPossible:
    return said.starts_with("not possible") || said.starts_with("not here");
  case End::OnlyTheRoom:
    return said.starts_with("only the room");
  }
  return false;
}

std::vector<std::string> escape(const std::vector<std::string>& ways)
{
  std::vector<std::string> command = {"/mnt/zonder/bin/escape",
                                      test::microsoft_v4,
                                      test::microsoft_v6,
                                      test::europe_v4,
                                      test::europe_v6};
  command.insert(command.end(), ways.begin(), ways.end());
  return command;
}

using Said = std::vector<std::pair<std::string, std::string>>;

Said lines_of(const std::string& text)
{
  Said said;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const auto tab = line.find('\t');
    if (tab != std::string::npos) {
      said.emplace_back(line.substr(0, tab), line.substr(tab + 1));
    }
  }
  return said;
}

constexpr const char* said_file = "/mnt/scratch/said";

std::vector<std::string> writing_down(const std::vector<std::string>& ways)
{
  std::vector<std::string> command = {
      "sh", "-c", std::string("exec \"$@\" >") + said_file + " 2>&1", "sh"};
  const auto tail = escape(ways);
  command.insert(command.end(), tail.begin(), tail.end());
  return command;
}

/// Outside the room, as a child that inherits what we have open.
Said outside(const std::vector<std::string>& ways)
{
  const auto command = writing_down(ways);
  const pid_t pid = ::fork();
  if (pid == 0) {
    std::vector<char*> argv;
    for (const auto& word : command) {
      argv.push_back(const_cast<char*>(word.c_str()));  // execv takes char* but does not write
    }
    argv.push_back(nullptr);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
  ::waitpid(pid, nullptr, 0);
  return lines_of(read_file(said_file, 1000000).value_or(""));
}

/// How many packets came since; waits for the first, if it wants to come, and until it is quiet.
std::uint64_t more_than(std::uint64_t before, const Arrivals& arrivals, milliseconds patience)
{
  const auto end = std::chrono::steady_clock::now() + patience;
  while (arrivals.naming_microsoft == before && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  auto last = before;
  for (int round = 0; round < 30 && last != arrivals.naming_microsoft; ++round) {
    last = arrivals.naming_microsoft;
    std::this_thread::sleep_for(milliseconds(60));
  }
  return arrivals.naming_microsoft - before;
}

/// A service of the machine's, outside, with a socket to Microsoft.
class Helper {
public:
  Helper()
  {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) {
      return;
    }
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(ends[1], 1);
      const auto command = escape({"help-outside"});
      std::vector<char*> argv;
      for (const auto& word : command) {
        argv.push_back(const_cast<char*>(word.c_str()));  // execv takes char* but does not write
      }
      argv.push_back(nullptr);
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    std::array<char, 6> word{};
    ready_ = ::read(ends[0], word.data(), word.size()) > 0;
    ::close(ends[0]);
  }
  ~Helper()
  {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }
  Helper(const Helper&) = delete;
  Helper& operator=(const Helper&) = delete;
  Helper(Helper&&) = delete;
  Helper& operator=(Helper&&) = delete;

  [[nodiscard]] bool ready() const { return ready_; }

private:
  pid_t pid_ = -1;
  bool ready_ = false;
};

class Leaks : public testing::TestWithParam<Who> {
protected:
  static RunOptions in_the_room(const std::vector<std::string>& ways)
  {
    auto options = without_microsoft(writing_down(ways), GetParam().signature);
    options.uplink.wanted = GetParam().uplink;
    options.uplink.pasta_least = 0;
    return options;
  }

  static std::string what_passes(const Row& row, const std::string& way, Arrivals& arrivals);
  static std::string
  nothing_comes_out(const std::vector<std::string>& ways, Arrivals& arrivals, Said& said);
  static std::string all_in_all(Arrivals& arrivals);
};

INSTANTIATE_TEST_SUITE_P(
    By,
    Leaks,
    testing::Values(
        Who{UplinkKind::Slirp4netns, "Slirp4netnsAsRoot", 0, model::Signature::Refuse},
        Who{UplinkKind::Slirp4netns,
            "Slirp4netnsAsOrdinaryUser",
            ordinary_user,
            model::Signature::Blackhole},
        Who{UplinkKind::Pasta, "PastaAsRoot", 0, model::Signature::Blackhole},
        Who{UplinkKind::Pasta, "PastaAsOrdinaryUser", ordinary_user, model::Signature::Refuse},
        Who{UplinkKind::Veth, "VethAsRoot", 0, model::Signature::Refuse}),
    [](const auto& which) { return which.param.name; });

/// What is documented as open is open, and is told where that is promised.
std::string Leaks::what_passes(const Row& row, const std::string& way, Arrivals& arrivals)
{
  const bool by_packets = row.limit != 8;
  const auto before = arrivals.naming_microsoft.load();
  auto record = run_unless_pasta_stalls(in_the_room({way}));
  // A datagram may be lost, as anywhere.
  for (int round = 0; record && by_packets && round < 2; ++round) {
    if (more_than(before, arrivals, milliseconds(1000)) > 0) {
      break;
    }
    record = run_unless_pasta_stalls(in_the_room({way}));
  }
  if (!record) {
    return record.error().message;
  }
  auto wrong = differs((way + " comes out").c_str(),
                       !by_packets || more_than(before, arrivals, milliseconds(1000)) > 0,
                       true);
  if (row.limit == 1) {
    const bool told = std::any_of(record->left_the_room.begin(),
                                  record->left_the_room.end(),
                                  [](const auto& each) { return !each.programs.empty(); });
    wrong += differs((way + " is told").c_str(), told, true);
  }
  const auto said = lines_of(read_file(said_file, 100000).value_or(""));
  if (said.size() != 1 || !fits(said.front().second, End::Passes)) {
    wrong += way + " did not say that it went; ";
  }
  std::printf("%-42s %-42s %-22s %s\n",
              way.c_str(),
              said.empty() ? "" : said.front().second.c_str(),
              "",
              words_of(End::Passes, row).c_str());
  std::fflush(stdout);
  return wrong;
}

std::string
Leaks::nothing_comes_out(const std::vector<std::string>& ways, Arrivals& arrivals, Said& said)
{
  const auto record = run_unless_pasta_stalls(in_the_room(ways));
  if (!record) {
    return record.error().message;
  }
  said = lines_of(read_file(said_file, 1000000).value_or(""));
  std::string wrong =
      differs("exit code", record->exit_code, 0) + differs("lines", said.size(), ways.size());
  std::this_thread::sleep_for(milliseconds(500));
  if (arrivals.naming_microsoft == 0 && arrivals.microsoft == 0) {
    return wrong;
  }
  wrong += "came out: " + std::to_string(arrivals.naming_microsoft) + " packets; ";
  for (const auto& way : ways) {
    const auto before = arrivals.naming_microsoft.load();
    (void)run_unless_pasta_stalls(in_the_room({way}));
    wrong += more_than(before, arrivals, milliseconds(150)) > 0 ? "by " + way + "; " : "";
  }
  return wrong;
}

std::string Leaks::all_in_all(Arrivals& arrivals)
{
  const Helper helper;
  if (!helper.ready()) {
    return "nobody helps outside";
  }
  // For who inherits it: a socket to Microsoft.
  const SocketAddress absent(net::Address::parse(test::microsoft_v4).value(), 7);
  const Descriptor socket(::socket(AF_INET, SOCK_DGRAM, 0));
  if (::connect(socket.get(), absent.get(), absent.length) != 0 || ::dup2(socket.get(), 9) != 9) {
    return "no socket to inherit";
  }
  std::string wrong;
  std::vector<std::string> shut;
  std::vector<std::string> open;
  for (const auto& [way, nothing] : outside({"list"})) {
    const auto* row = row_of(way);
    if (row == nullptr) {
      wrong += way + " is not in the table; ";
      continue;
    }
    (expected(*row, GetParam()) == End::Passes ? open : shut).push_back(way);
  }
  Said said;
  wrong += nothing_comes_out(shut, arrivals, said);
  std::printf("%-42s %-42s %-22s %s\n", "way", "in the room", "outside of it", "end");
  // Before the machine outside is changed by what can be done to it there.
  for (const auto& way : open) {
    wrong += what_passes(*row_of(way), way, arrivals);
  }
  for (const auto& [way, in_room] : said) {
    const auto& row = *row_of(way);
    const auto end = expected(row, GetParam());
    const auto before = arrivals.naming_microsoft.load();
    const auto control = outside({way});
    const auto words = control.empty() ? std::string() : control.front().second;
    // A second for what must arrive; less for what cannot, which is not the proof of anything.
    const bool arrived =
        more_than(before, arrivals, milliseconds(*row.nowhere == 0 ? 1000 : 100)) > 0;
    const bool absent_here = in_room.starts_with("not here") && words == in_room;
    std::printf("%-42s %-42s %-22s %s%s%s\n",
                way.c_str(),
                in_room.c_str(),
                arrived ? "arrives" : words.substr(0, 22).c_str(),
                absent_here ? "not on this machine" : words_of(end, row).c_str(),
                *row.nowhere == 0 ? "" : "; nowhere: ",
                row.nowhere);
    std::fflush(stdout);
    if (absent_here) {
      continue;
    }
    if (!fits(in_room, end)) {
      wrong += way + " ended with: " + in_room + "; ";
    }
    // As who may do less, the same is refused outside; as root it was shown to be real.
    const bool real =
        arrived || *row.nowhere != 0 || (end != End::Blocked && words.starts_with("went")) ||
        (GetParam().uid != 0 && end == End::NotPossible && words.starts_with("not possible"));
    if (!real || (arrived && *row.nowhere != 0)) {
      wrong += way + " outside of the room: " + (arrived ? "arrives" : words) + "; ";
    }
  }
  ::close(9);
  return wrong;
}

TEST_P(Leaks, EachWayOutEndsAsItWasSaid)
{
  test::MiniInternetOptions world = {.uid = GetParam().uid,
                                     .reaches_microsoft = true,  // outside of the room
                                     .watched = true,
                                     .forwards = GetParam().uplink == UplinkKind::Veth};
  in_mini_internet(world, all_in_all);
}

}  // namespace
}  // namespace zonder::isolate

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// How long it takes to load prefix sets: our batches as an ordinary user in a user namespace,
// against `nft -f` as root in a network namespace, in the same run; medians. Nothing of it touches
// the machine's own network.
//   sets_bench [--benchmark_repetitions=N]      as root
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.hh"
#include "bench/rounds.hh"
#include "isolate/gateway_rules.hh"
#include "isolate/room_plan.hh"
#include "kernel/made_network.hh"
#include "kernel/namespaces.hh"
#include "kernel/nft_socket.hh"

namespace zonder::bench {
namespace {

using net::Address;
using net::Family;

constexpr uid_t ordinary_user = 1500;

/// Disjoint ranges, 70 in 100 of IPv4, with a party each thousand.
model::Absence absence_of(std::size_t prefixes)
{
  constexpr std::size_t parties = 100;
  std::vector<std::vector<net::Range>> ranges(parties);
  const auto v4 = static_cast<std::uint32_t>(prefixes * 7 / 10);
  const std::uint32_t step = v4 > 400000 ? 1024 : 4096;
  for (std::uint32_t i = 0; i < v4; ++i) {
    const auto first = 0x01000000U + i * step;
    const auto size = 1U << (6 + i % 3);
    ranges[i % parties].push_back({Address::v4(first), Address::v4(first + size - 1)});
  }
  for (std::uint64_t i = 0; i < prefixes - v4; ++i) {
    const auto high = 0x2a00000000000000ULL + (i << 24U);
    ranges[i % parties].push_back({Address::v6(high, 0), Address::v6(high, ~0ULL)});
  }
  model::Absence absence;
  for (std::size_t i = 0; i < parties; ++i) {
    absence.parties.push_back({.id = "p" + std::to_string(i),
                               .name = "p",
                               .addresses = net::PrefixSet::of(std::move(ranges[i]))});
  }
  return absence;
}

/// What loading cost.
struct Cost {
  double seconds = -1;
  double megabytes = 0;  // most memory that the process had
};

double megabytes_of(int whose)
{
  rusage used{};
  ::getrusage(whose, &used);
  return static_cast<double>(used.ru_maxrss) / 1024;
}

/// Runs `body` in new namespaces, as an ordinary user or as root, and gives what it reports.
Cost in_child(bool ordinary, const std::function<Cost()>& body)
{
  int ends[2];
  if (::pipe(ends) != 0) {
    throw std::runtime_error("cannot make a pipe");
  }
  const pid_t pid = ::fork();
  if (pid == 0) {
    if (ordinary && ::geteuid() == 0 &&
        (::setresgid(ordinary_user, ordinary_user, ordinary_user) != 0 ||
         ::setresuid(ordinary_user, ordinary_user, ordinary_user) != 0)) {
      ::_exit(1);
    }
    ::prctl(PR_SET_DUMPABLE, 1);  // or our own /proc files would not be ours
    auto child = kernel::start_in_new_namespaces(
        {.user = ordinary || ::geteuid() != 0, .network = true}, [&] {
          const Cost cost = body();
          return ::write(ends[1], &cost, sizeof cost) > 0 ? 0 : 1;
        });
    if (!child) {
      std::fprintf(stderr, "%s\n", child.error().message.c_str());
      ::_exit(1);
    }
    child->wait();
    ::_exit(0);
  }
  ::close(ends[1]);
  Cost cost;
  const auto got = ::read(ends[0], &cost, sizeof cost);
  ::close(ends[0]);
  ::waitpid(pid, nullptr, 0);
  if (got != static_cast<ssize_t>(sizeof cost) || cost.seconds < 0) {
    throw std::runtime_error("loading failed, so nothing is compared");
  }
  return cost;
}

/// In seconds.
double time_of(const std::function<void()>& what)
{
  const auto start = std::chrono::steady_clock::now();
  what();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Cost load_ours(const model::Absence& absence, ino_t outside, int send_buffer)
{
  auto descriptor = must(kernel::NftSocket::open_descriptor());
  const auto made = must(kernel::MadeNetwork::of_socket(descriptor.get(), outside));
  auto socket = must(kernel::NftSocket::over(std::move(descriptor), made, send_buffer));
  const double seconds = time_of([&] {
    must(socket.commit(isolate::closed_gateway(
        isolate::plan_room({}), absence.parties.size(), model::Signature::Blackhole)));
    for (const auto family : {Family::V4, Family::V6}) {
      must(socket.load_ranges(isolate::rules::table,
                              isolate::rules::dead_map(family),
                              isolate::dead_ranges(absence, family)));
    }
  });
  return {.seconds = seconds, .megabytes = megabytes_of(RUSAGE_SELF)};
}

/// The same ranges as plain sets, as `nft -f` takes them.
std::string nft_text(const model::Absence& absence)
{
  std::string text = "table inet test {\n";
  for (const auto family : {Family::V4, Family::V6}) {
    text += fmt::format("set dead{0} {{ type ipv{0}_addr; flags interval; elements = {{\n",
                        family == Family::V4 ? 4 : 6);
    for (const auto& range : isolate::dead_ranges(absence, family)) {
      for (const auto& prefix : net::prefixes_of_range(range.range.first, range.range.last)) {
        text += prefix.to_string() + ",\n";
      }
    }
    text += "} }\n";
  }
  return text + "}\n";
}

Cost load_with_nft(const std::string& path)
{
  bool worked = false;
  const double seconds = time_of([&] {
    const auto done = run_captured({"nft", "-f", path}, std::chrono::seconds(120));
    worked = done && done->status.as_shell() == 0;
  });
  return {.seconds = worked ? seconds : -1, .megabytes = megabytes_of(RUSAGE_CHILDREN)};
}

std::string cell(const std::vector<Cost>& costs)
{
  std::vector<double> seconds;
  std::vector<double> megabytes;
  for (const Cost& cost : costs) {
    seconds.push_back(cost.seconds);
    megabytes.push_back(cost.megabytes);
  }
  return fmt::format("{:.2f} s, {:.0f} MB", median(seconds), median(megabytes));
}

double seconds_in(const std::vector<Cost>& costs)
{
  std::vector<double> seconds;
  for (const Cost& cost : costs) {
    seconds.push_back(cost.seconds);
  }
  return median(seconds);
}

int main_of(int rounds)
{
  if (::geteuid() != 0) {
    std::printf("not measured: needs root, for nft -f\n");
    return 0;
  }
  constexpr int debians = 212992;  // net.core.wmem_max of a Debian that nobody changed
  const auto outside = must(kernel::own_namespace_id("net"));
  const auto folder = must(TemporaryFolder::make());
  std::printf("| prefixes | ours, as an ordinary user | ours, with a send buffer of %d bytes "
              "| nft -f, as root | ours / nft |\n|---|---|---|---|---|\n",
              debians);
  for (const std::size_t prefixes :
       {std::size_t{10000}, std::size_t{100000}, std::size_t{1000000}}) {
    const auto absence = absence_of(prefixes);
    const auto path = folder.path() + "/sets.nft";
    must(write_file(path, nft_text(absence)));
    std::vector<Cost> ours;
    std::vector<Cost> small;
    std::vector<Cost> theirs;
    for (int round = 0; round < rounds; ++round) {
      ours.push_back(in_child(true, [&] {
        return load_ours(absence, outside, kernel::NftSocket::largest_send_buffer);
      }));
      theirs.push_back(in_child(false, [&] { return load_with_nft(path); }));
      small.push_back(in_child(true, [&] { return load_ours(absence, outside, debians); }));
    }
    std::printf("| %zu | %s | %s | %s | %.2f |\n",
                prefixes,
                cell(ours).c_str(),
                cell(small).c_str(),
                cell(theirs).c_str(),
                seconds_in(ours) / seconds_in(theirs));
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace zonder::bench

int main(int count, char** arguments)
{
  try {
    return zonder::bench::main_of(zonder::bench::rounds_in(count, arguments));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sets_bench: %s\n", error.what());
    return 1;
  }
}

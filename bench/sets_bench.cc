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
#include <string>
#include <vector>

#include <fmt/core.h>
#include <sys/prctl.h>
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

/// Runs `body` in new namespaces, as an ordinary user or as root, and gives the seconds that it
/// reports; negative when it failed.
double in_child(bool ordinary, const std::function<double()>& body)
{
  int ends[2];
  if (::pipe(ends) != 0) {
    return -1;
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
          const double seconds = body();
          return ::write(ends[1], &seconds, sizeof seconds) > 0 ? 0 : 1;
        });
    if (!child) {
      std::fprintf(stderr, "%s\n", child.error().message.c_str());
      ::_exit(1);
    }
    child->wait();
    ::_exit(0);
  }
  ::close(ends[1]);
  double seconds = -1;
  if (::read(ends[0], &seconds, sizeof seconds) != static_cast<ssize_t>(sizeof seconds)) {
    seconds = -1;
  }
  ::close(ends[0]);
  ::waitpid(pid, nullptr, 0);
  return seconds;
}

double seconds_of(const std::function<bool()>& what)
{
  const auto start = std::chrono::steady_clock::now();
  const bool worked = what();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return worked ? took.count() : -1;
}

double load_ours(const model::Absence& absence, ino_t outside)
{
  auto descriptor = kernel::NftSocket::open_descriptor();
  if (!descriptor) {
    return -1;
  }
  const auto made = kernel::MadeNetwork::of_socket(descriptor->get(), outside);
  auto socket = made ? kernel::NftSocket::over(std::move(*descriptor), *made)
                     : Result<kernel::NftSocket>(fail(made.error()));
  if (!socket) {
    std::fprintf(stderr, "%s\n", socket.error().message.c_str());
    return -1;
  }
  return seconds_of([&] {
    auto done = socket->commit(isolate::closed_gateway(
        isolate::plan_room({}), absence.parties.size(), model::Signature::Blackhole));
    for (const auto family : {Family::V4, Family::V6}) {
      if (done) {
        done = socket->load_ranges(isolate::rules::table,
                                   isolate::rules::dead_map(family),
                                   isolate::dead_ranges(absence, family));
      }
    }
    if (!done) {
      std::fprintf(stderr, "%s\n", done.error().message.c_str());
    }
    return done.has_value();
  });
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

double load_with_nft(const std::string& path)
{
  return seconds_of([&] {
    const auto done = run_captured({"nft", "-f", path}, std::chrono::seconds(120));
    return done && done->status.as_shell() == 0;
  });
}

int main_of(int rounds)
{
  const auto outside = kernel::own_namespace_id("net").value_or(0);
  const auto folder = TemporaryFolder::make();
  if (!folder) {
    return 1;
  }
  if (::geteuid() != 0) {
    std::printf("not measured: needs root, for nft -f\n");
    return 0;
  }
  std::printf("| prefixes | ours, as an ordinary user | nft -f, as root | ratio |\n");
  std::printf("|---|---|---|---|\n");
  for (const std::size_t prefixes :
       {std::size_t{10000}, std::size_t{100000}, std::size_t{1000000}}) {
    const auto absence = absence_of(prefixes);
    const auto path = folder->path() + "/sets.nft";
    if (!write_file(path, nft_text(absence))) {
      return 1;
    }
    std::vector<double> ours;
    std::vector<double> theirs;
    // One round of a million is enough: it takes its time.
    for (int round = 0; round < (prefixes > 100000 ? 1 : rounds); ++round) {
      ours.push_back(in_child(true, [&] { return load_ours(absence, outside); }));
      theirs.push_back(in_child(false, [&] { return load_with_nft(path); }));
    }
    std::printf("| %zu | %.3f s | %.3f s | %.2f |\n",
                prefixes,
                median(ours),
                median(theirs),
                median(ours) / median(theirs));
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace zonder::bench

int main(int count, char** arguments)
{
  return zonder::bench::main_of(zonder::bench::rounds_in(count, arguments));
}

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// What it costs to keep a million observations, all in one transaction, and what the questions cost
// that a summary and a model ask of a store with ten million. Medians of five rounds.
//
//   store_bench [MILLIONS]      of observations in the large store (10)
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/file.hh"
#include "store/observation_store.hh"

namespace zonder::bench {
namespace {

using Clock = std::chrono::steady_clock;

template <typename Value>
Value must(Result<Value> result)
{
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().message.c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<Value>) {
    return std::move(*result);
  }
}

double seconds_since(Clock::time_point start)
{
  return std::chrono::duration<double>(Clock::now() - start).count();
}

constexpr std::size_t million = 1'000'000;

/// A million pairs of 2,000 devices and 20,000 names.
struct Batch {
  std::vector<std::string> texts;
  std::vector<model::Thing> things;
  std::vector<model::Row> rows;

  explicit Batch(std::size_t number)
  {
    constexpr std::size_t devices = 2000;
    constexpr std::size_t names = 20'000;
    for (std::size_t i = 0; i < devices; ++i) {
      texts.push_back("10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1));
    }
    for (std::size_t i = 0; i < names; ++i) {
      // Half of the names are those of every day.
      const auto day = i % 2 == 0 ? 0 : number;
      texts.push_back("host" + std::to_string(i) + ".site" + std::to_string(day) + ".example");
    }
    for (std::size_t i = 0; i < texts.size(); ++i) {
      things.push_back({i < devices ? model::Kind::Device : model::Kind::Name, texts[i]});
    }
    for (std::size_t i = 0; i < million; ++i) {
      model::Row row;
      row.subject = static_cast<std::uint32_t>(i / 500);
      row.object = static_cast<std::uint32_t>(devices + (i * 7919) % names);
      row.first = model::Moment(std::chrono::seconds(1'795'000'000 + i % 86'400));
      row.last = *row.first + std::chrono::hours(1);
      row.count = i % 100 + 1;
      rows.push_back(row);
    }
  }
};

void read_in(store::ObservationStore& store, std::size_t number)
{
  const Batch batch(number);
  const auto start = Clock::now();
  auto reading = must(store.begin_reading());
  must(reading.add(batch.things, batch.rows));
  store::Source source;
  source.path = "day " + std::to_string(number);
  source.format = "made";
  source.sha256 = std::to_string(number);
  source.records = million;
  must(reading.finish(std::move(source)));
  const auto took = seconds_since(start);
  std::printf(
      "a million observations, transaction %2zu: %.2f s (%.2f M/s)\n", number + 1, took, 1 / took);
  std::fflush(stdout);
}

void ask(const char* what, const std::function<std::size_t()>& question)
{
  std::vector<double> times;
  std::size_t found = 0;
  for (int round = 0; round < 5; ++round) {
    const auto start = Clock::now();
    found = question();
    times.push_back(seconds_since(start));
  }
  std::sort(times.begin(), times.end());
  std::printf("%-44s %9.2f ms  (%zu)\n", what, times[2] * 1000, found);
}

std::size_t count(store::ObservationStore& store, const store::Wanted& wanted)
{
  std::size_t found = 0;
  must(store.each(wanted, [&found](const model::Observation&) {
    ++found;
    return true;
  }));
  return found;
}

int measure_all(std::size_t millions)
{
  auto folder = must(TemporaryFolder::make());
  const auto path = folder.path() + "/project.zonder";
  auto store = must(store::ObservationStore::open(path));
  for (std::size_t i = 0; i < millions; ++i) {
    read_in(store, i);
  }
  std::printf("the file: %.0f MB\n", static_cast<double>(std::filesystem::file_size(path)) / 1e6);
  ask("summary", [&store] { return must(store.summary()).lines.size(); });
  ask("summary, the file opened first", [&path] {
    auto again = must(store::ObservationStore::open(path));
    return must(again.summary()).lines.size();
  });
  ask("sources", [&store] { return must(store.sources()).size(); });
  ask("all of one device", [&store] {
    return count(store, {.subject = {{model::Kind::Device, "10.0.3.7"}}});
  });
  ask("all of one name", [&store] {
    return count(store, {.object = {{model::Kind::Name, "host4.site0.example"}}});
  });
  return 0;
}

}  // namespace
}  // namespace zonder::bench

int main(int count, char** arguments)
{
  return zonder::bench::measure_all(count > 1 ? std::strtoul(arguments[1], nullptr, 10) : 10);
}

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// The look-up tables against libmaxminddb and against std::unordered_map, on the same data, with
// all answers compared before anything is timed. docs/benchmarks.md says how the figures are made.
//   lookup_bench ASN-FOLDER FILE.mmdb ENTITIES.json [--benchmark_...]
// ASN-FOLDER holds asn-ipv4.csv and asn-ipv6.csv, FILE.mmdb is made of them by bench/make-mmdb, and
// ENTITIES.json is that of the npm package third-party-web. Progress to stderr, the table to
// stdout.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <random>
#include <stdexcept>
#include <unordered_map>

#include <fmt/core.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>

#include "bench/medians.hh"
#include "catalog/address_table.hh"
#include "catalog/name_table.hh"

namespace zonder::bench {
namespace {

using catalog::AddressEntry;
using catalog::AddressTable;
using catalog::NameEntry;
using catalog::NameMatch;
using catalog::NameTable;
using catalog::V6;
using net::Address;

constexpr std::size_t query_count = std::size_t{1} << 18U;
constexpr std::size_t host_count = 100000;

template <typename T>
T value_of(Result<T> result)
{
  if (!result) {
    throw std::runtime_error(result.error().message);
  }
  return std::move(*result);
}

// ---- the data

void read_asn_table(const std::string& path, std::vector<AddressEntry>& entries)
{
  std::ifstream file(path);
  std::string row;
  while (std::getline(file, row)) {
    const auto first = row.find(',');
    const auto second = row.find(',', first + 1);
    std::uint32_t number = 0;
    std::from_chars(row.data() + second + 1, row.data() + row.size(), number);
    const Address from = value_of(Address::parse(row.substr(0, first)));
    // A row or two overlap the row before: the later counts, as it does in the MMDB writer.
    if (!entries.empty() && from <= entries.back().range.last) {
      entries.back().range.last = *from.previous();
    }
    entries.push_back(
        {{from, value_of(Address::parse(row.substr(first + 1, second - first - 1)))}, number});
  }
  if (entries.empty()) {
    throw std::runtime_error(path + ": no rows");
  }
}

std::vector<NameEntry> read_entities(const std::string& path)
{
  std::ifstream file(path);
  std::vector<NameEntry> entries;
  std::uint32_t value = 0;
  for (const auto& entity : nlohmann::json::parse(file)) {
    ++value;
    for (const auto& domain : entity.value("domains", nlohmann::json::array())) {
      auto suffix = domain.get<std::string>();
      suffix.erase(0, suffix.starts_with("*.") ? 2 : 0);
      entries.push_back({suffix, value});
    }
  }
  return entries;
}

// ---- the questions

class Dice {
public:
  std::uint64_t number() { return random_(); }
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  /// Rank 0 as often as ranks 1 and 2 together, and so on: Zipf's law, as in real traffic.
  std::size_t skewed(std::size_t count)
  {
    const double share = static_cast<double>(random_() >> 11U) * 0x1p-53;
    return static_cast<std::size_t>(std::pow(static_cast<double>(count), share)) - 1;
  }

  /// Any address of a range; the range is at most 2^64 addresses or whole 2^64s of them.
  Address within(const net::Range& range)
  {
    if (range.first.is_v4()) {
      return Address::v4(static_cast<std::uint32_t>(
          range.first.low() + below(range.last.low() - range.first.low() + 1)));
    }
    if (range.first.high() == range.last.high()) {
      const std::uint64_t span = range.last.low() - range.first.low() + 1;
      return Address::v6(range.first.high(),
                         range.first.low() + (span == 0 ? number() : below(span)));
    }
    return Address::v6(range.first.high() + below(range.last.high() - range.first.high() + 1),
                       number());
  }

private:
  std::mt19937_64 random_{20261123};
};

/// Addresses of one family from `draw`.
template <typename Draw>
std::vector<Address> drawn(std::size_t count, Draw draw)
{
  std::vector<Address> addresses;
  addresses.reserve(count);
  while (addresses.size() < count) {
    addresses.push_back(draw());
  }
  return addresses;
}

std::vector<Address> trace(Dice& dice, const std::vector<Address>& hosts)
{
  return drawn(query_count, [&] { return hosts[dice.skewed(hosts.size())]; });
}

// ---- the peers

class Mmdb {
public:
  explicit Mmdb(const std::string& path)
  {
    if (const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, &file_); status != 0) {
      throw std::runtime_error(path + ": " + MMDB_strerror(status));
    }
  }
  Mmdb(const Mmdb&) = delete;
  Mmdb& operator=(const Mmdb&) = delete;
  ~Mmdb() { MMDB_close(&file_); }

  /// Where the record of this address lies: the bare look-up.
  template <typename Socket>
  [[nodiscard]] MMDB_lookup_result_s record(const Socket& address) const
  {
    int error = 0;
    return MMDB_lookup_sockaddr(&file_, reinterpret_cast<const sockaddr*>(&address), &error);
  }

  /// The AS number in it: the job that AddressTable::find() does.
  template <typename Socket>
  [[nodiscard]] std::uint32_t number(const Socket& address) const
  {
    auto found = record(address);
    MMDB_entry_data_s data{};
    if (!found.found_entry || MMDB_get_value(&found.entry,
                                             &data,
                                             "autonomous_system_number",
                                             static_cast<const char*>(nullptr)) != MMDB_SUCCESS) {
      return 0;
    }
    return data.uint32;
  }

private:
  MMDB_s file_{};
};

sockaddr_in socket_of(std::uint32_t address)
{
  sockaddr_in socket{};
  socket.sin_family = AF_INET;
  socket.sin_addr.s_addr = htonl(address);
  return socket;
}

sockaddr_in6 socket_of(const V6& address)
{
  sockaddr_in6 socket{};
  socket.sin6_family = AF_INET6;
  const auto bytes = Address::v6(address.high, address.low).bytes();
  std::copy(bytes.begin(), bytes.end(), std::begin(socket.sin6_addr.s6_addr));
  return socket;
}

/// So that unordered_map takes a string_view without making a string: it is as fast as it can be.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const
  {
    return std::hash<std::string_view>{}(text);
  }
};
using SuffixMap = std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>>;

NameMatch longest_in(const SuffixMap& map, std::string_view name)
{
  for (std::string_view rest = name;;) {
    const auto found = map.find(rest);
    if (found != map.end()) {
      return {found->second, static_cast<std::uint32_t>(rest.size())};
    }
    const auto dot = rest.find('.');
    if (dot == std::string_view::npos) {
      return {};
    }
    rest.remove_prefix(dot + 1);
  }
}

// ---- the benches

/// Times `work`, which handles all `items`; registered under `name`.
template <typename Work>
void time_as(const std::string& name, std::size_t items, Work work)
{
  benchmark::RegisterBenchmark(name.c_str(), [items, work](benchmark::State& state) {
    for (auto _ : state) {
      work();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(items));
  });
}

/// One row of the table: a set of questions.
struct Row {
  std::string title;
  std::string key;
  double goal;  // times the peer's speed
};

/// Stops everything when two ways to answer do not agree.
void expect_same(const std::string& title, std::size_t different, std::size_t all)
{
  if (different != 0) {
    throw std::runtime_error(
        fmt::format("{}: {} of {} answers differ; nothing is timed", title, different, all));
  }
  fmt::print(stderr, "{}: {} answers, all the same\n", title, all);
}

void check_addresses(const Row& row,
                     const std::vector<std::uint32_t>& expected,
                     const std::vector<std::uint32_t>& one_by_one,
                     const std::vector<std::uint32_t>& batched)
{
  std::size_t different = 0;
  std::size_t answered = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    different += expected[i] != one_by_one[i] || expected[i] != batched[i] ? 1U : 0U;
    answered += expected[i] != 0 ? 1U : 0U;
  }
  expect_same(row.title, different, expected.size());
  fmt::print(stderr,
             "  {:.1f} % of them lie in a range\n",
             100.0 * static_cast<double>(answered) / static_cast<double>(expected.size()));
}

/// `Query` is std::uint32_t or V6; `find` is AddressTable's for one of them.
template <typename Query, typename Find, typename FindMany>
void bench_addresses(
    const Row& row, std::vector<Query> queries, const Mmdb& mmdb, Find find, FindMany find_many)
{
  std::vector<std::uint32_t> expected;
  std::vector<std::uint32_t> one_by_one;
  std::vector<std::uint32_t> batched(queries.size());
  for (const Query& query : queries) {
    expected.push_back(mmdb.number(socket_of(query)));
    one_by_one.push_back(find(query));
  }
  find_many(queries, batched);
  check_addresses(row, expected, one_by_one, batched);

  using Sockets = std::vector<decltype(socket_of(queries[0]))>;
  const auto asked = std::make_shared<const std::vector<Query>>(std::move(queries));
  const auto answers = std::make_shared<std::vector<std::uint32_t>>(batched.size());
  const auto sockets = std::make_shared<Sockets>();
  for (const Query& query : *asked) {
    sockets->push_back(socket_of(query));
  }
  time_as(row.key + "/peer", asked->size(), [=, &mmdb] {
    for (std::size_t i = 0; i < sockets->size(); ++i) {
      (*answers)[i] = mmdb.record((*sockets)[i]).entry.offset;
    }
    benchmark::DoNotOptimize(answers->data());
  });
  time_as(row.key + "/peer_number", asked->size(), [=, &mmdb] {
    for (std::size_t i = 0; i < sockets->size(); ++i) {
      (*answers)[i] = mmdb.number((*sockets)[i]);
    }
    benchmark::DoNotOptimize(answers->data());
  });
  time_as(row.key + "/one", asked->size(), [=] {
    const Query* query = asked->data();
    for (std::uint32_t& answer : *answers) {
      answer = find(*query++);
    }
    benchmark::DoNotOptimize(answers->data());
  });
  time_as(row.key + "/batch", asked->size(), [=] {
    find_many(*asked, *answers);
    benchmark::DoNotOptimize(answers->data());
  });
}

void bench_names(const Row& row,
                 const std::vector<NameEntry>& entries,
                 std::vector<std::string> names)
{
  SuffixMap filled;
  for (const NameEntry& entry : entries) {
    filled[entry.suffix] = entry.value;
  }
  const auto map = std::make_shared<const SuffixMap>(std::move(filled));
  const auto block =
      std::make_shared<const std::vector<std::byte>>(catalog::build_name_table(entries));
  const NameTable table = value_of(NameTable::over(*block));
  const auto texts = std::make_shared<const std::vector<std::string>>(std::move(names));
  const auto asked = std::make_shared<std::vector<std::string_view>>(texts->begin(), texts->end());
  const auto answers = std::make_shared<std::vector<NameMatch>>(asked->size());

  table.find(*asked, *answers);
  std::size_t different = 0;
  std::size_t answered = 0;
  for (std::size_t i = 0; i < asked->size(); ++i) {
    const NameMatch expected = longest_in(*map, (*asked)[i]);
    different += table.find((*asked)[i]) != expected || (*answers)[i] != expected ? 1U : 0U;
    answered += expected.value != 0 ? 1U : 0U;
  }
  expect_same(row.title, different, asked->size());
  fmt::print(stderr,
             "  {} suffixes; {:.1f} % of the names lie under one\n",
             map->size(),
             100.0 * static_cast<double>(answered) / static_cast<double>(asked->size()));

  time_as(row.key + "/peer", asked->size(), [=] {
    for (std::size_t i = 0; i < asked->size(); ++i) {
      (*answers)[i] = longest_in(*map, (*asked)[i]);
    }
    benchmark::DoNotOptimize(answers->data());
  });
  time_as(row.key + "/one", asked->size(), [=] {
    for (std::size_t i = 0; i < asked->size(); ++i) {
      (*answers)[i] = table.find((*asked)[i]);
    }
    benchmark::DoNotOptimize(answers->data());
  });
  // The block, the texts and the map live as long as the closures that hold them.
  time_as(row.key + "/batch", asked->size(), [=] {
    benchmark::DoNotOptimize(block->data());
    benchmark::DoNotOptimize(texts->data());
    table.find(*asked, *answers);
    benchmark::DoNotOptimize(answers->data());
  });
}

std::string label(Dice& dice)
{
  std::string text;
  for (auto length = 3 + dice.below(9); length > 0; --length) {
    text += static_cast<char>('a' + dice.below(26));
  }
  return text;
}

/// Half of the names lie under a suffix of the table, with up to three labels in front.
std::vector<std::string> names_for(Dice& dice, const std::vector<NameEntry>& entries, bool skewed)
{
  const char* const tops[] = {"com", "net", "nl", "org", "de", "co.uk"};
  const auto some_name = [&] {
    std::string name = dice.below(2) == 0 ? entries[dice.below(entries.size())].suffix
                                          : label(dice) + "." + tops[dice.below(std::size(tops))];
    for (auto more = dice.below(4); more > 0; --more) {
      name.insert(0, label(dice) + ".");
    }
    return name;
  };
  std::vector<std::string> hosts;
  while (hosts.size() < (skewed ? host_count : query_count)) {
    hosts.push_back(some_name());
  }
  if (!skewed) {
    return hosts;
  }
  std::vector<std::string> names;
  while (names.size() < query_count) {
    names.push_back(hosts[dice.skewed(hosts.size())]);
  }
  return names;
}

std::vector<NameEntry> made_up_suffixes(Dice& dice, std::uint32_t count)
{
  const char* const tops[] = {"com", "net", "nl", "org", "de", "eu"};
  std::vector<NameEntry> entries;
  for (std::uint32_t i = 1; i <= count; ++i) {
    std::string suffix = label(dice) + "." + tops[dice.below(std::size(tops))];
    for (auto more = dice.below(5); more > 2; --more) {
      suffix.insert(0, label(dice) + ".");
    }
    entries.push_back({suffix, i});
  }
  return entries;
}

// ---- the table

std::string cell(double nanoseconds)
{
  return nanoseconds == 0 ? "-"
                          : fmt::format("{:.1f} ns ({:.0f} M/s)", nanoseconds, 1000 / nanoseconds);
}

void print_table(const char* peer, const std::vector<Row>& rows, const Medians& medians)
{
  fmt::print("| questions | {} | zonder, one by one | times | zonder, batched | times | goal |\n"
             "|---|---|---|---|---|---|---|\n",
             peer);
  for (const Row& row : rows) {
    const double peer_time = medians.of(row.key + "/peer");
    const double with_number = medians.of(row.key + "/peer_number");
    const double one = medians.of(row.key + "/one");
    const double batch = medians.of(row.key + "/batch");
    if (peer_time == 0 || one == 0 || batch == 0) {
      fmt::print("| {} | not measured | | | | | |\n", row.title);
      continue;
    }
    const bool met = peer_time >= row.goal * one && peer_time >= 2 * row.goal * batch;
    fmt::print("| {} | {}{} | {} | {:.1f} | {} | {:.1f} | {}: {:.0f}, batched {:.0f} |\n",
               row.title,
               cell(peer_time),
               with_number == 0 ? "" : fmt::format("; with the number read {:.0f} ns", with_number),
               cell(one),
               peer_time / one,
               cell(batch),
               peer_time / batch,
               met ? "met" : "MISSED",
               row.goal,
               2 * row.goal);
  }
  fmt::print("\n");
}

int run(int count, char** arguments)
{
  benchmark::Initialize(&count, arguments);
  if (count != 4) {
    fmt::print(stderr, "usage: lookup_bench ASN-FOLDER FILE.mmdb ENTITIES.json\n");
    return 2;
  }
  const std::string folder = arguments[1];
  std::vector<AddressEntry> entries;
  read_asn_table(folder + "/asn-ipv4.csv", entries);
  const std::size_t count_v4 = entries.size();
  read_asn_table(folder + "/asn-ipv6.csv", entries);
  const auto block = catalog::build_address_table(entries);
  const AddressTable table = value_of(AddressTable::over(block));
  const Mmdb mmdb(arguments[2]);
  fmt::print(stderr,
             "{} ranges of IPv4, {} of IPv6: a table of {:.1f} MB\n",
             count_v4,
             entries.size() - count_v4,
             static_cast<double>(block.size()) / 1e6);

  Dice dice;
  const auto in_v4 = [&] {
    return dice.within(entries[dice.below(count_v4)].range);
  };
  const auto in_v6 = [&] {
    return dice.within(entries[count_v4 + dice.below(entries.size() - count_v4)].range);
  };
  const std::vector<Row> addresses{{"IPv4, any address", "v4_any", 40},
                                   {"IPv4, in a random range", "v4_range", 40},
                                   {"IPv4, as in traffic", "v4_trace", 40},
                                   {"IPv6, any of 2000::/3", "v6_any", 12},
                                   {"IPv6, in a random range", "v6_range", 12},
                                   {"IPv6, as in traffic", "v6_trace", 12}};
  const auto bench_v4 = [&](const Row& row, const std::vector<Address>& asked) {
    std::vector<std::uint32_t> queries;
    for (const Address address : asked) {
      queries.push_back(static_cast<std::uint32_t>(address.low()));
    }
    bench_addresses(
        row,
        std::move(queries),
        mmdb,
        [table](std::uint32_t query) { return table.find_v4(query); },
        [table](std::span<const std::uint32_t> from, std::span<std::uint32_t> to) {
          table.find_v4(from, to);
        });
  };
  const auto bench_v6 = [&](const Row& row, const std::vector<Address>& asked) {
    std::vector<V6> queries;
    for (const Address address : asked) {
      queries.push_back({address.high(), address.low()});
    }
    bench_addresses(
        row,
        std::move(queries),
        mmdb,
        [table](const V6& query) { return table.find_v6(query.high, query.low); },
        [table](std::span<const V6> from, std::span<std::uint32_t> to) {
          table.find_v6(from, to);
        });
  };
  bench_v4(addresses[0], drawn(query_count, [&] {
             return Address::v4(static_cast<std::uint32_t>(dice.number()));
           }));
  bench_v4(addresses[1], drawn(query_count, in_v4));
  bench_v4(addresses[2], trace(dice, drawn(host_count, in_v4)));
  bench_v6(addresses[3], drawn(query_count, [&] {
             return Address::v6(0x2000000000000000U | dice.number() >> 3U, dice.number());
           }));
  bench_v6(addresses[4], drawn(query_count, in_v6));
  bench_v6(addresses[5], trace(dice, drawn(host_count, in_v6)));

  const auto real = read_entities(arguments[3]);
  const auto made_up = made_up_suffixes(dice, 100000);
  const std::vector<Row> names{{"names, third-party-web's suffixes", "names_web", 5},
                               {"the same, as in traffic", "names_web_trace", 5},
                               {"names, 100,000 made-up suffixes", "names_many", 5},
                               {"the same, as in traffic", "names_many_trace", 5}};
  bench_names(names[0], real, names_for(dice, real, false));
  bench_names(names[1], real, names_for(dice, real, true));
  bench_names(names[2], made_up, names_for(dice, made_up, false));
  bench_names(names[3], made_up, names_for(dice, made_up, true));

  Medians medians;
  benchmark::RunSpecifiedBenchmarks(&medians);
  print_table("libmaxminddb, record found", addresses, medians);
  print_table("std::unordered_map", names, medians);
  return 0;
}

}  // namespace
}  // namespace zonder::bench

int main(int count, char** arguments)
{
  try {
    return zonder::bench::run(count, arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "lookup_bench: {}\n", error.what());
    return 1;
  }
}

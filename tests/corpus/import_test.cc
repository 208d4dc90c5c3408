// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// What is read in from real files, against what others, or a plain reading, find in them.
#include <filesystem>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "app/parties_seen.hh"
#include "base/file.hh"
#include "catalog/catalog.hh"
#include "collect/files.hh"
#include "collect/read_in.hh"
#include "net/special_use.hh"
#include "support/shared_data.hh"
#include "wire/dns/brief.hh"
#include "wire/dns/message.hh"

namespace zonder::collect {
namespace {

using Names = std::set<std::string>;

/// Everything in a file or archive, as observations; `read` is told each stream with its content.
struct Found {
  std::vector<model::Observation> all;
  std::uint64_t records = 0;
  std::uint64_t unreadable = 0;
  std::string problem;
};

void take(const std::string& path, Window& window, Found& found)
{
  const auto done = read_in(path,
                            window,
                            nullptr,
                            [&found](std::span<const model::Thing> things,
                                     std::span<const model::Row> rows) -> Result<void> {
                              for (const auto& row : rows) {
                                model::Observation seen;
                                seen.subject_kind = things[row.subject].kind;
                                seen.subject = things[row.subject].text;
                                seen.relation = row.relation;
                                seen.object_kind = things[row.object].kind;
                                seen.object = things[row.object].text;
                                seen.via = row.via;
                                seen.count = row.count;
                                found.all.push_back(std::move(seen));
                              }
                              return {};
                            });
  ASSERT_TRUE(done) << done.error().message;
  found.records += done->count.records;
  found.unreadable += done->count.unreadable;
  found.problem = found.problem.empty() ? done->count.first_problem : found.problem;
}

Found found_in(const std::string& shared)
{
  Found found;
  std::vector<PassedOver> none;
  EXPECT_TRUE(read_streams(
      {.path = test::shared_data(shared)},
      [](std::size_t) {},
      [&found](const std::string& path, Window& window) -> Result<void> {
        take(path, window, found);
        return {};
      },
      none));
  return found;
}

/// The files in an archive whose path ends so.
std::map<std::string, std::string> contents(const std::string& shared, const std::string& end)
{
  std::map<std::string, std::string> files;
  std::vector<PassedOver> none;
  EXPECT_TRUE(read_streams(
      {.path = test::shared_data(shared)},
      [](std::size_t) {},
      [&](const std::string& path, Window& window) -> Result<void> {
        if (path.ends_with(end)) {
          std::string content;
          while (!window.ahead(1).empty()) {
            content += window.ahead(1);
            window.pass(window.ahead(1).size());
          }
          files[path] = std::move(content);
        }
        return {};
      },
      none));
  return files;
}

std::vector<std::string> split(const std::string& line, char separator)
{
  std::vector<std::string> parts;
  std::istringstream in(line);
  for (std::string part; std::getline(in, part, separator);) {
    parts.push_back(part);
  }
  return parts;
}

/// As data/README.md says: lower case, without a final dot and a port; nothing for no host name.
std::string host_name(std::string name)
{
  for (char& c : name) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (name.ends_with('.')) {
    name.pop_back();
  }
  name = name.substr(0, name.find(':'));
  const bool is_name =
      !name.empty() && name.size() < 254 && name.find("..") == std::string::npos &&
      name.front() != '.' &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") == std::string::npos &&
      name.find_first_not_of("0123456789.") != std::string::npos;
  return is_name ? name : "";
}

Names names_in(const Found& found)
{
  Names names;
  for (const auto& seen : found.all) {
    if (seen.relation == model::Relation::Asked || seen.relation == model::Relation::Named) {
      names.insert(seen.object);
    }
  }
  return names;
}

TEST(RealZeekLogs, GiveTheNamesThatAPlainReadingGives)
{
  ZONDER_NEEDS_SHARED("zeek/zeek.tar.xz");
  std::size_t logs = 0;
  std::size_t all_names = 0;
  for (const auto& [path, content] : contents("zeek/zeek.tar.xz", ".log")) {
    if (format_of(content.substr(0, head_size)) == nullptr) {
      continue;  // seven are not in Zeek's form: their makers cut columns and the header out
    }
    Names expected;
    std::vector<std::string> columns;
    std::istringstream lines(content);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("#fields\t")) {
        columns = split(line.substr(8), '\t');
      }
      if (line.starts_with("#") || line.empty()) {
        continue;
      }
      std::map<std::string, std::string> row;
      const auto values = split(line, '\t');
      for (std::size_t i = 0; i < values.size() && i < columns.size(); ++i) {
        row[columns[i]] = values[i] == "-" || values[i] == "(empty)" ? "" : values[i];
      }
      if (row["id.orig_h"].empty() || !row["conn_state"].empty()) {
        continue;
      }
      for (const char* column : {"query", "server_name", "host"}) {
        if (const auto name = host_name(row[column]); !name.empty()) {
          expected.insert(name);
        }
      }
    }
    Found found;
    std::vector<PassedOver> none;
    const auto folder = TemporaryFolder::make().value();
    ASSERT_TRUE(write_file(folder.path() + "/log", content));
    ASSERT_TRUE(read_streams(
        {.path = folder.path() + "/log"},
        [](std::size_t) {},
        [&found](const std::string& name, Window& window) -> Result<void> {
          take(name, window, found);
          return {};
        },
        none));
    EXPECT_EQ(names_in(found), expected) << path;
    EXPECT_EQ(found.unreadable, 0U) << path << ": " << found.problem;
    ++logs;
    all_names += expected.size();
  }
  std::cout << "  " << logs << " logs, " << all_names << " names\n";
  EXPECT_GT(logs, 200U);
  EXPECT_GT(all_names, 50U);
}

class SameTraffic : public testing::TestWithParam<const char*> {
protected:
  [[nodiscard]] std::string capture() const { return std::string(GetParam()) + ".pcap"; }
};

TEST_P(SameTraffic, TappedDnsHasTheNamesThatTsharkSees)
{
  ZONDER_NEEDS_SHARED("pcap/ndpi.tar.xz");
  ZONDER_NEEDS_SHARED("dnstap");
  Names expected;
  const auto tables = contents("pcap/ndpi.tar.xz", "/" + capture() + ".tshark.tsv");
  ASSERT_EQ(tables.size(), 1U);
  std::istringstream lines(tables.begin()->second);
  for (std::string line; std::getline(lines, line);) {
    constexpr std::size_t server_port = 7;
    constexpr std::size_t client_port = 8;
    constexpr std::size_t question = 11;
    const auto columns = split(line, '\t');
    // What is asked at port 53: mDNS and LLMNR are no resolver's.
    if (columns.size() > question &&
        (columns[server_port] == "53" || columns[client_port] == "53")) {
      for (const auto& name : split(columns[question], ',')) {
        if (const auto host = host_name(name); !host.empty()) {
          expected.insert(host);
        }
      }
    }
  }
  const auto found = found_in("dnstap/" + capture() + ".dnstap");
  EXPECT_EQ(names_in(found), expected);
  EXPECT_FALSE(expected.empty());
}

TEST_P(SameTraffic, EachVersionOfNetflowHasTheSameConnections)
{
  ZONDER_NEEDS_SHARED("flows");
  // Version 5 knows IPv4 only.
  const auto reached = [this](const char* version) {
    std::set<std::string> all;
    for (const auto& seen : found_in("flows/" + capture() + version).all) {
      if (seen.subject.find(':') == std::string::npos) {
        all.insert(seen.subject + " " + seen.object);
      }
    }
    return all;
  };
  const auto five = reached(".v5.lenframed");
  EXPECT_FALSE(five.empty());
  EXPECT_EQ(five, reached(".v9.lenframed"));
  EXPECT_EQ(five, reached(".v10.lenframed"));
}

TEST_P(SameTraffic, FlowsAndTappedDnsGiveTheSameParties)
{
  ZONDER_NEEDS_SHARED("flows");
  const auto shipped = std::filesystem::path(ZONDER_BINARY).parent_path().parent_path() /
                       "share/zonder/catalog.snapshot";
  if (!std::filesystem::exists(shipped)) {
    GTEST_SKIP() << "needs " << shipped << ": run script/bootstrap and build again";
  }
  const auto catalog = catalog::Catalog::open({shipped}).value();
  constexpr catalog::Date day{2026, 11, 23};
  const auto tapped = found_in("dnstap/" + capture() + ".dnstap");
  app::PartiesSeen by_name;
  Names told;  // addresses that DNS led to
  for (const auto& seen : tapped.all) {
    by_name.take(seen);
    if (seen.relation == model::Relation::LeadsTo) {
      told.insert(seen.object);
    }
  }
  by_name.attribute(&catalog, day);
  // Flows know no names, and DNS no address that was asked for earlier: compared is what both saw.
  app::PartiesSeen by_address;
  app::PartiesSeen untold;
  for (const auto& seen : found_in("flows/" + capture() + ".v9.lenframed").all) {
    const auto address = seen.object_kind == model::Kind::Endpoint && seen.object.front() != '['
                             ? seen.object.substr(0, seen.object.find(':'))
                             : seen.object;
    (told.count(address) > 0 ? by_address : untold).take(seen);
  }
  by_address.attribute(&catalog, day);
  untold.attribute(&catalog, day);
  for (const auto& [party, count] : by_address.parties()) {
    EXPECT_EQ(by_name.parties().count(party), 1U) << party << " is seen in flows only";
  }
  std::cout << "  " << capture() << ": " << by_address.endpoints()
            << " endpoints that DNS told, of " << by_address.parties().size() << " parties, all of "
            << by_name.parties().size() << " by name; " << untold.endpoints()
            << " that it did not, of";
  for (const auto& [party, count] : untold.parties()) {
    std::cout << " " << party;
  }
  std::cout << "\n";
}

INSTANTIATE_TEST_SUITE_P(OfOneCapture,
                         SameTraffic,
                         testing::Values("android", "dropbox", "telegram"),
                         [](const auto& test) { return std::string(test.param); });

TEST(BriefDns, AgreesWithLibknotOnEveryTappedMessage)
{
  ZONDER_NEEDS_SHARED("dnstap");
  std::size_t messages = 0;
  for (const char* capture : {"android", "dns_fragmented", "dropbox", "telegram"}) {
    const auto bytes =
        read_file(test::shared_data("dnstap/" + std::string(capture) + ".pcap.dnstap")).value();
    // Fields 10 and 14 of a Message (dnstap.proto) hold DNS: tag, length, content.
    const auto at = [&bytes](std::size_t place) {
      return static_cast<std::uint8_t>(bytes[place]);
    };
    for (std::size_t i = 0; i + 3 < bytes.size(); ++i) {
      if (at(i) != 0x52 && at(i) != 0x72) {
        continue;
      }
      const bool is_long = at(i + 1) >= 128;
      const std::size_t size = is_long ? (at(i + 1) & 127U) + at(i + 2) * 128U : at(i + 1);
      const auto start = i + (is_long ? 3 : 2);
      if (start + size > bytes.size()) {
        continue;
      }
      const std::span<const std::uint8_t> piece(
          reinterpret_cast<const std::uint8_t*>(bytes.data()) + start, size);
      const auto whole = wire::dns::parse_response(piece);
      if (!whole) {
        continue;  // no message, or a query, or one cut off
      }
      ++messages;
      wire::dns::BriefReader brief;
      ASSERT_TRUE(brief.read(piece)) << capture << " at " << i;
      EXPECT_EQ(brief.question(), whole->question.name == "." ? "" : whole->question.name);
      EXPECT_EQ(brief.type(), whole->question.type);
      std::multiset<std::string> expected;
      for (const auto& record : whole->records) {
        if (record.section == wire::dns::Section::Answer && whole->rcode == 0) {
          for (const auto& address : record.addresses) {
            expected.insert(record.owner + " " + address.to_string());
          }
          if (record.type == wire::dns::type::cname) {
            expected.insert(record.owner + " " + record.target);
          }
        }
      }
      std::multiset<std::string> read;
      for (const auto& record : brief.records()) {
        if (record.type == wire::dns::type::a || record.type == wire::dns::type::aaaa ||
            record.type == wire::dns::type::cname) {
          read.insert(std::string(record.owner) + " " + std::string(record.data));
        }
      }
      EXPECT_EQ(read, expected) << capture << " at " << i;
    }
  }
  EXPECT_GT(messages, 30U);
  std::cout << "  " << messages << " messages\n";
}

}  // namespace
}  // namespace zonder::collect

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "collect/capture.hh"
#include "support/dns_bytes.hh"
#include "support/made_frames.hh"
#include "support/tls_bytes.hh"

namespace zonder::collect {
namespace {

using test::ether;
using test::ip;
using test::Octets;
using test::octets;

/// Glimpses as text: "device 10.0.0.1 asked name a.example dns 1".
class Told : public model::GlimpseSink {
public:
  std::vector<std::string> lines;
  std::vector<std::optional<model::Moment>> first;
  std::vector<std::uint64_t> bytes;
  void take(const model::Glimpse& glimpse) override
  {
    lines.push_back(fmt::format("{} {} {} {} {} {} {}",
                                to_text(glimpse.subject_kind),
                                glimpse.subject,
                                to_text(glimpse.relation),
                                to_text(glimpse.object_kind),
                                glimpse.object,
                                to_text(glimpse.via),
                                glimpse.count));
    first.push_back(glimpse.first);
    bytes.push_back(glimpse.bytes);
  }
};

CaptureRead read(const Octets& file, Told& told, const CaptureOptions& options = {})
{
  MemorySource source(file);
  const auto result = read_capture(source, told, options);
  EXPECT_TRUE(result.has_value());
  return result.value_or(CaptureRead{});
}

Octets question(const std::string& name)
{
  return test::write({.flags = 0x0100, .name = name});
}

Octets over_udp(const std::string& from,
                const std::string& to,
                unsigned source,
                unsigned port,
                const Octets& payload)
{
  return ether(ip(from, to, 17, test::udp(source, port, payload)));
}

TEST(Capture, BecomesGlimpsesOfWhoAskedAndWhereNamesLead)
{
  const auto answer = test::write({.name = "www.example",
                                   .answers = {{"www.example", 5, test::name_data("cdn.example")},
                                               {"cdn.example", 1, test::address_data("192.0.2.9")}},
                                   .authority = {{"example", 2, test::name_data("ns.example")}}});
  Told told;
  const auto result =
      read(test::pcap({over_udp("10.0.0.1", "10.0.0.53", 5000, 53, question("www.example")),
                       over_udp("10.0.0.53", "10.0.0.1", 53, 5000, answer)}),
           told);
  EXPECT_EQ(told.lines,
            (std::vector<std::string>{"device 10.0.0.1 asked name www.example dns 1",
                                      "name www.example alias name cdn.example dns 1",
                                      "name cdn.example leads-to address 192.0.2.9 dns 1",
                                      "name example name-server name ns.example dns 1",
                                      "device 10.0.0.1 reached endpoint 10.0.0.53:53/udp flow 1"}));
  EXPECT_EQ(told.first[0],
            model::Moment(std::chrono::seconds(1750000000) + std::chrono::microseconds(5)));
  EXPECT_EQ(result.count.records, 2U);
  EXPECT_EQ(result.count.unreadable, 0U);
  EXPECT_EQ(result.flows, 1U);
  EXPECT_TRUE(result.remarks.empty());
}

TEST(Capture, CountsAnAnswerAsAQuestionWhereTheQuestionIsNotInIt)
{
  Told told;
  read(test::pcap(
           {over_udp("10.0.0.53", "10.0.0.1", 53, 5000, test::write({.name = "www.example"}))}),
       told);
  EXPECT_EQ(told.lines.at(0), "device 10.0.0.1 asked name www.example dns 1");
  EXPECT_EQ(told.lines.at(1), "device 10.0.0.1 reached endpoint 10.0.0.53:53/udp flow 1");
}

TEST(Capture, BecomesGlimpsesOfNamesSaidToServersAndOfEndpoints)
{
  const auto hello = test::in_records(test::message_of(test::TestHello::for_name("login.example")));
  Told told;
  read(test::pcap(
           {ether(ip("2001:db8::1", "2001:db8::2", 6, test::tcp(40000, 443, 1, hello))),
            ether(
                ip("10.0.0.1",
                   "192.0.2.2",
                   6,
                   test::tcp(40001, 80, 1, octets("GET / HTTP/1.1\r\nHost: 192.0.2.2\r\n\r\n"))))}),
       told);
  EXPECT_EQ(
      told.lines,
      (std::vector<std::string>{"device 2001:db8::1 named name login.example tls 1",
                                "device 2001:db8::1 reached endpoint [2001:db8::2]:443/tcp flow 1",
                                "device 10.0.0.1 reached endpoint 192.0.2.2:80/tcp flow 1"}))
      << "an address that stands where a name may is no name";
  EXPECT_EQ(told.bytes.at(2), 20U + 20U + 35U);
}

TEST(Capture, LeavesOutWhatStaysOnTheLinkUnlessAskedFor)
{
  const auto file =
      test::pcap({over_udp("10.0.0.1", "224.0.0.251", 5353, 5353, question("printer.local"))});
  Told told;
  read(file, told);
  EXPECT_TRUE(told.lines.empty());
  Told local;
  read(file, local, {.local = true});
  EXPECT_EQ(local.lines.size(), 2U);
}

TEST(Capture, DoesNotCallItReachedWhereNobodyAnswered)
{
  Told told;
  const auto result = read(
      test::pcap({ether(ip("10.0.0.1", "192.0.2.2", 6, test::tcp(40000, 443, 1, {}, test::syn)))}),
      told);
  EXPECT_TRUE(told.lines.empty());
  EXPECT_EQ(result.unanswered, 1U);
}

TEST(Capture, ThatIsDamagedGivesWhatWasReadableAndThePlaceOfTheFirstProblem)
{
  auto file = test::pcap({over_udp("10.0.0.1", "10.0.0.53", 5000, 53, question("a.example")),
                          over_udp("10.0.0.1", "10.0.0.53", 5000, 53, question("b.example"))});
  file.resize(file.size() - 3);
  Told told;
  const auto result = read(file, told);
  EXPECT_EQ(told.lines.at(0), "device 10.0.0.1 asked name a.example dns 1");
  EXPECT_EQ(result.count.records, 1U);
  EXPECT_EQ(result.count.unreadable, 1U);
  EXPECT_EQ(result.count.first_problem,
            "byte 109: the file ends in the middle of a frame, after frame 1");
}

TEST(Capture, OfALinkThatIsNotUnderstoodSaysSoOnce)
{
  Told told;
  const auto result = read(test::pcap({{1, 2, 3}, {1, 2, 3}}, {.link = 147}), told);
  EXPECT_EQ(result.remarks,
            (std::vector<std::string>{
                "2 frames are of a kind of link that is not understood (link type 147)"}));
}

TEST(Capture, IsNotWhatBeginsOtherwise)
{
  Told told;
  const auto bytes = octets("a,b,c\n");
  MemorySource source(bytes);
  const auto result = read_capture(source, told);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().fault, Fault::Usage);
  EXPECT_FALSE(begins_capture(bytes));
  EXPECT_TRUE(begins_capture(test::pcap({})));
  EXPECT_TRUE(begins_capture(test::section()));
}

TEST(Capture, TellsNothingOfThePayload)
{
  const std::string canary = "canary-7f3a";
  const auto hello = test::in_records(test::message_of(
      {.extensions = {{0, test::server_name_data("login.example")}, {0x10, octets(canary)}}}));
  const auto request =
      octets("GET /" + canary + "?q=" + canary + " HTTP/1.1\r\nCookie: " + canary +
             "\r\nHost: page.example\r\nAuthorization: " + canary + "\r\n\r\n" + canary);
  auto text = octets(canary);
  text.insert(text.begin(), static_cast<std::uint8_t>(canary.size()));
  const auto answer = test::write({.name = "www.example", .answers = {{"www.example", 16, text}}});
  std::vector<Octets> frames = {
      ether(ip("10.0.0.1", "192.0.2.2", 6, test::tcp(40000, 443, 1, hello))),
      ether(ip("10.0.0.1", "192.0.2.2", 6, test::tcp(40001, 80, 1, request))),
      ether(ip("192.0.2.2",
               "10.0.0.1",
               6,
               test::tcp(80, 40001, 1, octets("HTTP/1.1 200\r\n\r\n" + canary)))),
      over_udp("10.0.0.53", "10.0.0.1", 53, 5000, answer),
      over_udp("10.0.0.1", "192.0.2.3", 5000, 9999, octets(canary)),
      ether(ip("10.0.0.1", "192.0.2.4", 1, octets(canary)))};
  auto file = test::pcap(frames);
  file.resize(file.size() - 2);
  Told told;
  const auto result = read(file, told, {.local = true});
  EXPECT_GE(told.lines.size(), 5U);
  auto all = result.remarks;
  all.push_back(result.count.first_problem);
  all.insert(all.end(), told.lines.begin(), told.lines.end());
  for (const auto& line : all) {
    EXPECT_EQ(line.find(canary), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace zonder::collect

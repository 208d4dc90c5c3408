// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Logs that unbound 1.17.1, BIND 9.18, dnsmasq 2.90, PowerDNS Recursor 4.8.8 and conntrack 1.4.7
// themselves wrote in a namespace of their own, of the same few questions and connections:
// each question twice but for PowerDNS.
#include <algorithm>

#include <gtest/gtest.h>

#include "support/read_text.hh"

namespace zonder {
namespace {

using Lines = std::vector<std::string>;

Lines asked_in(const test::ReadText& text)
{
  Lines asked;
  std::copy_if(text.seen.begin(), text.seen.end(), std::back_inserter(asked), [](const auto& line) {
    return line.find(" asked ") != std::string::npos || line.find(" reached ") != std::string::npos;
  });
  return asked;
}

test::ReadText log(const std::string& name)
{
  return test::read_text(
      test::content_of(ZONDER_SOURCE_DIR "/tests/corpus/querylogs/" + name + ".log"));
}

const Lines questions = {"10.0.0.5 asked mail.town.example dns 2",
                         "10.0.0.5 asked town.example dns 2",
                         "10.0.0.5 asked www.town.example dns 2",
                         "10.0.0.6 asked mail.town.example dns 2",
                         "10.0.0.6 asked www.town.example dns 2"};

TEST(WrittenByTheProgram, EachQuestionIsThere)
{
  for (const char* name : {"bind", "dnsmasq", "dnsmasq-extra", "unbound"}) {
    const auto text = log(name);
    EXPECT_EQ(text.format, std::string(name).substr(0, std::string(name).find('-')));
    EXPECT_EQ(text.unreadable, 0U) << name << ": " << text.problem;
    // Of unbound also dnsmasq asked, and of two somebody over IPv6.
    auto asked = asked_in(text);
    asked.erase(std::remove_if(asked.begin(),
                               asked.end(),
                               [](const auto& line) { return !line.starts_with("10.0.0."); }),
                asked.end());
    EXPECT_EQ(asked, questions) << name;
  }
  EXPECT_EQ(asked_in(log("bind")).back(), "2001:db8::5 asked www.town.example dns 2");
}

TEST(WrittenByTheProgram, PowerdnsDoesNotWriteWhatItAnswersFromItsPacketCache)
{
  const auto text = log("powerdns");
  EXPECT_EQ(text.format, "powerdns");
  EXPECT_EQ(asked_in(text),
            (Lines{"10.0.0.5 asked mail.town.example dns 1",
                   "10.0.0.5 asked town.example dns 1",
                   "10.0.0.5 asked www.town.example dns 1"}));
}

TEST(WrittenByTheProgram, ConntrackIsReadInEachOfItsForms)
{
  for (const char* name : {"conntrack", "conntrack-extended"}) {
    EXPECT_EQ(asked_in(log(name)),
              (Lines{"10.0.0.5 reached 127.0.0.1:443/tcp flow 1 1276",
                     "10.0.0.6 reached 127.0.0.1:5301/udp flow 1 30"}))
        << name;
  }
  EXPECT_EQ(asked_in(log("conntrack-events")),
            (Lines{"10.0.0.5 reached 127.0.0.1:443/tcp flow 1",
                   "10.0.0.6 reached 127.0.0.1:5301/udp flow 1"}));
}

}  // namespace
}  // namespace zonder

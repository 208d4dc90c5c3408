// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "isolate/proxied_names.hh"
#include "support/mini_internet.hh"

// What becomes of a name whose look-up is slow, changes, or comes to nothing. The loop runs in the
// test's own thread.
namespace zonder::isolate {
namespace {

using std::chrono::milliseconds;
using Found = Forwarder::Found;

net::Address address(const char* text)
{
  return net::Address::parse(text).value();
}

Found leads_to(const char* where)
{
  return {.party = {}, .addresses = {address(where)}, .complete = true};
}

const Found nowhere{.party = {}, .addresses = {}, .complete = true};
const Found no_answer{.party = {}, .addresses = {}, .complete = false};

struct Answer {
  Found found;
  milliseconds after{0};
  bool ever = true;
};

class ProxiedNamesOf : public testing::Test {
protected:
  ProxiedNamesOf()
  {
    options_.look_up = [this](const net::DomainName&, auto done) {
      ++questions_;
      const auto answer = answers_.empty() ? Answer{.found = {}, .ever = false} : answers_.front();
      if (!answers_.empty()) {
        answers_.pop_front();
      }
      if (answer.ever) {
        loop_.after(answer.after, [done, answer] { done(answer.found); });
      }
    };
    options_.answers_names = [this] {
      return answers_names_;
    };
    options_.on_doubt = [this](std::size_t proxy, std::uint64_t requests) {
      doubted_.emplace_back(proxy, requests);
    };
    options_.patience = milliseconds(60);
    options_.last_patience = milliseconds(400);
  }

  /// What is thought of the name; nothing: it takes longer than two seconds.
  std::optional<ProxyJudgement> judged(const std::string& name = "www.europe.example",
                                       bool on_this_machine = false)
  {
    if (!names_) {
      names_.emplace(options_, policy_, loop_);
    }
    std::optional<ProxyJudgement> judgement;
    loop_.post([&] {
      names_->judge(name, on_this_machine, [&](const ProxyJudgement& found) {
        judgement = found;
        loop_.stop();
      });
    });
    const auto limit = loop_.after(milliseconds(2000), [this] { loop_.stop(); });
    loop_.run();
    loop_.cancel(limit);
    return judgement;
  }

  model::Absence absence_ = test::microsoft_absence();
  ProxyPolicy policy_{absence_, {}};
  EventLoop loop_ = std::move(*EventLoop::open());
  ProxiedNames::Options options_;
  std::optional<ProxiedNames> names_;
  std::deque<Answer> answers_;
  bool answers_names_ = true;
  int questions_ = 0;
  std::vector<std::pair<std::size_t, std::uint64_t>> doubted_;
};

TEST_F(ProxiedNamesOf, AreAskedForTwiceAndThenRemembered)
{
  answers_ = {{leads_to(test::europe_v4)}, {leads_to(test::europe_v4)}};
  const auto first = judged();
  EXPECT_EQ(first->footing, ProxyFooting::Known);
  EXPECT_EQ(first->living, address(test::europe_v4));
  EXPECT_EQ(judged(), first);
  EXPECT_EQ(questions_, 2);
}

TEST_F(ProxiedNamesOf, AnotherAnswerToTheSameQuestionLeavesThemInDoubt)
{
  answers_ = {{leads_to(test::europe_v4)}, {leads_to(test::microsoft_v4)}};
  const auto judgement = judged();
  EXPECT_EQ(judgement->party, std::nullopt);
  EXPECT_EQ(judgement->footing, ProxyFooting::Mixed);
  EXPECT_EQ(judgement->living, address(test::europe_v4));
}

TEST_F(ProxiedNamesOf, TurningToThisMachineOnceIsEnough)
{
  options_.kept = milliseconds(0);
  answers_ = {{leads_to(test::europe_v4)},
              {leads_to("127.0.0.1")},
              {leads_to(test::europe_v4)},
              {leads_to(test::europe_v4)}};
  EXPECT_TRUE(judged()->off_limits);
  EXPECT_TRUE(judged()->off_limits);
}

TEST_F(ProxiedNamesOf, WhatWasPassedIsDoubtedWhenTheNameTurnsOutToLeadElsewhere)
{
  options_.kept = milliseconds(0);
  answers_ = {{leads_to(test::europe_v4)}, {leads_to(test::europe_v4)}};
  EXPECT_EQ(judged()->footing, ProxyFooting::Known);
  names_->passed("www.europe.example", 1);
  names_->passed("www.europe.example", 1);
  answers_ = {{leads_to(test::microsoft_v4)}};
  EXPECT_EQ(judged()->party, 0U);
  ASSERT_EQ(doubted_.size(), 1U);
  EXPECT_EQ(doubted_[0], std::pair(std::size_t{1}, std::uint64_t{2}));
  // It lives again, as far as it says; it is not believed.
  answers_ = {{leads_to(test::europe_v4)}, {leads_to(test::europe_v4)}};
  EXPECT_EQ(judged()->footing, ProxyFooting::Mixed);
}

TEST_F(ProxiedNamesOf, ASlowAnswerIsWaitedForWhereNamesAreAnswered)
{
  answers_ = {{leads_to(test::microsoft_v4), milliseconds(150)}};
  EXPECT_EQ(judged()->party, 0U);
}

TEST_F(ProxiedNamesOf, NoAnswerIsNoneWhereNamesAreAnswered)
{
  EXPECT_EQ(judged("silent.example")->footing, ProxyFooting::Unanswered);
  answers_ = {{no_answer}};
  EXPECT_EQ(judged("failing.example")->footing, ProxyFooting::Unanswered);
}

TEST_F(ProxiedNamesOf, WhereOnlyTheProxyKnowsNamesTheyAreAllThereIs)
{
  answers_names_ = false;
  answers_ = {{leads_to(test::microsoft_v4), milliseconds(150)}};
  EXPECT_EQ(judged("slow.example")->footing, ProxyFooting::NameOnly);
  answers_ = {{no_answer}};
  EXPECT_EQ(judged("failing.example")->footing, ProxyFooting::NameOnly);
}

TEST_F(ProxiedNamesOf, ThatDoNotExistHereMayExistForTheProxy)
{
  answers_ = {{nowhere}};
  EXPECT_EQ(judged()->footing, ProxyFooting::NameOnly);
}

TEST_F(ProxiedNamesOf, OfWhichHalfIsKnownAreInDoubt)
{
  auto half = leads_to(test::europe_v4);
  half.complete = false;
  answers_ = {{half}};
  EXPECT_EQ(judged()->footing, ProxyFooting::NameOnly);
  // The second time no answer comes.
  answers_ = {{leads_to(test::europe_v4)}};
  EXPECT_EQ(judged("other.europe.example")->footing, ProxyFooting::NameOnly);
}

/// What a hosts file of this machine's could say.
std::optional<ProxyJudgement> in_hosts(const ProxyPolicy& policy, const std::string& name)
{
  const std::map<std::string, const char*> hosts = {{"good.example", test::europe_v4},
                                                    {"absent.example", test::microsoft_v4},
                                                    {"here.example", "127.0.0.1"}};
  const auto found = hosts.find(name);
  return found == hosts.end() ? std::nullopt
                              : std::optional(policy.after({}, {address(found->second)}));
}

TEST_F(ProxiedNamesOf, ThisMachinesKnowledgeIsTheLastWordForAProxyOnItAlone)
{
  options_.known_here = in_hosts;
  EXPECT_EQ(judged("good.example", true)->footing, ProxyFooting::Known);
  EXPECT_EQ(judged("absent.example", true)->party, 0U);
  EXPECT_TRUE(judged("here.example", true)->off_limits);
  EXPECT_EQ(questions_, 0);

  // A proxy elsewhere looks them up where it is, and nobody here can.
  for (const auto* name : {"good.example", "absent.example", "here.example"}) {
    answers_ = {{nowhere}};
    const auto judgement = judged(name);
    EXPECT_EQ(judgement->footing, ProxyFooting::NameOnly) << name;
    EXPECT_EQ(judgement->party, std::nullopt) << name;
    EXPECT_EQ(judgement->off_limits, name == std::string("here.example")) << name;
  }
  EXPECT_EQ(questions_, 3);
  // What was found for that proxy is not thought of the one here, nor the other way.
  EXPECT_EQ(judged("good.example", true)->footing, ProxyFooting::Known);
  EXPECT_EQ(judged("good.example")->footing, ProxyFooting::NameOnly);
}

TEST_F(ProxiedNamesOf, WhatIsOfTheAbsentByThisMachineIsNotGoodElsewhere)
{
  options_.known_here = in_hosts;
  const auto look_up = [&](const std::string& name) {
    answers_ = {{leads_to(test::europe_v4)}, {leads_to(test::europe_v4)}};
    return judged(name)->footing;
  };
  EXPECT_EQ(look_up("absent.example"), ProxyFooting::Mixed);
  EXPECT_EQ(look_up("here.example"), ProxyFooting::Known);  // the proxy is told so too
  EXPECT_EQ(look_up("good.example"), ProxyFooting::Known);
}

TEST_F(ProxiedNamesOf, AnAnswerThatComesTooLateMakesNothingGood)
{
  answers_names_ = false;
  options_.patience = milliseconds(30);
  answers_ = {{leads_to(test::europe_v4), milliseconds(60)}};
  EXPECT_EQ(judged()->footing, ProxyFooting::NameOnly);
  loop_.after(milliseconds(100), [this] { loop_.stop(); });
  loop_.run();
  EXPECT_EQ(judged()->footing, ProxyFooting::NameOnly);
  EXPECT_EQ(questions_, 1);
}

TEST_F(ProxiedNamesOf, AnAnswerThatComesTooLateIsHeededWhereItLeadsToTheAbsent)
{
  answers_names_ = false;
  options_.patience = milliseconds(30);
  answers_ = {{leads_to(test::microsoft_v4), milliseconds(60)}};
  EXPECT_EQ(judged()->footing, ProxyFooting::NameOnly);
  loop_.after(milliseconds(100), [this] { loop_.stop(); });
  loop_.run();
  EXPECT_EQ(judged()->party, 0U);
}

TEST_F(ProxiedNamesOf, PastWhatCanBeRememberedGoByTheirNameAlone)
{
  options_.most_names = 1;
  const auto look_up = [&](const std::string& name, const char* where) {
    answers_ = {{leads_to(where)}, {leads_to(where)}};
    return judged(name);
  };
  EXPECT_EQ(look_up("one.example", test::europe_v4)->footing, ProxyFooting::Known);
  EXPECT_EQ(look_up("two.example", test::europe_v4)->footing, ProxyFooting::NameOnly);
  EXPECT_EQ(look_up("three.example", test::microsoft_v4)->party, 0U);
  EXPECT_TRUE(look_up("four.example", "127.0.0.1")->off_limits);
  EXPECT_EQ(judged("one.example")->footing, ProxyFooting::Known);
  EXPECT_EQ(names_->not_remembered(), 1U);
}

TEST_F(ProxiedNamesOf, WhatIsPassedOfANameThatTurnedBeforeIsDoubtedAtOnce)
{
  answers_ = {{leads_to(test::microsoft_v4)}};
  EXPECT_EQ(judged()->party, 0U);
  names_->passed("www.europe.example", 2);
  ASSERT_EQ(doubted_.size(), 1U);
  EXPECT_EQ(doubted_[0], std::pair(std::size_t{2}, std::uint64_t{1}));
}

TEST_F(ProxiedNamesOf, TheDeadlineOfALookUpEndsWithIt)
{
  answers_names_ = false;
  options_.kept = milliseconds(0);
  answers_ = {{nowhere, milliseconds(40)}, {leads_to(test::microsoft_v4), milliseconds(40)}};
  EXPECT_EQ(judged()->footing, ProxyFooting::NameOnly);
  // 40 ms later the first one's 60 ms are over; this one's are not.
  EXPECT_EQ(judged()->party, 0U);
}

}  // namespace
}  // namespace zonder::isolate

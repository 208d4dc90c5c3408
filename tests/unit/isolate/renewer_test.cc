// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <condition_variable>
#include <mutex>
#include <optional>

#include <gtest/gtest.h>

#include "isolate/renewer.hh"

namespace zonder::isolate {
namespace {

using namespace std::chrono_literals;

BootClock::time_point at(std::chrono::seconds moment)
{
  return BootClock::time_point(moment);
}

const Lease::Terms terms = {.lasts = 15s, .neglect = 60s};

TEST(Lease, ThatIsRenewedInTimeNeverLapses)
{
  Lease lease(terms, at(0s));
  for (auto now = 3s; now < 300s; now += 3s) {
    lease.renewed(at(now));
  }
  EXPECT_TRUE(lease.lapses(at(312s)).empty());
}

TEST(Lease, TellsFromWhenUntilWhenItHadEnded)
{
  Lease lease(terms, at(0s));
  lease.renewed(at(3s));
  lease.renewed(at(3s + 15s));  // just in time
  lease.renewed(at(600s));      // the machine slept
  lease.renewed(at(603s));
  const auto lapses = lease.lapses(at(604s));
  ASSERT_EQ(lapses.size(), 1U);
  EXPECT_EQ(lapses[0].from, at(33s));
  EXPECT_EQ(lapses[0].until, at(600s));
}

TEST(Lease, TellsOfOneThatGoesOn)
{
  Lease lease(terms, at(0s));
  EXPECT_TRUE(lease.lapses(at(15s)).empty());
  const auto lapses = lease.lapses(at(20s));
  ASSERT_EQ(lapses.size(), 1U);
  EXPECT_EQ(lapses[0].from, at(15s));
  EXPECT_EQ(lapses[0].until, at(20s));
}

TEST(Lease, IsNotRenewedWhenNobodyLooksAfterTheRoom)
{
  Lease lease(terms, at(0s));
  EXPECT_TRUE(lease.may_be_renewed(at(59s)));
  EXPECT_FALSE(lease.may_be_renewed(at(60s)));
  lease.looked_after(at(61s));
  EXPECT_TRUE(lease.may_be_renewed(at(62s)));
  EXPECT_FALSE(lease.may_be_renewed(at(121s)));
}

/// Counts, and can be waited for.
class Calls {
public:
  void add()
  {
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_all();
  }
  bool come_to(int wanted)
  {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 30s, [&] { return count_ >= wanted; });
  }
  int count()
  {
    const std::lock_guard lock(mutex_);
    return count_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

TEST(Renewer, RenewsAgainAndAgainUntilItEnds)
{
  Calls calls;
  {
    std::optional<Renewer> renewer;
    renewer.emplace(terms, 1ms, [&]() -> Result<void> {
      calls.add();
      return {};
    });
    EXPECT_TRUE(calls.come_to(3));
    EXPECT_TRUE(renewer->lapses().empty());
  }
  // Its thread has ended with it: nobody is there any more who could call what is gone.
  EXPECT_GE(calls.count(), 3);
}

TEST(Renewer, EndsAtOnceHoweverLongItsRhythmIs)
{
  Calls calls;
  {
    Renewer renewer(terms, 24h, [&]() -> Result<void> {
      calls.add();
      return {};
    });
  }
  EXPECT_EQ(calls.count(), 0);
}

TEST(Renewer, WhatIsRefusedIsNoRenewal)
{
  Calls calls;
  Renewer renewer({.lasts = 0ms, .neglect = 1h}, 1ms, [&]() -> Result<void> {
    calls.add();
    return fail(Fault::Internal, "refused");
  });
  EXPECT_TRUE(calls.come_to(3));
  const auto lapses = renewer.lapses();
  ASSERT_EQ(lapses.size(), 1U);  // it goes on, from the beginning
  EXPECT_LE(lapses[0].from, lapses[0].until);
}

}  // namespace
}  // namespace zonder::isolate

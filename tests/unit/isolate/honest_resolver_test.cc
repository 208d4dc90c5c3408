// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "base/child_process.hh"
#include "base/file.hh"
#include "isolate/honest_resolver.hh"

namespace zonder::isolate {
namespace {

bool says(const ResolverOrder& order, const std::string& line)
{
  return order.configuration.find("  " + line + "\n") != std::string::npos;
}

TEST(HonestResolver, HasAConfigurationThatUnboundTakes)
{
  if (!find_program("unbound") || !find_program("unbound-checkconf")) {
    GTEST_SKIP() << "needs unbound";
  }
  const auto folder = TemporaryFolder::make();
  ASSERT_TRUE(folder);
  const auto path = folder->path() + "/zonder.conf";
  auto plan = plan_room({});
  for (const int families : {0, 1, 2, 3}) {
    plan.machine_has_v4 = (families & 1) != 0;
    plan.machine_has_v6 = (families & 2) != 0;
    const auto order = order_resolver(plan, "", false);
    ASSERT_TRUE(order) << order.error().message;
    ASSERT_TRUE(write_file(path, order->configuration));
    const auto checked = run_captured({"unbound-checkconf", path});
    ASSERT_TRUE(checked) << checked.error().message;
    EXPECT_EQ(checked->status.code, 0) << checked->err;
  }
}

TEST(HonestResolver, ValidatesFromTheRootOfTheInternetAndNoOther)
{
  if (!find_program("unbound")) {
    GTEST_SKIP() << "needs unbound";
  }
  const auto internet = order_resolver(plan_room({}), "", false).value();
  EXPECT_TRUE(says(internet, "module-config: \"validator iterator\""));
  EXPECT_NE(internet.configuration.find("trust-anchor: \". IN DS 20326 "), std::string::npos);
  EXPECT_NE(internet.configuration.find("trust-anchor: \". IN DS 38696 "), std::string::npos);
  const auto own = order_resolver(plan_room({}), ". NS k.\n", false).value();
  EXPECT_TRUE(says(own, "module-config: \"iterator\""));
  EXPECT_EQ(own.configuration.find("trust-anchor"), std::string::npos);
}

TEST(HonestResolver, UsesTheFamiliesThatTheMachineHas)
{
  if (!find_program("unbound")) {
    GTEST_SKIP() << "needs unbound";
  }
  auto plan = plan_room({});
  plan.machine_has_v4 = true;
  plan.machine_has_v6 = false;
  EXPECT_TRUE(says(order_resolver(plan, "", false).value(), "do-ip6: no"));
  plan.machine_has_v6 = true;
  EXPECT_TRUE(says(order_resolver(plan, "", false).value(), "do-ip6: yes"));
}

TEST(RoomPlan, GivesTheResolverANetworkBesideTheRooms)
{
  auto plan = plan_room({});
  plan_for_resolver(plan);
  ASSERT_TRUE(plan.resolver);
  EXPECT_EQ(plan.resolver->net_v4.to_string(), "100.64.0.4/30");
  EXPECT_EQ(plan.resolver->inside_v4.to_string(), "100.64.0.6");
  EXPECT_FALSE(plan.room_net_v6.contains(plan.resolver->inside_v6));
}

}  // namespace
}  // namespace zonder::isolate

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "mail/suppliers.hh"

namespace zonder::mail {
namespace {

DomainRecords sends_by(const std::string& domain, const std::string& spf)
{
  DomainRecords records;
  records.domain = domain;
  records.spf_reach = spf_reach_of(domain, {spf});
  return records;
}

TEST(Suppliers, AreCountedOnceForADomainAndNeverForTheirOwn)
{
  const Attribution attribution{
      .of_name = [](const std::string& name) -> Whose {
        return name.ends_with("sim.nl") ? Whose{"sim", "SIM", Role::None} : Whose{};
      },
      .of_address = nullptr,
      .of_origin = nullptr,
      .registered =
          [](const std::string& name) {
            const auto dot = name.rfind('.', name.rfind('.') - 1);
            return dot == std::string::npos ? name : name.substr(dot + 1);
          }};
  SupplierCount count(attribution);
  count.add(sends_by("a.nl", "v=spf1 include:spf.sim.nl include:spf2.sim.nl include:_x.a.nl -all"));
  count.add(sends_by("b.nl", "v=spf1 include:spf.sim.nl include:spf.rare.nl -all"));
  count.add(sends_by("www.c.nl", "v=spf1 a:mail.c.nl -all"));
  const auto shared = count.shared(1);
  ASSERT_EQ(shared.size(), 2U);
  EXPECT_EQ(shared[0].registered, "sim.nl");
  EXPECT_EQ(shared[0].party, "sim");
  EXPECT_EQ(shared[0].domains, (std::vector<std::string>{"a.nl", "b.nl"}));
  EXPECT_EQ(shared[1].registered, "rare.nl");
  EXPECT_EQ(count.shared(2).size(), 1U);
  ASSERT_EQ(count.shared_parties(2).size(), 1U);
  EXPECT_EQ(count.shared_parties(2)[0].domains.size(), 2U);
}

}  // namespace
}  // namespace zonder::mail

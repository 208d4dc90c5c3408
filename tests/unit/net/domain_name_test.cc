// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "net/domain_name.hh"

namespace zonder::net {
namespace {

TEST(DomainName, IsWrittenAsItGoesOverTheWire)
{
  EXPECT_EQ(DomainName::parse("Gemeente.NL.")->text(), "gemeente.nl");
  EXPECT_EQ(DomainName::parse("café.example")->text(), "xn--caf-dma.example");
  EXPECT_EQ(DomainName::parse("_dmarc.example.nl")->text(), "_dmarc.example.nl");
}

TEST(DomainName, RefusesWhatIsNoName)
{
  std::vector<std::string> wrong = {"", ".", "a..b", "a b.nl"};
  wrong.emplace_back("exa\0mple.nl", 11);
  wrong.push_back(std::string(64, 'a') + ".nl");
  wrong.emplace_back(300, 'a');
  for (const auto& text : wrong) {
    EXPECT_FALSE(DomainName::parse(text)) << text;
  }
}

TEST(DomainName, LiesUnderItselfAndItsParentsOnly)
{
  const auto name = *DomainName::parse("login.example.nl");
  EXPECT_TRUE(name.is_under(*DomainName::parse("example.nl")));
  EXPECT_TRUE(name.is_under(name));
  EXPECT_FALSE(name.is_under(*DomainName::parse("ample.nl")));
  EXPECT_FALSE(DomainName::parse("example.nl")->is_under(name));
}

}  // namespace
}  // namespace zonder::net

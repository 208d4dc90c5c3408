// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// The suppliers that Dutch municipalities share, held against a plain count over the same records.
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/ascii.hh"
#include "collect/scan/recorded.hh"
#include "mail/suppliers.hh"
#include "support/shared_data.hh"

namespace zonder::mail {
namespace {

constexpr const char* municipalities = "mail-dns/nl-half0.records.json.xz";

/// "nl" has no second level that a registry hands out under; the others here are as simple.
std::string last_two_labels(const std::string& name)
{
  const auto last = name.rfind('.');
  const auto before = last == std::string::npos || last == 0 ? last : name.rfind('.', last - 1);
  return before == std::string::npos ? name : name.substr(before + 1);
}

std::string unpacked(const std::string& path)
{
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(
      ::popen(("xz -dc " + path).c_str(), "r"), ::pclose);
  std::string text;
  std::vector<char> piece(1U << 16U);
  for (std::size_t got = 0; (got = std::fread(piece.data(), 1, piece.size(), pipe.get())) > 0;) {
    text.append(piece.data(), got);
  }
  return text;
}

/// Whom each domain names in its SPF texts, by nothing but the words in them.
std::map<std::string, std::set<std::string>> plain_count()
{
  std::map<std::string, std::set<std::string>> suppliers;
  const auto records = nlohmann::json::parse(unpacked(test::shared_data(municipalities)));
  for (const auto& [domain, record] : records.items()) {
    std::string text =
        record["spf"].get<std::string>() + " " + record["spf_resolved"].get<std::string>() + " ";
    bool over = false;
    for (std::size_t at = 0; at < text.size();) {
      const auto end = text.find(' ', at);
      auto word = ascii_lower(text.substr(at, end - at));
      at = end + 1;
      word.erase(0, word.find_first_not_of("+-~?"));
      over = word == "all" || (over && word != "v=spf1");
      const auto colon = word.find_first_of(":=");
      const auto kind = word.substr(0, colon);
      const bool names = kind == "include" || kind == "redirect" || kind == "a" || kind == "mx" ||
                         kind == "exists" || kind == "ptr";
      if (over || !names || colon == std::string::npos || word.find('%') != std::string::npos) {
        continue;
      }
      auto name = word.substr(colon + 1);
      name = name.substr(0, name.find('/'));
      if (name.ends_with('.')) {
        name.pop_back();
      }
      const auto supplier = last_two_labels(name);
      if (!name.empty() && supplier != last_two_labels(domain)) {
        suppliers[supplier].insert(domain);
      }
    }
  }
  return suppliers;
}

TEST(DutchMunicipalities, ShareTheSuppliersThatAPlainCountFinds)
{
  ZONDER_NEEDS_SHARED(municipalities);
  const Attribution attribution{.of_name = nullptr,
                                .of_address = nullptr,
                                .of_origin = nullptr,
                                .registered = last_two_labels};
  SupplierCount count(attribution);
  std::size_t bodies = 0;
  const auto read =
      collect::read_records(test::shared_data(municipalities), [&](DomainRecords records) {
        ++bodies;
        count.add(records);
      });
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(bodies, 188U);
  EXPECT_EQ(read->unreadable, 0U);

  std::map<std::string, std::set<std::string>> ours;
  for (const auto& supplier : count.shared(1)) {
    if (supplier.need == Need::MailSender) {
      ours[supplier.registered] = {supplier.domains.begin(), supplier.domains.end()};
    }
  }
  const auto plain = plain_count();
  EXPECT_GT(plain.size(), 100U);
  EXPECT_EQ(ours.size(), plain.size());
  for (const auto& [supplier, domains] : plain) {
    EXPECT_EQ(ours[supplier], domains) << supplier;
  }
  // Those by which the whole country hangs together.
  EXPECT_EQ(ours["simgroephosting.nl"].size(), 68U);
  EXPECT_EQ(ours["centric.eu"].size(), 63U);
  EXPECT_EQ(ours["zorgmail.nl"].size(), 45U);
  EXPECT_EQ(ours["pinkprivate.cloud"].size(), 42U);
  EXPECT_EQ(ours["zivver.com"].size(), 41U);
  EXPECT_EQ(ours["topdesk.net"].size(), 37U);
  EXPECT_EQ(ours["flowmailer.net"].size(), 35U);
}

}  // namespace
}  // namespace zonder::mail

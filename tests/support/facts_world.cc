// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "support/facts_world.hh"

#include <gtest/gtest.h>

namespace zonder::test {

catalog::TextFile some_jurisdictions()
{
  return {"data/jurisdictions.yaml", R"(schema: zonder.jurisdictions/1
jurisdictions:
  - {code: "CA", name: {en: Canada, nl: Canada}}
  - {code: "NL", name: {en: Netherlands, nl: Nederland}}
  - {code: "NO", name: {en: Norway, nl: Noorwegen}}
  - {code: "US", name: {en: United States, nl: Verenigde Staten}}
groups:
  - {id: eu, name: {en: European Union, nl: Europese Unie}, members: ["NL"], source: list}
  - {id: five-eyes, name: {en: Five Eyes, nl: Five Eyes}, members: ["CA", "US"], source: list}
  - {id: non-eu, name: {en: Outside the EU, nl: Buiten de EU}, complement_of: eu, source: list}
sources:
  list: {title: A list, ref: "https://list.example/", opened: 2026-11-23, says: [the members]}
)"};
}

std::string some_party(const std::string& id)
{
  // The number and the suffix follow from the id, so that parties do not get in each other's way.
  unsigned number = 0;
  for (const char c : id) {
    number = (number * 31 + static_cast<unsigned char>(c)) % 60000;
  }
  std::string text = R"(schema: zonder.party/1
id: ID
name: Name of ID
role: provider
aliases: [ID-alias]
categories: [cloud]
operator: {name: ID Inc., jurisdiction: US, source: page, confidence: high}
owners: {none: true, source: page, confidence: high}
asns:
  - {asn: NUMBER, space: services, source: page, confidence: high}
domains:
  - {suffix: ID.example, space: services, source: page, confidence: high}
services:
  - id: mail
    name: {en: Mail of ID, nl: Post van ID}
    category: mail
    source: page
    confidence: medium
    domains:
      - {suffix: mail.ID.example, space: services, source: unverified}
    prefixes: []
sources:
  page:
    title: A page
    ref: "https://page.example/"
    opened: 2026-11-23
    says: [who they are]
)";
  for (auto at = text.find("NUMBER"); at != std::string::npos; at = text.find("NUMBER")) {
    text.replace(at, 6, std::to_string(number + 1000));
  }
  for (auto at = text.find("ID"); at != std::string::npos; at = text.find("ID")) {
    text.replace(at, 2, id);
  }
  return text;
}

std::string replaced(std::string text, const std::string& what, const std::string& with)
{
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what << " is not in the text";
  if (at != std::string::npos) {
    text.replace(at, what.size(), with);
  }
  return text;
}

std::vector<catalog::TextFile> as_files(const std::vector<std::string>& texts)
{
  std::vector<catalog::TextFile> files;
  for (const std::string& text : texts) {
    const auto start = text.find("\nid: ") + 5;
    const auto id = text.substr(start, text.find('\n', start) - start);
    files.push_back({"data/parties/" + id + ".yaml", text});
  }
  return files;
}

catalog::Facts sound_facts(const std::vector<std::string>& texts)
{
  auto loaded = catalog::load_facts(as_files(texts), some_jurisdictions());
  for (const auto& mistake : loaded.mistakes) {
    ADD_FAILURE() << mistake.to_string();
  }
  return std::move(loaded.facts);
}

}  // namespace zonder::test

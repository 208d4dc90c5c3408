// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/facts_loader.hh"

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/file.hh"
#include "base/translate.hh"
#include "catalog/cross_references.hh"
#include "catalog/jurisdictions_loader.hh"
#include "catalog/owner_circles.hh"
#include "catalog/party_reader.hh"

namespace zonder::catalog {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 24U;

std::string sentence_of(const OwnerCircle& circle)
{
  std::string way;
  for (const std::string& id : circle.parties) {
    way += id + " -> ";
  }
  way += circle.parties.front();
  return circle.from
             ? say("the owners go round in a circle on {}: {}", circle.from->to_string(), way)
             : say("the owners go round in a circle: {}", way);
}

Result<TextFile> read_text_file(const std::string& path)
{
  auto text = read_file(path, largest_file);
  if (!text) {
    return fail(std::move(text).error());
  }
  return TextFile{path, std::move(*text)};
}

/// Sorted, so that the same files give the same facts and the same mistakes.
Result<std::vector<std::string>> yaml_files_in(const std::string& folder)
{
  std::error_code error;
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".yaml") {
      paths.push_back(entry.path());
    }
  }
  if (error) {
    return fail(Fault::Usage, say("cannot read {}: {}", folder, error.message()));
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

LoadedFacts load_facts(const std::vector<TextFile>& parties, const TextFile& jurisdictions)
{
  LoadedFacts loaded;
  auto& [facts, mistakes] = loaded;
  load_jurisdictions(jurisdictions, facts, mistakes);

  CrossReferences all;
  std::map<std::string, std::string> file_of;
  for (const TextFile& text : parties) {
    if (auto party = read_party(text, all, mistakes)) {
      file_of.emplace(party->id, text.path);
      facts.parties.push_back(std::move(*party));
    }
  }
  std::sort(facts.parties.begin(), facts.parties.end(), [](const Party& a, const Party& b) {
    return a.id < b.id;
  });

  all.report_unknown(facts, mistakes);
  for (const OwnerCircle& circle : owner_circles(facts)) {
    mistakes.push_back({file_of.at(circle.parties.front()), 1, 1, sentence_of(circle)});
  }
  std::sort(mistakes.begin(), mistakes.end());
  return loaded;
}

Result<LoadedFacts> load_facts_folder(const std::string& folder)
{
  const auto paths = yaml_files_in(folder + "/parties");
  if (!paths) {
    return fail(paths.error());
  }
  std::vector<TextFile> parties;
  for (const std::string& path : *paths) {
    auto text = read_text_file(path);
    if (!text) {
      return fail(std::move(text).error());
    }
    parties.push_back(std::move(*text));
  }
  const auto jurisdictions = read_text_file(folder + "/jurisdictions.yaml");
  if (!jurisdictions) {
    return fail(jurisdictions.error());
  }
  return load_facts(parties, *jurisdictions);
}

}  // namespace zonder::catalog

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/feeds.hh"

#include <algorithm>

#include "base/ascii.hh"
#include "base/translate.hh"
#include "catalog/yaml_file.hh"
#include "catalog/yaml_values.hh"

namespace zonder::catalog {
namespace {

void read_feed(YamlFile& file, const YAML::Node& node, Feeds& feeds)
{
  const YamlMap map(file, node, {"id", "url", "source", "opened"}, {"party"});
  Feed feed;
  feed.id = map.text("id").value_or("");
  feed.party = map.has("party") ? map.text("party").value_or("") : "";
  feed.url = map.text("url").value_or("");
  feed.source = map.text("source").value_or("");
  if (map.has("url") && !feed.url.starts_with("https://")) {
    file.wrong(*map.find("url"), tr("a feed is fetched over https:// only"));
  }
  feed.opened = read_opened(file, map);
  const auto twice = std::any_of(feeds.feeds.begin(),
                                 feeds.feeds.end(),
                                 [&feed](const Feed& other) { return other.id == feed.id; });
  if (twice) {
    file.wrong(node, say("the feed {} is given twice: keep one", feed.id));
  }
  feeds.feeds.push_back(std::move(feed));
}

void read_service(YamlFile& file, const YAML::Node& node, Feeds& feeds)
{
  const YamlMap map(file, node, {"party", "called", "service"});
  ServiceWord word;
  word.party = map.text("party").value_or("");
  word.service = map.text("service").value_or("");
  if (const auto called = map.find("called")) {
    for (const auto& each : file.sequence(*called, "called")) {
      word.called.push_back(ascii_lower(file.scalar(each, "called").value_or("")));
    }
  }
  feeds.services.push_back(std::move(word));
}

}  // namespace

std::string Feeds::service_of(const std::string& party, const std::string& word) const
{
  const std::string wanted = ascii_lower(word);
  for (const ServiceWord& each : services) {
    if (each.party == party &&
        std::find(each.called.begin(), each.called.end(), wanted) != each.called.end()) {
      return each.service;
    }
  }
  return wanted;
}

Result<Feeds> load_feeds(const std::string& path, const std::string& text)
{
  std::vector<Mistake> mistakes;
  YamlFile file(path, mistakes);
  Feeds feeds;
  if (const auto root = file.parse(text)) {
    const YamlMap map(file, *root, {"schema", "feeds", "services"});
    check_schema(file, map, "zonder.feeds/1");
    if (const auto list = map.find("feeds")) {
      for (const auto& each : file.sequence(*list, "feeds")) {
        read_feed(file, each, feeds);
      }
    }
    if (const auto list = map.find("services")) {
      for (const auto& each : file.sequence(*list, "services")) {
        read_service(file, each, feeds);
      }
    }
  }
  if (mistakes.empty()) {
    return feeds;
  }
  std::sort(mistakes.begin(), mistakes.end());
  std::string all;
  for (const Mistake& mistake : mistakes) {
    all += (all.empty() ? "" : "\n") + mistake.to_string();
  }
  return fail(Fault::Usage, std::move(all));
}

}  // namespace zonder::catalog

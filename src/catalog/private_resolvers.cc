// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/private_resolvers.hh"

#include <algorithm>

#include "base/translate.hh"
#include "catalog/yaml_file.hh"
#include "catalog/yaml_values.hh"

namespace zonder::catalog {
namespace {

void read_names(YamlFile& file, const YAML::Node& list, PrivateResolver& resolver)
{
  for (const auto& each : file.sequence(list, "names")) {
    const auto text = file.scalar(each, "names").value_or("");
    if (auto name = net::DomainName::parse(text)) {
      resolver.names.push_back(std::move(*name));
    } else if (!text.empty()) {
      file.wrong(each, say("{} is no host name", text));
    }
  }
}

void read_addresses(YamlFile& file, const YAML::Node& list, PrivateResolver& resolver)
{
  for (const auto& each : file.sequence(list, "addresses")) {
    const auto text = file.scalar(each, "addresses").value_or("");
    if (const auto address = net::Address::parse(text)) {
      resolver.addresses.push_back(*address);
    } else if (!text.empty()) {
      file.wrong(each, say("{} is no address", text));
    }
  }
}

PrivateResolver read_resolver(YamlFile& file, const YAML::Node& node)
{
  const YamlMap map(file, node, {"called", "names", "source", "opened"}, {"addresses"});
  PrivateResolver resolver;
  resolver.called = map.text("called").value_or("");
  resolver.source = map.text("source").value_or("");
  resolver.opened = read_opened(file, map);
  if (const auto list = map.find("names")) {
    read_names(file, *list, resolver);
  }
  if (const auto list = map.find("addresses")) {
    read_addresses(file, *list, resolver);
  }
  return resolver;
}

}  // namespace

const PrivateResolver* PrivateResolvers::find(std::string_view name) const
{
  const auto wanted = net::DomainName::parse(name);
  if (!wanted) {
    return nullptr;
  }
  const auto found = std::find_if(all_.begin(), all_.end(), [&](const PrivateResolver& each) {
    return std::any_of(each.names.begin(), each.names.end(), [&](const net::DomainName& own) {
      return *wanted == own || wanted->is_under(own);
    });
  });
  return found == all_.end() ? nullptr : &*found;
}

const PrivateResolver* PrivateResolvers::find(net::Address address) const
{
  const auto found = std::find_if(all_.begin(), all_.end(), [&](const PrivateResolver& each) {
    return std::find(each.addresses.begin(), each.addresses.end(), address) != each.addresses.end();
  });
  return found == all_.end() ? nullptr : &*found;
}

Result<PrivateResolvers> load_private_resolvers(const std::string& path, const std::string& text)
{
  std::vector<Mistake> mistakes;
  YamlFile file(path, mistakes);
  std::vector<PrivateResolver> all;
  if (const auto root = file.parse(text)) {
    const YamlMap map(file, *root, {"schema", "resolvers"});
    check_schema(file, map, "zonder.private-resolvers/1");
    if (const auto list = map.find("resolvers")) {
      for (const auto& each : file.sequence(*list, "resolvers")) {
        all.push_back(read_resolver(file, each));
      }
    }
  }
  if (mistakes.empty()) {
    return PrivateResolvers(std::move(all));
  }
  std::sort(mistakes.begin(), mistakes.end());
  std::string words;
  for (const Mistake& mistake : mistakes) {
    words += (words.empty() ? "" : "\n") + mistake.to_string();
  }
  return fail(Fault::Usage, std::move(words));
}

}  // namespace zonder::catalog

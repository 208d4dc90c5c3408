// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/party_reader.hh"

#include <algorithm>
#include <filesystem>

#include "base/translate.hh"
#include "catalog/basis_reader.hh"
#include "catalog/space_reader.hh"
#include "catalog/yaml_file.hh"
#include "catalog/yaml_values.hh"

namespace zonder::catalog {
namespace {

/// Who the party is; its space and what its facts rest on have readers of their own.
class PartyReader {
public:
  PartyReader(const TextFile& text, CrossReferences& all, std::vector<Mistake>& mistakes)
      : stem_(std::filesystem::path(text.path).stem()), all_(all), file_(text.path, mistakes),
        basis_(file_), space_(file_, basis_, all, party_)
  {
  }
  // The readers of space and basis hold on to members of this one.
  PartyReader(const PartyReader&) = delete;
  PartyReader& operator=(const PartyReader&) = delete;

  std::optional<Party> read(const std::string& text);

private:
  void read_id(const YamlMap& map);
  void read_role(const YamlMap& map);
  void read_aliases(const YAML::Node& node);
  void read_categories(const YAML::Node& node);
  void read_operator(const YAML::Node& node);
  void read_owners(const YAML::Node& node);
  void read_owner(const YAML::Node& node);
  void read_domains(const YAML::Node& node);
  void read_service(const YAML::Node& node);
  std::string read_service_id(const YamlMap& map);
  std::string read_jurisdiction(const YamlMap& map);
  /// An id or alias, which no other party may have.
  void give_name(const std::string& name, const YAML::Node& node);

  std::string stem_;
  CrossReferences& all_;
  YamlFile file_;
  Party party_;
  BasisReader basis_;
  SpaceReader space_;
};

std::optional<Party> PartyReader::read(const std::string& text)
{
  const auto root = file_.parse(text);
  if (!root) {
    return std::nullopt;
  }
  const YamlMap map(file_,
                    *root,
                    {"schema",
                     "id",
                     "name",
                     "role",
                     "aliases",
                     "categories",
                     "operator",
                     "owners",
                     "asns",
                     "domains",
                     "services",
                     "sources"});
  const auto with = [&map](const char* key, const auto& read_it) {
    if (const auto node = map.find(key)) {
      read_it(*node);
    }
  };
  check_schema(file_, map, "zonder.party/1");
  read_id(map);
  party_.name = map.text("name").value_or("");
  read_role(map);
  with("aliases", [this](const YAML::Node& node) { read_aliases(node); });
  with("categories", [this](const YAML::Node& node) { read_categories(node); });
  // Facts name their sources, so these come first.
  with("sources", [this](const YAML::Node& node) { basis_.read_sources(node); });
  with("operator", [this](const YAML::Node& node) { read_operator(node); });
  with("owners", [this](const YAML::Node& node) { read_owners(node); });
  with("asns", [this](const YAML::Node& node) { space_.read_asns(node); });
  with("domains", [this](const YAML::Node& node) { read_domains(node); });
  with("services", [this](const YAML::Node& node) {
    for (const auto& each : file_.sequence(node, "services")) {
      read_service(each);
    }
  });
  space_.report_unknown_services();
  with("sources", [this](const YAML::Node& node) { basis_.report_unused(node); });
  party_.sources = basis_.take_sources();
  return std::move(party_);
}

void PartyReader::give_name(const std::string& name, const YAML::Node& node)
{
  all_.give(CrossReferences::Kind::Name,
            name,
            file_,
            node,
            tr("{} is already used as id or alias at {}: choose another"));
}

void PartyReader::read_id(const YamlMap& map)
{
  const auto id = map.text("id");
  if (!id) {
    return;
  }
  party_.id = *id;
  const auto node = *map.find("id");
  if (!is_id(*id)) {
    file_.wrong(node, say("an id is lower case, [a-z0-9-], at most 64 long, not {}", *id));
  } else if (stem_ != *id) {
    file_.wrong(node, say("the id {} must be the name of the file: {}.yaml", *id, *id));
  }
  give_name(*id, node);
}

void PartyReader::read_role(const YamlMap& map)
{
  if (const auto role = map.text("role")) {
    party_.is_provider = *role != "owner";
    if (*role != "provider" && *role != "owner") {
      file_.wrong(*map.find("role"), say("the role is provider or owner, not {}", *role));
    }
  }
}

void PartyReader::read_aliases(const YAML::Node& node)
{
  for (const auto& each : file_.sequence(node, "aliases")) {
    const auto alias = file_.scalar(each, "aliases");
    if (!alias) {
      continue;
    }
    if (std::any_of(alias->begin(), alias->end(), [](char c) {
          return (c >= 'A' && c <= 'Z') || c == ',' || c == '@';
        })) {
      file_.wrong(each, say("an alias is lower case, without comma or @, not {}", *alias));
    }
    give_name(*alias, each);
    party_.aliases.push_back(*alias);
  }
}

void PartyReader::read_categories(const YAML::Node& node)
{
  for (const auto& each : file_.sequence(node, "categories")) {
    const auto category = file_.scalar(each, "categories");
    if (category && !is_id(*category)) {
      file_.wrong(each, say("a category is lower case, [a-z0-9-], not {}", *category));
    }
    party_.categories.push_back(category.value_or(""));
  }
}

std::string PartyReader::read_jurisdiction(const YamlMap& map)
{
  const auto node = map.find("jurisdiction");
  if (!node || says_unknown(*node)) {
    return {};
  }
  const auto code = read_jurisdiction_code(file_, *node, "jurisdiction");
  if (!is_jurisdiction_code(code)) {
    return {};
  }
  all_.mention_jurisdiction(code, file_.place_of(*node));
  return code;
}

void PartyReader::read_operator(const YAML::Node& node)
{
  if (says_unknown(node)) {
    return;
  }
  const YamlMap map(file_, node, {"name", "jurisdiction"}, {"source", "confidence"});
  if (!map.is_sound()) {
    return;
  }
  Operator run_by;
  run_by.name = map.text("name").value_or("");
  run_by.jurisdiction = read_jurisdiction(map);
  run_by.basis = basis_.read_basis(map);
  party_.run_by = std::move(run_by);
}

void PartyReader::read_owners(const YAML::Node& node)
{
  if (says_unknown(node)) {
    return;
  }
  if (node.IsMap()) {
    const YamlMap map(file_, node, {"none"}, {"source", "confidence"});
    party_.owners.state = Owners::State::None;
    if (map.text("none").value_or("true") != "true") {
      file_.wrong(*map.find("none"), tr("write none: true, or a list of owners, or unknown"));
    }
    party_.owners.basis = basis_.read_basis(map);
    return;
  }
  party_.owners.state = Owners::State::Listed;
  for (const auto& each : file_.sequence(node, "owners")) {
    read_owner(each);
  }
  if (node.IsSequence() && node.size() == 0) {
    file_.wrong(node,
                tr("an empty list of owners says nothing: write unknown, or {none: true, source: "
                   "...}"));
  }
}

void PartyReader::read_owner(const YAML::Node& node)
{
  const YamlMap map(file_, node, {"party", "from"}, {"until", "source", "confidence"});
  if (!map.is_sound()) {
    return;
  }
  Owner owner;
  if (const auto id = map.text("party")) {
    owner.party = *id;
    if (*id == party_.id) {
      file_.wrong(*map.find("party"), say("{} cannot be its own owner", *id));
      return;
    }
    all_.mention_party(*id, file_.place_of(*map.find("party")));
  }
  if (const auto from = map.find("from"); from && !says_unknown(*from)) {
    owner.from = read_date(file_, *from, "from");
  }
  if (const auto until = map.find("until")) {
    owner.until = read_date(file_, *until, "until");
    if (owner.from && owner.until && !before(*owner.from, *owner.until)) {
      file_.wrong(*until,
                  say("until ({}) must be later than from ({})",
                      owner.until->to_string(),
                      owner.from->to_string()));
    }
  }
  owner.basis = basis_.read_basis(map);
  party_.owners.list.push_back(std::move(owner));
}

void PartyReader::read_domains(const YAML::Node& node)
{
  party_.domains_known = !says_unknown(node);
  if (party_.domains_known) {
    space_.read_domains(node, "");
  }
}

std::string PartyReader::read_service_id(const YamlMap& map)
{
  const auto id = map.text("id");
  if (!id) {
    return {};
  }
  const auto node = *map.find("id");
  if (!is_id(*id)) {
    file_.wrong(node, say("an id is lower case, [a-z0-9-], at most 64 long, not {}", *id));
  }
  if (std::ranges::find(party_.services, *id, &Service::id) != party_.services.end()) {
    file_.wrong(node, say("the service {} is given twice: keep one", *id));
  }
  return *id;
}

void PartyReader::read_service(const YAML::Node& node)
{
  const YamlMap map(
      file_, node, {"id", "name", "category"}, {"source", "confidence", "domains", "prefixes"});
  if (!map.is_sound()) {
    return;
  }
  Service service;
  service.id = read_service_id(map);
  if (const auto name = map.find("name")) {
    service.name = read_text(file_, *name);
  }
  service.category = map.text("category").value_or("");
  service.basis = basis_.read_basis(map);
  if (const auto domains = map.find("domains")) {
    space_.read_domains(*domains, service.id);
  }
  if (const auto prefixes = map.find("prefixes")) {
    space_.read_prefixes(*prefixes, service.id);
  }
  party_.services.push_back(std::move(service));
}

}  // namespace

std::optional<Party>
read_party(const TextFile& text, CrossReferences& all, std::vector<Mistake>& mistakes)
{
  return PartyReader(text, all, mistakes).read(text.text);
}

}  // namespace zonder::catalog

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/facts_loader.hh"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <tuple>

#include <fmt/core.h>

#include "base/file.hh"
#include "base/translate.hh"
#include "catalog/jurisdictions_loader.hh"
#include "catalog/owner_circles.hh"
#include "catalog/public_suffix.hh"
#include "catalog/yaml_file.hh"

namespace zonder::catalog {
namespace {

/// Something that must be looked up when all files are read.
struct Mention {
  std::string what;
  YAML::Mark where;
  std::size_t file;
};

/// Everything that is checked across files, gathered while each is read.
struct Gathered {
  std::vector<Mention> parties;                 // ids of owners and operators
  std::vector<Mention> jurisdictions;           // codes
  std::map<std::string, std::string> names;     // id or alias -> where it was given first
  std::map<std::uint32_t, std::string> asns;    // -> where
  std::map<std::string, std::string> suffixes;  // -> where
  std::map<std::string, std::string> prefixes;  // -> where
};

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

std::string place(const std::string& path, const YAML::Mark& mark)
{
  return fmt::format("{}:{}:{}", path, mark.line + 1, mark.column + 1);
}

/// Reads one file data/parties/ID.yaml.
class PartyReader {
public:
  PartyReader(const TextFile& text,
              std::size_t number,
              Gathered& all,
              std::vector<Mistake>& mistakes)
      : path_(text.path), number_(number), all_(all), file_(text.path, mistakes)
  {
  }

  std::optional<Party> read(const std::string& text);

private:
  void read_schema(const YamlMap& map);
  void read_names(const YamlMap& map);
  void read_sources(const YAML::Node& node);
  void read_operator(const YAML::Node& node);
  void read_owners(const YAML::Node& node);
  void read_owner(const YAML::Node& node);
  void read_asns(const YAML::Node& node);
  void read_domains(const YAML::Node& node, const std::string& service);
  void read_prefixes(const YAML::Node& node, const std::string& service);
  void read_services(const YAML::Node& node);
  void read_service(const YAML::Node& node);
  Basis read_basis(const YamlMap& map);
  Space read_space(const YamlMap& map);
  std::string read_service_of(const YamlMap& map, const std::string& inside);
  std::string read_operated_by(const YamlMap& map);
  std::string read_jurisdiction(const YamlMap& map);
  std::optional<Date> read_date(const YAML::Node& node, const char* key);
  Text read_text(const YAML::Node& node);
  bool says_unknown(const YAML::Node& node) const
  {
    return node.IsScalar() && node.Scalar() == "unknown";
  }
  void once(std::map<std::string, std::string>& seen,
            const std::string& key,
            const YAML::Node& node,
            const char* message);
  void report_unused_sources(const YAML::Node& node);

  std::string path_;
  std::size_t number_;
  Gathered& all_;
  YamlFile file_;
  Party party_;
  std::vector<Mention> services_mentioned_;
  std::set<std::string> sources_used_;
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
  read_schema(map);
  read_names(map);
  if (const auto sources = map.find("sources")) {
    read_sources(*sources);
  }
  if (const auto node = map.find("operator")) {
    read_operator(*node);
  }
  if (const auto node = map.find("owners")) {
    read_owners(*node);
  }
  if (const auto node = map.find("asns")) {
    read_asns(*node);
  }
  if (const auto node = map.find("domains")) {
    party_.domains_known = !says_unknown(*node);
    if (party_.domains_known) {
      read_domains(*node, "");
    }
  }
  if (const auto node = map.find("services")) {
    read_services(*node);
  }
  for (const Mention& each : services_mentioned_) {
    const auto known =
        std::any_of(party_.services.begin(),
                    party_.services.end(),
                    [&each](const Service& service) { return service.id == each.what; });
    if (!known) {
      file_.wrong(each.where,
                  say("{} is no service of {}: add it under services", each.what, party_.id));
    }
  }
  if (const auto sources = map.find("sources")) {
    report_unused_sources(*sources);
  }
  return std::move(party_);
}

void PartyReader::read_schema(const YamlMap& map)
{
  const auto schema = map.text("schema");
  if (schema && *schema != "zonder.party/1") {
    file_.wrong(*map.find("schema"),
                say("the schema must be {}, not {}", "zonder.party/1", *schema));
  }
}

void PartyReader::once(std::map<std::string, std::string>& seen,
                       const std::string& key,
                       const YAML::Node& node,
                       const char* message)
{
  const auto [first, is_new] = seen.emplace(key, place(path_, node.Mark()));
  if (!is_new) {
    file_.wrong(node, fmt::format(fmt::runtime(message), key, first->second));
  }
}

void PartyReader::read_names(const YamlMap& map)
{
  const char* const twice = tr("{} is already used as id or alias at {}: choose another");
  if (const auto id = map.text("id")) {
    party_.id = *id;
    const auto node = *map.find("id");
    if (!is_id(*id)) {
      file_.wrong(node, say("an id is lower case, [a-z0-9-], at most 64 long, not {}", *id));
    } else if (std::filesystem::path(path_).stem() != *id) {
      file_.wrong(node, say("the id {} must be the name of the file: {}.yaml", *id, *id));
    }
    once(all_.names, *id, node, twice);
  }
  party_.name = map.text("name").value_or("");
  if (const auto role = map.text("role")) {
    party_.is_provider = *role != "owner";
    if (*role != "provider" && *role != "owner") {
      file_.wrong(*map.find("role"), say("the role is provider or owner, not {}", *role));
    }
  }
  if (const auto aliases = map.find("aliases")) {
    for (const auto& node : file_.sequence(*aliases, "aliases")) {
      const auto alias = file_.scalar(node, "aliases");
      if (!alias) {
        continue;
      }
      if (std::any_of(alias->begin(), alias->end(), [](char c) {
            return (c >= 'A' && c <= 'Z') || c == ',' || c == '@';
          })) {
        file_.wrong(node, say("an alias is lower case, without comma or @, not {}", *alias));
      }
      once(all_.names, *alias, node, twice);
      party_.aliases.push_back(*alias);
    }
  }
  if (const auto categories = map.find("categories")) {
    for (const auto& node : file_.sequence(*categories, "categories")) {
      const auto category = file_.scalar(node, "categories");
      if (category && !is_id(*category)) {
        file_.wrong(node, say("a category is lower case, [a-z0-9-], not {}", *category));
      }
      party_.categories.push_back(category.value_or(""));
    }
  }
}

void PartyReader::read_sources(const YAML::Node& node)
{
  if (!node.IsMap()) {
    file_.wrong(node, tr("sources must be a mapping of keys to sources (write {} for none)"));
    return;
  }
  for (const auto& pair : node) {
    Source source;
    source.key = pair.first.IsScalar() ? pair.first.Scalar() : "";
    if (!is_id(source.key) || source.key == "unverified") {
      file_.wrong(
          pair.first,
          say("the key of a source is lower case, [a-z0-9-], and not unverified: {}", source.key));
    }
    const auto twice =
        std::any_of(party_.sources.begin(), party_.sources.end(), [&source](const Source& other) {
          return other.key == source.key;
        });
    if (twice) {
      file_.wrong(pair.first, say("the key {} is given twice: keep one", source.key));
    }
    const YamlMap map(file_, pair.second, {"title", "ref", "opened", "says"});
    source.title = map.text("title").value_or("");
    source.ref = map.text("ref").value_or("");
    if (const auto opened = map.find("opened")) {
      if (const auto day = read_date(*opened, "opened")) {
        source.opened = *day;
        if (!day->is_whole_day()) {
          file_.wrong(*opened, tr("opened is a whole day, such as 2026-11-23"));
        }
      }
    }
    if (const auto says = map.find("says")) {
      for (const auto& each : file_.sequence(*says, "says")) {
        source.says.push_back(file_.scalar(each, "says").value_or(""));
      }
      if (source.says.empty()) {
        file_.wrong(*says, tr("says must tell in your own words what the source says"));
      }
    }
    party_.sources.push_back(std::move(source));
  }
}

void PartyReader::report_unused_sources(const YAML::Node& node)
{
  if (!node.IsMap()) {
    return;
  }
  for (const auto& pair : node) {
    if (pair.first.IsScalar() && sources_used_.count(pair.first.Scalar()) == 0) {
      file_.wrong(pair.first,
                  say("no fact uses the source {}: take it out, or name it at a fact",
                      pair.first.Scalar()));
    }
  }
}

Basis PartyReader::read_basis(const YamlMap& map)
{
  Basis basis;
  const auto key = map.text("source");
  const auto confidence = map.text("confidence");
  if (!key) {
    if (map.is_sound() && !map.has("source")) {
      file_.wrong(map.node(),
                  tr("a fact needs its source: name one of sources, or write source: unverified"));
    }
    return basis;
  }
  if (*key == "unverified") {
    if (confidence) {
      file_.wrong(*map.find("confidence"),
                  tr("an unverified fact has no confidence: take it out, or name the source"));
    }
    return basis;
  }
  sources_used_.insert(*key);
  const auto source = std::find_if(party_.sources.begin(),
                                   party_.sources.end(),
                                   [&key](const Source& each) { return each.key == *key; });
  if (source == party_.sources.end()) {
    file_.wrong(*map.find("source"),
                say("the source {} is not under sources: add it there, or write unverified", *key));
    return basis;
  }
  basis.source = static_cast<std::size_t>(source - party_.sources.begin());
  const auto read = confidence ? parse_confidence(*confidence) : std::nullopt;
  if (!map.has("confidence")) {
    file_.wrong(map.node(), tr("a sourced fact needs its confidence: high, medium or low"));
  } else if (confidence && !read) {
    file_.wrong(*map.find("confidence"),
                say("the confidence is high, medium or low, not {}", *confidence));
  }
  basis.confidence = read.value_or(Confidence::Low);
  return basis;
}

Space PartyReader::read_space(const YamlMap& map)
{
  const auto text = map.text("space");
  if (!text) {
    return Space::Unknown;
  }
  const auto space = parse_space(*text);
  if (!space) {
    file_.wrong(*map.find("space"),
                say("the space is services, customers, shared or unknown, not {}", *text));
  }
  return space.value_or(Space::Unknown);
}

std::string PartyReader::read_service_of(const YamlMap& map, const std::string& inside)
{
  const auto id = map.text("service");
  if (!id) {
    return inside;
  }
  services_mentioned_.push_back({*id, map.find("service")->Mark(), number_});
  return *id;
}

std::string PartyReader::read_operated_by(const YamlMap& map)
{
  const auto id = map.text("operator");
  if (!id) {
    return {};
  }
  all_.parties.push_back({*id, map.find("operator")->Mark(), number_});
  return *id;
}

std::string PartyReader::read_jurisdiction(const YamlMap& map)
{
  const auto node = map.find("jurisdiction");
  if (!node || says_unknown(*node)) {
    return {};
  }
  const auto code = file_.scalar(*node, "jurisdiction");
  if (!code) {
    return {};
  }
  // A plain NO is `false` to every reader of YAML 1.1; yaml-cpp marks what was quoted by the tag !.
  const bool quoted = node->Tag() == "!";
  if (!quoted && (*code == "NO" || *code == "No" || *code == "no" || *code == "false")) {
    file_.wrong(
        *node,
        say("write \"NO\" in quotes for Norway: without them YAML reads {} as false", *code));
    return {};
  }
  if (!is_jurisdiction_code(*code)) {
    file_.wrong(*node, say("a jurisdiction is two capital letters (ISO 3166-1), not {}", *code));
    return {};
  }
  all_.jurisdictions.push_back({*code, node->Mark(), number_});
  return *code;
}

std::optional<Date> PartyReader::read_date(const YAML::Node& node, const char* key)
{
  const auto text = file_.scalar(node, key);
  if (!text) {
    return std::nullopt;
  }
  const auto date = Date::try_parse(*text);
  if (!date) {
    file_.wrong(node, say("{} is no date: write 2016-12-08, or 2016-12, or 2016", *text));
  }
  return date;
}

Text PartyReader::read_text(const YAML::Node& node)
{
  const YamlMap map(file_, node, {"en", "nl"});
  return {map.text("en").value_or(""), map.text("nl").value_or("")};
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
  run_by.basis = read_basis(map);
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
    party_.owners.basis = read_basis(map);
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
    all_.parties.push_back({*id, map.find("party")->Mark(), number_});
  }
  if (const auto from = map.find("from"); from && !says_unknown(*from)) {
    owner.from = read_date(*from, "from");
  }
  if (const auto until = map.find("until")) {
    owner.until = read_date(*until, "until");
    if (owner.from && owner.until && !before(*owner.from, *owner.until)) {
      file_.wrong(*until,
                  say("until ({}) must be later than from ({})",
                      owner.until->to_string(),
                      owner.from->to_string()));
    }
  }
  owner.basis = read_basis(map);
  party_.owners.list.push_back(std::move(owner));
}

void PartyReader::read_asns(const YAML::Node& node)
{
  if (says_unknown(node)) {
    party_.asns_known = false;
    return;
  }
  for (const auto& each : file_.sequence(node, "asns")) {
    const YamlMap map(
        file_, each, {"asn", "space"}, {"source", "confidence", "service", "operator"});
    if (!map.is_sound()) {
      continue;
    }
    AsnFact fact;
    if (const auto text = map.text("asn")) {
      const auto where = *map.find("asn");
      const auto asn = net::Asn::try_parse(*text);
      if (!asn || asn->number == 0) {
        file_.wrong(where, say("{} is no AS number: write it like 8075", *text));
      } else {
        fact.asn = *asn;
        const auto [first, is_new] = all_.asns.emplace(asn->number, place(path_, where.Mark()));
        if (!is_new) {
          file_.wrong(where,
                      say("{} is already given at {}: an AS belongs to one party",
                          asn->to_string(),
                          first->second));
        }
      }
    }
    fact.space = read_space(map);
    fact.service = read_service_of(map, "");
    fact.operated = read_operated_by(map);
    fact.basis = read_basis(map);
    party_.asns.push_back(std::move(fact));
  }
}

void PartyReader::read_domains(const YAML::Node& node, const std::string& service)
{
  for (const auto& each : file_.sequence(node, "domains")) {
    const YamlMap map(
        file_, each, {"suffix", "space"}, {"source", "confidence", "service", "operator"});
    if (!map.is_sound()) {
      continue;
    }
    const Space space = read_space(map);
    const std::string of_service = read_service_of(map, service);
    const std::string operated = read_operated_by(map);
    const Basis basis = read_basis(map);
    const auto text = map.text("suffix");
    if (!text) {
      continue;
    }
    const auto where = *map.find("suffix");
    if (text->starts_with('.') || text->starts_with("*.")) {
      const auto bare = text->substr(text->find('.') + 1);
      file_.wrong(where,
                  say("write the suffix without what is before it: {} instead of {}", bare, *text));
      continue;
    }
    auto suffix = net::DomainName::parse(*text);
    if (!suffix) {
      file_.wrong(where, suffix.error().message);
      continue;
    }
    const auto kind = public_suffix_kind(suffix->text());
    if (kind == PublicSuffix::Registry) {
      file_.wrong(where,
                  say("{} is a public suffix of a registry: names below it are not one party's",
                      suffix->text()));
    } else if (kind == PublicSuffix::Private && space != Space::Customers &&
               space != Space::Shared) {
      file_.wrong(where,
                  say("{} is a public suffix under which customers have names: give it space: "
                      "customers (or shared)",
                      suffix->text()));
    }
    once(all_.suffixes,
         suffix->text(),
         where,
         tr("the suffix {} is already given at {}: a suffix belongs to one party, once"));
    party_.domains.push_back({std::move(*suffix), space, of_service, operated, basis});
  }
}

void PartyReader::read_prefixes(const YAML::Node& node, const std::string& service)
{
  for (const auto& each : file_.sequence(node, "prefixes")) {
    const YamlMap map(file_, each, {"prefix", "space"}, {"source", "confidence", "operator"});
    if (!map.is_sound()) {
      continue;
    }
    const Space space = read_space(map);
    const std::string operated = read_operated_by(map);
    const Basis basis = read_basis(map);
    const auto text = map.text("prefix");
    if (!text) {
      continue;
    }
    const auto where = *map.find("prefix");
    const auto prefix = net::Prefix::parse(*text);
    if (!prefix) {
      file_.wrong(where, prefix.error().message);
      continue;
    }
    if (prefix->length() < 8) {
      file_.wrong(where, say("{} is too wide to be one party's", *text));
      continue;
    }
    once(all_.prefixes,
         prefix->to_string() + (service.empty() ? "" : " " + party_.id + " " + service),
         where,
         tr("the prefix {} is already given at {}: keep one"));
    party_.prefixes.push_back({*prefix, space, service, operated, basis});
  }
}

void PartyReader::read_services(const YAML::Node& node)
{
  for (const auto& each : file_.sequence(node, "services")) {
    read_service(each);
  }
}

void PartyReader::read_service(const YAML::Node& node)
{
  const YamlMap map(
      file_, node, {"id", "name", "category"}, {"source", "confidence", "domains", "prefixes"});
  if (!map.is_sound()) {
    return;
  }
  Service service;
  if (const auto id = map.text("id")) {
    service.id = *id;
    if (!is_id(*id)) {
      file_.wrong(*map.find("id"),
                  say("an id is lower case, [a-z0-9-], at most 64 long, not {}", *id));
    }
    const auto twice = std::any_of(party_.services.begin(),
                                   party_.services.end(),
                                   [&id](const Service& other) { return other.id == *id; });
    if (twice) {
      file_.wrong(*map.find("id"), say("the service {} is given twice: keep one", *id));
    }
  }
  if (const auto name = map.find("name")) {
    service.name = read_text(*name);
  }
  service.category = map.text("category").value_or("");
  service.basis = read_basis(map);
  if (const auto domains = map.find("domains")) {
    read_domains(*domains, service.id);
  }
  if (const auto prefixes = map.find("prefixes")) {
    read_prefixes(*prefixes, service.id);
  }
  party_.services.push_back(std::move(service));
}

}  // namespace

std::string Mistake::to_string() const
{
  return fmt::format("{}:{}:{}: {}", file, line, column, what);
}

LoadedFacts load_facts(const std::vector<TextFile>& parties, const TextFile& jurisdictions)
{
  LoadedFacts loaded;
  load_jurisdictions(jurisdictions, loaded.facts, loaded.mistakes);

  Gathered all;
  std::map<std::string, std::string> file_of;
  for (std::size_t i = 0; i < parties.size(); ++i) {
    auto party = PartyReader(parties[i], i, all, loaded.mistakes).read(parties[i].text);
    if (party) {
      file_of.emplace(party->id, parties[i].path);
      loaded.facts.parties.push_back(std::move(*party));
    }
  }
  auto& list = loaded.facts.parties;
  std::sort(list.begin(), list.end(), [](const Party& a, const Party& b) { return a.id < b.id; });

  for (const Mention& each : all.parties) {
    if (!loaded.facts.index_of(each.what)) {
      YamlFile(parties[each.file].path, loaded.mistakes)
          .wrong(
              each.where,
              say("there is no party {0}: write data/parties/{0}.yaml, or mend the id", each.what));
    }
  }
  for (const Mention& each : all.jurisdictions) {
    const auto& known = loaded.facts.jurisdictions;
    if (std::none_of(known.begin(), known.end(), [&each](const Jurisdiction& one) {
          return one.code == each.what;
        })) {
      YamlFile(parties[each.file].path, loaded.mistakes)
          .wrong(each.where,
                 say("the jurisdiction {} is not listed in jurisdictions.yaml", each.what));
    }
  }
  for (const OwnerCircle& circle : owner_circles(loaded.facts)) {
    loaded.mistakes.push_back({file_of.at(circle.parties.front()), 1, 1, sentence_of(circle)});
  }
  std::sort(loaded.mistakes.begin(), loaded.mistakes.end());
  return loaded;
}

Result<LoadedFacts> load_facts_folder(const std::string& folder)
{
  const std::string in = folder + "/parties";
  std::error_code error;
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(in, error)) {
    if (entry.path().extension() == ".yaml") {
      paths.push_back(entry.path());
    }
  }
  if (error) {
    return fail(Fault::Usage, say("cannot read {}: {}", in, error.message()));
  }
  std::sort(paths.begin(), paths.end());
  std::vector<TextFile> files;
  for (const std::string& path : paths) {
    auto text = read_file(path, std::size_t{1} << 24U);
    if (!text) {
      return fail(std::move(text).error());
    }
    files.push_back({path, std::move(*text)});
  }
  const std::string jurisdictions = folder + "/jurisdictions.yaml";
  auto text = read_file(jurisdictions, std::size_t{1} << 24U);
  if (!text) {
    return fail(std::move(text).error());
  }
  return load_facts(files, {jurisdictions, std::move(*text)});
}

}  // namespace zonder::catalog

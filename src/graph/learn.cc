// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "graph/learn.hh"

#include <algorithm>
#include <map>
#include <set>

#include "base/ascii.hh"
#include "net/address.hh"
#include "net/name_above.hh"
#include "net/prefix.hh"

namespace zonder::graph {
namespace {

using model::Choice;
using model::Confidence;
using model::Decision;
using model::DependencyModel;
using model::Evidence;
using model::Hosting;
using model::Kind;
using model::Label;
using model::Loss;
using model::Moment;
using model::Need;
using model::Node;
using model::NodeKind;
using model::Observation;
using model::Ownership;
using model::Party;
using model::Phase;
using model::Relation;
using model::Seen;
using model::SourceKind;
using model::Tier;
using model::Via;

constexpr std::size_t longest_chain = 8;    // of names that stand for names
constexpr std::size_t most_endpoints = 20;  // that are told of one node

Date day_of(Moment moment)
{
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(moment));
  return {.year = static_cast<std::uint16_t>(static_cast<int>(day.year())),
          .month = static_cast<std::uint8_t>(static_cast<unsigned>(day.month())),
          .day = static_cast<std::uint8_t>(static_cast<unsigned>(day.day()))};
}

void widen(Seen& seen, const Observation& one)
{
  if (one.first && (!seen.first || before(day_of(*one.first), *seen.first))) {
    seen.first = day_of(*one.first);
  }
  if (one.last && (!seen.last || before(*seen.last, day_of(*one.last)))) {
    seen.last = day_of(*one.last);
  }
  seen.count += one.count;
  if (std::find(seen.via.begin(), seen.via.end(), one.via) == seen.via.end()) {
    seen.via.push_back(one.via);
    std::sort(seen.via.begin(), seen.via.end());
  }
}

/// What a relation says of the node that has the need.
struct Meaning {
  const char* node = "";  // "mail.", "dns.", "web.": with the domain behind it; empty: the subject
  Loss loss = Loss::Degrade;
  Phase phase = Phase::Run;
  bool alternatives = false;  // any one of all that are seen will do
  bool settled = false;  // one look tells: it is how it is set up, not what happened to be used
};

std::optional<Meaning> meaning_of(Relation relation)
{
  switch (relation) {
  case Relation::Asked:
  case Relation::Named:
  case Relation::Reached:
    return Meaning{};
  case Relation::SignedIn:
    return Meaning{.loss = Loss::NoNew, .phase = Phase::Renew};
  case Relation::NameServer:
    return Meaning{.node = "dns.", .loss = Loss::Stop, .alternatives = true, .settled = true};
  case Relation::MailServer:
    return Meaning{.node = "mail.", .loss = Loss::Stop, .alternatives = true, .settled = true};
  case Relation::MailSender:
  case Relation::MailSigner:
  case Relation::MailClient:
    return Meaning{.node = "mail.", .loss = Loss::Degrade, .settled = true};
  case Relation::CertifiedBy:
    return Meaning{.node = "web.", .loss = Loss::Stop, .phase = Phase::Renew, .settled = true};
  case Relation::LoadsFrom:
    return Meaning{.node = "web.", .loss = Loss::Degrade};
  case Relation::RedirectsTo:
  case Relation::LogsInAt:
    return Meaning{.node = "web.", .loss = Loss::Stop};
  case Relation::ServiceRecord:
    return Meaning{.node = "dns.", .loss = Loss::Degrade, .settled = true};
  case Relation::Needs:
    return Meaning{.loss = Loss::Stop};
  case Relation::LeadsTo:     // the way to a party, not a need
  case Relation::Alias:       // the same
  case Relation::Verified:    // a token in TXT tells that somebody was a customer once
  case Relation::Has:         // tells what there is
  case Relation::SuppliedBy:  // the supplier of a node
  case Relation::HostedIn:    // the hosting of a node
    return std::nullopt;
  }
  return std::nullopt;
}

/// By how often and by what it was seen. A connection or a setting says more than a question for a
/// name; two ways of seeing say more than one.
Confidence confidence_of(const Seen& seen, bool settled, Tier tier)
{
  if (tier == Tier::Declared) {
    return Confidence::Low;
  }
  if (settled) {
    return Confidence::High;
  }
  const auto connects = [](Via via) {
    return via == Via::Tls || via == Via::Quic || via == Via::Http || via == Via::Flow ||
           via == Via::Log || via == Via::Page;
  };
  const bool strong = std::any_of(seen.via.begin(), seen.via.end(), connects);
  int grade = strong ? 1 : 0;
  grade += seen.count >= 100 || (strong && seen.count >= 10) ? 1 : 0;
  grade += seen.via.size() > 1 ? 1 : 0;
  return grade >= 2 ? Confidence::High : grade == 1 ? Confidence::Medium : Confidence::Low;
}

/// An id out of what people call something: small letters, digits and "-".
std::string id_from(const std::string& text)
{
  std::string id;
  for (const char c : ascii_lower(text)) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
    if (good) {
      id += c;
    } else if (!id.empty() && id.back() != '-') {
      id += '-';
    }
  }
  while (!id.empty() && (id.back() == '-' || id.back() == '.')) {
    id.pop_back();
  }
  while (!id.empty() && (id.front() == '-' || id.front() == '.' || id.front() == '_')) {
    id.erase(id.begin());
  }
  return id.substr(0, 128);
}

class Learner {
public:
  Learner(std::span<const Observation> observations,
          const DependencyModel& model,
          const Attribution& whose)
      : observations_(observations), model_(model), whose_(whose)
  {
    for (const auto& decision : model.learned) {
      decisions_.emplace(decision.seen, &decision);
    }
    for (const auto& node : model.nodes) {
      taken_.insert(node.id);
      for (const auto& endpoint : node.endpoints) {
        if (const auto prefix = net::Prefix::parse(endpoint)) {
          by_prefix_.emplace_back(*prefix, node.id);
        } else if (const auto address = net::Address::parse(endpoint)) {
          by_address_.emplace(*address, node.id);
        }
        by_endpoint_.emplace(
            ascii_lower(endpoint.starts_with("*.") ? endpoint.substr(2) : endpoint), node.id);
      }
      if (const auto id = node.identifiers.find("zonder"); id != node.identifiers.end()) {
        by_key_.emplace(id->second, node.id);
      }
      for (const auto& text : {node.name.nl, node.name.en}) {
        by_name_.emplace(ascii_lower(text), node.id);
      }
    }
    for (const auto& one : observations) {
      if (one.relation == Relation::Alias || one.relation == Relation::LeadsTo) {
        leads_[one.subject].push_back(&one);
      }
    }
  }

  Proposals run()
  {
    for (const auto& one : observations_) {
      take(one);
    }
    give();
    return std::move(proposals_);
  }

private:
  /// Something that has needs or is needed: a node of the model, or one to be proposed.
  struct Thing {
    std::string seen;
    std::string id;      // in the model, or proposed
    bool known = false;  // the model has it
    Node node;           // as proposed
    Seen seen_at;
    Tier tier = Tier::Declared;
    std::set<std::string> endpoints;
    std::set<std::string> laws;  // measured
    std::map<std::string, Evidence> hosted_in;
  };

  struct Edge {
    std::string from;
    std::set<std::string> to;  // several only where any one of them will do
    Meaning meaning;
    Seen seen;
    Tier tier = Tier::Declared;
  };

  /// Nothing: somebody decided to ignore it.
  Thing* thing(const std::string& seen, const std::string& wanted_id, const Label& name)
  {
    if (const auto found = things_.find(seen); found != things_.end()) {
      return &found->second;
    }
    if (ignored_.count(seen) > 0) {
      return nullptr;
    }
    Thing one;
    one.seen = seen;
    if (const auto decided = decisions_.find(seen); decided != decisions_.end()) {
      if (decided->second->choice == Choice::Ignore) {
        ignored_.insert(seen);
        ++proposals_.ignored;
        return nullptr;
      }
      one.id = decided->second->node;
      one.known = true;
    } else if (const auto key = by_key_.find(seen); key != by_key_.end()) {
      one.id = key->second;
      one.known = true;
    } else if (const auto called = by_name_.find(ascii_lower(name.in(false)));
               seen.starts_with("application:") && called != by_name_.end()) {
      one.id = called->second;
      one.known = true;
    } else {
      one.id = free_id(wanted_id);
      one.node.name = name;
      one.node.identifiers.emplace("zonder", seen);
    }
    return &things_.emplace(seen, std::move(one)).first->second;
  }

  /// A node of the model, as it stands there.
  Thing* known_thing(const std::string& id)
  {
    auto& one = things_["node:" + id];
    one.seen = "node:" + id;
    one.id = id;
    one.known = true;
    return &one;
  }

  std::string free_id(const std::string& wanted)
  {
    const auto base = wanted.empty() ? std::string("seen") : wanted;
    auto id = base;
    for (int next = 2; !taken_.insert(id).second; ++next) {
      id = base + "-" + std::to_string(next);
    }
    return id;
  }

  /// The node of the model that says it is reached at this name, or at one above it.
  const std::string* node_at(std::string_view name) const
  {
    for (; !name.empty(); name = net::name_above(name)) {
      if (const auto found = by_endpoint_.find(std::string(name)); found != by_endpoint_.end()) {
        return &found->second;
      }
    }
    return nullptr;
  }

  /// Of an address in "192.0.2.1", "192.0.2.1:443/tcp" or "[2001:db8::1]:53/udp".
  static std::string address_in(Kind kind, const std::string& text)
  {
    if (kind != Kind::Endpoint) {
      return text;
    }
    const bool brackets = text.starts_with('[');
    const auto end = std::min(brackets ? text.find(']') : text.rfind(':'), text.size());
    return text.substr(brackets ? 1 : 0, end - (brackets ? 1 : 0));
  }

  /// The node of the model that says it is reached there.
  const std::string* node_of(const Observation& one) const
  {
    if (one.object_kind == Kind::Name) {
      return node_at(one.object);
    }
    if (one.object_kind != Kind::Address && one.object_kind != Kind::Endpoint) {
      return nullptr;
    }
    const auto address = net::Address::parse(address_in(one.object_kind, one.object));
    if (!address) {
      return nullptr;
    }
    if (const auto found = by_address_.find(*address); found != by_address_.end()) {
      return &found->second;
    }
    for (const auto& [prefix, node] : by_prefix_) {
      if (prefix.contains(*address)) {
        return &node;
      }
    }
    return nullptr;
  }

  std::optional<Attributed> whose(Kind kind, const std::string& text, std::size_t depth = 0)
  {
    if (kind == Kind::Endpoint) {
      return whose(Kind::Address, address_in(kind, text), depth);
    }
    if (auto found = whose_(kind, text)) {
      return found;
    }
    if (const auto on = leads_.find(text); on != leads_.end() && depth < longest_chain) {
      for (const auto* next : on->second) {
        if (auto found = whose(next->object_kind, next->object, depth + 1)) {
          return found;
        }
      }
    }
    return std::nullopt;
  }

  void propose_party(const Attributed& attributed)
  {
    if (model_.party(attributed.party) != nullptr || !parties_.insert(attributed.party).second) {
      return;
    }
    Party party{.id = attributed.party,
                .name = attributed.name,
                .jurisdiction = attributed.jurisdiction,
                .evidence = {.tier = Tier::Measured,
                             .confidence = Confidence::Medium,
                             .source = std::string(observed_source)}};
    if (attributed.owners_known) {
      party.ownership = attributed.owners.empty() ? Ownership::None : Ownership::Listed;
    }
    for (const auto& [owner, name] : attributed.owners) {
      party.ownership = Ownership::Listed;
      party.owners.push_back({.party = owner, .evidence = party.evidence});
      if (model_.party(owner) == nullptr && parties_.insert(owner).second) {
        Party above{.id = owner, .name = name, .evidence = party.evidence};
        // The law at the top is that of the only owner, if there is only one.
        above.jurisdiction = attributed.owners.size() == 1 ? attributed.law : "";
        proposals_.parties.push_back(std::move(above));
      }
    }
    proposals_.parties.push_back(std::move(party));
  }

  /// What a name, an address or a party stands for; nothing: ignored, or nobody knows.
  Thing* object_of(const Observation& one)
  {
    if (one.object_kind == Kind::Application) {
      return thing(
          "application:" + one.object, id_from(one.object), {.nl = one.object, .en = one.object});
    }
    if (const auto* node = node_of(one)) {
      auto* known = known_thing(*node);
      if (const auto found = whose(one.object_kind, one.object);
          found && one.tier != Tier::Declared && !found->law.empty()) {
        known->laws.insert(found->law);
      }
      return known;
    }
    auto found = one.object_kind == Kind::Party ? whose_(Kind::Party, one.object)
                                                : whose(one.object_kind, one.object);
    if (!found) {
      unattributed_.insert(one.object);
      return nullptr;
    }
    const bool service = !found->service.empty();
    auto* object =
        thing(service ? "service:" + found->party + "/" + found->service : "party:" + found->party,
              service ? found->service : found->party,
              service ? found->service_name : found->name);
    if (object == nullptr) {
      return nullptr;
    }
    propose_party(*found);
    object->node.operated_by = found->party;
    if (one.object_kind == Kind::Name && one.relation != Relation::CertifiedBy) {
      object->endpoints.insert(one.object);
    }
    if (one.tier != Tier::Declared && !found->law.empty()) {
      object->laws.insert(found->law);
    }
    return object;
  }

  /// Whose need it is.
  Thing* subject_of(const Observation& one, const Meaning& meaning)
  {
    const std::string prefix = meaning.node;
    if (!prefix.empty()) {
      if (const auto* node = prefix == "web." ? node_at(one.subject) : nullptr) {
        return known_thing(*node);
      }
      const auto what = prefix == "mail."  ? std::pair("e-mail van ", "e-mail of ")
                        : prefix == "dns." ? std::pair("vindbaarheid van ", "DNS of ")
                                           : std::pair("website ", "website ");
      auto* subject = thing(prefix + "name:" + one.subject,
                            id_from(prefix + one.subject),
                            {.nl = what.first + one.subject, .en = what.second + one.subject});
      if (subject != nullptr && !subject->known) {
        subject->node.kind = prefix == "dns." ? NodeKind::Component : NodeKind::Service;
        subject->node.operated_by =
            model_.party(model_.organisation.party) == nullptr ? "" : model_.organisation.party;
      }
      return subject;
    }
    switch (one.subject_kind) {
    case Kind::Application: {
      auto* subject = thing("application:" + one.subject,
                            id_from(one.subject),
                            {.nl = one.subject, .en = one.subject});
      if (subject != nullptr) {
        subject->node.kind = NodeKind::Service;
      }
      return subject;
    }
    case Kind::Name:
      if (const auto* node = node_at(one.subject)) {
        return known_thing(*node);
      }
      return thing(
          "name:" + one.subject, id_from(one.subject), {.nl = one.subject, .en = one.subject});
    case Kind::Device:
    case Kind::Address:
    case Kind::Endpoint:
    case Kind::Organisation:
    case Kind::Party:
    case Kind::Jurisdiction:
      break;
    }
    return thing(
        "devices", "devices", {.nl = "apparaten op het netwerk", .en = "devices on the network"});
  }

  void take(const Observation& one)
  {
    const auto meaning = meaning_of(one.relation);
    if (!meaning) {
      take_about(one);
      return;
    }
    auto* object = object_of(one);
    if (object == nullptr) {
      return;
    }
    auto* subject = subject_of(one, *meaning);
    if (subject == nullptr || subject->id == object->id) {
      return;
    }
    for (auto* each : {subject, object}) {
      widen(each->seen_at, one);
      each->tier = std::max(each->tier, one.tier);
    }
    // What is an alternative goes together; all else is an edge of its own.
    const auto key = subject->seen + "\n" + std::to_string(static_cast<int>(meaning->loss)) +
                     std::to_string(static_cast<int>(meaning->phase)) + "\n" +
                     (meaning->alternatives ? std::string("any ") + meaning->node : object->seen);
    auto& edge = edges_[key];
    edge.from = subject->seen;
    edge.to.insert(object->seen);
    edge.meaning = *meaning;
    edge.tier = std::max(edge.tier, one.tier);
    widen(edge.seen, one);
  }

  /// What lists say of an application: that there is one, whose it is, where it is hosted.
  void take_about(const Observation& one)
  {
    const auto& name = one.relation == Relation::Has ? one.object : one.subject;
    const auto kind = one.relation == Relation::Has ? one.object_kind : one.subject_kind;
    if (kind != Kind::Application || one.relation == Relation::Alias ||
        one.relation == Relation::LeadsTo || one.relation == Relation::Verified) {
      return;
    }
    auto* node = thing("application:" + name, id_from(name), {.nl = name, .en = name});
    if (node == nullptr) {
      return;
    }
    node->node.kind = NodeKind::Service;
    node->tier = std::max(node->tier, one.tier);
    widen(node->seen_at, one);
    if (one.relation == Relation::HostedIn) {
      Seen seen;
      widen(seen, one);
      node->hosted_in[one.object] = {.tier = one.tier,
                                     .confidence = Confidence::Low,
                                     .source = std::string(observed_source),
                                     .seen = seen};
    } else if (one.relation == Relation::SuppliedBy) {
      if (const auto found = whose_(Kind::Party, one.object)) {
        propose_party(*found);
        node->node.supplier = found->party;
      } else {
        const auto id = id_from(one.object);
        if (!id.empty() && model_.party(id) == nullptr && parties_.insert(id).second) {
          proposals_.parties.push_back({.id = id,
                                        .name = {.nl = one.object, .en = one.object},
                                        .evidence = {.tier = Tier::Declared,
                                                     .confidence = Confidence::Low,
                                                     .source = std::string(observed_source)}});
        }
        node->node.supplier = id;
      }
    }
  }

  Need need_of(const Edge& edge) const
  {
    Need need;
    for (const auto& to : edge.to) {
      need.of.push_back(things_.at(to).id);
    }
    std::sort(need.of.begin(), need.of.end());
    need.of.erase(std::unique(need.of.begin(), need.of.end()), need.of.end());
    need.loss = edge.meaning.loss;
    need.phase = edge.meaning.phase;
    need.evidence = {.tier = edge.tier,
                     .confidence = confidence_of(edge.seen, edge.meaning.settled, edge.tier),
                     .source = std::string(observed_source),
                     .seen = edge.seen};
    return need;
  }

  /// A need that the model has already: it may rest on better evidence from now on.
  bool confirm(const Node& node, const Need& seen)
  {
    for (std::size_t i = 0; i < node.needs.size(); ++i) {
      const auto& has = node.needs[i];
      if (!std::any_of(seen.of.begin(), seen.of.end(), [&](const std::string& id) {
            return std::find(has.of.begin(), has.of.end(), id) != has.of.end();
          })) {
        continue;
      }
      if (has.evidence.tier < seen.evidence.tier ||
          (has.evidence.tier == seen.evidence.tier && has.evidence.source == observed_source &&
           has.evidence.seen != seen.evidence.seen)) {
        proposals_.confirmed.push_back({.node = node.id, .need = i, .evidence = seen.evidence});
      }
      return true;
    }
    return false;
  }

  std::vector<Hosting> hosting_of(const Thing& one) const
  {
    std::vector<Hosting> all;
    for (const auto& [law, evidence] : one.hosted_in) {
      all.push_back({.jurisdiction = law, .evidence = evidence});
    }
    for (const auto& law : one.laws) {
      all.push_back({.jurisdiction = law,
                     .evidence = {.tier = Tier::Measured,
                                  .confidence = Confidence::Medium,
                                  .source = std::string(observed_source),
                                  .seen = one.seen_at}});
    }
    return all;
  }

  void give()
  {
    std::map<std::string, std::vector<Need>> needs;  // by the key of what was seen
    for (const auto& [key, edge] : edges_) {
      needs[edge.from].push_back(need_of(edge));
    }
    bool uses_source = !proposals_.parties.empty();
    for (auto& [seen, one] : things_) {
      if (one.known) {
        give_known(one, needs[seen]);
        continue;
      }
      one.node.id = one.id;
      one.node.needs = std::move(needs[seen]);
      for (const auto& endpoint : one.endpoints) {
        if (one.node.endpoints.size() < most_endpoints) {
          one.node.endpoints.push_back(endpoint);
        }
      }
      one.node.hosting = hosting_of(one);
      one.node.evidence = {.tier = one.tier,
                           .confidence = confidence_of(one.seen_at, false, one.tier),
                           .source = std::string(observed_source),
                           .seen = one.seen_at};
      proposals_.nodes.push_back({.seen = seen, .node = std::move(one.node)});
    }
    std::stable_sort(
        proposals_.nodes.begin(), proposals_.nodes.end(), [](const auto& a, const auto& b) {
          return a.node.evidence.seen->count > b.node.evidence.seen->count;
        });
    std::sort(proposals_.parties.begin(),
              proposals_.parties.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
    proposals_.unattributed = unattributed_.size();
    uses_source = uses_source || !proposals_.nodes.empty() || !proposals_.needs.empty() ||
                  !proposals_.confirmed.empty() || !proposals_.hosting.empty();
    if (uses_source && model_.source(observed_source) == nullptr) {
      proposals_.sources.push_back(
          {.id = std::string(observed_source),
           .kind = SourceKind::Measurement,
           .title = "What zonder saw: traffic, DNS, certificates and lists"});
    }
  }

  void give_known(const Thing& one, const std::vector<Need>& needs)
  {
    const auto* node = model_.node(one.id);
    if (node == nullptr) {
      return;  // decided on, and gone from the model since: zonder model check tells
    }
    for (const auto& need : needs) {
      if (need.of.front() != node->id && !confirm(*node, need)) {
        proposals_.needs.emplace_back(node->id, need);
      }
    }
    for (const auto& hosting : hosting_of(one)) {
      const bool there =
          std::any_of(node->hosting.begin(), node->hosting.end(), [&](const Hosting& each) {
            return each.jurisdiction == hosting.jurisdiction &&
                   each.evidence.tier >= hosting.evidence.tier;
          });
      if (!there) {
        proposals_.hosting.emplace_back(node->id, hosting);
      }
    }
  }

  std::span<const Observation> observations_;
  const DependencyModel& model_;
  const Attribution& whose_;
  std::map<std::string, const Decision*> decisions_;
  std::map<std::string, std::string> by_endpoint_;
  std::map<net::Address, std::string> by_address_;
  std::vector<std::pair<net::Prefix, std::string>> by_prefix_;
  std::map<std::string, std::string> by_key_;
  std::map<std::string, std::string> by_name_;
  std::map<std::string, std::vector<const Observation*>> leads_;
  std::map<std::string, Thing> things_;  // by the key of what was seen
  std::map<std::string, Edge> edges_;
  std::set<std::string> taken_;    // ids
  std::set<std::string> parties_;  // proposed
  std::set<std::string> ignored_;
  std::set<std::string> unattributed_;
  Proposals proposals_;
};

}  // namespace

Proposals learn(std::span<const Observation> observations,
                const DependencyModel& model,
                const Attribution& whose)
{
  return Learner(observations, model, whose).run();
}

}  // namespace zonder::graph

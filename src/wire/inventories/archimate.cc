// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/inventories/archimate.hh"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <pugixml.hpp>

#include "base/ascii.hh"
#include "base/translate.hh"
#include "wire/inventories/softwarecatalogus.hh"

namespace zonder::wire::inventories {
namespace {

using std::string_view;

/// The name of an element or attribute without its prefix.
string_view local(const char* name)
{
  const string_view text(name);
  const auto colon = text.rfind(':');
  return colon == string_view::npos ? text : text.substr(colon + 1);
}

std::vector<pugi::xml_node> children(pugi::xml_node node, string_view name)
{
  std::vector<pugi::xml_node> found;
  for (const auto child : node.children()) {
    if (local(child.name()) == name) {
      found.push_back(child);
    }
  }
  return found;
}

pugi::xml_node child(pugi::xml_node node, string_view name)
{
  const auto found = children(node, name);
  return found.empty() ? pugi::xml_node() : found.front();
}

std::string attribute(pugi::xml_node node, string_view name)
{
  for (const auto each : node.attributes()) {
    if (local(each.name()) == name) {
      return each.value();
    }
  }
  return {};
}

/// Its name in Dutch where it has one, else the first; "label" of ArchiMate 2.1.
std::string name_of(pugi::xml_node element)
{
  auto names = children(element, "name");
  if (names.empty()) {
    names = children(element, "label");
  }
  for (const auto each : names) {
    if (attribute(each, "lang") == "nl") {
      return each.text().as_string();
    }
  }
  return names.empty() ? std::string() : names.front().text().as_string();
}

enum class Kind { Other, Application, Package, Version, Supplier, Service };

struct Element {
  Kind kind = Kind::Other;
  std::string name;
  std::map<std::string, std::string> properties;  // by their names in small letters
};

struct Relation {
  std::string type;
  std::string source;
  std::string target;
};

class Model {
public:
  Model(logs::EntrySink& sink, logs::Tally& tally) : sink_(sink), tally_(tally) {}

  void read(pugi::xml_node root)
  {
    read_property_names(root);
    for (const auto each : children(child(root, "elements"), "element")) {
      read_element(each);
    }
    for (const auto each : children(child(root, "relationships"), "relationship")) {
      relations_.push_back({.type = attribute(each, "type"),
                            .source = attribute(each, "source"),
                            .target = attribute(each, "target")});
    }
    settle();
    organisation_ = name_of(root);
    for (const auto& [id, element] : elements_) {
      give_element(id, element);
    }
    for (const auto& each : relations_) {
      give_relation(each);
    }
  }

private:
  void read_property_names(pugi::xml_node root)
  {
    for (const auto each : children(child(root, "propertyDefinitions"), "propertyDefinition")) {
      property_names_[attribute(each, "identifier")] = ascii_lower(name_of(each));
    }
    for (const auto each : children(child(root, "propertydefs"), "propertydef")) {
      property_names_[attribute(each, "identifier")] = ascii_lower(attribute(each, "name"));
    }
  }

  void read_element(pugi::xml_node node)
  {
    const auto id = attribute(node, "identifier");
    if (id.empty()) {
      unreadable(say("an element without its identifier"));
      return;
    }
    Element element;
    element.name = name_of(node);
    for (const auto property : children(child(node, "properties"), "property")) {
      auto reference = attribute(property, "propertyDefinitionRef");
      if (reference.empty()) {
        reference = attribute(property, "identifierref");
      }
      if (const auto name = property_names_.find(reference); name != property_names_.end()) {
        element.properties[name->second] = child(property, "value").text().as_string();
      }
    }
    element.kind = kind_of(attribute(node, "type"), element.properties);
    is_catalogue_ = is_catalogue_ || element.kind == Kind::Package || element.kind == Kind::Version;
    elements_.insert_or_assign(id, std::move(element));
  }

  static Kind kind_of(const std::string& type, const std::map<std::string, std::string>& properties)
  {
    const auto swc = properties.find("swc type");
    if (swc != properties.end()) {
      return swc->second == "Pakket"         ? Kind::Package
             : swc->second == "Pakketversie" ? Kind::Version
             : swc->second == "Leverancier"  ? Kind::Supplier
                                             : Kind::Other;
    }
    if (type == "ApplicationService" || type == "ApplicationInterface") {
      return Kind::Service;
    }
    return type == "ApplicationComponent" && properties.count("gemma type") == 0 ? Kind::Application
                                                                                 : Kind::Other;
  }

  /// Which application each element stands for.
  void settle()
  {
    for (const auto& [id, element] : elements_) {
      if (element.kind == Kind::Package || element.kind == Kind::Version ||
          (element.kind == Kind::Application && !is_catalogue_)) {
        stands_for_[id] = id;
      }
    }
    for (const auto& each : relations_) {
      // A version with its package, whichever way the relation goes.
      for (const auto& [one, other] :
           {std::pair(each.source, each.target), std::pair(each.target, each.source)}) {
        if (kind(one) == Kind::Version && kind(other) == Kind::Package) {
          stands_for_[one] = other;
        }
      }
      const bool offers = each.type == "Realization" || each.type == "Realisation" ||
                          each.type == "Assignment" || each.type == "Composition";
      if (offers && kind(each.target) == Kind::Service && stands_for_.count(each.source) > 0) {
        stands_for_.emplace(each.target, each.source);
      }
    }
  }

  [[nodiscard]] Kind kind(const std::string& id) const
  {
    const auto found = elements_.find(id);
    return found == elements_.end() ? Kind::Other : found->second.kind;
  }

  /// The name of the application that an element stands for; empty: of none. A service stands for
  /// what offers it, a version for its package: two steps at most.
  [[nodiscard]] std::string application(std::string id) const
  {
    for (int step = 0; step < 3; ++step) {
      const auto found = stands_for_.find(id);
      if (found == stands_for_.end()) {
        return {};
      }
      if (found->second == id) {
        break;
      }
      id = found->second;
    }
    return elements_.at(id).name;
  }

  void give_element(const std::string& id, const Element& element)
  {
    ++tally_.records;
    const auto own = stands_for_.find(id);
    if (own == stands_for_.end() || element.kind == Kind::Service) {
      return;
    }
    const auto name = application(id);
    logs::Entry entry;
    entry.what = logs::What::Has;
    entry.subject = organisation_;
    entry.object = name;
    const auto status = element.properties.find("gebruik status");
    if (status != element.properties.end() && is_out_of_use(status->second)) {
      return;
    }
    // A model's own name may be no words at all; whose it is then is not said.
    if (!sink_.take(entry)) {
      entry.subject = {};
      if (!sink_.take(entry)) {
        --tally_.records;
        unreadable(say("an application without its name"));
        return;
      }
    }
    entry.subject = name;
    give(entry, logs::What::Identifier, "archimate:" + id);
    if (const auto key = element.properties.find("object id"); key != element.properties.end()) {
      give(entry, logs::What::Identifier, "softwarecatalogus:" + key->second);
    }
    for (const auto* each : {"hostingjurisdictie", "hosting jurisdictie", "jurisdictie"}) {
      if (const auto found = element.properties.find(each); found != element.properties.end()) {
        give(entry, logs::What::HostedIn, jurisdiction_in(found->second));
      }
    }
    for (const auto* each : {"leverancier", "supplier"}) {
      if (const auto found = element.properties.find(each); found != element.properties.end()) {
        give(entry, logs::What::SuppliedBy, found->second);
      }
    }
  }

  void give_relation(const Relation& relation)
  {
    ++tally_.records;
    if (elements_.count(relation.source) == 0 || elements_.count(relation.target) == 0) {
      // Between relations, which ArchiMate has too; or to what the file lacks.
      return;
    }
    const auto source = application(relation.source);
    const auto target = application(relation.target);
    logs::Entry entry;
    for (const auto& [id, name] :
         {std::pair(relation.source, target), std::pair(relation.target, source)}) {
      if (kind(id) == Kind::Supplier && !name.empty()) {
        entry.subject = name;
        give(entry, logs::What::SuppliedBy, elements_.at(id).name);
      }
    }
    const bool serves =
        relation.type == "Serving" || relation.type == "UsedBy" || relation.type == "Flow";
    if (serves && !source.empty() && !target.empty() && source != target) {
      entry.subject = target;
      give(entry, logs::What::Needs, source);
    }
  }

  void give(logs::Entry& entry, logs::What what, const std::string& object)
  {
    if (!object.empty()) {
      entry.what = what;
      entry.object = object;
      (void)sink_.take(entry);
    }
  }

  void unreadable(const std::string& why)
  {
    if (tally_.unreadable++ == 0) {
      tally_.first_problem = why;
    }
  }

  logs::EntrySink& sink_;
  logs::Tally& tally_;
  std::map<std::string, std::string> property_names_;
  std::map<std::string, Element> elements_;
  std::vector<Relation> relations_;
  std::map<std::string, std::string> stands_for_;
  std::string organisation_;
  bool is_catalogue_ = false;
};

}  // namespace

logs::Tally read_archimate(std::string& xml, logs::EntrySink& sink, bool& broken_off)
{
  logs::Tally tally;
  pugi::xml_document document;
  // No DTD is looked at: pugixml knows no entities but XML's own five, so nothing grows.
  const auto parsed = document.load_buffer_inplace(xml.data(), xml.size());
  broken_off = parsed.status != pugi::status_ok;
  if (broken_off) {
    ++tally.unreadable;
    tally.first_problem =
        say("no sound XML from byte {} on: {}", parsed.offset, parsed.description());
  }
  Model(sink, tally).read(document.document_element());
  return tally;
}

bool is_archimate(string_view head)
{
  return head.find("http://www.opengroup.org/xsd/archimate") != string_view::npos &&
         head.find("<") < 8;
}

}  // namespace zonder::wire::inventories

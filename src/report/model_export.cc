// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/model_export.hh"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace zonder::report {
namespace {

using model::DependencyModel;
using model::Loss;
using model::Need;
using model::Node;
using model::NodeKind;
using model::text_of;
using nlohmann::ordered_json;

std::string name_of(const Node& node, bool dutch)
{
  return node.name.empty() ? node.id : node.name.in(dutch);
}

std::string grace_text(const DependencyModel& model, const Need& need)
{
  const auto grace = model.grace_of(need.grace);
  return grace && grace->known ? fmt::format("{}", grace->p50.count()) : "unknown";
}

std::string quoted_dot(const std::string& text)
{
  std::string all = "\"";
  for (const char c : text) {
    all += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  }
  return all + "\"";
}

/// For text and attributes of XML.
std::string xml(const std::string& text)
{
  std::string all;
  for (const char c : text) {
    switch (c) {
    case '&':
      all += "&amp;";
      break;
    case '<':
      all += "&lt;";
      break;
    case '>':
      all += "&gt;";
      break;
    case '"':
      all += "&quot;";
      break;
    default:
      all += c;
    }
  }
  return all;
}

/// Mermaid takes almost anything between quotes, with entities for what it does not.
std::string mermaid_text(const std::string& text)
{
  std::string all;
  for (const char c : text) {
    all += c == '"' ? "#quot;" : c == '#' ? "#35;" : c == '<' ? "#lt;" : std::string(1, c);
  }
  return all;
}

/// A field; what a spreadsheet would take for a formula is made a text.
std::string csv(const std::string& text)
{
  const bool formula =
      !text.empty() && std::string("=+-@\t").find(text.front()) != std::string::npos;
  const auto plain = formula ? "'" + text : text;
  if (plain.find_first_of(",\"\r\n") == std::string::npos) {
    return plain;
  }
  std::string all = "\"";
  for (const char c : plain) {
    all += c == '"' ? "\"\"" : std::string(1, c);
  }
  return all + "\"";
}

const char* dot_style(Loss loss)
{
  switch (loss) {
  case Loss::Stop:
    return "solid";
  case Loss::NoNew:
  case Loss::Held:
  case Loss::Degrade:
    return "dashed";
  case Loss::Freeze:
  case Loss::Rot:
    break;
  }
  return "dotted";
}

const char* archimate_type(NodeKind kind)
{
  switch (kind) {
  case NodeKind::Service:
    return "ApplicationService";
  case NodeKind::Component:
    return "ApplicationComponent";
  case NodeKind::Site:
    return "Facility";
  case NodeKind::Network:
    return "CommunicationNetwork";
  case NodeKind::People:
    break;
  }
  return "BusinessRole";
}

/// An identifier of XML begins with a letter; the ones that came from an exchange file stay.
std::string archimate_id(const Node& node)
{
  for (const auto* scheme : {"archimate", "gemma"}) {
    const auto found = node.identifiers.find(scheme);
    if (found != node.identifiers.end()) {
      return found->second;
    }
  }
  return "node-" + node.id;
}

std::string line_of_csv(const std::vector<std::string>& fields)
{
  std::string line;
  for (const auto& field : fields) {
    line += (&field == &fields.front() ? "" : ",") + csv(field);
  }
  return line + "\r\n";
}

}  // namespace

std::string model_dot(const DependencyModel& model, bool dutch)
{
  std::string text =
      "digraph model {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n";
  for (const auto& node : model.nodes) {
    text += fmt::format("  {} [label={}, tooltip={}{}];\n",
                        quoted_dot(node.id),
                        quoted_dot(name_of(node, dutch)),
                        quoted_dot(node.operated_by.empty() ? "?" : node.operated_by),
                        node.kind == NodeKind::Service ? ", style=rounded" : "");
  }
  std::size_t groups = 0;
  for (const auto& node : model.nodes) {
    for (const auto& need : node.needs) {
      const auto style = fmt::format(" [style={}, label={}]",
                                     dot_style(need.loss),
                                     quoted_dot(std::string(text_of(need.loss))));
      if (need.of.size() == 1) {
        text +=
            fmt::format("  {} -> {}{};\n", quoted_dot(node.id), quoted_dot(need.of.front()), style);
        continue;
      }
      const auto group = fmt::format("\"any {}\"", ++groups);
      text += fmt::format("  {} [shape=diamond, label=\"{} / {}\"];\n  {} -> {}{};\n",
                          group,
                          need.at_least,
                          need.of.size(),
                          quoted_dot(node.id),
                          group,
                          style);
      for (const auto& of : need.of) {
        text += fmt::format("  {} -> {};\n", group, quoted_dot(of));
      }
    }
  }
  return text + "}\n";
}

std::string model_mermaid(const DependencyModel& model, bool dutch)
{
  // Ids of ours may be words of Mermaid's, such as "end".
  std::map<std::string, std::string> short_ids;
  std::string text = "flowchart LR\n";
  for (const auto& node : model.nodes) {
    const auto id = fmt::format("n{}", short_ids.size());
    short_ids.emplace(node.id, id);
    const bool service = node.kind == NodeKind::Service;
    text += fmt::format("  {}{}\"{}\"{}\n",
                        id,
                        service ? "(" : "[",
                        mermaid_text(name_of(node, dutch)),
                        service ? ")" : "]");
  }
  std::size_t groups = 0;
  for (const auto& node : model.nodes) {
    for (const auto& need : node.needs) {
      const auto* arrow = need.loss == Loss::Stop ? "-->" : "-.->";
      if (need.of.size() == 1) {
        text += fmt::format("  {} {}|{}| {}\n",
                            short_ids[node.id],
                            arrow,
                            text_of(need.loss),
                            short_ids[need.of.front()]);
        continue;
      }
      const auto group = fmt::format("g{}", groups++);
      text += fmt::format("  {}{{\"{} / {}\"}}\n  {} {}|{}| {}\n",
                          group,
                          need.at_least,
                          need.of.size(),
                          short_ids[node.id],
                          arrow,
                          text_of(need.loss),
                          group);
      for (const auto& of : need.of) {
        text += fmt::format("  {} --> {}\n", group, short_ids[of]);
      }
    }
  }
  return text;
}

std::string model_graphml(const DependencyModel& model, bool dutch)
{
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                     "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n";
  for (const auto& [key, of] : {std::pair{"label", "node"},
                                {"kind", "node"},
                                {"class", "node"},
                                {"operator", "node"},
                                {"loss", "edge"},
                                {"at_least", "edge"},
                                {"evidence", "edge"}}) {
    text += fmt::format(
        "  <key id=\"{0}\" for=\"{1}\" attr.name=\"{0}\" attr.type=\"string\"/>\n", key, of);
  }
  text += "  <graph id=\"model\" edgedefault=\"directed\">\n";
  const auto data = [&](const char* key, const std::string& value) {
    if (!value.empty()) {
      text += fmt::format("      <data key=\"{}\">{}</data>\n", key, xml(value));
    }
  };
  for (const auto& node : model.nodes) {
    text += fmt::format("    <node id=\"{}\">\n", xml(node.id));
    data("label", name_of(node, dutch));
    data("kind", std::string(text_of(node.kind)));
    data("class", std::string(text_of(node.service_class)));
    data("operator", node.operated_by);
    text += "    </node>\n";
  }
  for (const auto& node : model.nodes) {
    for (const auto& need : node.needs) {
      for (const auto& of : need.of) {
        text += fmt::format("    <edge source=\"{}\" target=\"{}\">\n", xml(node.id), xml(of));
        data("loss", std::string(text_of(need.loss)));
        data("at_least", fmt::format("{} of {}", need.at_least, need.of.size()));
        data("evidence", std::string(text_of(need.evidence.tier)));
        text += "    </edge>\n";
      }
    }
  }
  return text + "  </graph>\n</graphml>\n";
}

std::string model_csv(const DependencyModel& model, bool dutch)
{
  std::string text = line_of_csv({"node",
                                  "name",
                                  "kind",
                                  "class",
                                  "operator",
                                  "needs",
                                  "at_least",
                                  "loss",
                                  "phase",
                                  "grace_p50_seconds",
                                  "evidence",
                                  "confidence",
                                  "source"});
  for (const auto& node : model.nodes) {
    const std::vector<std::string> about = {node.id,
                                            name_of(node, dutch),
                                            std::string(text_of(node.kind)),
                                            std::string(text_of(node.service_class)),
                                            node.operated_by};
    if (node.needs.empty()) {
      auto fields = about;
      fields.resize(13);
      text += line_of_csv(fields);
    }
    for (const auto& need : node.needs) {
      for (const auto& of : need.of) {
        auto fields = about;
        fields.insert(fields.end(),
                      {of,
                       fmt::format("{} of {}", need.at_least, need.of.size()),
                       std::string(text_of(need.loss)),
                       std::string(text_of(need.phase)),
                       grace_text(model, need),
                       std::string(text_of(need.evidence.tier)),
                       std::string(text_of(need.evidence.confidence)),
                       need.evidence.source});
        text += line_of_csv(fields);
      }
    }
  }
  return text;
}

std::string model_cyclonedx(const DependencyModel& model, bool dutch)
{
  auto services = ordered_json::array();
  auto dependencies = ordered_json::array();
  for (const auto& node : model.nodes) {
    ordered_json service{{"bom-ref", node.id}};
    if (const auto* party = model.party(node.operated_by)) {
      service["provider"] = {{"name", party->name.in(dutch)}};
    }
    service["name"] = name_of(node, dutch);
    if (!node.version.empty()) {
      service["version"] = node.version;
    }
    if (!node.endpoints.empty()) {
      service["endpoints"] = node.endpoints;
    }
    service["x-trust-boundary"] =
        !node.operated_by.empty() && node.operated_by != model.organisation.party;
    auto properties = ordered_json::array();
    const auto property = [&](const std::string& name, const std::string& value) {
      if (!value.empty()) {
        properties.push_back({{"name", "zonder:" + name}, {"value", value}});
      }
    };
    property("kind", std::string(text_of(node.kind)));
    property("class", std::string(text_of(node.service_class)));
    property("operator", node.operated_by);
    property("supplier", node.supplier);
    for (const auto& [scheme, value] : node.identifiers) {
      property("identifier:" + scheme, value);
    }
    service["properties"] = properties;
    services.push_back(service);
    std::set<std::string> needed;
    for (const auto& need : node.needs) {
      needed.insert(need.of.begin(), need.of.end());
    }
    if (!needed.empty()) {
      dependencies.push_back({{"ref", node.id}, {"dependsOn", needed}});
    }
  }
  ordered_json document{{"bomFormat", "CycloneDX"}, {"specVersion", "1.6"}, {"version", 1}};
  if (!model.organisation.id.empty()) {
    document["metadata"] = {
        {"component",
         {{"type", "application"},
          {"bom-ref", "organisation:" + model.organisation.id},
          {"name",
           model.organisation.name.empty() ? model.organisation.id
                                           : model.organisation.name.in(dutch)}}}};
  }
  document["services"] = services;
  document["dependencies"] = dependencies;
  return document.dump(2) + "\n";
}

std::string model_archimate(const DependencyModel& model, bool dutch)
{
  const auto* language = dutch ? "nl" : "en";
  const auto named = [&](const std::string& name) {
    return fmt::format("<name xml:lang=\"{}\">{}</name>", language, xml(name));
  };
  std::map<std::string, std::string> ids;
  for (const auto& node : model.nodes) {
    ids.emplace(node.id, archimate_id(node));
  }
  std::string elements;
  std::string relationships;
  std::size_t count = 0;
  const auto relate = [&](const char* type, const std::string& from, const std::string& to) {
    relationships +=
        fmt::format("    <relationship identifier=\"rel-{}\" source=\"{}\" target=\"{}\" "
                    "xsi:type=\"{}\"/>\n",
                    ++count,
                    xml(from),
                    xml(to),
                    type);
  };
  for (const auto& party : model.parties) {
    elements += fmt::format("    <element identifier=\"party-{}\" xsi:type=\"BusinessActor\">{}"
                            "</element>\n",
                            xml(party.id),
                            named(party.name.empty() ? party.id : party.name.in(dutch)));
  }
  for (const auto& node : model.nodes) {
    elements += fmt::format("    <element identifier=\"{}\" xsi:type=\"{}\">{}</element>\n",
                            xml(archimate_id(node)),
                            archimate_type(node.kind),
                            named(name_of(node, dutch)));
    if (!node.operated_by.empty()) {
      relate("Association", "party-" + node.operated_by, archimate_id(node));
    }
    std::set<std::string> needed;
    for (const auto& need : node.needs) {
      needed.insert(need.of.begin(), need.of.end());
    }
    for (const auto& of : needed) {
      relate("Serving", ids.at(of), ids.at(node.id));
    }
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<model xmlns=\"http://www.opengroup.org/xsd/archimate/3.0/\" "
      "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
      "identifier=\"model-{}\">\n"
      "  {}\n  <elements>\n{}  </elements>\n  <relationships>\n{}  "
      "</relationships>\n</model>\n",
      xml(model.organisation.id.empty() ? "zonder" : model.organisation.id),
      named(model.organisation.name.empty() ? "zonder" : model.organisation.name.in(dutch)),
      elements,
      relationships);
}

}  // namespace zonder::report

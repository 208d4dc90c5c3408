// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "modelfile/model_file.hh"

#include <algorithm>

#include "base/translate.hh"
#include "modelfile/read_model.hh"
#include "modelfile/write_model.hh"

namespace zonder::modelfile {
namespace {

using model::Decision;
using model::DependencyModel;
using model::Grace;
using model::Hosting;
using model::Label;
using model::Need;
using model::Node;
using model::Owner;
using model::Ownership;
using model::Party;
using model::Source;
using model::text_of;

std::size_t place_of(const DependencyModel& model, const std::string& node)
{
  const auto found = std::find_if(
      model.nodes.begin(), model.nodes.end(), [&](const Node& each) { return each.id == node; });
  return static_cast<std::size_t>(found - model.nodes.begin());
}

std::size_t place_of_party(const DependencyModel& model, const std::string& party)
{
  const auto found = std::find_if(model.parties.begin(),
                                  model.parties.end(),
                                  [&](const Party& each) { return each.id == party; });
  return static_cast<std::size_t>(found - model.parties.begin());
}

template <typename Things>
YamlValue entries(const Things& things)
{
  auto map = YamlValue::map(true);
  for (const auto& thing : things) {
    map.put(thing.id, value_of(thing));
  }
  return map;
}

YamlValue one_item(YamlValue item)
{
  auto list = YamlValue::list(true);
  list.items.push_back(std::move(item));
  return list;
}

template <typename Things>
void add_to(Things& things, const Things& more)
{
  things.insert(things.end(), more.begin(), more.end());
}

Error no_node(const std::string& id)
{
  return {Fault::Usage, say("there is no node {} in the model", id)};
}

/// Both are there to be renamed in: "@us, node:mail" holds node:mail.
std::string renamed_in(const std::string& selector, const std::string& from, const std::string& to)
{
  const std::string old = "node:" + from;
  std::string all;
  std::size_t at = 0;
  while (at < selector.size()) {
    const auto found = selector.find(old, at);
    if (found == std::string::npos) {
      break;
    }
    const auto end = found + old.size();
    const bool whole = (end == selector.size() || selector[end] == ',' || selector[end] == ' ') &&
                       (found == 0 || selector[found - 1] == ',' || selector[found - 1] == ' ');
    all += selector.substr(at, found - at) + (whole ? "node:" + to : old);
    at = end;
  }
  return all + selector.substr(std::min(at, selector.size()));
}

/// Renames in the model and in the text at once.
class Renaming {
public:
  Renaming(DependencyModel& model,
           YamlEditor& editor,
           const std::string& from,
           const std::string& to)
      : model_(model), editor_(editor), from_(from), to_(to)
  {
  }

  bool run()
  {
    bool placed = editor_.rename_key({"nodes", from_}, to_);
    for (auto& node : model_.nodes) {
      for (std::size_t i = 0; i < node.needs.size(); ++i) {
        placed &= ids(node.needs[i].of, {"nodes", node.id, "needs", std::to_string(i), "of"});
      }
      for (std::size_t i = 0; i < node.fallbacks.size(); ++i) {
        placed &= ids(node.fallbacks[i].needs,
                      {"nodes", node.id, "fallbacks", std::to_string(i), "needs"});
      }
    }
    model_.nodes[place_of(model_, from_)].id = to_;
    for (auto& mode : model_.common_modes) {
      placed &= ids(mode.members, {"common_modes", mode.id, "members"});
    }
    for (auto& scenario : model_.scenarios) {
      for (std::size_t i = 0; i < scenario.outages.size(); ++i) {
        auto& outage = scenario.outages[i];
        const YamlPath path = {"scenarios", scenario.id, "outages", std::to_string(i)};
        placed &= selector(outage.selector, path, {"selector"});
        placed &= selector(outage.except, path, {"except"});
        for (std::size_t stage = 0; stage < outage.staging.size(); ++stage) {
          placed &= selector(
              outage.staging[stage].selector, path, {"staging", std::to_string(stage), "selector"});
        }
      }
    }
    for (std::size_t i = 0; i < model_.learned.size(); ++i) {
      if (model_.learned[i].node == from_) {
        model_.learned[i].node = to_;
        placed &= editor_.replace({"learned", std::to_string(i), "node"}, YamlValue::text(to_));
      }
    }
    return placed;
  }

private:
  /// One that is alone may stand without a list.
  bool ids(std::vector<std::string>& ids, const YamlPath& path)
  {
    bool placed = true;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (ids[i] == from_) {
        ids[i] = to_;
        auto place = path;
        place.push_back(std::to_string(i));
        placed &= editor_.replace(editor_.has(place) ? place : path, YamlValue::text(to_));
      }
    }
    return placed;
  }

  bool selector(std::string& selector, YamlPath path, const YamlPath& rest)
  {
    auto renamed = renamed_in(selector, from_, to_);
    if (renamed == selector) {
      return true;
    }
    selector = std::move(renamed);
    path.insert(path.end(), rest.begin(), rest.end());
    return editor_.replace(path, YamlValue::text(selector));
  }

  DependencyModel& model_;
  YamlEditor& editor_;
  const std::string& from_;
  const std::string& to_;
};

}  // namespace

Result<ModelFile> ModelFile::parse(std::string text, std::string_view file)
{
  auto model = parse_model(text, file);
  if (!model) {
    return fail(model.error());
  }
  return ModelFile(std::move(text), std::move(*model));
}

Result<void> ModelFile::change(const std::function<bool(YamlEditor&)>& edit, DependencyModel wanted)
{
  auto editor = YamlEditor::open(text_);
  if (!editor) {
    return fail(editor.error());
  }
  if (!edit(*editor)) {
    return fail(
        Fault::Usage,
        say("the model file is written in a way that zonder cannot change: write what is to "
            "change in lines of its own, or change it by hand"));
  }
  auto changed = editor->done();
  auto reading = read_model(changed);
  if (!reading.mistakes.empty()) {
    return fail(Fault::Usage,
                say("the change would not give a sound model: {}", reading.mistakes.front().what));
  }
  if (reading.model != wanted) {
    return fail(
        Fault::Usage,
        say("the model file is written in a way that zonder cannot change: write what is to "
            "change in lines of its own, or change it by hand"));
  }
  text_ = std::move(changed);
  model_ = std::move(wanted);
  return {};
}

Result<void> ModelFile::add_sources(const std::vector<Source>& sources)
{
  if (sources.empty()) {
    return {};
  }
  auto wanted = model_;
  add_to(wanted.sources, sources);
  return change([&](YamlEditor& editor) { return editor.append({}, "sources", entries(sources)); },
                std::move(wanted));
}

Result<void> ModelFile::add_parties(const std::vector<Party>& parties)
{
  if (parties.empty()) {
    return {};
  }
  auto wanted = model_;
  add_to(wanted.parties, parties);
  return change([&](YamlEditor& editor) { return editor.append({}, "parties", entries(parties)); },
                std::move(wanted));
}

Result<void> ModelFile::add_graces(const std::vector<Grace>& graces)
{
  if (graces.empty()) {
    return {};
  }
  auto wanted = model_;
  add_to(wanted.graces, graces);
  return change([&](YamlEditor& editor) { return editor.append({}, "graces", entries(graces)); },
                std::move(wanted));
}

Result<void> ModelFile::add_nodes(const std::vector<Node>& nodes)
{
  if (nodes.empty()) {
    return {};
  }
  auto wanted = model_;
  add_to(wanted.nodes, nodes);
  return change([&](YamlEditor& editor) { return editor.append({}, "nodes", entries(nodes)); },
                std::move(wanted));
}

Result<void> ModelFile::add_decisions(const std::vector<Decision>& decisions)
{
  if (decisions.empty()) {
    return {};
  }
  auto wanted = model_;
  add_to(wanted.learned, decisions);
  auto list = YamlValue::list(true);
  for (const auto& decision : decisions) {
    list.items.push_back(value_of(decision));
  }
  return change([&](YamlEditor& editor) { return editor.append({}, "learned", list); },
                std::move(wanted));
}

Result<void> ModelFile::add_needs(const std::vector<std::pair<std::string, Need>>& needs)
{
  return add_items("needs", needs, &Node::needs);
}

Result<void> ModelFile::add_hosting(const std::vector<std::pair<std::string, Hosting>>& hosting)
{
  return add_items("hosting", hosting, &Node::hosting);
}

template <typename Item>
Result<void> ModelFile::add_items(const char* key,
                                  const std::vector<std::pair<std::string, Item>>& items,
                                  std::vector<Item> Node::*where)
{
  if (items.empty()) {
    return {};
  }
  auto wanted = model_;
  // All of a node's at once: the editor sees the text as it was.
  std::vector<std::pair<std::string, YamlValue>> lists;
  for (const auto& [node, item] : items) {
    const auto place = place_of(wanted, node);
    if (place == wanted.nodes.size()) {
      return fail(no_node(node));
    }
    (wanted.nodes[place].*where).push_back(item);
    auto list = std::find_if(
        lists.begin(), lists.end(), [&id = node](const auto& each) { return each.first == id; });
    if (list == lists.end()) {
      list = lists.insert(lists.end(), {node, YamlValue::list(true)});
    }
    list->second.items.push_back(value_of(item));
  }
  return change(
      [&](YamlEditor& editor) {
        return std::all_of(lists.begin(), lists.end(), [&](const auto& each) {
          return editor.append({"nodes", each.first}, key, each.second);
        });
      },
      std::move(wanted));
}

Result<void> ModelFile::add_owner(const std::string& party, const Owner& owner)
{
  auto wanted = model_;
  const auto place = place_of_party(wanted, party);
  if (place == wanted.parties.size()) {
    return fail(Fault::Usage, say("there is no party {} in the model", party));
  }
  wanted.parties[place].owners.push_back(owner);
  wanted.parties[place].ownership = Ownership::Listed;
  return change(
      [&](YamlEditor& editor) {
        return editor.append({"parties", party}, "owners", one_item(value_of(owner)));
      },
      std::move(wanted));
}

Result<void> ModelFile::end_owner(const std::string& party, std::size_t place, Date until)
{
  auto wanted = model_;
  const auto found = place_of_party(wanted, party);
  if (found == wanted.parties.size() || place >= wanted.parties[found].owners.size()) {
    return fail(Fault::Usage, say("there is no such owner of {} in the model", party));
  }
  wanted.parties[found].owners[place].until = until;
  return change(
      [&](YamlEditor& editor) {
        return editor.set({"parties", party, "owners", std::to_string(place)},
                          "until",
                          YamlValue::word(until.to_string()));
      },
      std::move(wanted));
}

Result<void> ModelFile::set_operator(const std::string& node, const std::string& party)
{
  auto wanted = model_;
  const auto place = place_of(wanted, node);
  if (place == wanted.nodes.size()) {
    return fail(no_node(node));
  }
  wanted.nodes[place].operated_by = party;
  return change(
      [&](YamlEditor& editor) {
        return editor.set({"nodes", node}, "operator", YamlValue::text(party));
      },
      std::move(wanted));
}

Result<void> ModelFile::set_name(const std::string& node, const Label& name)
{
  auto wanted = model_;
  const auto place = place_of(wanted, node);
  if (place == wanted.nodes.size()) {
    return fail(no_node(node));
  }
  wanted.nodes[place].name = name;
  return change(
      [&](YamlEditor& editor) {
        const YamlPath path = {"nodes", node, "name"};
        if (editor.has({"nodes", node, "name", "nl"}) &&
            editor.has({"nodes", node, "name", "en"})) {
          return editor.replace({"nodes", node, "name", "nl"}, YamlValue::text(name.nl)) &&
                 editor.replace({"nodes", node, "name", "en"}, YamlValue::text(name.en));
        }
        return editor.set({"nodes", node}, "name", value_of(name));
      },
      std::move(wanted));
}

Result<void> ModelFile::rename_node(const std::string& from, const std::string& to)
{
  if (model_.node(from) == nullptr) {
    return fail(no_node(from));
  }
  if (model_.node(to) != nullptr) {
    return fail(Fault::Usage, say("there is a node {} in the model already", to));
  }
  auto wanted = model_;
  auto editor = YamlEditor::open(text_);
  if (!editor) {
    return fail(editor.error());
  }
  const bool placed = Renaming(wanted, *editor, from, to).run();
  return change(
      [&](YamlEditor& fresh) {
        fresh = std::move(*editor);
        return placed;
      },
      std::move(wanted));
}

Result<void> ModelFile::set_evidence(const std::vector<graph::Confirmed>& confirmed)
{
  if (confirmed.empty()) {
    return {};
  }
  auto wanted = model_;
  for (const auto& one : confirmed) {
    const auto place = place_of(wanted, one.node);
    if (place == wanted.nodes.size() || one.need >= wanted.nodes[place].needs.size()) {
      return fail(no_node(one.node));
    }
    wanted.nodes[place].needs[one.need].evidence = one.evidence;
  }
  return change(
      [&](YamlEditor& editor) {
        bool placed = true;
        for (const auto& one : confirmed) {
          const auto& before = model_.node(one.node)->needs[one.need].evidence;
          const YamlPath path = {"nodes", one.node, "needs", std::to_string(one.need)};
          const auto set = [&](bool changed, const char* key, const YamlValue& value) {
            placed = placed && (!changed || editor.set(path, key, value));
          };
          const auto& now = one.evidence;
          set(now.tier != before.tier, "evidence", YamlValue::word(text_of(now.tier)));
          set(now.confidence != before.confidence,
              "confidence",
              YamlValue::word(text_of(now.confidence)));
          set(now.source != before.source, "source", YamlValue::text(now.source));
          set(now.seen && now.seen != before.seen,
              "seen",
              now.seen ? value_of(*now.seen) : YamlValue{});
        }
        return placed;
      },
      std::move(wanted));
}

}  // namespace zonder::modelfile

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/model_learn.hh"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "app/as_of.hh"
#include "app/complain.hh"
#include "app/open_catalog.hh"
#include "base/file.hh"
#include "base/translate.hh"
#include "base/visible_text.hh"
#include "graph/learn.hh"
#include "modelfile/merge.hh"
#include "modelfile/model_file.hh"
#include "modelfile/read_model.hh"
#include "net/address.hh"
#include "net/domain_name.hh"
#include "store/observation_store.hh"

namespace zonder::app {
namespace {

/// As the catalogue has it.
std::optional<graph::Attributed> attributed(catalog::Answer answer)
{
  if (answer.party.empty()) {
    return std::nullopt;
  }
  graph::Attributed whose = {.party = std::move(answer.party),
                             .name = {.nl = answer.party_name, .en = answer.party_name},
                             .jurisdiction = answer.control.operator_jurisdiction,
                             .law = answer.control.jurisdiction,
                             .owners_known = answer.control.owners_known,
                             .service = std::move(answer.service),
                             .service_name = {.nl = std::move(answer.service_name_nl),
                                              .en = std::move(answer.service_name_en)}};
  for (const auto& owner : answer.control.owners) {
    whose.owners.emplace_back(owner.id, model::Label{.nl = owner.name, .en = owner.name});
  }
  return whose;
}

graph::Attribution attribution_by(const catalog::Catalog& catalog, Date day)
{
  return
      [&catalog, day](model::Kind kind, std::string_view text) -> std::optional<graph::Attributed> {
        if (kind == model::Kind::Address) {
          const auto address = net::Address::try_parse(std::string(text));
          return address ? attributed(catalog.who(*address, day)) : std::nullopt;
        }
        const auto name = net::DomainName::parse(std::string(text));
        return name ? attributed(catalog.who(*name, day)) : std::nullopt;
      };
}

Result<std::vector<model::Observation>> all_of(const std::string& project)
{
  if (!std::filesystem::exists(project)) {
    return fail(Fault::Usage,
                say("{}: no such project; zonder import makes one (--project FILE)", project));
  }
  auto store = store::ObservationStore::open(project);
  if (!store) {
    return fail(store.error());
  }
  std::vector<model::Observation> all;
  ZONDER_TRY(store->each({}, [&](const model::Observation& seen) {
    all.push_back(seen);
    return true;
  }));
  return all;
}

/// Without what nobody sees, or what turns a text: it comes from others' files.
std::string shown(const std::string& text)
{
  return visible_text(text).value_or(text);
}

void list(const World& world, const graph::Proposals& proposals)
{
  const bool dutch = current_language() == Language::Dutch;
  const auto put = [&](const std::string& line) {
    std::fputs((line + "\n").c_str(), world.out);
  };
  put(say("{} nodes and {} needs were seen that the model does not have; {} of its needs rest on "
          "better evidence now",
          proposals.nodes.size(),
          proposals.needs.size(),
          proposals.confirmed.size()));
  for (const auto& each : proposals.nodes) {
    put(fmt::format("  {:<44}  {}", shown(each.seen), shown(each.node.name.in(dutch))));
  }
  for (const auto& [node, need] : proposals.needs) {
    std::string targets;
    for (const auto& target : need.of) {
      targets += (targets.empty() ? "" : ", ") + target;
    }
    put("  " + say("{} needs {}", node, targets));
  }
  put(say("{} names and addresses are nobody's that the catalogue knows; {} things were decided to "
          "be ignored",
          proposals.unattributed,
          proposals.ignored));
  put(say("Choose with --accept SEEN (or all), --ignore SEEN, --merge SEEN=NODE, and -o FILE."));
}

/// Errors: it is not what was seen.
Result<std::vector<model::Decision>>
decisions_of(const ModelLearnOptions& options, const graph::Proposals& proposals, Date today)
{
  std::vector<model::Decision> decisions;
  const auto find = [&](const std::string& seen) {
    return std::ranges::find(proposals.nodes, seen, &graph::ProposedNode::seen);
  };
  const auto decide =
      [&](const std::string& seen, model::Choice choice, const std::string& node) -> Result<void> {
    const auto found = find(seen);
    if (found == proposals.nodes.end()) {
      return fail(
          Fault::Usage,
          say("{}: not among what was seen; zonder model learn {} lists it", seen, options.file));
    }
    decisions.push_back({.seen = seen,
                         .choice = choice,
                         .node = choice == model::Choice::Accept ? found->node.id : node,
                         .day = today});
    return {};
  };
  for (const auto& seen : options.ignore) {
    ZONDER_TRY(decide(seen, model::Choice::Ignore, {}));
  }
  for (const auto& pair : options.merge) {
    const auto at = pair.rfind('=');
    if (at == std::string::npos) {
      return fail(Fault::Usage, say("--merge {}: write SEEN=NODE", pair));
    }
    ZONDER_TRY(decide(pair.substr(0, at), model::Choice::Merge, pair.substr(at + 1)));
  }
  const bool all = std::ranges::find(options.accept, "all") != options.accept.end();
  for (const auto& seen : options.accept) {
    if (seen != "all") {
      ZONDER_TRY(decide(seen, model::Choice::Accept, {}));
    }
  }
  for (const auto& each : proposals.nodes) {
    const bool decided =
        std::ranges::find(decisions, each.seen, &model::Decision::seen) != decisions.end();
    if (all && !decided) {
      ZONDER_TRY(decide(each.seen, model::Choice::Accept, {}));
    }
  }
  return decisions;
}

Result<int> learned(const World& world, const ModelLearnOptions& options)
{
  const auto day = as_of(options.as_of, world.now);
  const auto text = read_file(options.file, modelfile::largest_model);
  if (!day || !text) {
    return fail(day ? text.error() : day.error());
  }
  auto file = modelfile::ModelFile::parse(*text, options.file);
  if (!file) {
    return fail(file.error());
  }
  const auto seen =
      all_of(options.project.empty() ? world.data_folder + "/project.zonder" : options.project);
  if (!seen) {
    return fail(seen.error());
  }
  const auto catalog = open_catalog(world);
  if (!catalog) {
    return fail(catalog.error());
  }
  auto proposals = graph::learn(*seen, file->model(), attribution_by(*catalog, *day));
  if (options.accept.empty() && options.ignore.empty() && options.merge.empty()) {
    list(world, proposals);
    const bool any = !proposals.nodes.empty() || !proposals.needs.empty();
    return static_cast<int>(any ? Exit::Findings : Exit::Done);
  }
  const auto decisions = decisions_of(options, proposals, day_of(world.now));
  if (!decisions) {
    return fail(decisions.error());
  }
  const auto taken = modelfile::take_learned(*file, std::move(proposals), *decisions);
  if (!taken) {
    return fail(taken.error());
  }
  if (options.output.empty()) {
    std::fputs(file->text().c_str(), world.out);
  } else {
    ZONDER_TRY(write_file(options.output, file->text()));
  }
  if (!world.quiet) {
    complain(world.err,
             world.unicode,
             say("{} nodes, {} needs and {} parties are new; {} needs rest on better evidence",
                 taken->nodes,
                 taken->needs,
                 taken->parties,
                 taken->raised));
  }
  return static_cast<int>(Exit::Done);
}

}  // namespace

int model_learn(const World& world, const ModelLearnOptions& options)
{
  const auto code = learned(world, options);
  return code ? *code : failed_with(world, code.error());
}

}  // namespace zonder::app

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/model.hh"

#include <algorithm>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "app/as_of.hh"
#include "app/complain.hh"
#include "app/open_catalog.hh"
#include "base/file.hh"
#include "base/suggestion.hh"
#include "base/translate.hh"
#include "graph/model_difference.hh"
#include "graph/model_summary.hh"
#include "modelfile/merge.hh"
#include "modelfile/read_model.hh"
#include "modelfile/write_model.hh"
#include "report/model_export.hh"
#include "report/model_text.hh"
#include "report/style.hh"

namespace zonder::app {
namespace {

using nlohmann::ordered_json;

int done(Exit exit)
{
  return static_cast<int>(exit);
}

void put(const World& world, const std::string& text)
{
  std::fputs(text.c_str(), world.out);
}

std::string joined(const std::vector<std::string>& words)
{
  std::string all;
  for (const auto& word : words) {
    all += (all.empty() ? "" : ", ") + word;
  }
  return all;
}

Error not_one_of(const std::string& typed,
                 const std::vector<std::string>& known,
                 const std::string& sentence)
{
  const auto meant = suggestion_for(typed, known);
  return {Fault::Usage,
          sentence + " " +
              (meant ? say("(did you mean {}?)", *meant) : say("(there are: {})", joined(known)))};
}

/// To a file, or to standard output where none is named.
Result<void> give(const World& world, const std::string& output, const std::string& text)
{
  if (output.empty()) {
    put(world, text);
    return {};
  }
  return write_file(output, text);
}

void tell(const World& world, const std::string& sentence)
{
  if (!world.quiet) {
    complain(world.err, world.unicode, sentence);
  }
}

/// What is no mistake, and yet may not be meant.
std::vector<std::string> notes_on(const model::DependencyModel& model)
{
  std::vector<std::string> notes;
  for (const auto& grace : model.graces) {
    const bool used = std::any_of(model.nodes.begin(), model.nodes.end(), [&](const auto& node) {
      return std::any_of(node.needs.begin(), node.needs.end(), [&](const auto& need) {
        return need.grace.name == grace.id;
      });
    });
    if (!used) {
      notes.push_back(say("no need uses the grace {}", grace.id));
    }
  }
  for (const auto& party : model.parties) {
    const bool runs = std::any_of(model.nodes.begin(), model.nodes.end(), [&](const auto& node) {
      return node.operated_by == party.id || node.supplier == party.id ||
             std::find(node.origin.begin(), node.origin.end(), party.id) != node.origin.end();
    });
    const bool owns =
        std::any_of(model.parties.begin(), model.parties.end(), [&](const auto& each) {
          return std::any_of(each.owners.begin(), each.owners.end(), [&](const auto& owner) {
            return owner.party == party.id;
          });
        });
    if (!runs && !owns && party.id != model.organisation.party) {
      notes.push_back(say("the party {} runs, makes and owns nothing here", party.id));
    }
  }
  return notes;
}

int give_check(const World& world,
               const std::string& file,
               const modelfile::Reading& reading,
               const std::vector<std::string>& notes)
{
  const bool sound = reading.mistakes.empty();
  if (world.form != Form::Text) {
    auto mistakes = ordered_json::array();
    for (const auto& mistake : reading.mistakes) {
      mistakes.push_back(
          {{"line", mistake.line}, {"column", mistake.column}, {"what", mistake.what}});
    }
    const ordered_json document{{"schema", "zonder.model-check/1"},
                                {"file", file},
                                {"sound", sound},
                                {"mistakes", mistakes},
                                {"notes", notes}};
    put(world, document.dump(world.form == Form::Json ? 2 : -1) + "\n");
    return done(sound ? Exit::Done : Exit::Findings);
  }
  const auto line = [&](const std::string& sentence) {
    put(world, report::harmless(sentence, world.unicode) + "\n");
  };
  if (sound) {
    line(say("{}: a sound model of {} nodes and {} parties",
             file,
             reading.model.nodes.size(),
             reading.model.parties.size()));
  } else if (reading.mistakes.size() >= modelfile::most_mistakes) {
    line(say("{}: {} mistakes, and then it was enough", file, reading.mistakes.size()));
  } else {
    const auto count = reading.mistakes.size();
    line(fmt::format(fmt::runtime(ntr("{}: {} mistake", "{}: {} mistakes", count)), file, count));
  }
  for (const auto& mistake : reading.mistakes) {
    line(mistake.to_string(file));
  }
  for (const auto& note : notes) {
    line(say("note: {}", note));
  }
  return done(sound ? Exit::Done : Exit::Findings);
}

}  // namespace

int model_init(const World& world, const ModelInitOptions& options)
{
  static const std::vector<std::string> kinds{"municipality", "hospital", "school", "small-firm"};
  if (std::find(kinds.begin(), kinds.end(), options.kind) == kinds.end()) {
    return failed_with(world,
                       not_one_of(options.kind,
                                  kinds,
                                  say("there is no reference organisation {}", options.kind)));
  }
  if (!options.output.empty() && std::filesystem::exists(options.output)) {
    return failed_with(world,
                       {Fault::Usage,
                        say("{} is there already: zonder does not write over it; name another file",
                            options.output)});
  }
  const auto text = read_file(world.share_folder + "/model/" + options.kind + ".yaml");
  if (!text) {
    return failed_with(world, text.error());
  }
  if (const auto given = give(world, options.output, *text); !given) {
    return failed_with(world, given.error());
  }
  if (!options.output.empty()) {
    tell(world,
         say("{0} is a start, all of it assumed. Change it to what is so where you are, then: "
             "zonder "
             "model check {0}",
             options.output));
  }
  return done(Exit::Done);
}

int model_check(const World& world, const std::string& file)
{
  const auto text = read_file(file, modelfile::largest_model);
  if (!text) {
    return failed_with(world, text.error());
  }
  const auto reading = modelfile::read_model(*text);
  return give_check(world,
                    file,
                    reading,
                    reading.mistakes.empty() ? notes_on(reading.model)
                                             : std::vector<std::string>{});
}

int model_show(const World& world, const ModelShowOptions& options)
{
  const auto day = as_of(options.as_of, world.now);
  if (!day) {
    return failed_with(world, day.error());
  }
  const auto model = modelfile::load_model(options.file);
  if (!model) {
    return failed_with(world, model.error());
  }
  const auto summary = graph::summarise(*model, *day);
  if (!summary) {
    return failed_with(world, summary.error());
  }
  put(world,
      world.form == Form::Text ? report::summary_text(*model, *summary, world.unicode)
                               : report::summary_json(*model, *summary));
  return done(Exit::Done);
}

int model_diff(const World& world, const std::string& first, const std::string& second)
{
  const auto one = modelfile::load_model(first);
  if (!one) {
    return failed_with(world, one.error());
  }
  const auto other = modelfile::load_model(second);
  if (!other) {
    return failed_with(world, other.error());
  }
  const auto difference = graph::difference_between(*one, *other);
  put(world,
      world.form == Form::Text ? report::difference_text(difference, first, second, world.unicode)
                               : report::difference_json(difference, first, second));
  return done(difference.differences.empty() ? Exit::Done : Exit::Findings);
}

int model_merge(const World& world, const ModelMergeOptions& options)
{
  const auto text = read_file(options.first, modelfile::largest_model);
  if (!text) {
    return failed_with(world, text.error());
  }
  auto file = modelfile::ModelFile::parse(*text, options.first);
  if (!file) {
    return failed_with(world, file.error());
  }
  const auto other = modelfile::load_model(options.second);
  if (!other) {
    return failed_with(world, other.error());
  }
  const auto merged = modelfile::merge_into(*file, *other);
  if (!merged) {
    return failed_with(world, merged.error());
  }
  if (const auto given = give(world, options.output, file->text()); !given) {
    return failed_with(world, given.error());
  }
  tell(world,
       say("{} nodes, {} needs, {} parties, {} graces, {} sources and {} statements of hosting are "
           "new; {} needs rest on better evidence",
           merged->nodes,
           merged->needs,
           merged->parties,
           merged->graces,
           merged->sources,
           merged->hosting,
           merged->raised));
  for (const auto& conflict : merged->conflicts) {
    complain(world.err,
             world.unicode,
             say("{} has stayed: {}",
                 options.first,
                 report::difference_line(conflict, options.first, options.second)));
  }
  return done(merged->conflicts.empty() ? Exit::Done : Exit::Findings);
}

int model_export(const World& world, const ModelExportOptions& options)
{
  static const std::vector<std::string> formats{
      "yaml", "json", "xml", "dot", "mmd", "graphml", "csv"};
  auto format = options.format;
  if (format.empty()) {
    const auto suffix = std::filesystem::path(options.output).extension().string();
    format = suffix.empty() ? "" : suffix.substr(1);
  }
  if (format.empty()) {
    return failed_with(world,
                       {Fault::Usage,
                        say("export as what? Write -o FILE with one of these endings, or -f: {}",
                            joined(formats))});
  }
  if (std::find(formats.begin(), formats.end(), format) == formats.end()) {
    return failed_with(
        world, not_one_of(format, formats, say("a model cannot be exported as {}", format)));
  }
  const auto model = modelfile::load_model(options.file);
  if (!model) {
    return failed_with(world, model.error());
  }
  const bool dutch = current_language() == Language::Dutch;
  const auto text = format == "yaml"      ? modelfile::write_model(*model)
                    : format == "json"    ? report::model_cyclonedx(*model, dutch)
                    : format == "xml"     ? report::model_archimate(*model, dutch)
                    : format == "dot"     ? report::model_dot(*model, dutch)
                    : format == "mmd"     ? report::model_mermaid(*model, dutch)
                    : format == "graphml" ? report::model_graphml(*model, dutch)
                                          : report::model_csv(*model, dutch);
  if (const auto given = give(world, options.output, text); !given) {
    return failed_with(world, given.error());
  }
  return done(Exit::Done);
}

}  // namespace zonder::app

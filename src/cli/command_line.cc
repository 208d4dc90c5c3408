// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// The one file that knows CLI11, which compiles slowly. It only translates: words into the options
// of an app function.
#include "cli/command_line.hh"

#include <algorithm>
#include <cstdio>
#include <utility>

#include <CLI/CLI.hpp>

#include "app/complain.hh"
#include "app/data.hh"
#include "app/doctor.hh"
#include "app/import.hh"
#include "app/lab.hh"
#include "app/list.hh"
#include "app/model.hh"
#include "app/model_learn.hh"
#include "app/pages.hh"
#include "app/room.hh"
#include "app/run.hh"
#include "app/scan.hh"
#include "app/who.hh"
#include "base/ascii.hh"
#include "base/suggestion.hh"
#include "base/translate.hh"
#include "cli/help.hh"
#include "cli/typed_words.hh"

namespace zonder::cli {
namespace {

// xgettext finds these by the name N_; they are translated when they are shown.
#define N_(text) text

int print(const app::World& world, const std::string& text)
{
  std::fputs(text.c_str(), world.out);
  return 0;
}

/// Then there is something to run without dashes too: an application, or a browser for a page.
bool names_application(const Words& words)
{
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word == "--app" || word.starts_with("--app=") || word == "--page" ||
           word.starts_with("--page=");
  });
}

bool is_verb(const std::string& word)
{
  return std::find(verbs().begin(), verbs().end(), word) != verbs().end();
}

void add_run(CLI::App& top, CommandLine& line, const Split& split)
{
  auto* verb = top.add_subcommand("run");
  auto options = std::make_shared<app::RunOptions>();
  options->command = split.command;
  verb->add_option("selector", options->selector)->required();
  // As with --allow, several are one selector.
  auto spared = std::make_shared<Words>();
  verb->add_option("--except", *spared)->expected(1)->take_all();
  verb->add_option("--like", options->like);
  verb->add_option("--mode", options->mode);
  verb->add_flag("--lab-ca", options->lab_ca);
  verb->add_option("--control", options->controls)->expected(1)->take_all();
  verb->add_option("--after", options->after);
  verb->add_flag("--fail-on-contact", options->fail_on_contact);
  verb->add_option("--allow", options->allowed)->expected(1)->take_all();
  verb->add_option("--baseline", options->baseline);
  verb->add_option("--write-baseline", options->new_baseline);
  verb->add_option("--report", options->reports)->expected(1)->take_all();
  verb->add_option("--as-of", options->as_of);
  verb->add_option("--engine", options->engine);
  verb->add_option("--uplink", options->uplink);
  verb->add_option("--dns", options->dns);
  verb->add_flag("--show-names", options->show_names);
  verb->add_option("--keep-fd", options->keep_descriptors)->expected(1)->take_all();
  verb->add_option("--allow-host", options->allowed_host_ports)->expected(1)->take_all();
  verb->add_option("--allow-socket", options->allowed_sockets)->expected(1)->take_all();
  verb->add_option("--proxy", options->proxies)->expected(1)->take_all();
  verb->add_flag("--strict", options->strict);
  verb->add_option("--app", options->application);
  verb->add_flag("--beep", options->beep);
  verb->add_option("--page", options->pages)->expected(1)->take_all();
  verb->add_option("--page-wait", options->page_wait);
  verb->add_flag("--unproved", options->unproved);
  verb->callback([&line, options, spared] {
    for (const auto& selector : *spared) {
      options->except += (options->except.empty() ? "" : ",") + selector;
    }
    line.action = [options](const app::World& world) {
      return app::run(world, *options);
    };
  });
}

void add_room(CLI::App& top, CommandLine& line)
{
  auto* verb = top.add_subcommand("room");
  auto options = std::make_shared<app::RoomOptions>();
  verb->add_option("selector", options->selector);
  auto spared = std::make_shared<Words>();
  verb->add_option("--except", *spared)->expected(1)->take_all();
  verb->add_option("--like", options->like);
  verb->add_option("--mode", options->mode);
  verb->add_option("--dns", options->dns);
  verb->add_option("--uplink", options->uplink);
  verb->add_option("--control", options->controls)->expected(1)->take_all();
  verb->add_flag("--unproved", options->unproved);
  verb->add_option("--on", options->ports)->expected(1)->take_all();
  verb->add_option("--wifi", options->wifi);
  verb->add_option("--wifi-on", options->wifi_on);
  verb->add_option("--wifi-password", options->wifi_password);
  verb->add_option("--for", options->lasts);
  verb->add_option("--tasks", options->tasks);
  verb->add_option("--device", options->devices)->expected(1)->take_all();
  verb->add_flag("--cold", options->cold);
  verb->add_option("--report", options->reports)->expected(1)->take_all();
  verb->add_option("--export", options->exported);
  verb->add_option("--recover", options->recover);
  verb->add_option("--port", options->page_port);
  verb->add_flag("--yes", options->yes);
  verb->callback([&line, options, spared] {
    if (options->selector.empty() && options->recover.empty()) {
      throw CLI::RequiredError("selector");
    }
    for (const auto& selector : *spared) {
      options->except += (options->except.empty() ? "" : ",") + selector;
    }
    line.action = [options](const app::World& world) {
      return app::room(world, *options);
    };
  });
}

void add_lab(CLI::App& top, CommandLine& line, const Split& split)
{
  auto* verb = top.add_subcommand("lab");
  verb->require_subcommand(1);
  auto name = std::make_shared<std::string>();
  auto* up = verb->add_subcommand("up");
  up->add_option("file", *name)->required();
  up->callback([&line, name] {
    line.action = [name](const app::World& world) {
      return app::lab_up(world, *name);
    };
  });
  auto* down = verb->add_subcommand("down");
  down->add_option("name", *name);
  down->callback([&line, name] {
    line.action = [name](const app::World& world) {
      return app::lab_down(world, *name);
    };
  });
  auto* status = verb->add_subcommand("status");
  status->add_option("name", *name);
  status->callback([&line, name] {
    line.action = [name](const app::World& world) {
      return app::lab_status(world, *name);
    };
  });
  auto* shell = verb->add_subcommand("shell");
  auto options = std::make_shared<app::LabShellOptions>();
  options->command = split.command;
  shell->add_option("name", options->name)->required();
  shell->add_option("host", options->host)->required();
  shell->add_option("--user", options->user);
  shell->callback([&line, options] {
    line.action = [options](const app::World& world) {
      return app::lab_shell(world, *options);
    };
  });
}

void add_who(CLI::App& top, CommandLine& line)
{
  auto* verb = top.add_subcommand("who");
  auto options = std::make_shared<app::WhoOptions>();
  verb->add_option("inputs", options->inputs);
  verb->add_option("--as-of", options->as_of);
  verb->callback([&line, options] {
    line.action = [options](const app::World& world) {
      return app::who(world, *options);
    };
  });
}

void add_import(CLI::App& top, CommandLine& line)
{
  // Not called import: clang-format 14 takes that word for a module's.
  auto* verb = top.add_subcommand("import");
  auto options = std::make_shared<app::ImportOptions>();
  options->tool = "zonder " ZONDER_VERSION;
  auto no_progress = std::make_shared<bool>(false);
  verb->add_option("files", options->paths);
  verb->add_option("--as", options->format);
  verb->add_option("--project", options->project);
  verb->add_option("--forget-before", options->forget_before);
  verb->add_flag("--pseudonyms", options->pseudonyms);
  verb->add_flag("--no-progress", *no_progress);
  verb->callback([&line, options, no_progress] {
    options->progress = !*no_progress;
    line.action = [options](const app::World& world) {
      return app::import_files(world, *options);
    };
  });
}

void add_scan(CLI::App& top, CommandLine& line)
{
  auto* verb = top.add_subcommand("scan");
  auto options = std::make_shared<app::ScanOptions>();
  verb->add_option("domains", options->domains);
  verb->add_option("--from", options->from);
  verb->add_option("--recorded", options->recorded);
  verb->add_option("--resume", options->resume);
  verb->add_option("--resolver", options->resolver);
  verb->add_option("--rate", options->rate);
  verb->add_option("--root-hints", options->root_hints);
  verb->add_option("--ca-file", options->ca_file);
  verb->add_flag("--no-web", options->no_web);
  verb->add_option("--as-of", options->as_of);
  verb->callback([&line, options] {
    line.action = [options](const app::World& world) {
      return app::scan(world, *options);
    };
  });
}

void add_list(CLI::App& top, CommandLine& line)
{
  auto* verb = top.add_subcommand("list");
  auto options = std::make_shared<app::ListOptions>();
  verb->add_option("what", options->what);
  verb->callback([&line, options] {
    line.action = [options](const app::World& world) {
      return app::list(world, *options);
    };
  });
}

void add_data(CLI::App& top, CommandLine& line)
{
  auto* verb = top.add_subcommand("data");
  verb->require_subcommand(1);
  verb->add_subcommand("status")->callback([&line] { line.action = app::data_status; });
  verb->add_subcommand("verify")->callback([&line] { line.action = app::data_verify; });
  // Not called import: clang-format 14 takes that word for a module's.
  auto* taken = verb->add_subcommand("import");
  auto imported = std::make_shared<app::DataImportOptions>();
  taken->add_option("file", imported->paths)->required();
  taken->add_option("--as", imported->party);
  taken->callback([&line, imported] {
    line.action = [imported](const app::World& world) {
      return app::data_import(world, *imported);
    };
  });
  auto* update = verb->add_subcommand("update");
  auto updated = std::make_shared<app::DataUpdateOptions>();
  update->add_option("feeds", updated->feeds);
  update->add_option("--ca-file", updated->ca_file);
  update->add_option("--feeds-file", updated->feeds_file);
  update->callback([&line, updated] {
    line.action = [updated](const app::World& world) {
      return app::data_update(world, *updated);
    };
  });
}

void add_model(CLI::App& top, CommandLine& line)
{
  auto* verb = top.add_subcommand("model");
  verb->require_subcommand(1);
  auto* start = verb->add_subcommand("init");
  auto started = std::make_shared<app::ModelInitOptions>();
  start->add_option("kind", started->kind);
  start->add_option("-o,--output", started->output);
  start->callback([&line, started] {
    line.action = [started](const app::World& world) {
      return app::model_init(world, *started);
    };
  });
  auto file = std::make_shared<std::string>();
  auto* check = verb->add_subcommand("check");
  check->add_option("file", *file)->required();
  check->callback([&line, file] {
    line.action = [file](const app::World& world) {
      return app::model_check(world, *file);
    };
  });
  auto* show = verb->add_subcommand("show");
  auto shown = std::make_shared<app::ModelShowOptions>();
  show->add_option("file", shown->file)->required();
  show->add_option("--as-of", shown->as_of);
  show->callback([&line, shown] {
    line.action = [shown](const app::World& world) {
      return app::model_show(world, *shown);
    };
  });
  auto pair = std::make_shared<app::ModelMergeOptions>();
  auto* diff = verb->add_subcommand("diff");
  diff->add_option("file", pair->first)->required();
  diff->add_option("second", pair->second)->required();
  diff->callback([&line, pair] {
    line.action = [pair](const app::World& world) {
      return app::model_diff(world, pair->first, pair->second);
    };
  });
  auto* merge = verb->add_subcommand("merge");
  merge->add_option("file", pair->first)->required();
  merge->add_option("second", pair->second)->required();
  merge->add_option("-o,--output", pair->output);
  merge->callback([&line, pair] {
    line.action = [pair](const app::World& world) {
      return app::model_merge(world, *pair);
    };
  });
  auto* learn = verb->add_subcommand("learn");
  auto learned = std::make_shared<app::ModelLearnOptions>();
  learn->add_option("file", learned->file)->required();
  learn->add_option("--project", learned->project);
  learn->add_option("--as-of", learned->as_of);
  learn->add_option("--accept", learned->accept)->expected(1)->take_all();
  learn->add_option("--ignore", learned->ignore)->expected(1)->take_all();
  learn->add_option("--merge", learned->merge)->expected(1)->take_all();
  learn->add_option("-o,--output", learned->output);
  learn->callback([&line, learned] {
    line.action = [learned](const app::World& world) {
      return app::model_learn(world, *learned);
    };
  });
  // Not called export: that is a word of C++.
  auto* give = verb->add_subcommand("export");
  auto given = std::make_shared<app::ModelExportOptions>();
  give->add_option("file", given->file)->required();
  give->add_option("-o,--output", given->output);
  give->add_option("-f,--format", given->format);
  give->callback([&line, given] {
    line.action = [given](const app::World& world) {
      return app::model_export(world, *given);
    };
  });
}

void add_doctor(CLI::App& top, CommandLine& line)
{
  top.add_subcommand("doctor")->callback([&line] { line.action = app::doctor; });
}

/// Why there is no such verb.
std::string no_command(const std::string& typed)
{
  if (comes_later(typed)) {
    return say("zonder {} is not in this version (zonder help lists what is)", typed);
  }
  const auto meant = nearest_verb(typed);
  return meant ? say("zonder has no command {} (did you mean {}?)", typed, *meant)
               : say("zonder has no command {}; zonder help lists them", typed);
}

/// `zonder help [VERB]`: never does anything else, whatever stands behind it.
int print_help(const app::World& world, const std::string& about)
{
  if (const auto text = help(about)) {
    return print(world, *text);
  }
  app::complain(world.err, world.unicode, no_command(about));
  return static_cast<int>(app::Exit::Usage);
}

void add_version(CLI::App& top, CommandLine& line)
{
  top.add_subcommand("version")->callback([&line] {
    line.action = [](const app::World& world) {
      return print(world, "zonder " ZONDER_VERSION "\n");
    };
  });
}

/// The words that CLI11 could not place, in the order in which they were typed.
std::string extras_in_order(const CLI::App& top)
{
  std::string all;
  for (const auto& word : top.remaining(true)) {
    all += (all.empty() ? "" : " ") + word;
  }
  return all;
}

/// "selector is required" or "--except: 1 required TEXT missing": which word of ours it is about.
std::string first_word(const std::string& what)
{
  return what.substr(0, what.find_first_of(": "));
}

/// CLI11's word for an argument, as the help has it.
std::string as_in_help(const std::string& word)
{
  for (const auto& [name, shown] : {std::pair{"selector", N_("SELECTOR")},
                                    std::pair{"file", N_("FILE")},
                                    std::pair{"second", N_("SECOND FILE")},
                                    std::pair{"name", N_("NAME")},
                                    std::pair{"host", N_("HOST")}}) {
    if (word == name) {
      return tr(shown);
    }
  }
  return ascii_upper(word);
}

/// "status verify import update": what a verb can be followed by; empty when one of them was typed.
std::string words_wanted_by(const std::string& verb, const CLI::App& top)
{
  std::string words;
  for (const auto* typed :
       top.get_subcommands([&verb](const CLI::App* each) { return each->get_name() == verb; })) {
    for (const auto* word : typed->get_subcommands([](const CLI::App*) { return true; })) {
      if (word->parsed()) {
        return {};
      }
      words += (words.empty() ? "" : " ") + word->get_name();
    }
  }
  return words;
}

/// CLI11's errors, as one sentence of ours.
Error sentence(const CLI::ParseError& error, const std::string& verb, const CLI::App& top)
{
  const std::string see = verb.empty() ? std::string("zonder help") : "zonder help " + verb;
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    const auto extra = extras_in_order(top);
    return {Fault::Usage,
            say("I do not know what to do with: {} ({} shows what there is)", extra, see)};
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    return {Fault::Usage,
            say("{} needs a value behind it ({} shows which)", first_word(error.what()), see)};
  }
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    const auto words = words_wanted_by(verb, top);
    return {Fault::Usage,
            !words.empty()
                ? say("{} needs one of these words behind it: {} ({} tells what they do)",
                      verb,
                      words,
                      see)
                : say("{} is missing ({} shows what is needed)",
                      as_in_help(first_word(error.what())),
                      see)};
  }
  return {Fault::Usage, say("{} ({} shows what there is)", error.what(), see)};
}

tl::unexpected<Error> not_one_of(const char* option, const std::string& typed, const char* known)
{
  return fail(Fault::Usage, say("{} cannot be {}; it is one of: {}", option, typed, known));
}

/// The options of one verb, or of all.
void add_shapes(Shapes& shapes, const CLI::App& app)
{
  for (const auto* option : app.get_options()) {
    const OptionShape shape{.name = {},
                            .takes_value = option->get_items_expected_max() > 0,
                            .repeats = option->get_multi_option_policy() ==
                                       CLI::MultiOptionPolicy::TakeAll,
                            .number = option->get_type_name().find("INT") != std::string::npos};
    for (const auto& name : option->get_lnames()) {
      shapes.push_back(shape);
      shapes.back().name = "--" + name;
    }
    for (const auto& name : option->get_snames()) {
      shapes.push_back(shape);
      shapes.back().name = "-" + name;
    }
  }
}

/// What may be typed with `verb`, or with none.
Shapes shapes_of(const CLI::App& top, const std::string& verb)
{
  Shapes shapes;
  add_shapes(shapes, top);
  for (const auto* each :
       top.get_subcommands([&verb](const CLI::App* sub) { return sub->get_name() == verb; })) {
    add_shapes(shapes, *each);
    for (const auto* word : each->get_subcommands([](const CLI::App*) { return true; })) {
      add_shapes(shapes, *word);
    }
  }
  return shapes;
}

Words with_first(const std::string& verb, const Words& words)
{
  Words all = {verb};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

/// What `-h` is about: the verb that was typed; run, where that was left out.
std::string verb_to_explain(const Split& split, const CLI::App& top)
{
  const auto plain = plain_words(split.ours, shapes_of(top, "run"));
  if (plain.empty()) {
    return "";
  }
  const auto& first = split.ours[plain.front()];
  if (first == "help") {
    return plain.size() > 1 ? split.ours[plain[1]] : "";
  }
  const bool to_run = split.dashes || names_application(split.ours);
  const bool meant_as_verb =
      is_verb(first) || comes_later(first) || (!to_run && nearest_verb(first));
  return meant_as_verb ? first : "run";
}

/// What was typed with its verb in front, also where that is run and was left out.
Result<Words> with_verb(const Split& split, const CLI::App& top)
{
  const auto plain = plain_words(split.ours, shapes_of(top, "run"));
  if (plain.empty()) {
    return split.ours;
  }
  const std::string& first = split.ours[plain.front()];
  if (is_verb(first)) {
    Words others = split.ours;
    others.erase(others.begin() + static_cast<Words::difference_type>(plain.front()));
    return with_first(first, others);
  }
  if (comes_later(first)) {
    return fail(Fault::Usage, no_command(first));
  }
  const auto meant = nearest_verb(first);
  if (split.dashes || names_application(split.ours)) {
    // A second word makes the first a verb.
    if (meant && plain.size() > 1) {
      return fail(Fault::Usage, no_command(first));
    }
    return with_first("run", split.ours);
  }
  if (meant) {
    return fail(Fault::Usage, no_command(first));
  }
  return fail(
      Fault::Usage,
      say("what shall run without {0}? Write it behind two dashes: zonder {0} -- COMMAND", first));
}

/// A verb with words of its own behind it (`data update`), and one that is none of these.
Result<void> check_word_of_verb(const Words& ours, const std::string& verb, const CLI::App& top)
{
  const auto plain = plain_words(ours, shapes_of(top, verb));
  Words known;
  for (const auto* each :
       top.get_subcommands([&verb](const CLI::App* sub) { return sub->get_name() == verb; })) {
    for (const auto* word : each->get_subcommands([](const CLI::App*) { return true; })) {
      known.push_back(word->get_name());
    }
  }
  if (known.empty() || plain.size() < 2) {
    return {};
  }
  const auto& typed = ours[plain[1]];
  if (std::find(known.begin(), known.end(), typed) != known.end()) {
    return {};
  }
  std::string all;
  for (const auto& word : known) {
    all += (all.empty() ? "" : " ") + word;
  }
  const auto meant = suggestion_for(typed, known);
  return fail(Fault::Usage,
              meant ? say("zonder {} has no {} (did you mean {}?)", verb, typed, *meant)
                    : say("zonder {} has no {}; it has: {}", verb, typed, all));
}

Error no_command_to_run()
{
  return {Fault::Usage,
          say("what shall run? Write it behind two dashes: zonder run SELECTOR -- COMMAND")};
}

/// What is wrong with the whole, each word of it being right.
Result<void> check_together(const CommandLine& line, bool json, bool json_lines)
{
  if (line.colour != "auto" && line.colour != "always" && line.colour != "never") {
    return not_one_of("--color", line.colour, "auto always never");
  }
  if (json && json_lines) {
    return fail(Fault::Usage, say("--json and --jsonl are two forms of one result: keep one"));
  }
  if (line.runs && line.offline) {
    return fail(Fault::Usage,
                say("--offline is not for run, whose command has a network without the absent "
                    "parties; it is for who, list and data, which then fetch nothing"));
  }
  return {};
}

}  // namespace

std::string language_typed(const Words& words)
{
  const auto ours = split_at_dashes(words).ours;
  for (auto word = ours.begin(); word != ours.end(); ++word) {
    if (*word == "--lang" && word + 1 != ours.end()) {
      return *(word + 1);
    }
    if (word->starts_with("--lang=")) {
      return word->substr(7);
    }
  }
  return {};
}

Result<CommandLine> read_command_line(const Words& words)
{
  CommandLine line;
  Split split = split_at_dashes(words);
  // "$HOST" of a variable that nobody set must not mean "without --control".
  if (std::any_of(split.ours.begin(), split.ours.end(), [](const std::string& word) {
        return word.empty() || (word.starts_with("--") && word.find('=') == word.size() - 1);
      })) {
    return fail(Fault::Usage,
                say("a word on the command line is empty: is it a variable that is not set?"));
  }
  if (!split.command.empty() && split.command.front().empty() && !names_application(split.ours)) {
    return fail(Fault::Usage,
                say("the command behind the dashes is an empty word: is it a variable that is not "
                    "set?"));
  }
  if (const auto language = language_typed(words);
      !language.empty() && language != "nl" && language != "en") {
    return not_one_of("--lang", language, "nl en");
  }

  CLI::App top;
  top.set_help_flag();
  top.fallthrough();
  bool json = false;
  bool json_lines = false;
  bool version = false;
  top.add_option("--lang", line.language);
  top.add_option("--color", line.colour);
  top.add_flag("--json", json);
  top.add_flag("--jsonl", json_lines);
  top.add_flag("-q,--quiet", line.quiet);
  top.add_flag("--offline", line.offline);
  top.add_flag("--version", version);
  add_run(top, line, split);
  add_room(top, line);
  add_lab(top, line, split);
  add_who(top, line);
  add_import(top, line);
  add_scan(top, line);
  add_list(top, line);
  add_data(top, line);
  add_model(top, line);
  add_doctor(top, line);
  add_version(top, line);
  for (const auto place : plain_words(split.ours, shapes_of(top, "run"))) {
    auto& word = split.ours[place];
    const bool is_help = word == "help";
    word = in_english(word);
    if (!is_help) {
      break;
    }
  }
  // zonder itself, as the browser's visitor of --page; nobody types this.
  const auto typed = plain_words(split.ours, shapes_of(top, "run"));
  if (typed.size() > 1 && split.ours[typed[0]] == app::visitor_verb) {
    line.action = [folder = split.ours[typed[1]]](const app::World& world) {
      return app::visit_pages(world, folder);
    };
    return line;
  }
  const auto explain = [&line](const std::string& about) {
    line.action = [about](const app::World& world) {
      return print_help(world, about);
    };
    return line;
  };
  if (std::any_of(split.ours.begin(), split.ours.end(), [](const std::string& word) {
        return word == "-h" || word == "--help";
      })) {
    return explain(verb_to_explain(split, top));
  }
  auto ours = with_verb(split, top);
  if (!ours) {
    return fail(ours.error());
  }
  const auto plain = plain_words(*ours, shapes_of(top, "run"));
  const std::string verb = plain.empty() ? "" : (*ours)[plain.front()];
  line.runs = verb == "run";
  if (verb == "help") {
    return explain(plain.size() > 1 ? (*ours)[plain[1]] : "");
  }
  if (split.dashes && verb.empty()) {
    return fail(Fault::Usage,
                say("without what? Name it before the dashes: zonder SELECTOR -- COMMAND"));
  }
  if (split.dashes && verb != "run" && verb != "lab") {
    return fail(Fault::Usage, say("only run and lab shell take a command behind two dashes"));
  }
  if (auto mistake = mistake_in_options(
          *ours, shapes_of(top, verb), verb.empty() ? "zonder help" : "zonder help " + verb)) {
    return fail(Fault::Usage, std::move(*mistake));
  }
  ZONDER_TRY(check_word_of_verb(*ours, verb, top));
  const bool nothing_to_run = line.runs && split.command.empty() && !names_application(split.ours);
  try {
    Words reversed(ours->rbegin(), ours->rend());
    top.parse(std::move(reversed));
  } catch (const CLI::ExtrasError& error) {
    return fail(nothing_to_run ? no_command_to_run() : sentence(error, verb, top));
  } catch (const CLI::ParseError& error) {
    return fail(sentence(error, verb, top));
  }
  ZONDER_TRY(check_together(line, json, json_lines));
  line.form = json_lines ? app::Form::JsonLines : (json ? app::Form::Json : app::Form::Text);
  if (version) {
    line.action = [](const app::World& world) {
      return print(world, "zonder " ZONDER_VERSION "\n");
    };
  }
  if (!line.action) {
    line.action = [](const app::World& world) {
      return print(world, greeting());
    };
  }
  if (nothing_to_run) {
    return fail(no_command_to_run());
  }
  return line;
}

}  // namespace zonder::cli

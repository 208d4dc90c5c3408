// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/run_programs.hh"

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/translate.hh"
#include "report/attempt_words.hh"

namespace zonder::report {
namespace {

constexpr std::size_t shown_targets = 3;
constexpr std::size_t shown_ancestors = 4;
constexpr std::size_t shown_names = 2;

bool blocked(const model::Attempt& attempt)
{
  return attempt.verdict != model::Verdict::Passed;
}

std::vector<std::vector<Step>> steps_by_program(const model::RunRecord& record)
{
  std::vector<std::vector<Step>> all(record.programs.size());
  for (const auto& attempt : record.attempts) {
    for (const auto& share : attempt.programs) {
      if (share.program < all.size()) {
        all[share.program].push_back({&attempt, &share});
      }
    }
  }
  for (auto& steps : all) {
    std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) {
      return a.share->first < b.share->first;
    });
  }
  return all;
}

const model::Attempt* went_on_to(const std::vector<Step>& steps)
{
  const Step* last_blocked = nullptr;
  for (const auto& step : steps) {
    if (blocked(*step.attempt)) {
      last_blocked = &step;
    }
  }
  if (last_blocked == nullptr) {
    return nullptr;
  }
  for (const auto& step : steps) {
    if (!blocked(*step.attempt) && step.attempt->protocol != "dns" &&
        step.share->first >= last_blocked->share->first) {
      return step.attempt;
    }
  }
  return nullptr;
}

/// "(pid 4711, started by sh, make)"
std::string where_from(const model::Program& program, std::size_t alike, const Style& style)
{
  std::string chain;
  for (std::size_t i = 0; i < program.parents.size() && i < shown_ancestors; ++i) {
    chain += (i == 0 ? "" : " < ") + harmless(program.parents[i].name, style.unicode);
  }
  const auto which = alike > 1 ? say("{} processes, the first {}", alike, program.pid)
                               : say("process {}", program.pid);
  return chain.empty() ? which : which + "; " + say("started by {}", chain);
}

/// Party, how often, by which names and addresses; in the order in which they were first tried.
std::string what_it_tried(const std::vector<Step>& steps, const Style& style)
{
  struct Part {
    std::string party;
    std::map<Unit, std::uint64_t> tries;
    std::vector<std::string> targets;
  };
  std::vector<Part> parts;
  for (const auto& step : steps) {
    if (!blocked(*step.attempt)) {
      continue;
    }
    const auto party = step.attempt->party.empty() ? std::string(tr("not known"))
                                                   : harmless(step.attempt->party, style.unicode);
    auto part = std::find_if(
        parts.begin(), parts.end(), [&](const Part& each) { return each.party == party; });
    if (part == parts.end()) {
      part = parts.insert(parts.end(), Part{.party = party, .tries = {}, .targets = {}});
    }
    if (const auto& protocol = step.attempt->protocol; protocol != "dns") {
      part->tries[protocol == "proxy" ? Unit::Requests : Unit::Calls] += step.share->tries;
    }
    const auto target = target_of(*step.attempt, style);
    if (std::find(part->targets.begin(), part->targets.end(), target) == part->targets.end()) {
      part->targets.push_back(target);
    }
  }
  std::string text;
  for (const auto& part : parts) {
    std::string targets;
    for (std::size_t i = 0; i < part.targets.size() && i < shown_targets; ++i) {
      targets += (i == 0 ? "" : ", ") + part.targets[i];
    }
    targets += part.targets.size() > shown_targets ? ", ..." : "";
    const auto how_often =
        part.tries.empty() ? std::string(tr("only by name")) : amounts(part.tries);
    text += (text.empty() ? "" : "; ") + part.party + " " + how_often + " (" + targets + ")";
  }
  return text;
}

/// Of the browser's command line, which Chromium writes anew as a single word: "0" of
/// "--user-data-dir=/tmp/x/profile-0". Empty: it names no profile of ours.
std::string_view profile_number(std::string_view word)
{
  const auto from = word.find("--user-data-dir=");
  if (from == std::string_view::npos) {
    return {};
  }
  const auto option = word.substr(from, word.find(" --", from) - from);
  const auto place = option.rfind(model::profile_folder);
  return place == std::string_view::npos
             ? std::string_view()
             : option.substr(place + std::string_view(model::profile_folder).size());
}

/// That command line is long and tells nothing: in its place what the browser looks at.
std::vector<std::string> told_command(const model::Program& program, const model::RunRecord& record)
{
  bool is_browser = false;
  std::string_view number;
  for (const auto& word : program.argv) {
    is_browser = is_browser || word.find("--type=") != std::string::npos ||
                 word.find("--user-data-dir=") != std::string::npos;
    const auto found = profile_number(word);
    number = found.empty() ? number : found;
  }
  if (!record.pages || !is_browser || record.command.empty()) {
    return program.argv;
  }
  const auto& pages = record.pages->without;
  std::size_t place = pages.size() == 1 ? 0 : pages.size();
  std::from_chars(number.data(), number.data() + number.size(), place);
  return place < pages.size() ? std::vector{record.command.front(), pages[place].url}
                              : std::vector{record.command.front()};
}

std::string
sentence(const ProgramSteps& program, const model::RunRecord& record, const Style& style)
{
  const auto& first = record.programs[program.programs.front()];
  auto text = shell_line(told_command(first, record), style.unicode);
  text += " (" + where_from(first, program.programs.size(), style) + "): ";
  text += what_it_tried(program.steps, style);
  if (program.went_on_to != nullptr) {
    text += "; " + say("after that it reached {}", target_of(*program.went_on_to, style));
  }
  return text + ".";
}

}  // namespace

bool ProgramSteps::was_blocked() const
{
  return std::any_of(
      steps.begin(), steps.end(), [](const Step& step) { return blocked(*step.attempt); });
}

std::vector<ProgramSteps> programs_of(const model::RunRecord& record)
{
  auto steps = steps_by_program(record);
  std::vector<ProgramSteps> all;
  using Alike = std::pair<std::vector<std::string>, std::vector<const model::Attempt*>>;
  std::map<Alike, std::size_t> places;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].empty()) {
      continue;
    }
    Alike alike{record.programs[i].argv, {}};
    for (const auto& step : steps[i]) {
      alike.second.push_back(step.attempt);
    }
    const auto [place, is_new] = places.try_emplace(std::move(alike), all.size());
    if (is_new) {
      const auto* after = went_on_to(steps[i]);
      all.push_back({.programs = {}, .steps = std::move(steps[i]), .went_on_to = after});
    }
    all[place->second].programs.push_back(i);
  }
  std::stable_sort(all.begin(), all.end(), [](const ProgramSteps& a, const ProgramSteps& b) {
    return a.steps.front().share->first < b.steps.front().share->first;
  });
  return all;
}

std::string program_name(const model::Program& program, const Style& style)
{
  // Chromium's processes write over their arguments: one line, that begins with its file.
  const bool one_line = !program.path.empty() && !program.argv.empty() &&
                        program.argv.front().starts_with(program.path + " ");
  const auto& started_as = program.argv.empty() || one_line ? program.path : program.argv.front();
  return harmless(started_as.substr(started_as.rfind('/') + 1), style.unicode);
}

std::string names_of(const std::vector<model::Share>& shares,
                     const model::RunRecord& record,
                     const Style& style)
{
  std::vector<std::pair<std::string, std::size_t>> names;  // with how many processes
  for (const auto& share : shares) {
    if (share.program >= record.programs.size()) {
      continue;
    }
    const auto name = program_name(record.programs[share.program], style);
    const auto known = std::find_if(
        names.begin(), names.end(), [&](const auto& each) { return each.first == name; });
    if (known == names.end()) {
      names.emplace_back(name, 1);
    } else {
      ++known->second;
    }
  }
  if (names.empty()) {
    return tr("not known");
  }
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < shown_names; ++i) {
    text += (i == 0 ? "" : ", ") + names[i].first;
    text += names[i].second > 1 ? " x " + std::to_string(names[i].second) : "";
  }
  return names.size() > shown_names ? text + ", ..." : text;
}

std::vector<std::string>
program_sentences(const model::RunRecord& record, const Style& style, std::size_t most)
{
  std::vector<std::string> sentences;
  std::size_t more = 0;
  for (const auto& program : programs_of(record)) {
    if (!program.was_blocked()) {
      continue;
    }
    if (sentences.size() < most) {
      sentences.push_back(sentence(program, record, style));
    } else {
      ++more;
    }
  }
  if (more > 0) {
    sentences.push_back(fmt::format(fmt::runtime(ntr("{} more program was blocked somewhere.",
                                                     "{} more programs were blocked somewhere.",
                                                     more)),
                                    more));
  }
  return sentences;
}

}  // namespace zonder::report

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/doctor.hh"

#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "app/beeper.hh"
#include "base/translate.hh"
#include "browse/browser.hh"
#include "catalog/catalog.hh"
#include "isolate/doctor.hh"

namespace zonder::app {
namespace {

using isolate::Check;
using isolate::Health;

/// Only what asks for it can do without.
Check optional_check(const char* id, const char* what, const Result<std::string>& found)
{
  return {.id = id,
          .what = what,
          .health = found ? Health::Works : Health::Missing,
          .detail = found ? *found : found.error().message,
          .remedy = found ? "" : tr("nothing is needed as long as you do not use that option"),
          .needed = false};
}

/// Where it is, and which; or why not.
Result<std::string> examine_browser()
{
  const auto program = browse::find_browser();
  if (!program) {
    return fail(program.error());
  }
  const auto version = browse::version_of_browser(*program);
  return version ? Result<std::string>(*program + ": " + *version) : fail(version.error());
}

/// The machine, and the catalogue that is used on it.
std::vector<Check> all_checks(const World& world)
{
  auto checks = isolate::examine();
  checks.push_back(optional_check(
      "chromium", tr("Chromium, which --page needs to visit web pages"), examine_browser()));
  checks.push_back(optional_check(
      "sound-player", tr("a program that plays sound, which --beep needs"), Beeper::player()));
  Check data{.id = "catalogue", .what = tr("the catalogue of parties")};
  if (const auto catalog =
          catalog::Catalog::open(catalog_places(world), catalog::Examined::Checksum)) {
    data.health = Health::Works;
    data.detail = catalog->notes().empty() ? say("data of {}", catalog->about().date)
                                           : catalog->notes().front();
  } else {
    data.health = Health::Missing;
    data.detail = catalog.error().message;
    data.remedy = tr("install zonder's data, or run script/bootstrap and build again");
  }
  checks.push_back(data);
  return checks;
}

const char* word(Health health)
{
  switch (health) {
  case Health::Works:
    return "works";
  case Health::Missing:
    return "missing";
  case Health::Unknown:
    return "unknown";
  }
  return "";
}

const char* spoken(const Check& check)
{
  switch (check.health) {
  case Health::Works:
    return tr("works");
  case Health::Missing:
    return check.needed ? tr("MISSING") : tr("missing, not needed");
  case Health::Unknown:
    return tr("not known");
  }
  return "";
}

bool any_needed(const std::vector<Check>& checks, Health health)
{
  return std::any_of(checks.begin(), checks.end(), [health](const Check& check) {
    return check.needed && check.health == health;
  });
}

void print_json(const World& world, const std::vector<Check>& checks)
{
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const auto& check : checks) {
    list.push_back({{"id", check.id},
                    {"what", check.what},
                    {"health", word(check.health)},
                    {"needed", check.needed},
                    {"detail", check.detail},
                    {"remedy", check.remedy}});
  }
  const nlohmann::ordered_json document = {{"schema", "zonder.doctor/1"}, {"checks", list}};
  std::fprintf(world.out, "%s\n", document.dump(world.form == Form::JsonLines ? -1 : 2).c_str());
}

void print_text(const World& world, const std::vector<Check>& checks)
{
  const char* verdict = tr("zonder run works on this machine.");
  if (any_needed(checks, Health::Missing)) {
    verdict = tr("zonder run cannot work on this machine yet.");
  } else if (any_needed(checks, Health::Unknown)) {
    verdict = tr("Whether zonder run works on this machine could not be found out.");
  }
  std::fprintf(world.out, "%s\n\n", verdict);
  for (const auto& check : checks) {
    std::fprintf(world.out,
                 "  %s: %s%s\n",
                 check.what.c_str(),
                 spoken(check),
                 check.detail.empty() ? "" : (" (" + check.detail + ")").c_str());
    if (check.health != Health::Works && !check.remedy.empty()) {
      std::fprintf(world.out, "      %s %s\n", world.unicode ? "→" : "->", check.remedy.c_str());
    }
  }
}

}  // namespace

int doctor(const World& world)
{
  const auto checks = all_checks(world);
  if (world.form == Form::Text) {
    print_text(world, checks);
  } else {
    print_json(world, checks);
  }
  if (any_needed(checks, Health::Missing)) {
    return static_cast<int>(Exit::NotPossible);
  }
  return static_cast<int>(any_needed(checks, Health::Unknown) ? Exit::Incomplete : Exit::Done);
}

}  // namespace zonder::app

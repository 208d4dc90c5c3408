// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/engine.hh"

#include "base/translate.hh"
#include "isolate/rights.hh"

namespace zonder::isolate {

std::optional<Engine> parse_engine(std::string_view text)
{
  for (const auto engine : {Engine::Automatic, Engine::Netns, Engine::Root, Engine::Seccomp}) {
    if (text == to_string(engine)) {
      return engine;
    }
  }
  return std::nullopt;
}

std::string to_string(Engine engine)
{
  switch (engine) {
  case Engine::Automatic:
    return "auto";
  case Engine::Netns:
    return "netns";
  case Engine::Root:
    return "root";
  case Engine::Seccomp:
    return "seccomp";
  }
  return "";
}

Result<Engine> choose_engine(Engine wanted)
{
  const bool can_be_root = have_network_rights();
  if (wanted == Engine::Root && !can_be_root) {
    return fail(Fault::NotPossible,
                say("the engine \"root\" needs to be started by root; \"netns\" does not"));
  }
  if (wanted != Engine::Automatic) {
    return wanted;
  }
  return can_be_root ? Engine::Root : Engine::Netns;
}

}  // namespace zonder::isolate

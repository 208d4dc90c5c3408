// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "model/dependency_model.hh"

#include <algorithm>

namespace zonder::model {
namespace {

template <typename Thing>
const Thing* found(const std::vector<Thing>& things, std::string_view id)
{
  const auto it = std::find_if(
      things.begin(), things.end(), [id](const Thing& thing) { return thing.id == id; });
  return it == things.end() ? nullptr : &*it;
}

bool is_letter_or_digit(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

const Node* DependencyModel::node(std::string_view id) const
{
  return found(nodes, id);
}

const Party* DependencyModel::party(std::string_view id) const
{
  return found(parties, id);
}

const Grace* DependencyModel::grace(std::string_view id) const
{
  return found(graces, id);
}

const Source* DependencyModel::source(std::string_view id) const
{
  return found(sources, id);
}

const Scenario* DependencyModel::scenario(std::string_view id) const
{
  return found(scenarios, id);
}

std::optional<Grace> DependencyModel::grace_of(const GraceUse& use) const
{
  if (use.own) {
    return use.own;
  }
  if (use.name == unknown_grace) {
    return Grace{};
  }
  if (use.name == no_grace) {
    Grace none;
    none.known = true;
    return none;
  }
  const auto* named = grace(use.name);
  return named == nullptr ? std::nullopt : std::optional(*named);
}

bool is_model_id(std::string_view text)
{
  return !text.empty() && text.size() <= 128 && is_letter_or_digit(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-';
         });
}

Grace what_is_left(std::chrono::seconds life, double renewed_at)
{
  const auto at = [&](double part) {
    const double whole = static_cast<double>(life.count());
    return std::chrono::seconds(
        static_cast<std::int64_t>(whole * (1 - renewed_at) + whole * renewed_at * part + 0.5));
  };
  Grace grace;
  grace.known = true;
  grace.p5 = at(0.05);
  grace.p50 = at(0.50);
  grace.p95 = at(0.95);
  return grace;
}

}  // namespace zonder::model

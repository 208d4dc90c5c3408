// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/run_limits.hh"

#include "base/translate.hh"
#include "report/page_text.hh"
#include "report/run_programs.hh"
#include "report/run_proxies.hh"

namespace zonder::report {

std::string what_the_mode_tells(model::FailureMode mode)
{
  switch (mode) {
  case model::FailureMode::Gone:
    return tr("Tried was an outage: they are gone. In a sanction they would answer and refuse, and "
              "end what still lasts; that was not tried.");
  case model::FailureMode::Frozen:
    return tr(
        "Tried was a freeze: only what hands out log-ins, certificates, updates and rights is "
        "gone, as far as the catalogue knows those services; the rest of them lived. What "
        "lasts for a while goes on until it expires, which a short run does not show.");
  case model::FailureMode::Hostile:
    return tr("Tried was cutting them off ourselves since they are not to be trusted. What they "
              "could do before, or by a program of theirs that already runs here, was not tried.");
  case model::FailureMode::Revoked:
  case model::FailureMode::Captured:
    break;
  }
  return {};
}

std::vector<std::string> limits(const model::RunRecord& record, const Style& style)
{
  if (!record.not_started.empty()) {
    return {};
  }
  std::vector<std::string> sentences;
  if (record.mode != model::FailureMode::Revoked) {  // how_it_was_received() tells of that
    sentences.push_back(what_the_mode_tells(record.mode));
  }
  for (const auto& why : record.weaker) {
    sentences.push_back(say("Weaker: {}", harmless(why, style.unicode)));
  }
  sentences.emplace_back(tr(
      "This run cut your side only: what a service that lives needs of the absent at its own side "
      "was not cut, and nothing here tells whether it would hold."));
  sentences.emplace_back(
      tr("What lasts for a while (tokens, tickets, caches, licences) may have hidden "
         "what stops later."));
  sentences.emplace_back(tr(
      "What goes through a tunnel, or asks a living party for names over HTTPS, is cut by address "
      "only and shown without its name."));
  for (auto& sentence : page_limits(record, style)) {
    sentences.push_back(std::move(sentence));
  }
  const auto proxies = proxy_limits(record, style);
  sentences.insert(sentences.end(), proxies.begin(), proxies.end());
  for (const auto& way : record.left_the_room) {
    const auto what = harmless(way.what, style.unicode);
    const auto meaning = harmless(way.meaning, style.unicode);
    if (way.programs.empty()) {
      sentences.push_back(say("Open beside the network: {}. {}", what, meaning));
    } else {
      sentences.push_back(say(
          "LEFT THE ROOM: {} used {}. {}", names_of(way.programs, record, style), what, meaning));
    }
  }
  return sentences;
}

}  // namespace zonder::report

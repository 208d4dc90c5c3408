// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/absence.hh"
#include "model/run_record.hh"
#include "report/baseline.hh"
#include "report/contacts.hh"
#include "report/doubts.hh"

// Which contacts count: what --fail-on-contact, --allow and --baseline mean. What is allowed was
// absent all the same, and stays in every report.
namespace zonder::report {

enum class Standing {
  Allowed,  // by --allow
  Known,    // in the baseline
  Counts    // neither
};

struct JudgedContact {
  Contact contact;
  Standing standing = Standing::Counts;
};

struct Judgement {
  std::vector<JudgedContact> contacts;  // by key
  std::string allowed;                  // the selector, as typed; empty: nothing was allowed
  bool compared = false;                // with a baseline
  bool becomes_baseline = false;        // what counts is known from this run on, and no failure
  bool other_run = false;               // in whose run something else was absent, or otherwise
  std::vector<ContactKey> gone;         // in the baseline, and not seen now; by key
  std::uint64_t unjudged = 0;           // blocked packets and questions of which nothing is known
  std::uint64_t unseen = 0;             // calls that could not be looked at
  std::uint64_t proxied_not_judged =
      0;                      // to proxies: requests or connections, for nobody knows whom
  std::vector<Doubt> doubts;  // each once
  std::vector<std::size_t> allowed_proxies;         // attempts at what may be a proxy, by --allow
  std::vector<std::string> allowed_proxies_named;   // these, each as "proxy.example tcp/3128"
  std::vector<std::optional<Standing>> by_attempt;  // as standing_of()

  [[nodiscard]] std::size_t count(Standing standing) const;
  /// Whether --fail-on-contact has something to fail on: a contact that counts, or a doubt, which
  /// may be anything.
  [[nodiscard]] bool finds() const;
  /// Of one attempt of the record; when its programs differ, what weighs most. Nothing: it is no
  /// contact.
  [[nodiscard]] std::optional<Standing> standing_of(std::size_t attempt) const;
  /// The doubts, each as "not-proved": the same in every language.
  [[nodiscard]] std::vector<std::string> doubts_by_name() const;
  [[nodiscard]] std::vector<ContactKey> with(Standing standing) const;
};

/// Judges what was asked of the absent. `allowed`: what --allow resolves to; null: nothing.
/// `baseline`: what was there last time; null: nothing is compared.
Judgement
judge(const model::RunRecord& record, const model::Absence* allowed, const Baseline* baseline);

/// What a reader wants to know of it, as sentences with at most `most` contacts each; none where
/// nothing was allowed and nothing compared.
std::vector<std::string>
judgement_sentences(const Judgement& judgement, const Style& style, std::size_t most);

/// "blocked (new)": what became of an attempt, with how it was judged where there was something to
/// judge by.
std::string with_standing(const std::string& word, const Judgement& judgement, std::size_t attempt);

/// Why the exit code is 1 though the command's own is 0, as a sentence; `asked`: --fail-on-contact.
std::string why_not_zero(const model::RunRecord& record, const Judgement& judgement, bool asked);

/// Why the contacts of this run are no good as a baseline, as half a sentence; empty: they are.
std::string why_no_baseline(const model::RunRecord& record);

}  // namespace zonder::report

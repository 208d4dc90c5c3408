// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/run.hh"
#include "base/kept_folder.hh"
#include "base/result.hh"
#include "browse/visit_file.hh"
#include "catalog/catalog.hh"
#include "model/absence.hh"
#include "model/run_record.hh"

namespace zonder::app {

/// `zonder run SELECTOR --page URL...`: a browser looks at web pages twice, first with everybody
/// and then as the command of the run.
class PageTrial {
public:
  /// Errors (usage): what was typed does not go together, or is no page.
  static Result<void> check(const RunOptions& typed);
  /// Errors (not possible): there is no browser.
  static Result<PageTrial> prepare(const RunOptions& typed);

  /// The first visit, by the proxy that the second one will have (empty: none but the user's own).
  /// Gives the signal that ended it early, or 0.
  [[nodiscard]] int visit_with_everybody(const std::string& proxy) const;

  /// The second one, as a command for the run.
  [[nodiscard]] std::vector<std::string> command() const;

  /// What the reports call it: the browser and the pages.
  [[nodiscard]] std::vector<std::string> command_as_told() const;

  /// Takes what both visits left into the record of the run: whose each request is, which were of
  /// this machine itself, and an exit code that says how the pages fared (0 all load, 1 one does
  /// not, 3 it cannot be told). Of a run that did not start, that there was no visit without.
  void finish(model::RunRecord& record,
              const model::Absence& absence,
              const catalog::Catalog& catalog,
              catalog::Date day,
              const std::vector<std::uint16_t>& allowed_host_ports) const;

private:
  PageTrial(browse::VisitOrder order, KeptFolder folder)
      : order_(std::move(order)), folder_(std::move(folder))
  {
  }
  [[nodiscard]] std::string part(const char* name) const { return folder_.path() + "/" + name; }
  [[nodiscard]] std::vector<browse::VisitResult> results(const char* name) const;

  browse::VisitOrder order_;
  KeptFolder folder_;
};

/// The browser and the pages, in the place of a command; without the passwords in them.
std::vector<std::string> pages_as_told(const std::string& browser,
                                       const std::vector<std::string>& urls);

/// The visitor itself, a process of its own: `zonder internal-visit FOLDER`.
int visit_pages(const World& world, const std::string& folder);

inline constexpr const char* visitor_verb = "internal-visit";

}  // namespace zonder::app

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "base/child_process.hh"
#include "base/result.hh"
#include "browse/browser_pipe.hh"

namespace zonder::browse {

/// The Chromium that is installed, best first; $ZONDER_BROWSER names another one. Errors (not
/// possible): there is none, or what is named is no program.
Result<std::string> find_browser();

/// "Chromium 140.0.7339.127 built on Debian GNU/Linux 12 (bookworm)", as it says itself. Errors: it
/// says nothing.
Result<std::string> version_of_browser(const std::string& program);

/// A headless Chromium with an empty profile, that asks nothing of a network on its own account as
/// far as its options can make it so.
class Browser {
public:
  struct Options {
    std::string program;
    std::string profile;  // a folder; may be empty of anything
    unsigned width = 1280;
    unsigned height = 800;
  };
  /// Errors: it cannot be started.
  static Result<Browser> start(const Options& options);

  [[nodiscard]] BrowserPipe& pipe() { return pipe_; }
  /// Chromium refuses to make its sandbox for root; then the pages are held by the room alone.
  static bool can_have_a_sandbox();

  /// What it wrote as its last words, for when it ends at once.
  [[nodiscard]] std::string last_words() const;

  /// Ends it, and whatever it started.
  void end();

private:
  Browser(ChildProcess child, BrowserPipe pipe, std::string words)
      : child_(std::move(child)), pipe_(std::move(pipe)), words_(std::move(words))
  {
  }
  ChildProcess child_;
  BrowserPipe pipe_;
  std::string words_;  // the file that its error stream goes to
};

}  // namespace zonder::browse

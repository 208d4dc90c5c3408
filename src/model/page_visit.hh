// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What a browser saw of a web page, once with everybody and once without the absent. All texts are
// the page's: they are bounded, and nothing else is sure of them.
namespace zonder::model {

/// What became of one thing that a page asked for.
enum class RequestOutcome {
  Came,      // an answer, whole, that is no refusal
  Refused,   // an answer that says no: HTTP status 400 and up
  Failed,    // no answer, or broken off
  Canceled,  // by the page itself, or since it went on to another
  Waiting    // nothing yet when the time was up
};

struct PageRequest {
  std::string url;
  std::string kind;  // "document", "script", "image": DevTools's word in lower case
  RequestOutcome outcome = RequestOutcome::Waiting;
  unsigned status = 0;     // of HTTP; 0: there was no answer
  std::string error;       // "net::ERR_CONNECTION_REFUSED"; empty: none
  std::string address;     // that answered, as the browser has it; empty: not known
  double at = 0;           // seconds after the page was asked for
  std::string party = {};  // id of whose it is; empty: not known. Filled in by who has a catalogue
  // Of this machine's own loopback, of which the room has nothing. Filled in by who knows the room.
  bool of_this_machine = false;
  bool operator==(const PageRequest&) const = default;
};

struct ConsoleMessage {
  bool error = true;  // else a warning
  std::string text;
  std::string url;  // that it is about; empty: none was told
  bool operator==(const ConsoleMessage&) const = default;
};

/// How far a page came.
enum class PageOutcome {
  Loaded,      // its document came, and it said that it was done
  Unfinished,  // its document came; when the time was up it was not done
  Refused,     // the document's answer says no: HTTP status 400 and up
  Failed,      // the document did not come
  Waiting,     // for its document, when the time was up
  NotVisited   // the browser did not start, or ended
};

struct PageVisit {
  std::string url;        // as asked for
  std::string final_url;  // after all redirects; empty: it came nowhere
  std::string title;
  PageOutcome outcome = PageOutcome::NotVisited;
  std::string why;                      // it is not Loaded: the browser's words, or ours; or empty
  unsigned status = 0;                  // of the document; 0: there was no answer
  std::optional<double> loaded_after;   // seconds; Loaded
  std::vector<PageRequest> requests;    // in the order in which they were made
  std::uint64_t requests_left_out = 0;  // past what is kept
  std::vector<ConsoleMessage> console;  // errors and warnings, in order
  std::uint64_t console_left_out = 0;
  std::uint64_t messages_left_out = 0;  // of the browser, too large to be read
  unsigned rounds = 1;     // how often it was made; before the last, the network changed meanwhile
  std::string screenshot;  // a PNG in base64, checked to be that; empty: there is none
  bool operator==(const PageVisit&) const = default;
};

/// How the folder of a browser's profile begins; what follows is the place of its page. By it a
/// program of a run can be told to be the browser, and of which page.
inline constexpr const char* profile_folder = "profile-";

/// Both visits to all pages.
struct PagesTried {
  std::string browser;          // "Chrome/140.0.7339.127"
  bool sandboxed = true;        // the browser held its own pages in a sandbox
  std::chrono::seconds wait{};  // for a page, at most
  unsigned width = 0;           // of what was looked at, in pixels
  unsigned height = 0;
  std::vector<PageVisit> with;  // everybody; in the order in which they were asked for
  std::vector<PageVisit> without;
};

}  // namespace zonder::model

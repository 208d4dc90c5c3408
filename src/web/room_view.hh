// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/room_record.hh"

namespace zonder::web {

/// All that the pages of a room are made of. A page is a value of it: no clock, no socket.
struct RoomView {
  /// Never null; looked at, not owned. While the room goes on its `ended` is `now`: all numbers are
  /// up to then, see report::room_sums().
  const model::RoomRecord* record = nullptr;
  model::Moment now;
  std::chrono::minutes east_of_utc{};  // what the clock in the room is ahead of UTC
  std::string page_url;                // "http://zonder.internal/", as people type it
  std::string address_url;             // the same by address, with "/" at its end
  std::string wifi;                    // the network's name; empty: by cable
  std::string proxy;                   // "10.0.0.1:3128"; empty: none is offered
  std::string lang;                  // "nl", "en": what the reader chose; empty: nothing, so links
                                     // and forms need not carry it on
  std::vector<std::string> reports;  // the leader's files; empty: none but on his terminal
  std::string unkept;                // why what is seen now is not kept; empty: it is
};

/// What is wrong with what somebody sent: told at the field that it is about.
struct Problem {
  std::string field;  // as the form calls it; empty: the form as a whole
  std::string text;   // one sentence, in the reader's language; empty: nothing is wrong
  std::string typed;  // what stood in the field, so that it need not be typed again
  std::optional<std::size_t> task;  // of /mark: whose card it was on
};

}  // namespace zonder::web

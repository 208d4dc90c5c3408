// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "base/result.hh"
#include "model/room_record.hh"
#include "room/kept_record.hh"

namespace zonder::app {

/// Where the record of a room is while its report is not there yet: "room.html.unfinished".
std::string unfinished(const std::string& report);
/// The report that it belongs to; empty: that is no such name.
std::string finished(const std::string& unfinished);

/// Keeps the record of a room beside its report while the room goes on, so that the hour outlives
/// zonder and the laptop: every minute, and soon after whatever people say. What is there is always
/// whole. It writes in a thread of its own: a disk that hangs does not hold up the room.
class RoomMemory {
public:
  struct Options {
    std::string path;
    std::function<model::RoomRecord()> record;  // called in its thread
    /// That it cannot be written, and that it can again; in its thread, once each.
    std::function<void(const std::string& sentence)> tell;
    std::chrono::milliseconds every = std::chrono::minutes(1);
  };
  /// Writes it for the first time. Errors: it cannot be written; then nothing is left.
  static Result<std::unique_ptr<RoomMemory>> begin(Options options);
  /// What is written stays.
  ~RoomMemory();
  RoomMemory(const RoomMemory&) = delete;
  RoomMemory& operator=(const RoomMemory&) = delete;
  RoomMemory(RoomMemory&&) = delete;
  RoomMemory& operator=(RoomMemory&&) = delete;

  /// Somebody said something: writes it soon.
  void note();
  /// Why what is seen now is not kept; empty: it is.
  [[nodiscard]] std::string trouble() const;
  /// The report cannot be written: stops, with this as the last, if that can be.
  void stop(const model::RoomRecord& last);
  /// The report is there: stops, and removes what was written.
  void forget();

private:
  explicit RoomMemory(Options options) : options_(std::move(options)) {}
  [[nodiscard]] model::RoomRecord so_far() const;
  [[nodiscard]] Result<void> write(model::RoomRecord record) const;
  void work(const std::stop_token& stop);
  void heed(const Result<void>& written);

  Options options_;
  mutable std::mutex mutex_;
  std::condition_variable_any woken_;
  bool noted_ = false;
  std::string trouble_;
  std::jthread thread_;  // ends first
};

/// A record that a room left behind. Errors: there is none, or none that can be read; the process
/// that keeps it still lives, so the room goes on.
Result<room::KeptRecord> left_behind(const std::string& path);

}  // namespace zonder::app

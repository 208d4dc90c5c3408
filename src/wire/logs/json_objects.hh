// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>

#include "wire/logs/stream.hh"

namespace zonder::wire::logs {

/// A reader of JSON objects that come one after the other, however they are held together: in a
/// list, in the "value" of an answer of Microsoft Graph, or a line each. Only one of them is in
/// memory at a time.
class JsonObjects : public StreamReader {
public:
  std::size_t take(std::span<const std::uint8_t> bytes, bool last, EntrySink& sink) final;
  [[nodiscard]] std::size_t wants() const final { return 1; }
  [[nodiscard]] bool is_lost() const final { return lost_; }
  void finish() final {}
  [[nodiscard]] const Tally& tally() const final { return tally_; }

protected:
  virtual void read_object(std::string_view object, EntrySink& sink) = 0;
  void count() { ++tally_.records; }
  void unreadable(const std::string& why);

private:
  /// How many bytes of what stands between objects are read; nothing more can be said of none.
  std::size_t pass_between(std::string_view text, bool last);
  /// Where the object at the front ends; 0: not yet.
  std::size_t end_of_object(std::string_view text);
  void lose(const std::string& why);

  Tally tally_;
  bool lost_ = false;
  bool in_answer_ = false;  // of Graph: within its "value"
  bool after_value_ = false;
  std::size_t number_ = 0;  // of the object
  // Of the object that is not whole yet:
  std::size_t scanned_ = 0;
  std::size_t depth_ = 0;
  std::size_t deepest_ = 0;
  bool quoted_ = false;
  bool escaped_ = false;
};

}  // namespace zonder::wire::logs

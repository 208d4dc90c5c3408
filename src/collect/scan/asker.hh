// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hh"
#include "mail/questions.hh"

namespace zonder::collect {

struct AskerOptions {
  std::string resolver;    // "192.0.2.1" or "192.0.2.1@5353"; empty: from the root down
  std::string root_hints;  // a file; empty: the root that everybody knows
  std::string trust_anchors = "/usr/share/dns/root.key";  // DNSSEC; where it is not there: unknown
  std::chrono::milliseconds patience{10'000};             // for one answer
};

/// Asks DNS by libunbound, many questions at once: the one place that knows it. For one thread; the
/// library works in another. Answers are kept for as long as this lives.
class Asker {
public:
  using Told = std::function<void(const mail::Question&, const mail::Answer&)>;

  /// Errors: the library cannot be set up so.
  static Result<std::unique_ptr<Asker>> make(const AskerOptions& options, Told told);
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;
  Asker(Asker&&) = delete;
  Asker& operator=(Asker&&) = delete;
  ~Asker();

  void ask(const mail::Question& question);
  /// Readable when there are answers.
  [[nodiscard]] int descriptor() const;
  /// Tells what came in meanwhile, and gives up on what took too long.
  void take_answers(std::chrono::steady_clock::time_point now);
  [[nodiscard]] std::size_t waiting() const;
  /// Whether DNSSEC is looked at; else nothing is known of it.
  [[nodiscard]] bool validates() const;

private:
  struct Parts;
  explicit Asker(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// What libunbound gives for one question, as a value. Bytes come from anybody: a record that is
/// not what its type says is left out.
mail::Datum datum_of(mail::RecordType type, std::string_view data, bool& sound);

}  // namespace zonder::collect

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hh"
#include "model/observation.hh"
#include "model/observation_batch.hh"
#include "trust/keyed_word.hh"

// What was seen, kept: one file per project. Only names, addresses and how often: there is no place
// in it for what was said.
namespace zonder::store {

/// A file or stream that was read: what it is, and how old and how whole it is.
struct Source {
  std::uint64_t id = 0;  // given by the store
  std::string path;      // as typed, and what is inside an archive behind it
  std::string format;
  std::string sha256;  // of its content, unpacked, as hexadecimal digits
  model::Moment read_at;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::uint64_t unreadable = 0;
  std::string first_problem;           // in the language of who read it
  bool broken_off = false;             // it could not be read to its end
  std::optional<model::Moment> first;  // of what it tells; nothing: it has no times
  std::optional<model::Moment> last;
  std::string tool;  // the version of zonder that read it
  std::optional<model::Moment> forgotten_before;

  /// The share of its records that were read, from 0 to 1; 1 where there were none.
  [[nodiscard]] double completeness() const;
  /// How long ago the last thing in it was seen; since it was read where it has no times.
  [[nodiscard]] std::chrono::system_clock::duration age(model::Moment now) const;
};

/// Which observations are wanted; what is left open may be anything.
struct Wanted {
  std::optional<std::pair<model::Kind, std::string>> subject;
  std::optional<std::pair<model::Kind, std::string>> object;
  std::optional<model::Relation> relation;
  std::optional<std::uint64_t> source;
};

/// All in a few figures.
struct Summary {
  struct Line {
    model::Relation relation = model::Relation::Asked;
    model::Via via = model::Via::Dns;
    model::Tier tier = model::Tier::Measured;
    std::uint64_t observations = 0;
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
    std::optional<model::Moment> first;
    std::optional<model::Moment> last;
  };
  std::uint64_t sources = 0;
  std::vector<std::pair<model::Kind, std::uint64_t>> things;  // how many of each kind
  std::vector<Line> lines;                                    // in the order of their words
};

struct Forgotten {
  std::uint64_t observations = 0;
  std::uint64_t things = 0;
};

class ObservationStore;

/// One source while it is read: what is not finished is as if it had never begun.
class Reading {
public:
  Reading(Reading&&) noexcept;
  Reading& operator=(Reading&&) = delete;
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;
  ~Reading();

  /// Takes these in; what was taken in before of the same two things is added to. `rows` point
  /// into `things`.
  Result<void> add(std::span<const model::Thing> things, std::span<const model::Row> rows);

  struct Finished {
    Source source;
    bool known = false;  // the same content was read before: nothing was changed
  };
  /// Keeps all of it together with what it was read from, whose id is given by the store.
  Result<Finished> finish(Source source);

private:
  friend class ObservationStore;
  struct Parts;
  explicit Reading(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// A project's observations. One thread.
class ObservationStore {
public:
  /// Makes the project when it is not there, and renews one that an older zonder made. Errors: the
  /// file is something else, was made by a newer zonder, or cannot be written.
  static Result<ObservationStore> open(const std::string& path);
  ObservationStore(ObservationStore&&) noexcept;
  ObservationStore& operator=(ObservationStore&&) noexcept;
  ~ObservationStore();

  /// From now on devices are kept by words that only the holder of the key can make; those that
  /// are already here become such words too. Errors: they are already, by another key.
  Result<void> pseudonymise(const trust::KeyedWord& key);
  /// Whether it was ever asked for: then nothing may be read in without the key.
  [[nodiscard]] bool is_pseudonymised() const;

  /// One at a time.
  Result<Reading> begin_reading();

  Result<std::vector<Source>> sources();
  Result<Summary> summary();
  /// In the order of source, subject, relation, object; ends when `take` says false.
  Result<void> each(const Wanted& wanted,
                    const std::function<bool(const model::Observation&)>& take);

  /// Observations that were last seen before `day` go, with the things that only they were about;
  /// what has no times is as old as its source's reading. What is left began at `day` at the
  /// earliest. Sources stay, marked, so that what was forgotten cannot come back by the same file.
  Result<Forgotten> forget_before(model::Moment day);

private:
  friend class Reading;
  struct Parts;
  explicit ObservationStore(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// The project's key for pseudonyms, as a file that only its owner may read; made at first. Errors:
/// it cannot be read or made, others may read it, or it is no key.
Result<trust::KeyedWord> pseudonym_key(const std::string& path);

}  // namespace zonder::store

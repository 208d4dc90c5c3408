// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <mutex>
#include <utility>

namespace zonder {

/// Data that threads share, inside its lock: it cannot be reached without holding it.
///   guarded.lock()->push_back(1);
template <typename T>
class Guarded {
public:
  /// The data for as long as this lives. Keep it short.
  template <typename U>
  class Held {
  public:
    Held(std::mutex& mutex, U& value) : lock_(mutex), value_(value) {}
    U* operator->() const { return &value_; }
    U& operator*() const { return value_; }

  private:
    std::unique_lock<std::mutex> lock_;
    U& value_;
  };

  Guarded() = default;
  explicit Guarded(T value) : value_(std::move(value)) {}

  [[nodiscard]] Held<T> lock() { return {mutex_, value_}; }
  [[nodiscard]] Held<const T> lock() const { return {mutex_, value_}; }

private:
  mutable std::mutex mutex_;
  T value_{};
};

}  // namespace zonder

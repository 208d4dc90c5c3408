// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hh"

// JSON for the readers of this folder, so that the heavy header stays in one .cc. A wrong kind is
// nothing rather than an error: a list whose shape surprises us has no such rows.
namespace zonder::wire::lists {

/// A value inside a JsonDocument, which must outlive it.
class JsonValue {
public:
  [[nodiscard]] bool is_array() const;
  /// Empty when this is not a text.
  [[nodiscard]] std::string_view text() const;
  /// Nothing when this is no whole number from 0 on.
  [[nodiscard]] std::optional<std::uint64_t> number() const;
  /// Of an object; nothing when it has no such member.
  [[nodiscard]] std::optional<JsonValue> member(std::string_view key) const;
  [[nodiscard]] std::string_view text_of(std::string_view key) const;
  [[nodiscard]] bool has_array(std::string_view key) const;
  /// Every value of an array with its place from 0, while `reader` returns true.
  void each(const std::function<bool(std::size_t, const JsonValue&)>& reader) const;
  /// Every member of an object.
  void each_member(const std::function<void(std::string_view, const JsonValue&)>& reader) const;
  /// The first value of an array; nothing when it is empty, or no array.
  [[nodiscard]] std::optional<JsonValue> first() const;

private:
  friend class JsonDocument;
  friend struct JsonAccess;
  std::array<std::byte, 16> element_{};  // a simdjson::dom::element
};

class JsonDocument {
public:
  /// Errors: "PATH:LINE:COLUMN: ..." where it breaks off or stops to be JSON.
  static Result<JsonDocument> parse(const std::string& path, std::string_view text);
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;
  ~JsonDocument();

  [[nodiscard]] const JsonValue& root() const { return root_; }

private:
  struct Parser;
  JsonDocument();
  std::unique_ptr<Parser> parser_;
  JsonValue root_;
};

}  // namespace zonder::wire::lists

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

// Writing and reading the parts of a snapshot: numbers in the machine's order (little-endian; the
// magic of the file shows another one), texts with their length before them.
namespace zonder::catalog {

class BinaryWriter {
public:
  template <typename T>
  void number(T value)
  {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(std::string_view text)
  {
    number(static_cast<std::uint32_t>(text.size()));
    bytes_.append(text);
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

private:
  std::string bytes_;
};

/// Reads what BinaryWriter wrote, from bytes that nobody vouches for. After the first surprise
/// every answer is 0 or empty, and failed() says so: the caller drops the whole.
class BinaryReader {
public:
  explicit BinaryReader(std::span<const std::byte> bytes) : rest_(bytes) {}

  template <typename T>
  T number()
  {
    static_assert(std::is_trivially_copyable_v<T>);
    T value{};
    if (rest_.size() < sizeof value) {
      fail();
      return value;
    }
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_ = rest_.subspan(sizeof value);
    return value;
  }
  std::string_view text()
  {
    const auto size = number<std::uint32_t>();
    if (size > rest_.size()) {
      fail();
      return {};
    }
    const std::string_view text(reinterpret_cast<const char*>(rest_.data()), size);
    rest_ = rest_.subspan(size);
    return text;
  }
  /// How many things follow, each of at least `smallest` bytes: never more than can be there.
  std::size_t count(std::size_t smallest)
  {
    const auto count = number<std::uint32_t>();
    if (count > rest_.size() / smallest) {
      fail();
      return 0;
    }
    return count;
  }
  void fail()
  {
    failed_ = true;
    rest_ = {};
  }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

private:
  std::span<const std::byte> rest_;
  bool failed_ = false;
};

}  // namespace zonder::catalog

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
#include <vector>

#include "base/descriptor.hh"
#include "base/result.hh"

namespace zonder::collect {

/// Bytes that come in one after the other: a file, a pipe, what is in an archive.
class Inflow {
public:
  Inflow() = default;
  Inflow(const Inflow&) = delete;
  Inflow& operator=(const Inflow&) = delete;
  Inflow(Inflow&&) = delete;
  Inflow& operator=(Inflow&&) = delete;
  virtual ~Inflow() = default;
  /// How many were put in; 0 at the end.
  virtual Result<std::size_t> read(std::span<char> into) = 0;
};

/// An open file or pipe. `progress` is told how many bytes came in.
class FileInflow final : public Inflow {
public:
  using Progress = std::function<void(std::size_t)>;
  FileInflow(Descriptor file, std::string path, Progress progress)
      : file_(std::move(file)), path_(std::move(path)), progress_(std::move(progress))
  {
  }
  Result<std::size_t> read(std::span<char> into) override;

private:
  Descriptor file_;
  std::string path_;
  Progress progress_;
};

/// A part of an inflow in memory, which moves along: as much as its reader needs at once, and no
/// more than that. Counts and hashes all that goes by.
class Window {
public:
  static constexpr std::size_t first_size = std::size_t{1} << 20U;
  static constexpr std::size_t largest = std::size_t{16} << 20U;

  explicit Window(Inflow& inflow);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;
  Window(Window&&) = delete;
  Window& operator=(Window&&) = delete;

  /// What is in memory: at least `size` bytes unless the inflow ends before. Behind them lie 64
  /// more that may be read. `size` is at most `largest`.
  std::string_view ahead(std::size_t size);
  /// What is in memory, after one more read, without asking for a certain size.
  std::string_view more();
  /// The first bytes were read.
  void pass(std::size_t size);
  /// All that is left goes by, so that it is counted and hashed.
  void pass_all();
  /// Nothing comes any more; some may still be in memory.
  [[nodiscard]] bool is_at_end() const { return ended_; }
  [[nodiscard]] const std::optional<Error>& trouble() const { return trouble_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  /// SHA-256 of all that went by, as hexadecimal digits. Once.
  std::string digest();

private:
  void fill();
  [[nodiscard]] std::string_view held() const { return {buffer_.data() + start_, end_ - start_}; }

  Inflow& inflow_;
  std::vector<char> buffer_;
  std::size_t start_ = 0;
  std::size_t end_ = 0;
  bool ended_ = false;
  std::uint64_t bytes_ = 0;
  std::optional<Error> trouble_;
  class Hash;
  std::unique_ptr<Hash> hash_;
};

}  // namespace zonder::collect

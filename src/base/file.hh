// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/descriptor.hh"
#include "base/result.hh"

namespace zonder {

/// The whole file. Errors: cannot be read, or larger than `limit` bytes.
Result<std::string> read_file(const std::string& path, std::size_t limit = std::size_t{1} << 30U);

/// Replaces the file at once or not at all: written beside it, synced, renamed. On any error (a
/// full disk too) the old file is still there and nothing is left behind; nor is anything half
/// written when the process is killed, where the file system knows files without a name.
Result<void> write_file(const std::string& path, std::string_view content, unsigned mode = 0644);

/// Whether a file of that content could be put there: it is written beside it, synced, and removed
/// again.
Result<void> try_to_write(const std::string& path, std::string_view content);

/// Makes the folder and those above it.
Result<void> make_folders(const std::string& path);

/// All of a file, read at once into pages of our own: whoever cuts it off or writes over it
/// afterwards changes nothing here. (A mapped file that is cut off ends its reader: SIGBUS.)
class LoadedFile {
public:
  /// What is wrong with a file that begins with `head` (less where it is shorter) and has `size`
  /// bytes.
  using Judge = std::function<Result<void>(std::span<const std::byte> head, std::uint64_t size)>;

  /// Errors: cannot be read, is no file (a pipe would be waited for), or became shorter meanwhile.
  static Result<LoadedFile> open(const std::string& path);
  /// Reads `head` bytes first, and the rest only where `judge` has nothing against it.
  static Result<LoadedFile> open(const std::string& path, std::size_t head, const Judge& judge);
  LoadedFile(LoadedFile&& other) noexcept;
  LoadedFile& operator=(LoadedFile&& other) noexcept;
  LoadedFile(const LoadedFile&) = delete;
  LoadedFile& operator=(const LoadedFile&) = delete;
  ~LoadedFile();

  [[nodiscard]] std::span<const std::byte> bytes() const { return {start_, size_}; }

private:
  LoadedFile(std::byte* start, std::size_t size) : start_(start), size_(size) {}
  std::byte* start_ = nullptr;
  std::size_t size_ = 0;
};

/// A folder of our own under TMPDIR, removed with all that is in it by the destructor.
class TemporaryFolder {
public:
  static Result<TemporaryFolder> make(const std::string& prefix = "zonder");
  TemporaryFolder(TemporaryFolder&& other) noexcept;
  TemporaryFolder& operator=(TemporaryFolder&& other) noexcept;
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  [[nodiscard]] const std::string& path() const { return path_; }

private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

/// Where this program lies; "../share" from its folder holds the catalogue and the translations.
std::string program_folder();

}  // namespace zonder

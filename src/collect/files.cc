// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "collect/files.hh"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/translate.hh"
#include "base/visible_text.hh"
#include "collect/formats.hh"

namespace zonder::collect {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 100'000;
constexpr int deepest_archive = 3;
// Logs pack well, seldom better than 1 to 100; gzip can do no better than 1 to 1032.
constexpr std::uint64_t most_ratio = 1000;
constexpr std::uint64_t always_allowed = std::uint64_t{64} << 20U;

bool is_packed(std::string_view head)
{
  using namespace std::string_view_literals;
  constexpr std::size_t tar_magic_at = 257;
  return head.starts_with("\x1F\x8B"sv) ||
         head.starts_with("\xFD"
                          "7zXZ\0"sv) ||
         head.starts_with("BZh"sv) || head.starts_with("\x28\xB5\x2F\xFD"sv) ||
         head.starts_with("PK\x03\x04"sv) ||
         (head.size() > tar_magic_at && head.substr(tar_magic_at).starts_with("ustar"sv));
}

struct FreeArchive {
  void operator()(archive* reader) const { (void)archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, FreeArchive>;

/// How much has come out of a file so far, at all depths together.
struct Unpacked {
  const Window* outermost = nullptr;
  std::uint64_t bytes = 0;
  [[nodiscard]] bool too_much() const
  {
    return bytes > always_allowed + most_ratio * outermost->bytes();
  }
};

std::string why_not(archive* reader)
{
  const char* why = archive_error_string(reader);
  return visible_text(why == nullptr ? "?" : why).value_or("?");
}

/// What libarchive reads from.
struct Packed {
  Window& window;
  std::size_t given = 0;
};

la_ssize_t read_packed(archive* /*reader*/, void* data, const void** block)
{
  auto& packed = *static_cast<Packed*>(data);
  packed.window.pass(packed.given);
  const auto held = packed.window.ahead(1);
  packed.given = held.size();
  *block = held.data();
  return static_cast<la_ssize_t>(held.size());
}

/// One file in an archive.
class EntryInflow final : public Inflow {
public:
  EntryInflow(archive* reader, const std::string& path, Unpacked& unpacked)
      : reader_(reader), path_(path), unpacked_(unpacked)
  {
  }
  Result<std::size_t> read(std::span<char> into) override
  {
    // By blocks: what was unpacked before something is wrong is given, too.
    while (left_.empty()) {
      const void* block = nullptr;
      std::size_t size = 0;
      la_int64_t offset = 0;
      const int status = archive_read_data_block(reader_, &block, &size, &offset);
      if (status == ARCHIVE_EOF) {
        return 0U;
      }
      if (status != ARCHIVE_OK) {
        return fail(Fault::Incomplete, say("{}: unpacking: {}", path_, why_not(reader_)));
      }
      left_ = {static_cast<const char*>(block), size};
      unpacked_.bytes += size;
      if (unpacked_.too_much()) {
        return fail(
            Fault::Incomplete,
            say("{}: unpacks to more than {} times its size: not read further", path_, most_ratio));
      }
    }
    const auto size = std::min(left_.size(), into.size());
    std::copy_n(left_.data(), size, into.data());
    left_.remove_prefix(size);
    return size;
  }

private:
  archive* reader_;
  const std::string& path_;
  Unpacked& unpacked_;
  std::string_view left_;  // of the block that is given out
};

class Unpacker {
public:
  Unpacker(const TakeStream& take, std::vector<PassedOver>& passed_over, Unpacked& unpacked)
      : take_(take), passed_over_(passed_over), unpacked_(unpacked)
  {
  }
  Result<void> read(const std::string& path, Window& window, int depth)
  {
    if (!is_packed(window.ahead(head_size))) {
      return take_(path, window);
    }
    if (depth == deepest_archive) {
      passed_over_.push_back({path, say("packed more than {} times over", deepest_archive)});
      return {};
    }
    return unpack(path, window, depth);
  }

private:
  Result<void> unpack(const std::string& path, Window& window, int depth);
  Result<void>
  read_entry(archive* reader, archive_entry* entry, const std::string& path, int depth);

  const TakeStream& take_;
  std::vector<PassedOver>& passed_over_;
  Unpacked& unpacked_;
};

Result<void>
Unpacker::read_entry(archive* reader, archive_entry* entry, const std::string& path, int depth)
{
  if (archive_entry_filetype(entry) == AE_IFDIR) {
    return {};
  }
  const char* raw = archive_entry_pathname(entry);
  // The one file of gzip and the like has no name of its own.
  const bool is_alone = archive_format(reader) == ARCHIVE_FORMAT_RAW;
  const auto inside = visible_text(raw == nullptr ? "" : raw).value_or("?");
  const auto name = is_alone ? path : path + "/" + inside;
  if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr) {
    passed_over_.push_back({name, say("a link or device, which is not read")});
    return {};
  }
  if (fs::path(inside).filename().string().starts_with('.')) {
    return {};
  }
  EntryInflow inflow(reader, name, unpacked_);
  Window window(inflow);
  return read(name, window, depth + 1);
}

Result<void> Unpacker::unpack(const std::string& path, Window& window, int depth)
{
  Reader reader(archive_read_new());
  Packed packed{.window = window};
  for (const auto support : {archive_read_support_filter_gzip,
                             archive_read_support_filter_xz,
                             archive_read_support_filter_bzip2,
                             archive_read_support_filter_zstd,
                             archive_read_support_format_tar,
                             archive_read_support_format_zip,
                             archive_read_support_format_raw}) {
    (void)support(reader.get());
  }
  if (archive_read_open(reader.get(), &packed, nullptr, read_packed, nullptr) != ARCHIVE_OK) {
    passed_over_.push_back({path, say("this archive cannot be read: {}", why_not(reader.get()))});
    return {};
  }
  for (std::size_t entries = 0;; ++entries) {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(reader.get(), &entry);
    if (status == ARCHIVE_EOF) {
      if (entries == 0) {
        passed_over_.push_back({path, say("an archive with nothing in it")});
      }
      return {};
    }
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
      passed_over_.push_back({path, say("this archive cannot be read: {}", why_not(reader.get()))});
      return {};
    }
    if (entries == most_files) {
      passed_over_.push_back({path, say("more than {} files in it", most_files)});
      return {};
    }
    ZONDER_TRY(read_entry(reader.get(), entry, path, depth));
    if (unpacked_.too_much()) {
      return {};  // said where it became so
    }
  }
}

}  // namespace

Result<std::vector<FoundFile>> files_at(const std::string& path)
{
  if (path == "-") {
    return std::vector<FoundFile>{{.path = "-"}};
  }
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) {
    return fail(Fault::Usage, say("{}: {}", path, std::strerror(ENOENT)));
  }
  if (!fs::is_directory(status)) {
    const auto size = fs::is_regular_file(status) ? fs::file_size(path, error) : 0;
    return std::vector<FoundFile>{{.path = path, .size = error ? 0 : size}};
  }
  std::vector<FoundFile> files;
  fs::recursive_directory_iterator at(path, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (at->path().filename().string().starts_with('.')) {
      at.disable_recursion_pending();
      continue;
    }
    std::error_code unknown;
    if (at->is_symlink(unknown) || !at->is_regular_file(unknown)) {
      continue;
    }
    if (files.size() == most_files) {
      return fail(Fault::Usage, say("{}: more than {} files in it", path, most_files));
    }
    const auto size = at->file_size(unknown);
    files.push_back({.path = at->path().string(), .size = unknown ? 0 : size});
  }
  if (error) {
    return fail(Fault::Usage, say("{}: {}", path, error.message()));
  }
  if (files.empty()) {
    return fail(Fault::Usage, say("{}: no files in this folder", path));
  }
  std::sort(files.begin(), files.end(), [](const FoundFile& a, const FoundFile& b) {
    return a.path < b.path;
  });
  return files;
}

Result<void> read_streams(const FoundFile& file,
                          const FileInflow::Progress& progress,
                          const TakeStream& take,
                          std::vector<PassedOver>& passed_over)
{
  Descriptor opened(file.path == "-" ? ::dup(STDIN_FILENO)
                                     : ::open(file.path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat about = {};
  if (!opened || ::fstat(opened.get(), &about) != 0) {
    return fail(Fault::Usage, say("{}: {}", file.path, std::strerror(errno)));
  }
  if (S_ISDIR(about.st_mode)) {
    return fail(Fault::Usage, say("{}: {}", file.path, std::strerror(EISDIR)));
  }
  FileInflow inflow(std::move(opened), file.path, progress);
  Window window(inflow);
  Unpacked unpacked{.outermost = &window};
  return Unpacker(take, passed_over, unpacked).read(file.path, window, 0);
}

}  // namespace zonder::collect

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Archives of lists, unpacked in memory by libarchive. They may be hostile: every size is bounded
// before it is believed, and since nothing is written, a path in them can only mislead as a name,
// so names that climb are passed over.
#include "wire/lists/archive.hh"

#include <algorithm>
#include <memory>

#include <archive.h>
#include <archive_entry.h>

#include "base/translate.hh"
#include "wire/lists/text.hh"

namespace zonder::wire {
namespace {

using lists::file_name;
using lists::if_any;
using lists::is_archive;
using lists::shown;
using lists::take_until;

constexpr std::size_t most_entries = 20'000;
constexpr std::size_t longest_path = 4096;
constexpr std::size_t most_unpacked = std::size_t{256} << 20U;
// Text packs well, seldom better than 1 to 20; a small archive may do better.
constexpr std::size_t most_ratio = 200;
constexpr std::size_t always_allowed = std::size_t{16} << 20U;

struct FreeArchive {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, FreeArchive>;

Reader open_reader(std::string_view bytes)
{
  Reader reader(archive_read_new());
  if (!reader) {
    return nullptr;
  }
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_filter_xz(reader.get());
  archive_read_support_filter_bzip2(reader.get());
  archive_read_support_filter_zstd(reader.get());
  archive_read_support_format_tar(reader.get());
  archive_read_support_format_zip(reader.get());
  if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
    return nullptr;
  }
  return reader;
}

/// "a/../b", "/a": says another place than it lies in.
bool climbs(std::string_view name)
{
  if (name.starts_with('/')) {
    return true;
  }
  while (!name.empty()) {
    if (take_until(name, '/') == "..") {
      return true;
    }
  }
  return false;
}

bool is_hidden(std::string_view name)
{
  return file_name(name).starts_with('.');
}

class ListArchive {
public:
  ListArchive(const std::string& path, std::string_view bytes, const ListHints& hints)
      : path_(path), bytes_(bytes), hints_(hints)
  {
  }
  Result<Lists> read();

private:
  [[nodiscard]] tl::unexpected<Error> broken() const;
  [[nodiscard]] tl::unexpected<Error> too_large() const;
  [[nodiscard]] std::size_t allowed() const;
  Result<void> read_entry(archive_entry* entry);
  Result<std::string> content_of_entry();
  void pass_over(const std::string& name, const std::string& why);

  const std::string& path_;
  std::string_view bytes_;
  const ListHints& hints_;
  Reader reader_;
  std::size_t unpacked_ = 0;
  Lists found_;
};

tl::unexpected<Error> ListArchive::broken() const
{
  const char* why = reader_ ? archive_error_string(reader_.get()) : nullptr;
  return fail(Fault::Usage,
              say("{}: this archive cannot be read: {}",
                  path_,
                  why == nullptr ? std::string("-") : shown(why)));
}

std::size_t ListArchive::allowed() const
{
  return std::min(most_unpacked, std::max(always_allowed, most_ratio * bytes_.size()));
}

tl::unexpected<Error> ListArchive::too_large() const
{
  return fail(Fault::Usage,
              say("{}: unpacks to more than {} bytes, which is too much for an archive of {} bytes",
                  path_,
                  allowed(),
                  bytes_.size()));
}

void ListArchive::pass_over(const std::string& name, const std::string& why)
{
  found_.passed_over.push_back(name + ": " + why);
}

Result<std::string> ListArchive::content_of_entry()
{
  std::string content;
  for (;;) {
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int status = archive_read_data_block(reader_.get(), &block, &size, &offset);
    if (status == ARCHIVE_EOF) {
      return content;
    }
    if (status != ARCHIVE_OK) {
      return broken();
    }
    // A hole in a sparse file counts as what it would become; blocks never go back.
    const auto start = static_cast<std::size_t>(std::max<la_int64_t>(offset, 0));
    if (offset < 0 || start < content.size() || start > allowed() || size > allowed() - start ||
        start + size - content.size() > allowed() - unpacked_) {
      return too_large();
    }
    unpacked_ += start + size - content.size();
    content.resize(start);
    content.append(static_cast<const char*>(block), size);
  }
}

Result<void> ListArchive::read_entry(archive_entry* entry)
{
  const char* raw = archive_entry_pathname(entry);
  const std::string_view inside = raw == nullptr ? "" : raw;
  if (archive_entry_filetype(entry) == AE_IFDIR) {
    return {};
  }
  const auto name = path_ + "/" + shown(inside, longest_path);
  if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr) {
    pass_over(name, say("a link or device, which is not read"));
    return {};
  }
  if (climbs(inside)) {
    pass_over(name, say("its path leads out of the archive"));
    return {};
  }
  if (is_hidden(inside)) {
    return {};
  }
  const auto content = content_of_entry();
  if (!content) {
    return fail(content.error());
  }
  if (is_archive(*content)) {
    pass_over(name, say("an archive within an archive, which is not read"));
    return {};
  }
  if (auto list = read_list(name, *content, hints_)) {
    found_.files.push_back(std::move(*list));
  } else {
    found_.passed_over.push_back(list.error().message);
  }
  return {};
}

Result<Lists> ListArchive::read()
{
  reader_ = open_reader(bytes_);
  if (!reader_) {
    return broken();
  }
  for (std::size_t entries = 0;; ++entries) {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(reader_.get(), &entry);
    if (status == ARCHIVE_EOF) {
      break;
    }
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
      return broken();
    }
    if (entries == most_entries) {
      return fail(Fault::Usage, say("{}: more than {} files in it", path_, most_entries));
    }
    ZONDER_TRY(read_entry(entry));
  }
  const auto by_path = [](const ListFile& a, const ListFile& b) {
    return a.path < b.path;
  };
  std::stable_sort(found_.files.begin(), found_.files.end(), by_path);
  return if_any(path_, std::move(found_));
}

}  // namespace

bool lists::is_archive(std::string_view bytes)
{
  using namespace std::string_view_literals;
  constexpr std::size_t tar_magic_at = 257;
  return bytes.starts_with("\x1F\x8B"sv) ||
         bytes.starts_with("\xFD"
                           "7zXZ\0"sv) ||
         bytes.starts_with("BZh"sv) || bytes.starts_with("\x28\xB5\x2F\xFD"sv) ||
         bytes.starts_with("PK\x03\x04"sv) ||
         (bytes.size() > tar_magic_at && bytes.substr(tar_magic_at).starts_with("ustar"sv));
}

Result<Lists>
read_list_archive(const std::string& path, std::string_view bytes, const ListHints& hints)
{
  return ListArchive(path, bytes, hints).read();
}

}  // namespace zonder::wire

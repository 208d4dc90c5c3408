// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "base/file.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/translate.hh"

namespace zonder {
namespace {

tl::unexpected<Error> cannot(const char* what, const std::string& path)
{
  const int error = errno;
  return fail(Fault::Usage, fmt::format(fmt::runtime(what), path, std::strerror(error)));
}

/// Fills `to` from the beginning of the file.
Result<void> read_into(std::span<std::byte> to, const Descriptor& file, const std::string& path)
{
  for (std::size_t have = 0; have < to.size();) {
    const auto count =
        ::pread(file.get(), to.data() + have, to.size() - have, static_cast<off_t>(have));
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return cannot(tr("cannot read {}: {}"), path);
    }
    if (count == 0) {
      return fail(Fault::Usage, say("{} became shorter while it was read: try again", path));
    }
    have += static_cast<std::size_t>(count);
  }
  return {};
}

std::string folder_of(const std::string& path)
{
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

/// A file beside the one that it is to replace, which has a name only once it is whole, where the
/// file system can do that: whoever is killed meanwhile leaves nothing half-written. Removed by the
/// destructor, unless it has moved.
class NewFile {
public:
  explicit NewFile(const std::string& path) : path_(path)
  {
    if (::access("/proc/self/fd", X_OK) == 0) {  // by which it gets its name
      file_ = Descriptor(::open(folder_of(path).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
    }
    if (!file_) {
      name_ = path + ".XXXXXX";
      file_ = Descriptor(::mkostemp(name_.data(), O_CLOEXEC));
      name_ = file_ ? name_ : std::string();
    }
  }
  ~NewFile()
  {
    if (!name_.empty()) {
      ::unlink(name_.c_str());
    }
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  NewFile(NewFile&&) = delete;
  NewFile& operator=(NewFile&&) = delete;

  /// All of it, synced, under its name. False: errno says why not.
  bool write(std::string_view content, unsigned mode)
  {
    while (file_ && !content.empty()) {
      const auto count = ::write(file_.get(), content.data(), content.size());
      if (count < 0 && errno != EINTR) {
        return false;
      }
      content.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return file_ && ::fchmod(file_.get(), mode & ~mask) == 0 && ::fsync(file_.get()) == 0 &&
           (!name_.empty() || give_name());
  }
  [[nodiscard]] const std::string& name() const { return name_; }
  void has_moved() { name_.clear(); }

private:
  bool give_name()
  {
    const auto self = "/proc/self/fd/" + std::to_string(file_.get());
    // Of this process: what has that name already, one before with the same number left.
    auto name = path_ + "." + std::to_string(::getpid()) + "-" + std::to_string(file_.get());
    ::unlink(name.c_str());
    if (::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0) {
      return false;
    }
    name_ = std::move(name);
    return true;
  }

  std::string path_;
  Descriptor file_;
  std::string name_;  // empty: none yet
};

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t limit)
{
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) {
    return cannot(tr("cannot read {}: {}"), path);
  }
  std::string content;
  std::array<char, 65536> buffer;  // to empty it takes longer than most of these files to be read
  for (;;) {
    const auto count = ::read(file.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return cannot(tr("cannot read {}: {}"), path);
    }
    if (count == 0) {
      return content;
    }
    if (content.size() + static_cast<std::size_t>(count) > limit) {
      return fail(Fault::Usage,
                  say("{} is larger than the {} bytes that are allowed", path, limit));
    }
    content.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

Result<void> write_file(const std::string& path, std::string_view content, unsigned mode)
{
  NewFile file(path);
  if (!file.write(content, mode) || ::rename(file.name().c_str(), path.c_str()) != 0) {
    return cannot(tr("cannot write {}: {}"), path);
  }
  file.has_moved();
  // So that it is there after a power failure too. Where a folder cannot be synced, it is not less.
  const Descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  (void)::fsync(folder.get());
  return {};
}

Result<void> try_to_write(const std::string& path, std::string_view content)
{
  NewFile file(path);
  return file.write(content, 0600) ? Result<void>() : cannot(tr("cannot write {}: {}"), path);
}

Result<void> make_folders(const std::string& path)
{
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) {
    return fail(Fault::Usage, say("cannot make the folder {}: {}", path, error.message()));
  }
  return {};
}

Result<LoadedFile> LoadedFile::open(const std::string& path)
{
  return open(path, 0, [](std::span<const std::byte>, std::uint64_t) { return Result<void>(); });
}

Result<LoadedFile> LoadedFile::open(const std::string& path, std::size_t head, const Judge& judge)
{
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about = {};
  if (!file || ::fstat(file.get(), &about) != 0) {
    return cannot(tr("cannot read {}: {}"), path);
  }
  if (!S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode)) {
    return fail(Fault::Usage,
                say("cannot read {}: it is a pipe or a device, and a file is wanted", path));
  }
  if (S_ISDIR(about.st_mode)) {
    errno = EISDIR;
    return cannot(tr("cannot read {}: {}"), path);
  }
  const auto size = static_cast<std::size_t>(about.st_size);
  std::vector<std::byte> first(std::min(head, size));
  ZONDER_TRY(read_into(first, file, path));
  ZONDER_TRY(judge(first, size));
  if (size == 0) {
    return LoadedFile(nullptr, 0);
  }
  // Not a string, whose bytes are zeroed first; in large pages, which halves what this costs.
  void* start = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) {
    return cannot(tr("cannot read {}: {}"), path);
  }
  (void)::madvise(start, size, MADV_HUGEPAGE);
  LoadedFile loaded(static_cast<std::byte*>(start), size);
  ZONDER_TRY(read_into({loaded.start_, size}, file, path));
  return loaded;
}

LoadedFile::LoadedFile(LoadedFile&& other) noexcept
    : start_(std::exchange(other.start_, nullptr)), size_(std::exchange(other.size_, 0))
{
}

LoadedFile& LoadedFile::operator=(LoadedFile&& other) noexcept
{
  std::swap(start_, other.start_);
  std::swap(size_, other.size_);
  return *this;
}

LoadedFile::~LoadedFile()
{
  if (start_ != nullptr) {
    ::munmap(start_, size_);
  }
}

Result<TemporaryFolder> TemporaryFolder::make(const std::string& prefix)
{
  const char* place = std::getenv("TMPDIR");
  const std::filesystem::path around = place == nullptr || *place == '\0' ? "/tmp" : place;
  // Whoever removes it may be in another folder by then.
  std::error_code error;
  std::string path = (std::filesystem::absolute(around, error) / (prefix + ".XXXXXX")).string();
  if (error) {
    return fail(Fault::Usage,
                say("cannot make the folder {}: {}", around.string(), error.message()));
  }
  if (::mkdtemp(path.data()) == nullptr) {
    return cannot(tr("cannot make the folder {}: {}"), path);
  }
  return TemporaryFolder(std::move(path));
}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept
    : path_(std::exchange(other.path_, {}))
{
}

TemporaryFolder& TemporaryFolder::operator=(TemporaryFolder&& other) noexcept
{
  std::swap(path_, other.path_);
  return *this;
}

TemporaryFolder::~TemporaryFolder()
{
  if (!path_.empty()) {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
}

std::string program_folder()
{
  std::array<char, PATH_MAX> path{};
  const auto length = ::readlink("/proc/self/exe", path.data(), path.size() - 1);
  if (length <= 0) {
    return ".";
  }
  return std::filesystem::path(std::string(path.data(), static_cast<std::size_t>(length)))
      .parent_path();
}

}  // namespace zonder

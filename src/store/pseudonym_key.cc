// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.hh"
#include "base/translate.hh"
#include "store/observation_store.hh"

namespace zonder::store {
namespace {

using Secret = trust::KeyedWord::Secret;

tl::unexpected<Error> failed(const std::string& path)
{
  return fail(Fault::Usage, say("{}: {}", path, std::strerror(errno)));
}

/// Nobody else can have made the file, and nobody else can read it, from its first byte on.
Result<void> make_key(const std::string& path)
{
  Secret secret{};
  if (::getentropy(secret.data(), secret.size()) != 0) {
    return fail(Fault::NotPossible, say("the system gives no random bytes"));
  }
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file) {
    return failed(path);
  }
  if (::write(file.get(), secret.data(), secret.size()) != static_cast<ssize_t>(secret.size()) ||
      ::fsync(file.get()) != 0) {
    const auto error = failed(path);
    (void)::unlink(path.c_str());
    return error;
  }
  return {};
}

}  // namespace

Result<trust::KeyedWord> pseudonym_key(const std::string& path)
{
  struct stat about = {};
  if (::stat(path.c_str(), &about) != 0 && errno == ENOENT) {
    ZONDER_TRY(make_key(path));
  }
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file || ::fstat(file.get(), &about) != 0) {
    return failed(path);
  }
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return fail(Fault::Usage,
                say("{}: others may read this key, which undoes the pseudonyms: chmod 600", path));
  }
  Secret secret{};
  if (about.st_size != static_cast<off_t>(secret.size()) ||
      ::read(file.get(), secret.data(), secret.size()) != static_cast<ssize_t>(secret.size())) {
    return fail(Fault::Usage, say("{}: not a key of zonder's", path));
  }
  return trust::KeyedWord(secret);
}

}  // namespace zonder::store

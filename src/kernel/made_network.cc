// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "kernel/made_network.hh"

#include <cerrno>
#include <cstring>

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "base/descriptor.hh"
#include "base/translate.hh"

namespace zonder::kernel {

Result<MadeNetwork> MadeNetwork::of_socket(int socket, ino_t outside)
{
  // Answers only for a namespace over which we have CAP_NET_ADMIN, which is right.
  const Descriptor space(::ioctl(socket, SIOCGSKNS));
  struct stat found {};
  if (!space || ::fstat(space.get(), &found) != 0) {
    return fail(Fault::Internal,
                say("cannot find out to which network a socket belongs: {}", std::strerror(errno)));
  }
  // The first process's namespace is the machine's own; an ordinary user may not read which it is,
  // but then cannot have CAP_NET_ADMIN there either.
  struct stat first {};
  const bool known = ::stat("/proc/1/ns/net", &first) == 0;
  if (found.st_ino == outside || (known && found.st_ino == first.st_ino)) {
    return fail(Fault::Internal,
                say("refusing to load rules into the machine's own network: this is a fault in "
                    "zonder, please report it"));
  }
  return MadeNetwork(found.st_ino);
}

}  // namespace zonder::kernel

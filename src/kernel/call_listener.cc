// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "kernel/call_listener.hh"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#ifndef SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP
// Linux 6.6.
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#endif

namespace zonder::kernel {
namespace {

constexpr std::size_t most_address_bytes = sizeof(sockaddr_storage);

/// The call by its number. Nothing: not one of ours.
struct Numbered {
  std::uint32_t architecture;
  int number;
  WatchedCall call;
};

std::vector<Numbered> all_numbers()
{
  std::vector<Numbered> all;
  const auto add = [&](std::uint32_t architecture, std::uint32_t audit) {
    for (const auto& [name, call] : {std::pair("connect", WatchedCall::Connect),
                                     std::pair("bind", WatchedCall::Bind),
                                     std::pair("sendto", WatchedCall::SendTo),
                                     std::pair("sendmsg", WatchedCall::SendMessage),
                                     std::pair("sendmmsg", WatchedCall::SendMessages)}) {
      const int number = ::seccomp_syscall_resolve_name_arch(architecture, name);
      if (number >= 0) {
        all.push_back({audit, number, call});
      }
    }
  };
#if defined(__x86_64__)
  add(SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64);
  add(SCMP_ARCH_X32, AUDIT_ARCH_X86_64);
  add(SCMP_ARCH_X86, AUDIT_ARCH_I386);
#elif defined(__aarch64__)
  add(SCMP_ARCH_AARCH64, AUDIT_ARCH_AARCH64);
  add(SCMP_ARCH_ARM, AUDIT_ARCH_ARM);
#else
  add(::seccomp_arch_native(), ::seccomp_arch_native());
#endif
  return all;
}

std::optional<WatchedCall> call_of(std::uint32_t architecture, int number)
{
  static const auto numbers = all_numbers();
  for (const auto& each : numbers) {
    if (each.architecture == architecture && each.number == number) {
      return each.call;
    }
  }
  return std::nullopt;
}

bool is_narrow([[maybe_unused]] const seccomp_data& data)
{
#if defined(__x86_64__)
  constexpr int x32_bit = 0x40000000;
  return data.arch == AUDIT_ARCH_I386 || (data.nr & x32_bit) != 0;
#elif defined(__aarch64__)
  return data.arch == AUDIT_ARCH_ARM;
#else
  return false;
#endif
}

/// Where the call went through socketcall(2), its arguments lie in memory. False: it is no call of
/// ours.
bool unpack_socketcall([[maybe_unused]] const seccomp_data& data,
                       [[maybe_unused]] CallNotice& notice)
{
#if defined(__x86_64__)
  static const int socketcall = ::seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86, "socketcall");
  if (data.arch != AUDIT_ARCH_I386 || data.nr != socketcall) {
    return false;
  }
  notice.from_memory = true;
  switch (data.args[0]) {
  case 1:
    notice.call = WatchedCall::Socket;
    break;
  case 2:
    notice.call = WatchedCall::Bind;
    break;
  case 3:
    notice.call = WatchedCall::Connect;
    break;
  case 14:
    notice.call = WatchedCall::SetOption;
    break;
  case 11:
    notice.call = WatchedCall::SendTo;
    break;
  case 16:
    notice.call = WatchedCall::SendMessage;
    break;
  case 20:
    notice.call = WatchedCall::SendMessages;
    break;
  default:
    return false;
  }
  std::array<std::uint32_t, 6> words{};
  // What there is less than six arguments may end a page early.
  const std::size_t count = notice.call == WatchedCall::SendTo         ? 6
                            : notice.call == WatchedCall::SetOption    ? 5
                            : notice.call == WatchedCall::SendMessages ? 4
                                                                       : 3;
  if (!read_memory(notice.thread,
                   data.args[1],
                   {reinterpret_cast<std::uint8_t*>(words.data()), count * sizeof words[0]})) {
    notice.unread = errno;
  }
  std::copy(words.begin(), words.end(), notice.arguments.begin());
  return true;
#else
  return false;
#endif
}

void read_address(pid_t process, std::uint64_t pointer, std::uint64_t length, NamedAddresses& into)
{
  SocketBytes bytes(
      std::min<std::uint64_t>(static_cast<std::uint32_t>(length), most_address_bytes));
  if (pointer == 0 || bytes.size() < sizeof(sa_family_t)) {
    return;
  }
  if (read_memory(process, pointer, bytes)) {
    into.all.push_back(std::move(bytes));
  } else {
    into.hidden = true;
  }
}

/// One msghdr among the bytes of an array of them: where the address is, and how long.
struct NamePlace {
  std::uint64_t pointer = 0;
  std::uint64_t length = 0;
};

NamePlace name_place(std::span<const std::uint8_t> header, bool narrow)
{
  NamePlace place;
  if (narrow) {
    std::uint32_t pointer = 0;
    std::memcpy(&pointer, header.data(), sizeof pointer);
    place.pointer = pointer;
  } else {
    std::memcpy(&place.pointer, header.data(), sizeof place.pointer);
  }
  std::uint32_t length = 0;  // msg_namelen follows msg_name in all of them
  std::memcpy(&length, header.data() + (narrow ? 4 : 8), sizeof length);
  place.length = length;
  return place;
}

}  // namespace

CallListener::CallListener(Descriptor descriptor) : descriptor_(std::move(descriptor))
{
  // Caller and supervisor wait for each other, so they do best on one processor. Older kernels do
  // not know this, and are slower.
  (void)::ioctl(
      descriptor_.get(), SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
}

std::optional<CallNotice> CallListener::receive()
{
  seccomp_notif told{};
  if (::ioctl(descriptor_.get(), SECCOMP_IOCTL_NOTIF_RECV, &told) != 0) {
    return std::nullopt;
  }
  CallNotice notice;
  notice.id = told.id;
  notice.thread = static_cast<pid_t>(told.pid);
  notice.narrow = is_narrow(told.data);
  std::copy(std::begin(told.data.args), std::end(told.data.args), notice.arguments.begin());
  if (const auto call = call_of(told.data.arch, told.data.nr)) {
    notice.call = *call;
    return notice;
  }
  if (unpack_socketcall(told.data, notice)) {
    return notice;
  }
  let_go_on(notice);
  return std::nullopt;
}

bool CallListener::still_waits(const CallNotice& notice) const
{
  return ::ioctl(descriptor_.get(), SECCOMP_IOCTL_NOTIF_ID_VALID, &notice.id) == 0;
}

void CallListener::let_go_on(const CallNotice& notice)
{
  seccomp_notif_resp answer{};
  answer.id = notice.id;
  answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  // It may have been killed meanwhile, which is fine.
  (void)::ioctl(descriptor_.get(), SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

void CallListener::answer(const CallNotice& notice, std::int64_t value)
{
  seccomp_notif_resp answer{};
  answer.id = notice.id;
  if (value < 0) {
    answer.error = static_cast<std::int32_t>(value);
  } else {
    answer.val = value;
  }
  (void)::ioctl(descriptor_.get(), SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

void CallListener::give(const CallNotice& notice, int descriptor, bool close_on_exec)
{
  seccomp_notif_addfd with{};
  with.id = notice.id;
  with.flags = SECCOMP_ADDFD_FLAG_SEND;
  with.srcfd = static_cast<std::uint32_t>(descriptor);
  with.newfd_flags = close_on_exec ? O_CLOEXEC : 0;
  if (::ioctl(descriptor_.get(), SECCOMP_IOCTL_NOTIF_ADDFD, &with) < 0) {
    answer(notice, -errno);
  }
}

bool read_memory(pid_t process, std::uint64_t address, std::span<std::uint8_t> into)
{
  errno = EFAULT;  // for a part of it
  const iovec here = {.iov_base = into.data(), .iov_len = into.size()};
  // An address in the other process; only the kernel follows it.
  const iovec there = {.iov_base = reinterpret_cast<void*>(address), .iov_len = into.size()};
  return ::process_vm_readv(process, &here, 1, &there, 1, 0) == static_cast<ssize_t>(into.size());
}

bool write_memory(pid_t process, std::uint64_t address, std::span<const std::uint8_t> from)
{
  // Only read; the structure is the same for both ways.
  const iovec here = {.iov_base = const_cast<std::uint8_t*>(from.data()), .iov_len = from.size()};
  const iovec there = {.iov_base = reinterpret_cast<void*>(address), .iov_len = from.size()};
  return ::process_vm_writev(process, &here, 1, &there, 1, 0) == static_cast<ssize_t>(from.size());
}

NamedAddresses addresses_in(const CallNotice& notice, std::size_t limit)
{
  NamedAddresses addresses;
  const bool many = notice.call == WatchedCall::SendMessages;
  if (!many && notice.call != WatchedCall::SendMessage) {
    const std::size_t at = notice.call == WatchedCall::SendTo ? 4 : 1;
    read_address(notice.thread, notice.arguments[at], notice.arguments[at + 1], addresses);
    return addresses;
  }
  // struct msghdr, and struct mmsghdr with a length behind it.
  const std::size_t header = notice.narrow ? 28 : 56;
  const std::size_t step = many ? (notice.narrow ? 32 : 64) : header;
  const auto asked = many ? static_cast<std::uint32_t>(notice.arguments[2]) : 1U;
  const auto count = std::min<std::size_t>(asked, limit);
  std::vector<std::uint8_t> headers(count * step);
  if (count == 0) {
    return addresses;
  }
  if (!read_memory(notice.thread, notice.arguments[1], headers)) {
    addresses.hidden = true;
    return addresses;
  }
  NamePlace before;
  bool named = false;
  for (std::size_t i = 0; i < count; ++i) {
    const auto place = name_place(std::span(headers).subspan(i * step, header), notice.narrow);
    const auto known = addresses.all.size();
    // Usually all say the same place.
    if (i == 0 || place.pointer != before.pointer || place.length != before.length) {
      read_address(notice.thread, place.pointer, place.length, addresses);
      named = addresses.all.size() > known;
      before = place;
    } else if (named) {
      addresses.all.push_back(addresses.all.back());
    }
  }
  return addresses;
}

}  // namespace zonder::kernel

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "kernel/call_filter.hh"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/translate.hh"

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
// Linux 5.19: a signal does not end a call that the supervisor has already taken in.
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

namespace zonder::kernel {
namespace {

constexpr std::array told_always = {
    SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg)};
constexpr std::array not_there = {
    SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter), SCMP_SYS(io_uring_register)};
// The numbers of socketcall(2) for the same calls (linux/net.h): bind, connect, sendto, sendmsg,
// sendmmsg.
constexpr std::array socket_calls = {2, 3, 11, 16, 20};
[[maybe_unused]] constexpr int make_socket = 1;
[[maybe_unused]] constexpr int set_option = 14;

class Filter {
public:
  Filter() : context_(::seccomp_init(SCMP_ACT_ALLOW)) {}
  ~Filter() { ::seccomp_release(context_); }
  Filter(const Filter&) = delete;
  Filter& operator=(const Filter&) = delete;
  Filter(Filter&&) = delete;
  Filter& operator=(Filter&&) = delete;

  [[nodiscard]] scmp_filter_ctx get() const { return context_; }

private:
  scmp_filter_ctx context_;
};

/// The library's own macros for this are C99.
scmp_arg_cmp when(unsigned argument, scmp_compare how, scmp_datum_t value)
{
  scmp_arg_cmp condition{};
  condition.arg = argument;
  condition.op = how;
  condition.datum_a = value;
  return condition;
}

/// vsock is a way from a virtual machine to its host that no network namespace holds.
int deny_vsock(scmp_filter_ctx context)
{
  return ::seccomp_rule_add(
      context, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 1, when(0, SCMP_CMP_EQ, AF_VSOCK));
}

/// A rule is for the architectures that are there when it is added.
int add_architectures(scmp_filter_ctx context)
{
  int failed = 0;
  const auto then = [&](int result) {
    failed = failed != 0 ? failed : result;
  };
#if defined(__x86_64__)
  then(::seccomp_arch_add(context, SCMP_ARCH_X32));
  then(deny_vsock(context));
  // Not for 32-bit programs: they may make their sockets by socketcall, of which a filter sees no
  // address family, and libseccomp would deny them all.
  then(::seccomp_arch_add(context, SCMP_ARCH_X86));
#elif defined(__aarch64__)
  then(::seccomp_arch_add(context, SCMP_ARCH_ARM));
  then(deny_vsock(context));
#else
  then(deny_vsock(context));
#endif
  return failed;
}

int add_rules(scmp_filter_ctx context, [[maybe_unused]] CallFilterUse use)
{
  int failed = ::seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
  const auto then = [&](int result) {
    failed = failed != 0 ? failed : result;
  };
  then(add_architectures(context));
  for (const int call : told_always) {
    then(::seccomp_rule_add(context, SCMP_ACT_NOTIFY, call, 0));
  }
  // Without an address it goes where the socket was connected to, of which we were told.
  then(::seccomp_rule_add(context, SCMP_ACT_NOTIFY, SCMP_SYS(sendto), 1, when(4, SCMP_CMP_NE, 0)));
#if defined(__x86_64__)
  // libseccomp translates socketcall's numbers itself where a rule names the call without looking
  // at arguments, but not for sendto with one: said here, so that nothing hangs on that.
  std::vector<int> numbers(socket_calls.begin(), socket_calls.end());
  if (use == CallFilterUse::Decide) {
    // Of what family, and which option, lies in memory, where no filter sees it.
    numbers.push_back(make_socket);
    numbers.push_back(set_option);
  }
  for (const int number : numbers) {
    const int result = ::seccomp_rule_add(context,
                                          SCMP_ACT_NOTIFY,
                                          SCMP_SYS(socketcall),
                                          1,
                                          when(0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(number)));
    then(result == -EEXIST ? 0 : result);
  }
#endif
  for (const int call : not_there) {
    then(::seccomp_rule_add(context, SCMP_ACT_ERRNO(ENOSYS), call, 0));
  }
  return failed;
}

}  // namespace

Result<std::vector<sock_filter>> make_call_filter(CallFilterUse use)
{
  const Filter filter;
  const Descriptor file(::memfd_create("zonder-filter", MFD_CLOEXEC));
  int failed = filter.get() == nullptr ? -ENOMEM : file ? add_rules(filter.get(), use) : -errno;
  if (failed == 0) {
    failed = ::seccomp_export_bpf(filter.get(), file.get());
  }
  struct stat about {};
  if (failed != 0 || ::fstat(file.get(), &about) != 0) {
    return fail(Fault::NotPossible,
                say("cannot make the filter that tells who asked: {}",
                    std::strerror(failed != 0 ? -failed : errno)));
  }
  std::vector<sock_filter> program(static_cast<std::size_t>(about.st_size) / sizeof(sock_filter));
  const auto bytes = program.size() * sizeof(sock_filter);
  if (::pread(file.get(), program.data(), bytes, 0) != static_cast<ssize_t>(bytes)) {
    return fail(Fault::NotPossible,
                say("cannot make the filter that tells who asked: {}", std::strerror(errno)));
  }
  return program;
}

int watch_own_calls(const std::vector<sock_filter>& filter)
{
  const sock_fprog program = {.len = static_cast<unsigned short>(filter.size()),
                              .filter = const_cast<sock_filter*>(filter.data())};  // only read
  const auto install = [&](unsigned long flags) {
    return static_cast<int>(::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program));
  };
  int listener = install(SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
  if (listener < 0 && errno == EINVAL) {
    listener = install(SECCOMP_FILTER_FLAG_NEW_LISTENER);
  }
  return listener < 0 ? -errno : listener;
}

}  // namespace zonder::kernel

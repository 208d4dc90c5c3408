// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/file.hh"
#include "kernel/links.hh"
#include "kernel/namespaces.hh"
#include "support/namespaces.hh"
#include "support/not_here.hh"

namespace zonder::kernel {
namespace {

TEST(Namespaces, ChildIsRootOfItsOwnUserNamespaceAndHasOnlyThatId)
{
  test::in_new_namespaces({.user = true, .mount = true, .pid = true}, []() -> std::string {
    if (::geteuid() != 0 || ::getegid() != 0) {
      return "not root inside";
    }
    if (::getpid() != 1) {
      return "not the first process of its pid namespace";
    }
    if (::setuid(12345) == 0) {
      return "became an id that was not mapped";
    }
    return "";
  });
}

TEST(Namespaces, InnerIdIsTheOneAskedFor)
{
  test::in_new_namespaces({.user = true, .inner_uid = 4711, .inner_gid = 4712},
                          []() -> std::string {
                            return ::geteuid() == 4711 && ::getegid() == 4712 ? "" : "other ids";
                          });
}

TEST(Namespaces, ExitCodeIsWhatTheBodyReturns)
{
  auto child = start_in_new_namespaces({.user = true}, [] { return 42; });
  if (!child) {
    ZONDER_NO_NAMESPACES(child.error().message);
  }
  EXPECT_EQ(child->wait(), (ExitStatus{.code = 42, .signal = 0}));
}

TEST(Namespaces, ThrowingBodyEndsTheChildAndNotUs)
{
  auto child =
      start_in_new_namespaces({.user = true}, []() -> int { throw std::runtime_error("x"); });
  if (!child) {
    ZONDER_NO_NAMESPACES(child.error().message);
  }
  EXPECT_EQ(child->wait().code, 125);
}

TEST(Namespaces, ChildDiesWithTheOneWhoStartedIt)
{
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  Descriptor reader(ends[0]);
  Descriptor writer(ends[1]);
  auto outer = start_in_new_namespaces({.user = true}, [&] {
    auto inner = start_in_new_namespaces({.pid = true}, [] {
      ::sleep(60);
      return 0;
    });
    ::kill(::getpid(), SIGKILL);
    return 0;
  });
  if (!outer) {
    ZONDER_NO_NAMESPACES(outer.error().message);
  }
  writer.reset();
  EXPECT_EQ(outer->wait().signal, SIGKILL);
  // Both held the write end; the pipe ends when both are gone.
  char byte = 0;
  EXPECT_EQ(::read(reader.get(), &byte, 1), 0);
}

TEST(Namespaces, WorkWhileOtherThreadsAllocate)
{
  std::jthread busy([](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const std::vector<std::string> garbage(100, std::string(100, 'x'));
      EXPECT_EQ(garbage.size(), 100U);
    }
  });
  for (int round = 0; round < 20; ++round) {
    auto child = start_in_new_namespaces(
        {.user = true}, [] { return static_cast<int>(std::string(1000, 'x').size() % 7); });
    if (!child) {
      ZONDER_NO_NAMESPACES(child.error().message);
    }
    EXPECT_EQ(child->wait().code, 1000 % 7);
  }
}

TEST(Namespaces, MountsStayInside)
{
  const auto before = read_file("/proc/self/mounts");
  test::in_new_namespaces({.mount = true}, []() -> std::string {
    if (::mount("tmpfs", "/mnt", "tmpfs", 0, nullptr) != 0) {
      return "cannot mount";
    }
    const auto mounts = read_file("/proc/self/mounts");
    return mounts && mounts->find(" /mnt tmpfs") != std::string::npos ? "" : "mount not there";
  });
  EXPECT_EQ(before.value(), read_file("/proc/self/mounts").value());
}

TEST(Namespaces, NetworkBodyRunsElsewhereAndWeStay)
{
  test::in_new_namespaces({}, []() -> std::string {
    const auto own = own_namespace_id("net");
    const auto other = new_network_namespace();
    if (!other) {
      return other.error().message;
    }
    ino_t seen = 0;
    const auto done = in_network_namespace(other->get(), [&]() -> Result<void> {
      seen = own_namespace_id("net").value();
      return {};
    });
    if (!done || seen != namespace_id(other->get()).value() || seen == *own) {
      return "the body did not run in the other namespace";
    }
    return own_namespace_id("net").value() == *own ? "" : "we moved";
  });
}

TEST(Namespaces, OptionIsSetInThatNamespaceOnly)
{
  test::in_new_namespaces({}, []() -> std::string {
    const auto other = new_network_namespace();
    if (!other || !set_network_option(other->get(), "ipv4/ip_forward", "1")) {
      return "cannot set";
    }
    std::string there;
    (void)in_network_namespace(other->get(), [&]() -> Result<void> {
      there = read_file("/proc/sys/net/ipv4/ip_forward").value();
      return {};
    });
    const auto here = read_file("/proc/sys/net/ipv4/ip_forward").value();
    return there == "1\n" && here == "0\n" ? "" : "there " + there + ", here " + here;
  });
}

TEST(Namespaces, UnknownProcessIsAnError)
{
  EXPECT_FALSE(open_namespace(0x3fffffff, "net"));
}

}  // namespace
}  // namespace zonder::kernel

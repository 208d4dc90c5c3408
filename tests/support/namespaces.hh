// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <functional>

#include <gtest/gtest.h>
#include <unistd.h>

#include "kernel/namespaces.hh"
#include "support/not_here.hh"

// Tests that need the rights of root over a network get them in new namespaces of their own, which
// have no way out; nothing of the machine is touched. The body runs in a child process: it returns
// an empty text when all is well, else what is wrong.
namespace zonder::test {

/// Runs `body` as root of new namespaces (always with a network of its own, in which loopback is
/// down; a user namespace too when we are not root) and fails the test with what it says.
inline void in_new_namespaces(kernel::NewNamespaces which, const std::function<std::string()>& body)
{
  which.network = true;
  which.user = which.user || ::geteuid() != 0;
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  Descriptor reader(ends[0]);
  Descriptor writer(ends[1]);
  auto child = kernel::start_in_new_namespaces(which, [&] {
    const auto wrong = body();
    (void)!::write(writer.get(), wrong.data(), wrong.size());
    return wrong.empty() ? 0 : 1;
  });
  writer.reset();
  if (!child) {
    ZONDER_NO_NAMESPACES(child.error().message);
  }
  std::string wrong;
  std::array<char, 4096> buffer{};
  for (ssize_t count = 0; (count = ::read(reader.get(), buffer.data(), buffer.size())) > 0;) {
    wrong.append(buffer.data(), static_cast<std::size_t>(count));
  }
  if (wrong.starts_with("skip: ")) {
    child->wait();
    GTEST_SKIP() << wrong.substr(6);
  }
  EXPECT_EQ(child->wait(), (ExitStatus{.code = 0, .signal = 0})) << wrong;
}

}  // namespace zonder::test

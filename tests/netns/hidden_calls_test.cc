// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <cstdlib>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "isolate/run.hh"
#include "support/mini_internet.hh"
#include "support/run_checks.hh"

// Calls of which it is hard to see what they are about: none of them is passed over in silence, and
// by the engine that decides about calls none of them gets out. In both engines, as root and as an
// ordinary user.
namespace zonder::isolate {
namespace {

using test::Arrivals;
using test::differs;
using test::in_mini_internet;
using test::ordinary_user;

class HiddenCalls : public testing::TestWithParam<std::tuple<Engine, uid_t>> {
protected:
  static test::MiniInternetOptions world() { return {.uid = std::get<uid_t>(GetParam())}; }
  static bool by_calls() { return std::get<Engine>(GetParam()) == Engine::Seccomp; }
  static Result<model::RunRecord> run_with(std::vector<std::string> command)
  {
    auto options = test::without_microsoft(std::move(command));
    options.engine = std::get<Engine>(GetParam());
    return run(options);
  }
};

INSTANTIATE_TEST_SUITE_P(By,
                         HiddenCalls,
                         testing::Combine(testing::Values(Engine::Netns, Engine::Seccomp),
                                          testing::Values(uid_t{0}, ordinary_user)),
                         [](const auto& w) {
                           const bool calls = std::get<Engine>(w.param) == Engine::Seccomp;
                           const bool root = std::get<uid_t>(w.param) == 0;
                           return std::string(calls ? "Seccomp" : "Netns") +
                                  (root ? "AsRoot" : "AsOrdinaryUser");
                         });

bool is_told(const model::RunRecord& record)
{
  return std::any_of(record.attempts.begin(), record.attempts.end(), [](const auto& each) {
    return each.address && each.address->to_string() == test::microsoft_v4 &&
           each.verdict == model::Verdict::Blocked && !each.programs.empty();
  });
}

/// unshare(CLONE_FILES): one number is another socket there than for its process.
TEST_P(HiddenCalls, OfAThreadWithDescriptorsOfItsOwn)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto record = run_with({"python3", "-c", R"PY(
import ctypes, errno, os, socket, struct, threading
c = ctypes.CDLL(None, use_errno=True)
other = socket.socket(socket.AF_UNIX)
os.dup2(other.fileno(), 50)
said = []
def reach():
    assert c.unshare(0x400) == 0
    own = socket.socket()
    os.dup2(own.fileno(), 50)
    to = struct.pack('=H', 2) + struct.pack('>H', 80) + socket.inet_aton('20.190.128.1') + bytes(8)
    said.append((c.connect(50, to, 16), ctypes.get_errno()))
thread = threading.Thread(target=reach)
thread.start(); thread.join()
assert said[0][0] == -1 and said[0][1] in (errno.ECONNREFUSED, errno.EACCES), said
)PY"});
    return record ? differs("exit code", record->exit_code, 0) +
                        differs("told", is_told(*record) || record->refused_unseen > 0, true)
                  : record.error().message;
  });
}

/// memfd_secret(2): only the kernel and the program itself can read it.
TEST_P(HiddenCalls, WithAnAddressThatNobodyElseCanRead)
{
  in_mini_internet(world(), [](Arrivals&) -> std::string {
    const auto record = run_with({"python3", "-c", R"PY(
import ctypes, mmap, os, socket, struct, sys
c = ctypes.CDLL(None, use_errno=True)
secret = c.syscall(447, 0)
if secret < 0: sys.exit(77)
os.ftruncate(secret, 4096)
page = mmap.mmap(secret, 4096)
where = ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(page)))
to = struct.pack('=H', 2) + struct.pack('>H', 80) + socket.inet_aton('20.190.128.1') + bytes(8)
page[:16] = to
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
    s = socket.socket(socket.AF_INET, kind)
    assert kind == socket.SOCK_DGRAM or c.connect(s.fileno(), where, 16) == -1
    c.sendto(s.fileno(), where, 4, 0, where, 16)
)PY"});
    if (!record) {
      return record.error().message;
    }
    if (record->exit_code == 77) {
      return "";  // a kernel without such memory hides nothing in it
    }
    const auto unseen = by_calls() ? record->refused_unseen : record->unseen_calls;
    return differs("exit code", record->exit_code, 0) +
           differs("seen not to see", unseen > 1, true);
  });
}

/// Execute-only: of such a program an ordinary user can read no memory.
TEST_P(HiddenCalls, OfAProgramThatCannotBeRead)
{
  auto options = world();
  options.prepare = [] {
    (void)std::system("install -m 0711 /mnt/zonder/bin/reach /mnt/scratch/unreadable");
  };
  in_mini_internet(options, [](Arrivals&) -> std::string {
    const auto record = run_with({"/mnt/scratch/unreadable", "tcp", test::microsoft_v4, "80"});
    return record ? differs("exit code", record->exit_code, 1) +
                        differs("told",
                                is_told(*record) || record->refused_unseen > 0 ||
                                    record->unseen_calls > 0,
                                true)
                  : record.error().message;
  });
}

}  // namespace
}  // namespace zonder::isolate

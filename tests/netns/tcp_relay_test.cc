// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/file.hh"
#include "isolate/run.hh"
#include "kernel/namespaces.hh"
#include "support/mini_internet.hh"
#include "support/namespaces.hh"
#include "support/run_checks.hh"
#include "support/start_in.hh"

// TCP that zonder ends and passes on: a program in the room must not be able to tell it from a
// router by what it hears. So the same program tries the same places from the host itself and from
// the room, and says what became of each.
namespace zonder::isolate {
namespace {

using test::Arrivals;
using test::differs;
using test::in_mini_internet;
using test::ordinary_user;
using test::without_microsoft;

/// On the internet, at any address of the European service's: does what the first byte asks for.
constexpr const char* server = R"(
import hashlib, os, socket, struct, threading
def serve(c):
    what = c.recv(1)
    if what == b'h':    # hears everything, and only then answers
        digest, size = hashlib.sha256(), 0
        while True:
            some = c.recv(65536)
            if not some:
                break
            digest.update(some); size += len(some)
        c.sendall(('%d %s' % (size, digest.hexdigest())).encode())
    elif what == b's':  # says everything, while it hears nothing
        for i in range(200):
            c.sendall(bytes([i]) * 100000)
    elif what == b'r':  # breaks off
        c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    elif what == b'e':  # in turn
        while True:
            some = c.recv(1)
            if not some:
                break
            c.sendall(some)
    c.close()
s = socket.create_server(('::', 9000), family=socket.AF_INET6, dualstack_ipv6=True, backlog=500)
os.write(1, b'x')
while True:
    c, _ = s.accept()
    threading.Thread(target=serve, args=(c,), daemon=True).start()
)";

/// What becomes of it, a line each, into the file that is named. Those that hang are not in it.
constexpr const char* client = R"(
import errno, hashlib, socket, sys, time
out = open(sys.argv[1], 'w')
def opened(address, port, seconds=4):
    s = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET)
    s.settimeout(seconds)
    s.connect((address, port))
    return s
def tell(what, act):
    try:
        said = act()
    except socket.timeout:
        said = 'silence'
    except OSError as problem:
        said = errno.errorcode[problem.errno]
    print(what, said, file=out)
def asks(address, what, then):
    def act():
        s = opened(address, 9000, 20)
        s.sendall(what)
        return then(s)
    return act
def hears_all(s):
    body = bytes(range(256)) * 60000
    s.sendall(body); s.shutdown(socket.SHUT_WR)
    return s.recv(200).decode() == '%d %s' % (len(body), hashlib.sha256(body).hexdigest())
def says_all(s):
    time.sleep(0.3)  # it fills what is in between
    size = 0
    while True:
        some = s.recv(1000000)
        if not some:
            return size
        size += len(some)
def in_turn(s):
    for i in range(300):
        s.sendall(b'x')
        assert s.recv(1) == b'x'
    s.shutdown(socket.SHUT_WR)
    return s.recv(1) == b''
def many(address):
    def act():
        all = [opened(address, 9000, 20) for _ in range(400)]
        for s in all: s.sendall(b'e!')
        return sum(s.recv(1) == b'!' for s in all)
    return act
for address in ('193.0.6.139', '2001:67c:2e8:22::c100:68b'):
    tell('refused', lambda: opened(address, 9999))
    tell('hears all', asks(address, b'h', hears_all))
    tell('says all', asks(address, b's', says_all))
    tell('in turn', asks(address, b'e', in_turn))
    tell('breaks off', asks(address, b'r', lambda s: s.recv(1)))
    tell('many', many(address))
tell('nobody there', lambda: opened('192.168.50.77', 80, 8))
tell('no way', lambda: opened('203.0.113.77', 80, 8))
tell('no way', lambda: opened('2001:db8:77::1', 80, 8))
)";

struct Way {
  UplinkKind kind;
  const char* name;
  uid_t uid;
};

void PrintTo(const Way& way, std::ostream* out)
{
  *out << way.name << " as " << way.uid;
}

class TcpRelays : public testing::TestWithParam<Way> {};

INSTANTIATE_TEST_SUITE_P(Before,
                         TcpRelays,
                         testing::Values(Way{UplinkKind::Slirp4netns, "slirp4netns", 0},
                                         Way{UplinkKind::Slirp4netns, "slirp4netns", ordinary_user},
                                         Way{UplinkKind::Pasta, "pasta", 0}),
                         [](const auto& which) {
                           return std::string(which.param.name) +
                                  (which.param.uid == 0 ? "AsRoot" : "AsOrdinaryUser");
                         });

TEST_P(TcpRelays, AreNotToBeToldFromARouter)
{
  test::MiniInternetOptions world = {.uid = GetParam().uid};
  world.beside = [](int internet) {
    std::vector<ChildProcess> all;
    all.push_back(test::start_python_in(internet, server));
    return all;
  };
  in_mini_internet(world, [](Arrivals&) -> std::string {
    const auto outside =
        run_captured({"python3", "-c", client, "/mnt/scratch/outside"}, std::chrono::seconds(60));
    if (!outside || outside->status.code != 0) {
      return "the host itself: " + (outside ? outside->err : outside.error().message);
    }
    auto options = without_microsoft({"python3", "-c", client, "/mnt/scratch/inside"});
    options.uplink.wanted = GetParam().kind;
    options.uplink.pasta_least = 0;
    auto wrong = test::exits_with(options, 0);
    const auto there = read_file("/mnt/scratch/outside", 10000);
    const auto here = read_file("/mnt/scratch/inside", 10000);
    wrong += differs("what the room heard", here.value_or("nothing"), there.value_or("nothing?"));
    // And it is what it should be.
    for (const char* line : {"refused ECONNREFUSED\nhears all True\nsays all 20000000\n"
                             "in turn True\nbreaks off ECONNRESET\nmany 400\n",
                             "nobody there EHOSTUNREACH\n"}) {
      wrong += there.value_or("").find(line) != std::string::npos
                   ? ""
                   : "the host itself heard:\n" + there.value_or("nothing");
    }
    return wrong;
  });
}

}  // namespace
}  // namespace zonder::isolate

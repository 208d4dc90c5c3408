// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/child_process.hh"
#include "model/absence.hh"

// A small internet for tests of `run`, in namespaces that have no way out of themselves:
//
//   host (192.168.50.2, fd50::2) --- internet, with on it
//     20.190.128.1, 2603:1026::1            "Microsoft": TCP 80 and 443, UDP 7 and 7777 (echo)
//     193.0.6.139, 2001:67c:2e8:22::c100:68b  a European service: the same, and the name server
//
// /mnt/scratch is a folder of the test's own for anybody to write in. zonder itself is there for
// everybody too, wherever it was built.
//
// Names: login.microsoft.example and www.europe.example are at those, cdn.microsoft.example is a
// name of Microsoft's on the European address, hosted.europe.example a European name of which all
// addresses are Microsoft's; proxy.europe.example and proxy.microsoft.example are where proxies can
// be. So says the name server that the host asks; beside it there are name servers with a root of
// their own, see mini_names.hh. TCP answers with the address that was reached.
// turning.europe.example is at the European address and at Microsoft's in turn, rebinding.example
// at the European one and at 127.0.0.1; turned.europe.example stays
// at the European ones; slow.example is at the European one, which is said after
// nine seconds.
namespace zonder::test {

inline constexpr const char* microsoft_v4 = "20.190.128.1";
inline constexpr const char* microsoft_v6 = "2603:1026::1";
inline constexpr const char* europe_v4 = "193.0.6.139";
inline constexpr const char* europe_v6 = "2001:67c:2e8:22::c100:68b";

inline constexpr const char* zonder_program = "/mnt/zonder/bin/zonder";

/// What reached the servers, shared by all processes of the test.
struct Arrivals {
  std::atomic<std::uint64_t> microsoft{0};  // connections and datagrams
  std::atomic<std::uint64_t> europe{0};
  std::atomic<std::uint64_t> questions{0};  // at the name servers in Europe
  // Packets of any kind that came out on the internet with an address of Microsoft's anywhere in
  // them: as where they go, where they come from, or in what they carry (option `watched`).
  std::atomic<std::uint64_t> naming_microsoft{0};
};

struct MiniInternetOptions {
  uid_t uid = 0;  // who `body` is; 0: root of the host
  bool v4 = true;
  bool v6 = true;  // which families the host has
  bool dangling_resolv_conf = false;
  bool reaches_microsoft = false;  // else nothing may have arrived there when all is over
  bool watched = false;            // every packet is looked at, for Arrivals::naming_microsoft
  bool forwards = false;           // the host passes packets on, as an administrator can have it
  /// What web servers serve by path, all of them the same, with a kind by its suffix (.html, .js,
  /// .svg); empty: their address, whatever is asked.
  std::map<std::string, std::string> pages;
  std::function<void()> prepare;  // as root in the host's own namespaces, before `body`
  /// More servers on the internet, whose network's namespace it is given; as root, before `body`.
  std::function<std::vector<ChildProcess>(int internet)> beside;
};

/// Runs `body` in the host, in a process with one thread; it says what is wrong, or nothing. Skips
/// the test, with the reason, where the namespaces cannot be made.
void in_mini_internet(const MiniInternetOptions& options,
                      const std::function<std::string(Arrivals&)>& body);

/// Microsoft with its prefixes and names as they are here.
model::Absence microsoft_absence();

}  // namespace zonder::test

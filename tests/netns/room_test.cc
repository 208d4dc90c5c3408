// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "support/held_room.hh"
#include "support/mini_internet.hh"
#include "support/room_device.hh"
#include "support/run_checks.hh"
#include "support/zonder_run.hh"

// `zonder room` as somebody types it, with devices that come in by a cable, as people do.
namespace zonder {
namespace {

using test::Arrivals;
using test::differs;
using test::in_mini_internet;
using test::RoomDevice;

TEST(Room, PeopleJoinByThePageAndSeeWhatTheirDeviceAsked)
{
  if (test::lacks_room_programs()) {
    GTEST_SKIP() << "dnsmasq or udhcpc is not installed";
  }
  in_mini_internet({}, [](Arrivals&) -> std::string {
    RoomDevice device;
    test::HeldRoom room;
    if (auto wrong = device.plug_in("lan0"); !wrong.empty()) {
      return wrong;
    }
    const auto begin = std::chrono::steady_clock::now();
    if (auto wrong = room.open({"--for", "5m", "--json"}); !wrong.empty()) {
      return wrong;
    }
    std::string all = differs("the port is the room's", test::has_link("lan0"), false);
    const auto leased = device.ask_for_addresses();
    // A phone asks this to find out whether there is internet.
    all += differs("the way to the page",
                   device.sh("curl -s -o /dev/null -w '%{http_code} %{redirect_url}' --max-time 5 "
                             "http://check.europe.example/generate_204"),
                   std::string("302 http://zonder.internal/"));
    all += differs("Europe before joining", device.connect_to(test::europe_v4, 443), ECONNREFUSED);
    all += device.join("laptop of the desk");
    const auto took = std::chrono::steady_clock::now() - begin;
    all += differs("joined within 15 s", took < std::chrono::seconds(15), true);
    all += differs("Europe", device.connect_to(test::europe_v4, 443), 0);
    all += differs("Microsoft", device.connect_to(test::microsoft_v4, 443), ECONNREFUSED);
    all += differs("by name",
                   device.sh("curl -s -o /dev/null -w '%{http_code}' --max-time 5 "
                             "http://www.europe.example/"),
                   std::string("200"));
    (void)device.sh("curl -s --max-time 5 https://login.microsoft.example/");
    all += test::lacks(device.sh("curl -s --max-time 5 'http://zonder.internal/?lang=en'"),
                       "laptop of the desk");
    all += differs("marking",
                   device.sh("curl -s -o /dev/null -w '%{http_code} %{redirect_url}' "
                             "--data-urlencode token=" +
                             device.token() +
                             " -d task=0 -d mark=stopped -d note=no+page "
                             "http://zonder.internal/mark"),
                   std::string("303 http://zonder.internal/#task-0"));
    // The page looks at the kernel's counts every three seconds.
    std::this_thread::sleep_for(std::chrono::milliseconds(3500));
    all += test::lacks(
        test::ended({"curl", "-s", "--max-time", "5", test::HeldRoom::leader_url() + "?lang=en"})
            .printed,
        "laptop of the desk");
    const auto printed = room.stop();
    all += differs("exit code", room.code(), 0);
    all += differs("the port is back", test::has_link("lan0"), true);
    return all + test::lacks(printed, "login.microsoft.example") +
           (all.empty() ? "" : leased + test::HeldRoom::said());
  });
}

TEST(Room, WhoGoesByAProxyGetsOneThatCutsTheSame)
{
  if (test::lacks_room_programs()) {
    GTEST_SKIP() << "dnsmasq or udhcpc is not installed";
  }
  in_mini_internet({}, [](Arrivals&) -> std::string {
    RoomDevice device;
    test::HeldRoom room;
    if (auto wrong = device.plug_in("lan0"); !wrong.empty()) {
      return wrong;
    }
    if (auto wrong = room.open({"--for", "5m", "--json"}); !wrong.empty()) {
      return wrong;
    }
    const auto leased = device.ask_for_addresses();
    const auto router = leased.substr(leased.find(' ') + 1);
    const auto proxy = "http://" + router.substr(0, router.find_first_of(" \n")) + ":3128";
    const auto by_proxy = [&](const std::string& url) {
      return device.sh("curl -s -o /dev/null -w '%{http_code}' --max-time 8 -x " + proxy + " " +
                       url);
    };
    auto all =
        differs("before joining", by_proxy("http://www.europe.example/"), std::string("000"));
    all += test::lacks(device.sh("curl -s --max-time 5 http://zonder.internal/proxy.pac"),
                       "return \"PROXY " + proxy.substr(7) + "\";");
    all += device.join("laptop of the desk");
    all += differs("Europe", by_proxy("http://www.europe.example/"), std::string("200"));
    all += differs("Microsoft", by_proxy("http://hosted.europe.example/"), std::string("503"));
    const auto printed = room.stop();
    all += differs("exit code", room.code(), 0);
    return all + test::lacks(printed, "hosted.europe.example") +
           (all.empty() ? "" : leased + test::HeldRoom::said());
  });
}

TEST(Room, WhomTheLeaderSentOutComesBackByTheLeaderOnly)
{
  if (test::lacks_room_programs()) {
    GTEST_SKIP() << "dnsmasq or udhcpc is not installed";
  }
  in_mini_internet({}, [](Arrivals&) -> std::string {
    RoomDevice device;
    test::HeldRoom room;
    if (auto wrong = device.plug_in("lan0"); !wrong.empty()) {
      return wrong;
    }
    if (auto wrong = room.open({"--for", "5m", "--json"}); !wrong.empty()) {
      return wrong;
    }
    const auto by_leader = [](const std::string& what, const std::string& form) {
      return test::ended({"curl",
                          "-s",
                          "-o",
                          "/dev/null",
                          "-w",
                          "%{http_code}",
                          "--max-time",
                          "5",
                          "--data",
                          form,
                          test::HeldRoom::leader_url() + what})
          .printed;
    };
    const auto leased = device.ask_for_addresses();
    auto all = device.join("laptop of the desk");
    all += differs("leaving",
                   device.sh("curl -s -o /dev/null -w '%{http_code}' --max-time 5 "
                             "--data-urlencode token=" +
                             device.token() + " http://zonder.internal/leave"),
                   std::string("303"));
    all += device.join("laptop of the desk");  // who left by himself may
    all += differs("sending out", by_leader("dismiss", "device=0"), std::string("303"));
    all += differs("Europe", device.connect_to(test::europe_v4, 443), ECONNREFUSED);
    all += test::lacks(device.sh("curl -s --max-time 5 --data-urlencode token=" + device.token() +
                                 " -d name=again -d consent=yes 'http://zonder.internal/join'"
                                 "'?lang=en'"),
                       "the leader has sent this device out; ask the leader");
    all += differs("Europe still", device.connect_to(test::europe_v4, 443), ECONNREFUSED);
    all += differs("by the leader",
                   by_leader("device", "name=again&mac=" + device.hardware().to_string()),
                   std::string("303"));
    all += differs("Europe again", device.connect_to(test::europe_v4, 443), 0);
    (void)room.stop();
    return all + (all.empty() ? "" : leased + test::HeldRoom::said());
  });
}

TEST(Room, APortThatCannotComeBackIsToldAndNotSaidToBeBack)
{
  if (test::lacks_room_programs()) {
    GTEST_SKIP() << "dnsmasq or udhcpc is not installed";
  }
  in_mini_internet({}, [](Arrivals&) -> std::string {
    RoomDevice device;
    test::HeldRoom room;
    if (auto wrong = device.plug_in("lan0"); !wrong.empty()) {
      return wrong;
    }
    if (auto wrong = room.open({"--for", "5m", "--json"}); !wrong.empty()) {
      return wrong;
    }
    // Its name is taken meanwhile.
    (void)test::ended({"ip", "link", "add", "lan0", "type", "bridge"});
    (void)room.stop();
    const auto said = test::HeldRoom::said();
    return differs("exit code", room.code(), 4) +
           test::lacks(said, "not all of lan0 is this machine's again: ") +
           differs("said to be back",
                   said.find("the room is closed; lan0") != std::string::npos,
                   false) +
           (room.code() == 4 ? "" : said);
  });
}

TEST(Room, PortsThatCannotBeTakenAreNotOfferedAndRefusedBeforeAnythingIsMade)
{
  if (test::lacks_room_programs()) {
    GTEST_SKIP() << "dnsmasq or udhcpc is not installed";
  }
  in_mini_internet({}, [](Arrivals&) -> std::string {
    RoomDevice device;
    RoomDevice other;
    if (auto wrong = device.plug_in("lan0") + other.plug_in("lan1"); !wrong.empty()) {
      return wrong;
    }
    (void)test::ended({"ip", "link", "add", "br7", "type", "bridge"});
    (void)test::ended({"ip", "link", "set", "lan1", "master", "br7"});
    const auto room = [](const std::string& options) {
      return test::ended({"sh",
                          "-c",
                          "exec env ZONDER_CATALOG=" + test::microsoft_catalogue() + " " +
                              test::zonder_program + " room microsoft " + options +
                              " 2>&1 </dev/null"});
    };
    const auto offered = room("").printed;
    const auto twice = room("--yes --on lan0 --on lan0");
    const auto in_use = room("--yes --on lan1");
    return test::lacks(offered, "Say it with --on; free are: ") + test::lacks(offered, "lan0") +
           differs("offered", offered.find("lan1") != std::string::npos, false) +
           differs("twice", twice.code, 2) + test::lacks(twice.printed, "--on names lan0 twice") +
           differs("in use", in_use.code, 2) +
           test::lacks(in_use.printed, "lan1 is in use: it is a port of br7") +
           differs(
               "said before", in_use.printed.find("becomes the room") != std::string::npos, false);
  });
}

TEST(Room, TheHourOutlivesAZonderThatIsKilled)
{
  if (test::lacks_room_programs()) {
    GTEST_SKIP() << "dnsmasq or udhcpc is not installed";
  }
  in_mini_internet({}, [](Arrivals&) -> std::string {
    RoomDevice device;
    test::HeldRoom room;
    if (auto wrong = device.plug_in("lan0"); !wrong.empty()) {
      return wrong;
    }
    const std::string report = "/mnt/scratch/killed.html";
    const auto kept = report + ".unfinished";
    if (auto wrong = room.open({"--for", "5m", "--report", report}); !wrong.empty()) {
      return wrong;
    }
    const auto leased = device.ask_for_addresses();
    auto all = device.join("laptop of the desk");
    (void)device.sh("curl -s -o /dev/null --data-urlencode token=" + device.token() +
                    " -d task=0 -d mark=stopped -d note=no+page http://zonder.internal/mark");
    for (int i = 0; i < 100 && read_file(kept).value_or("").find("no page") == std::string::npos;
         ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    const auto zonder = [](const std::string& words) {
      return test::ended({"sh",
                          "-c",
                          "exec env ZONDER_CATALOG=" + test::microsoft_catalogue() + " " +
                              test::zonder_program + " room " + words + " 2>&1 </dev/null"});
    };
    const auto too_early = zonder("--recover " + report);
    room.send(SIGKILL);
    (void)room.wait_for(std::chrono::seconds(10));
    const auto again = zonder("microsoft --yes --on lan0 --report " + report);
    const auto recovered = zonder("--recover " + report);
    const auto html = read_file(report).value_or("");
    all += differs("while it goes on", too_early.code, 2) +
           test::lacks(too_early.printed, "goes on (process ");
    all +=
        differs("a new room in its place", again.code, 2) +
        test::lacks(again.printed, "make its report first, with: zonder room --recover " + report);
    all += differs("recovered", recovered.code, 3) +
           test::lacks(recovered.printed, "THE RECORD ENDS at ") +
           test::lacks(recovered.printed, "the report is in " + report);
    all += test::lacks(html, "no page") + test::lacks(html, "THE RECORD ENDS at ");
    all += differs("kept", read_file(kept).has_value(), false);
    all += differs("once more", zonder("--recover " + report).code, 2);
    return all + (all.empty() ? "" : leased + test::HeldRoom::said() + recovered.printed);
  });
}

TEST(Room, AReportThatHasNoPlaceIsToldBeforeThePortIsTakenAndWhileTheRoomGoesOn)
{
  if (test::lacks_room_programs()) {
    GTEST_SKIP() << "dnsmasq or udhcpc is not installed";
  }
  in_mini_internet({}, [](Arrivals&) -> std::string {
    RoomDevice device;
    test::HeldRoom room;
    if (auto wrong = device.plug_in("lan0"); !wrong.empty()) {
      return wrong;
    }
    const auto sh = [](const std::string& script) {
      return test::ended({"sh", "-c", script});
    };
    if (sh("mkdir -p /mnt/scratch/small && mount -t tmpfs -o size=4k tmpfs /mnt/scratch/small")
            .code != 0) {
      return "skip: no tmpfs of our own";
    }
    const std::string report = "/mnt/scratch/small/room.html";
    auto all = test::lacks(room.open({"--for", "5m", "--report", report}),
                           "cannot write " + report + ": No space left on device");
    all += differs("the port", test::has_link("lan0"), true);
    all += differs("half-written", sh("ls /mnt/scratch/small").printed, std::string());

    // Room enough at first, and then somebody fills it.
    (void)sh("mount -o remount,size=200k /mnt/scratch/small");
    test::HeldRoom held;
    if (auto wrong = held.open({"--for", "5m", "--report", report}); !wrong.empty()) {
      return all + wrong;
    }
    (void)sh("cat /dev/zero >/mnt/scratch/small/full");
    const auto leased = device.ask_for_addresses();
    all += device.join("laptop of the desk");
    const auto board = [] {
      return test::ended(
                 {"curl", "-s", "--max-time", "5", test::HeldRoom::leader_url() + "board?lang=en"})
          .printed;
    };
    for (int i = 0; i < 100 && board().find("role=\"alert\"") == std::string::npos; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    all += test::lacks(board(), "What is seen now is not being kept: cannot write " + report);
    all += test::lacks(test::HeldRoom::said(), "what is seen in the room is not being kept: ");
    (void)held.stop();
    all += differs("exit code", held.code(), 4);
    all +=
        test::lacks(test::HeldRoom::said(), "what was seen is kept in " + report + ".unfinished");
    all += differs("what is there",
                   sh("ls /mnt/scratch/small").printed,
                   std::string("full\nroom.html.unfinished\n"));
    (void)sh("rm /mnt/scratch/small/full");
    const auto recovered = sh(test::zonder_program + std::string(" room --recover ") + report);
    all += differs("recovered", recovered.code, 3);
    all += differs("in the end", sh("ls /mnt/scratch/small").printed, std::string("room.html\n"));
    (void)sh("umount /mnt/scratch/small");
    return all + (all.empty() ? "" : leased + test::HeldRoom::said());
  });
}

}  // namespace
}  // namespace zonder

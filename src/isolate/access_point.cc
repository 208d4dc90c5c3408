// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/access_point.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.hh"
#include "base/translate.hh"

namespace zonder::isolate {
namespace {

constexpr std::chrono::seconds to_begin{15};
constexpr std::chrono::milliseconds between_looks{50};
constexpr const char* begun = "AP-ENABLED";
constexpr std::size_t longest_name = 32;

std::string hex(const std::string& text)
{
  std::string all;
  for (const char c : text) {
    all += fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  return all;
}

/// A file that is nowhere, for a program that wants to read one.
Result<Descriptor> file_with(const std::string& text)
{
  Descriptor file(::memfd_create("hostapd", 0));
  if (!file || ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    return fail(Fault::NotPossible, say("cannot make a file: {}", std::strerror(errno)));
  }
  return file;
}

std::string text_in(const Descriptor& file)
{
  std::array<char, 4096> text{};
  const auto got = ::pread(file.get(), text.data(), text.size(), 0);
  return {text.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
}

/// That is where what went wrong stands; what comes after it is the clearing up.
std::string first_line(const std::string& text)
{
  return text.empty() ? "?" : text.substr(0, text.find('\n'));
}

}  // namespace

Result<void> check_access_point(const AccessPoint& wanted)
{
  if (wanted.name.empty() || wanted.name.size() > longest_name) {
    return fail(
        Fault::Usage,
        say("the name of a Wi-Fi network is 1 to 32 bytes long, not {}", wanted.name.size()));
  }
  const auto& password = wanted.password;
  const bool printable = std::ranges::all_of(password, [](char c) { return c >= ' ' && c <= '~'; });
  if (!password.empty() && (password.size() < 8 || password.size() > 63 || !printable)) {
    return fail(Fault::Usage,
                say("a Wi-Fi password is 8 to 63 letters, digits and signs of ASCII"));
  }
  return {};
}

std::string hostapd_configuration(const AccessPoint& wanted, const std::string& bridge)
{
  // In hexadecimal, so that no name can be a line of the configuration.
  std::string text = fmt::format("interface={}\n"
                                 "bridge={}\n"
                                 "driver=nl80211\n"
                                 "ssid2={}\n"
                                 "utf8_ssid=1\n"
                                 "hw_mode=g\n"
                                 "channel=6\n"
                                 "ieee80211n=1\n"
                                 "wmm_enabled=1\n"
                                 "ap_isolate=1\n"
                                 "auth_algs=1\n",
                                 wanted.link,
                                 bridge,
                                 hex(wanted.name));
  if (!wanted.password.empty()) {
    text += fmt::format("wpa=2\n"
                        "wpa_key_mgmt=WPA-PSK\n"
                        "rsn_pairwise=CCMP\n"
                        "wpa_passphrase={}\n",
                        wanted.password);
  }
  return text;
}

Result<void> find_access_point_programs()
{
  if (!find_program("hostapd") || !find_program("iw")) {
    return fail(
        Fault::NotPossible,
        say("a room by Wi-Fi needs hostapd and iw, and they are not both installed; install "
            "them with \"apt install hostapd iw\""));
  }
  return {};
}

std::vector<std::string> wireless_links()
{
  std::vector<std::string> links;
  std::error_code error;
  for (const auto& each : std::filesystem::directory_iterator("/sys/class/net", error)) {
    if (std::filesystem::exists(each.path() / "phy80211", error)) {
      links.push_back(each.path().filename());
    }
  }
  std::ranges::sort(links);
  return links;
}

Result<std::string> radio_of(const std::string& link)
{
  const auto name = read_file("/sys/class/net/" + link + "/phy80211/name", 100);
  if (!name || name->empty()) {
    return fail(Fault::Usage, say("{} is no wireless card", link));
  }
  return name->substr(0, name->find('\n'));
}

Result<ChildProcess> start_access_point(const AccessPoint& wanted, const std::string& bridge)
{
  const auto file = file_with(hostapd_configuration(wanted, bridge));
  // It goes on speaking while it runs: a pipe that nobody reads would hold it up.
  const auto words = file_with("");
  if (!file || !words) {
    return fail(file ? words.error() : file.error());
  }
  auto started = ChildProcess::start({.argv = {"hostapd", fmt::format("/dev/fd/{}", file->get())},
                                      .environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin"},
                                      .directory = "/",
                                      .out = words->get(),
                                      .err = words->get(),
                                      .keep = {file->get()}});
  if (!started) {
    return started;
  }
  const auto until = std::chrono::steady_clock::now() + to_begin;
  for (;;) {
    const bool ended = started->wait_for(between_looks).has_value();
    const auto said = text_in(*words);
    if (!ended && said.find(begun) != std::string::npos) {
      return started;
    }
    if (ended || std::chrono::steady_clock::now() > until) {
      return fail(Fault::NotPossible,
                  say("hostapd makes no access point of {}: {}", wanted.link, first_line(said)));
    }
  }
}

}  // namespace zonder::isolate

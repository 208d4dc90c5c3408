// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/beeper.hh"

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "app/clicks.hh"
#include "base/child_process.hh"
#include "base/descriptor.hh"
#include "base/guarded.hh"
#include "base/translate.hh"
#include "base/without_signals.hh"

namespace zonder::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds block_lasts{10};
using Block = std::array<std::int16_t, click_rate / 100>;
constexpr int pipe_bytes = 4096;  // what lies in it is heard late
constexpr milliseconds last_played_for{1000};

/// Programs that play samples from standard input, the likeliest first: with PulseAudio or
/// PipeWire, and straight on ALSA.
std::vector<std::vector<std::string>> players()
{
  const auto rate = std::to_string(click_rate);
  return {{"pacat",
           "--playback",
           "--raw",
           "--format=s16ne",
           "--channels=1",
           "--latency-msec=60",
           "--rate=" + rate},
          {"aplay", "-q", "-t", "raw", "-f", "S16", "-c", "1", "--buffer-time=100000", "-r", rate}};
}

Result<std::vector<std::string>> installed_player()
{
  for (auto& player : players()) {
    if (find_program(player.front())) {
      return std::move(player);
    }
  }
  return fail(Fault::NotPossible,
              say("--beep needs a program that plays sound: install the package pulseaudio-utils "
                  "(pacat) or alsa-utils (aplay)"));
}

}  // namespace

struct Beeper::State {
  State(ChildProcess child, Descriptor in) : player(std::move(child)), into_player(std::move(in)) {}

  void play();
  bool give(const Block& block);

  ChildProcess player;
  Descriptor into_player;
  Guarded<Clicks> clicks;
  std::atomic<bool> plays = true;
  std::atomic<bool> stop = false;
  std::once_flag started;
  std::thread thread;
};

/// In time with the clock, since not every player takes its time.
void Beeper::State::play()
{
  auto next = steady_clock::now();
  while (plays && !stop) {
    Block block{};
    clicks.lock()->fill(block);
    plays = give(block);
    next += block_lasts;
    std::this_thread::sleep_until(next);
  }
}

bool Beeper::State::give(const Block& block)
{
  const auto* bytes = reinterpret_cast<const char*>(block.data());
  std::size_t left = sizeof block;
  while (left > 0 && !stop) {
    const auto written = ::write(into_player.get(), bytes, left);
    if (written < 0 && errno == EAGAIN) {
      std::this_thread::sleep_for(block_lasts / 2);
      continue;
    }
    if (written < 0 && errno != EINTR) {
      return false;
    }
    bytes += std::max<ssize_t>(written, 0);
    left -= static_cast<std::size_t>(std::max<ssize_t>(written, 0));
  }
  return true;
}

Beeper::Beeper(std::unique_ptr<State> state) : state_(std::move(state)) {}
Beeper::Beeper(Beeper&&) noexcept = default;
Beeper& Beeper::operator=(Beeper&&) noexcept = default;

Result<std::string> Beeper::player()
{
  auto found = installed_player();
  return found ? Result<std::string>(found->front()) : fail(std::move(found).error());
}

Result<Beeper> Beeper::start()
{
  auto player = installed_player();
  if (!player) {
    return fail(std::move(player).error());
  }
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail(Fault::Internal, say("cannot make a pipe: {}", std::strerror(errno)));
  }
  const Descriptor out_of(ends[0]);
  Descriptor into(ends[1]);
  (void)::fcntl(into.get(), F_SETPIPE_SZ, pipe_bytes);
  (void)::fcntl(into.get(), F_SETFL, O_NONBLOCK);  // our end only
  auto child = ChildProcess::start({.argv = std::move(*player), .in = out_of.get()});
  if (!child) {
    return fail(std::move(child).error());
  }
  return Beeper(std::make_unique<State>(std::move(*child), std::move(into)));
}

Beeper::~Beeper()
{
  if (!state_ || !state_->thread.joinable()) {
    return;
  }
  const auto until = steady_clock::now() + last_played_for;
  while (state_->plays && !state_->clicks.lock()->silent() && steady_clock::now() < until) {
    std::this_thread::sleep_for(block_lasts);
  }
  state_->stop = true;
  state_->thread.join();
  state_->into_player.reset();
  (void)state_->player.wait_for(last_played_for);
}

void Beeper::strike(std::size_t party)
{
  state_->clicks.lock()->strike(pitch_of(party));
  std::call_once(state_->started, [living = state_.get()] {
    // A run is set up by a process with one thread, so this one comes when it is.
    const WithoutSignals guard;
    living->thread = std::thread([living] { living->play(); });
  });
}

bool Beeper::plays()
{
  // Before the first click nothing is written to it, which would show its end.
  return state_->plays && state_->player.running();
}

}  // namespace zonder::app

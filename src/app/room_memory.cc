// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/room_memory.hh"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "base/file.hh"
#include "base/translate.hh"

namespace zonder::app {
namespace {

constexpr std::string_view suffix = ".unfinished";
/// Names of devices and notes stand in it: nobody's but of whoever holds the room.
constexpr unsigned only_ours = 0600;
constexpr std::size_t largest = std::size_t{256} << 20U;
/// Marks that come together are written together.
constexpr std::chrono::milliseconds pause{500};
/// Until space is made, or the disk is there again.
constexpr std::chrono::seconds between_tries{5};

/// "BOOT PID STARTED": no other process ever has the same; empty: there is no such process.
std::string name_of_process(const std::string& pid)
{
  const auto boot = read_file("/proc/sys/kernel/random/boot_id", 100);
  const auto about = read_file("/proc/" + pid + "/stat", 10'000);
  const auto behind_name = about ? about->rfind(')') : std::string::npos;
  if (!boot || behind_name == std::string::npos) {
    return {};
  }
  // proc(5): the name is the 2nd field, when the process started the 22nd.
  auto at = behind_name;
  for (int field = 2; field < 22 && at != std::string::npos; ++field) {
    at = about->find(' ', at + 1);
  }
  if (at == std::string::npos) {
    return {};
  }
  return fmt::format("{} {} {}",
                     boot->substr(0, boot->find('\n')),
                     pid,
                     about->substr(at + 1, about->find(' ', at + 1) - at - 1));
}

}  // namespace

std::string unfinished(const std::string& report)
{
  return report + std::string(suffix);
}

std::string finished(const std::string& unfinished)
{
  return unfinished.ends_with(suffix) ? unfinished.substr(0, unfinished.size() - suffix.size())
                                      : std::string();
}

Result<std::unique_ptr<RoomMemory>> RoomMemory::begin(Options options)
{
  std::unique_ptr<RoomMemory> memory(new RoomMemory(std::move(options)));
  ZONDER_TRY(memory->write(memory->so_far()));
  memory->thread_ = std::jthread([&its = *memory](const std::stop_token& stop) { its.work(stop); });
  return memory;
}

RoomMemory::~RoomMemory() = default;

void RoomMemory::note()
{
  const std::lock_guard lock(mutex_);
  noted_ = true;
  woken_.notify_all();
}

std::string RoomMemory::trouble() const
{
  const std::lock_guard lock(mutex_);
  return trouble_;
}

void RoomMemory::stop(const model::RoomRecord& last)
{
  thread_ = std::jthread();  // ends it
  (void)write(last);
}

void RoomMemory::forget()
{
  thread_ = std::jthread();  // ends it
  ::unlink(options_.path.c_str());
}

model::RoomRecord RoomMemory::so_far() const
{
  auto record = options_.record();
  record.ending = model::RoomEnding::Lost;  // unless another one is written after it
  return record;
}

Result<void> RoomMemory::write(model::RoomRecord record) const
{
  return write_file(options_.path,
                    room::kept_as_text({.record = std::move(record),
                                        .holder = name_of_process(std::to_string(::getpid()))}),
                    only_ours);
}

void RoomMemory::heed(const Result<void>& written)
{
  std::string before;
  {
    const std::lock_guard lock(mutex_);
    before = std::exchange(trouble_, written ? std::string() : written.error().message);
  }
  if (!written && before.empty()) {
    options_.tell(say("what is seen in the room is not being kept: {}; make space, or end the room "
                      "and note down what is on the leader's page",
                      written.error().message));
  } else if (written && !before.empty()) {
    options_.tell(say("what is seen in the room is kept again"));
  }
}

void RoomMemory::work(const std::stop_token& stop)
{
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      const auto rest = trouble_.empty()
                            ? options_.every
                            : std::min<std::chrono::milliseconds>(options_.every, between_tries);
      woken_.wait_for(lock, stop, rest, [this] { return noted_; });
      woken_.wait_for(lock, stop, std::min(pause, rest), [] { return false; });
      noted_ = false;
    }
    if (!stop.stop_requested()) {
      heed(write(so_far()));
    }
  }
}

Result<room::KeptRecord> left_behind(const std::string& path)
{
  const auto text = read_file(path, largest);
  if (!text) {
    return fail(text.error());
  }
  auto kept = room::read_kept(path, *text);
  if (!kept) {
    return kept;
  }
  const auto pid = kept->holder.find(' ');
  const auto holder = pid == std::string::npos
                          ? std::string()
                          : kept->holder.substr(pid + 1, kept->holder.find(' ', pid + 1) - pid - 1);
  const bool is_number =
      !holder.empty() && holder.find_first_not_of("0123456789") == std::string::npos;
  if (is_number && name_of_process(holder) == kept->holder) {
    return fail(
        Fault::Usage,
        say("the room of {} goes on (process {}): stop it, and its report is made", path, holder));
  }
  return kept;
}

}  // namespace zonder::app

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "room/kept_record.hh"

using namespace zonder;

// Whatever the bytes are: a record that is the same when it is written and read again, with places
// that lead somewhere, or one sentence.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  const auto require = [](bool holds) {
    if (!holds) {
      std::abort();
    }
  };
  const auto kept = room::read_kept("x", std::string(reinterpret_cast<const char*>(data), size));
  if (!kept) {
    require(kept.error().fault == Fault::Usage && !kept.error().message.empty());
    return 0;
  }
  for (const auto& mark : kept->record.marks) {
    require(mark.device < kept->record.devices.size() && mark.task < kept->record.tasks.size());
  }
  for (const auto& contact : kept->record.contacts) {
    require(contact.device < kept->record.devices.size());
  }
  const auto text = room::kept_as_text(*kept);
  const auto again = room::read_kept("x", text);
  require(again && room::kept_as_text(*again) == text);
  return 0;
}

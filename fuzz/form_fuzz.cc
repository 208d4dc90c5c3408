// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "web/form.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// What was read is within the limits, and written again reads the same.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  using namespace zonder::web;
  const FormLimits limits;
  const auto form = read_form({reinterpret_cast<const char*>(data), size});
  if (!form) {
    return 0;
  }
  for (const auto& [name, value] : *form) {
    if (name.size() > limits.name || value.size() > limits.value) {
      std::abort();
    }
  }
  if (form->size() > limits.fields || read_form(write_form(*form)) != form) {
    std::abort();
  }
  return 0;
}

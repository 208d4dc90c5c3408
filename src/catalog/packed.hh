// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <bit>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <vector>

// Numbers and plain structs in a block of bytes, little-endian, at any alignment.
namespace zonder::catalog {

static_assert(std::endian::native == std::endian::little, "swap bytes in load() and append()");

template <typename T>
T load(const void* from)
{
  static_assert(std::is_trivially_copyable_v<T>);
  T item;
  std::memcpy(&item, from, sizeof item);
  return item;
}

template <typename T>
T load_at(const std::byte* array, std::size_t index)
{
  return load<T>(array + index * sizeof(T));
}

template <typename T>
void append(std::vector<std::byte>& to, const T* items, std::size_t count)
{
  static_assert(std::is_trivially_copyable_v<T>);
  const auto* bytes = reinterpret_cast<const std::byte*>(items);
  to.insert(to.end(), bytes, bytes + count * sizeof(T));
}

}  // namespace zonder::catalog

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "collect/read_in.hh"
#include "net/address.hh"

// What must hold of everything that is read in, whatever the bytes: names and addresses are such
// and in their one form, times are in order, and what was refused is told.
namespace zonder::fuzz {

inline void require(bool holds)
{
  if (!holds) {
    std::abort();
  }
}

class BytesInflow final : public collect::Inflow {
public:
  BytesInflow(const std::uint8_t* data, std::size_t size)
      : text_(reinterpret_cast<const char*>(data), size)
  {
  }
  Result<std::size_t> read(std::span<char> into) override
  {
    const auto size = std::min({std::size_t{100}, into.size(), text_.size() - at_});
    std::copy_n(text_.data() + at_, size, into.data());
    at_ += size;
    return size;
  }

private:
  std::string text_;
  std::size_t at_ = 0;
};

inline void check(const model::Thing& thing)
{
  require(!thing.text.empty() && thing.text.size() < 300);
  if (thing.kind == model::Kind::Name) {
    require(thing.text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") ==
            std::string_view::npos);
    require(thing.text.front() != '.' && thing.text.back() != '.');
  }
  if (thing.kind == model::Kind::Address || thing.kind == model::Kind::Device) {
    const auto address = net::Address::try_parse(thing.text);
    require(address && address->to_string() == thing.text);
  }
}

/// Reads the bytes as this format, whatever they look like.
inline void read_as(const char* format, const std::uint8_t* data, std::size_t size)
{
  BytesInflow inflow(data, size);
  collect::Window window(inflow);
  const auto done = collect::read_in(
      "file", window, collect::format_named(format), [](auto things, auto rows) -> Result<void> {
        for (const auto& thing : things) {
          check(thing);
        }
        for (const auto& row : rows) {
          require(row.subject < things.size());
          require(row.object < things.size());
          require(!row.first || *row.first <= *row.last);
        }
        return {};
      });
  require(done || size == 0);
  if (done) {
    require((done->count.unreadable == 0) == done->count.first_problem.empty());
    require(done->count.bytes == size);
    require(!done->broken_off || done->count.unreadable > 0);
  }
}

}  // namespace zonder::fuzz

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/capture/fragments.hh"

#include <algorithm>

namespace zonder::wire::capture {

void Fragments::forget(std::map<DatagramKey, Parts>::iterator which)
{
  bytes_ -= which->second.bytes.size();
  by_age_.erase(which->second.since);
  parts_.erase(which);
}

void Fragments::make_room(std::size_t bytes)
{
  while (!by_age_.empty() && (parts_.size() > most_datagrams || bytes_ + bytes > most_bytes)) {
    const auto oldest = parts_.find(by_age_.begin()->second);
    lost_frames_ += oldest->second.frames;
    forget(oldest);
  }
}

std::optional<Fragments::Whole> Fragments::add(const DatagramKey& key, const Piece& piece)
{
  // What the capture cut off, or what cannot be part of a datagram, can only be counted.
  const bool unusable = piece.bytes.size() < piece.length || piece.length == 0 ||
                        piece.offset + piece.length > longest_datagram ||
                        (piece.more && piece.length % 8 != 0);
  if (unusable) {
    ++lost_frames_;
    return std::nullopt;
  }
  auto found = parts_.find(key);
  if (found == parts_.end()) {
    make_room(piece.length);
    found = parts_.try_emplace(key).first;
    found->second.since = ++counter_;
    by_age_.emplace(counter_, key);
  }
  Parts& parts = found->second;
  const std::size_t end = piece.offset + piece.length;
  ++parts.frames;
  parts.ip_bytes += static_cast<std::uint32_t>(piece.ip_bytes);
  if (parts.size != 0 && end > parts.size) {
    return std::nullopt;  // past the end that another piece told
  }
  if (end > parts.bytes.size()) {
    bytes_ += end - parts.bytes.size();
    parts.bytes.resize(end);
  }
  if (!piece.more) {
    parts.size = end;
  }
  for (std::size_t at = 0; at < piece.length; at += 8) {
    const std::size_t unit = (piece.offset + at) / 8;
    if (!parts.have[unit]) {
      parts.have.set(unit);
      const auto count = std::min<std::size_t>(8, piece.length - at);
      std::copy_n(piece.bytes.begin() + static_cast<std::ptrdiff_t>(at),
                  count,
                  parts.bytes.begin() + static_cast<std::ptrdiff_t>(piece.offset + at));
    }
  }
  if (parts.size != 0 && parts.have.count() * 8 >= parts.size) {
    Whole whole{.payload = {}, .frames = parts.frames, .ip_bytes = parts.ip_bytes};
    bytes_ -= parts.bytes.size();
    whole.payload = std::move(parts.bytes);
    whole.payload.resize(parts.size);
    parts.bytes.clear();
    forget(found);
    return whole;
  }
  make_room(0);
  return std::nullopt;
}

void Fragments::end()
{
  while (!parts_.empty()) {
    lost_frames_ += parts_.begin()->second.frames;
    forget(parts_.begin());
  }
}

}  // namespace zonder::wire::capture

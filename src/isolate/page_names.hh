// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <memory>
#include <vector>

#include "base/descriptor.hh"
#include "base/result.hh"
#include "net/address.hh"

namespace zonder::isolate {

/// The name server of devices that have not joined: whatever is asked for is where the page is, for
/// as short as an answer can hold. Nothing is asked of anybody, and nothing is written down.
class PageNames {
public:
  /// The sockets are bound, the TCP ones listen. Errors: no thread.
  static Result<std::unique_ptr<PageNames>> start(net::Address page_v4,
                                                  net::Address page_v6,
                                                  std::vector<Descriptor> udp,
                                                  std::vector<Descriptor> tcp);
  ~PageNames();
  PageNames(const PageNames&) = delete;
  PageNames& operator=(const PageNames&) = delete;
  PageNames(PageNames&&) = delete;
  PageNames& operator=(PageNames&&) = delete;

private:
  struct State;
  explicit PageNames(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace zonder::isolate

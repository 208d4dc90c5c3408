// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <variant>

#include "../tests/support/tls_bytes.hh"
#include "wire/tls/client_hello.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// What was read, written again and cut up otherwise, reads the same; and no answer changes for what
// comes later, once there is one.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  using namespace zonder;
  using wire::tls::NoHello;
  const auto whole = wire::tls::read_client_hello({data, size});
  const auto half = wire::tls::read_client_hello({data, size / 2});
  if (half != wire::tls::HelloRead(NoHello::More) && half != whole) {
    std::abort();
  }
  if (const auto* hello = std::get_if<wire::tls::ClientHello>(&whole)) {
    test::TestHello again;
    if (!hello->server_name.empty()) {
      again = test::TestHello::for_name(hello->server_name);
    }
    if (hello->encrypted) {
      again.extensions.push_back({0xfe0d, {1}});
    }
    const auto bytes = test::in_records(test::message_of(again), 1 + size % 50);
    if (wire::tls::read_client_hello(bytes) != whole) {
      std::abort();
    }
  }
  return 0;
}

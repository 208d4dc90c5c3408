// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

#include "wire/http/chunked_body.hh"
#include "wire/http/proxy_request.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// What is passed on says the same as what came, and no more than one request; a body in chunks ends
// at the same place however it is cut up.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  using namespace zonder::wire::http;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto read = read_proxy_request(bytes);
  if (const auto* request = std::get_if<ProxyRequest>(&read)) {
    auto expected = *request;
    expected.size = request->head.size();
    const bool named = request->name.empty() == request->address.has_value();
    if (!named || read_proxy_request(request->head) != ProxyRequestRead(expected) ||
        request->head.find("\r\n\r\n") + 4 != request->head.size()) {
      std::abort();
    }
  }
  (void)read_proxy_reply(bytes);
  ChunkedBody whole;
  ChunkedBody in_pieces;
  const auto taken = whole.take(bytes);
  std::size_t place = 0;
  while (place < size && in_pieces.take(bytes.substr(place, 1)) == 1) {
    ++place;
  }
  if (taken != place || whole.state() != in_pieces.state()) {
    std::abort();
  }
  return 0;
}

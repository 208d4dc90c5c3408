// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <variant>

#include "wire/http/request.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// What was read, written again, reads the same.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  using namespace zonder::wire::http;
  const auto read =
      read_request({reinterpret_cast<const char*>(data), size});  // bytes are as good as characters
  if (const auto* request = std::get_if<Request>(&read)) {
    auto text =
        request->method + " " + (request->path.empty() ? "?" : request->path) + " HTTP/1.1\r\n";
    text += request->host.empty() ? "" : "Host: " + request->host + "\r\n";
    text += request->has_authorization ? "Authorization: x\r\n" : "";
    text += request->wants_html ? "Accept: text/html\r\n" : "";
    if (read_request(text + "\r\n") != read) {
      std::abort();
    }
  }
  return 0;
}

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/checksum.hh"

#include <stdexcept>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace zonder::catalog {

Sha256 sha256_of(std::span<const std::byte> bytes)
{
  Sha256 sum{};
  unsigned length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), sum.data(), &length, EVP_sha256(), nullptr) != 1 ||
      length != sum.size()) {
    throw std::runtime_error("OpenSSL gives no SHA-256");
  }
  return sum;
}

std::string to_hex(const Sha256& sum)
{
  std::string hex;
  for (const std::uint8_t byte : sum) {
    hex += fmt::format("{:02x}", byte);
  }
  return hex;
}

}  // namespace zonder::catalog

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "trust/keyed_word.hh"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "base/translate.hh"

namespace zonder::trust {
namespace {

constexpr std::size_t bytes_of_a_word = 16;

}  // namespace

Result<KeyedWord> KeyedWord::make()
{
  Secret secret{};
  if (::RAND_bytes(secret.data(), static_cast<int>(secret.size())) != 1) {
    return fail(Fault::NotPossible, say("the system gives no random bytes"));
  }
  return KeyedWord(secret);
}

std::string KeyedWord::of(std::string_view text) const
{
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (::HMAC(::EVP_sha256(),
             secret_.data(),
             static_cast<int>(secret_.size()),
             bytes,
             text.size(),
             hash.data(),
             &size) == nullptr ||
      size < bytes_of_a_word) {
    return {};
  }
  std::string word;
  for (std::size_t i = 0; i < bytes_of_a_word; ++i) {
    word += fmt::format("{:02x}", hash.at(i));
  }
  return word;
}

bool KeyedWord::fits(std::string_view word, std::string_view text) const
{
  const auto right = of(text);
  return !right.empty() && word.size() == right.size() &&
         ::CRYPTO_memcmp(word.data(), right.data(), right.size()) == 0;
}

}  // namespace zonder::trust

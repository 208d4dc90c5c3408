// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "support/made_frames.hh"

// Initial packets of QUIC, sealed as a client does, by OpenSSL's own HKDF: so that the reader is
// not checked with itself.
namespace zonder::test {

/// One step of HKDF with SHA-256.
inline Octets hkdf(int mode, Octets key, Octets salt, Octets info, std::size_t size)
{
  EVP_KDF* kdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  EVP_KDF_CTX* context = EVP_KDF_CTX_new(kdf);
  std::string hash = "SHA256";
  std::vector<OSSL_PARAM> parameters = {
      OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, hash.data(), hash.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key.data(), key.size())};
  for (const auto& [name, value] :
       {std::pair(OSSL_KDF_PARAM_SALT, &salt), {OSSL_KDF_PARAM_INFO, &info}}) {
    if (!value->empty()) {
      parameters.push_back(OSSL_PARAM_construct_octet_string(name, value->data(), value->size()));
    }
  }
  parameters.push_back(OSSL_PARAM_construct_end());
  Octets out(size);
  if (EVP_KDF_derive(context, out.data(), out.size(), parameters.data()) != 1) {
    out.clear();
  }
  EVP_KDF_CTX_free(context);
  EVP_KDF_free(kdf);
  return out;
}

inline Octets expand_label(const Octets& secret, const std::string& label, std::size_t size)
{
  Octets info;
  add(info, size, 2);
  add(info, label.size() + 6, 1);
  info = joined(info, octets("tls13 " + label));
  add(info, 0, 1);
  return hkdf(EVP_KDF_HKDF_MODE_EXPAND_ONLY, secret, {}, info, size);
}

struct QuicOptions {
  std::uint32_t version = 1;
  Octets salt = {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
                 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a};
  std::string prefix = "quic";
  unsigned type = 0;
  Octets key_id = {};  // made keys from this, where not from `id`
};

/// A piece of the handshake, at its offset.
using QuicPiece = std::pair<std::size_t, Octets>;

inline Octets quic_initial(const Octets& id,
                           unsigned number,
                           const std::vector<QuicPiece>& pieces,
                           const QuicOptions& options = {})
{
  const auto initial = hkdf(EVP_KDF_HKDF_MODE_EXTRACT_ONLY,
                            options.key_id.empty() ? id : options.key_id,
                            options.salt,
                            {},
                            32);
  const auto client = expand_label(initial, "client in", 32);
  const auto key = expand_label(client, options.prefix + " key", 16);
  auto nonce = expand_label(client, options.prefix + " iv", 12);
  const auto hide = expand_label(client, options.prefix + " hp", 16);

  Octets text = {1};  // a ping, and padding
  text.resize(8);
  for (const auto& [offset, bytes] : pieces) {
    add(text, 6, 1);
    add(text, 0x4000 | offset, 2);
    add(text, 0x4000 | bytes.size(), 2);
    text = joined(text, bytes);
  }
  text.resize(std::max<std::size_t>(text.size(), 1100));

  Octets header;
  add(header, 0xc1U | options.type << 4U, 1);  // the number has two bytes
  add(header, options.version, 4);
  add(header, id.size(), 1);
  header = joined(header, id);
  add(header, 0, 1);  // no id of its own
  add(header, 0, 1);  // no token
  add(header, 0x4000 | (2 + text.size() + 16), 2);
  const auto number_at = header.size();
  add(header, number, 2);
  nonce[10] ^= static_cast<std::uint8_t>(number >> 8U);
  nonce[11] ^= static_cast<std::uint8_t>(number);

  EVP_CIPHER_CTX* cipher = EVP_CIPHER_CTX_new();
  int size = 0;
  Octets sealed(text.size());
  EVP_EncryptInit_ex(cipher, EVP_aes_128_gcm(), nullptr, key.data(), nonce.data());
  EVP_EncryptUpdate(cipher, nullptr, &size, header.data(), static_cast<int>(header.size()));
  EVP_EncryptUpdate(cipher, sealed.data(), &size, text.data(), static_cast<int>(text.size()));
  EVP_EncryptFinal_ex(cipher, nullptr, &size);
  Octets tag(16);
  EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, 16, tag.data());
  auto packet = joined(joined(header, sealed), tag);

  Octets mask(32);
  EVP_EncryptInit_ex(cipher, EVP_aes_128_ecb(), nullptr, hide.data(), nullptr);
  EVP_EncryptUpdate(cipher, mask.data(), &size, &packet[number_at + 4], 16);
  EVP_CIPHER_CTX_free(cipher);
  packet[0] = static_cast<std::uint8_t>(packet[0] ^ (mask[0] & 0x0fU));
  packet[number_at] ^= mask[1];
  packet[number_at + 1] ^= mask[2];
  return packet;
}

}  // namespace zonder::test

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/capture/quic_initial.hh"

#include <algorithm>
#include <new>
#include <optional>
#include <string_view>

#include <openssl/evp.h>

namespace zonder::wire::capture {
namespace {

constexpr std::size_t longest_id = 20;
constexpr std::size_t tag_size = 16;
constexpr std::size_t sample_size = 16;
constexpr std::size_t hash_size = 32;
constexpr std::size_t hash_block = 64;
/// No client's hello is longer; a piece that lies further is no piece of one.
constexpr std::size_t longest_message = 32768;
/// Some clients cut theirs into many on purpose; those behind a hole are few at a time.
constexpr std::size_t most_pieces = 64;
constexpr unsigned most_misses = 2;

constexpr std::uint32_t version_1 = 1;
constexpr std::uint32_t version_2 = 0x6b3343cf;
constexpr std::uint32_t google_t050 = 0x54303530;
constexpr std::uint32_t google_t051 = 0x54303531;

using Salt = std::array<std::uint8_t, 20>;
// RFC 9001 5.2, RFC 9369 3.3.1, and the drafts of RFC 9001 before (22, 23 to 28, 29 to 32).
constexpr Salt salt_1 = {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
                         0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a};
constexpr Salt salt_2 = {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
                         0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9};
constexpr Salt salt_29 = {0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
                          0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99};
constexpr Salt salt_23 = {0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
                          0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02};
constexpr Salt salt_22 = {0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a,
                          0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a};
// Google's own versions with TLS in them.
constexpr Salt salt_t050 = {0x7f, 0xf5, 0x79, 0xe5, 0xac, 0xd0, 0x72, 0x91, 0x55, 0x80,
                            0x30, 0x4c, 0x43, 0xa2, 0x36, 0x7c, 0x60, 0x48, 0x83, 0x10};
constexpr Salt salt_t051 = {0x7a, 0x4e, 0xde, 0xf4, 0xe7, 0xcc, 0xee, 0x5f, 0xa4, 0x50,
                            0x6c, 0x19, 0x12, 0x4f, 0xc8, 0xcc, 0xda, 0x6e, 0x03, 0x3d};

/// "Versions" of a form that no version will ever have, so that servers learn to refuse what they
/// do not know (RFC 9000 15). Clients keep to the keys of a real one.
bool forces_negotiation(std::uint32_t version)
{
  return (version & 0x0f0f0f0fU) == 0x0a0a0a0a;
}

/// The draft that a version follows; 0: it is none that can be read.
unsigned draft_of(std::uint32_t version)
{
  const bool draft = version >> 8U == 0xff0000;
  if (draft) {
    const unsigned number = version & 0xffU;
    return number >= 22 && number <= 34 ? number : 0;
  }
  switch (version) {
  case version_1:
  case version_2:
    return 34;
  case 0xfaceb001:  // mvfst, which is Facebook's
    return 22;
  case 0xfaceb002:
  case 0xfaceb00e:
  case google_t050:
  case google_t051:
    return 27;
  default:
    return forces_negotiation(version) ? 34 : 0;
  }
}

/// `attempt`: 0, and 1 for a version that is none, whose client may be of an earlier time.
const Salt& salt_of(std::uint32_t version, unsigned attempt)
{
  if (attempt > 0) {
    return salt_29;
  }
  switch (version) {
  case version_2:
    return salt_2;
  case google_t050:
    return salt_t050;
  case google_t051:
    return salt_t051;
  default:
    break;
  }
  const unsigned draft = draft_of(version);
  return draft >= 33 ? salt_1 : draft >= 29 ? salt_29 : draft >= 23 ? salt_23 : salt_22;
}

/// RFC 9000 16: the first two bits say how many bytes a number has.
bool read_number(Bytes bytes, std::size_t& at, std::uint64_t& value)
{
  if (at >= bytes.size()) {
    return false;
  }
  const std::size_t size = std::size_t{1} << (bytes[at] >> 6U);
  if (size > bytes.size() - at) {
    return false;
  }
  value = bytes[at] & 0x3fU;
  for (std::size_t i = 1; i < size; ++i) {
    value = value << 8U | bytes[at + i];
  }
  at += size;
  return true;
}

struct Header {
  std::uint32_t version = 0;
  bool initial = false;
  Bytes connection;
  std::size_t number_at = 0;  // where the packet's number stands, which is hidden
  std::size_t end = 0;
};

/// Of a packet with a long header (RFC 9000 17.2). Nothing: it is none, or is cut off.
std::optional<Header> read_header(Bytes bytes)
{
  if (bytes.size() < 7 || (bytes[0] & 0x80U) == 0) {
    return std::nullopt;
  }
  Header header{.version = number32(&bytes[1])};
  if (draft_of(header.version) == 0) {
    return std::nullopt;
  }
  const unsigned type = bytes[0] >> 4U & 3U;
  const unsigned initial = header.version == version_2 ? 1 : 0;
  const unsigned retry = header.version == version_2 ? 0 : 3;
  if (type == retry) {
    return std::nullopt;
  }
  header.initial = type == initial;
  std::size_t at = 5;
  const std::size_t size = bytes[at++];
  if (size > longest_id || size > bytes.size() - at) {
    return std::nullopt;
  }
  header.connection = bytes.subspan(at, size);
  at += size;
  if (at >= bytes.size() || bytes[at] > bytes.size() - at - 1) {
    return std::nullopt;
  }
  at += 1U + bytes[at];
  std::uint64_t token = 0;
  if (header.initial) {
    if (!read_number(bytes, at, token) || token > bytes.size() - at) {
      return std::nullopt;
    }
    at += token;
  }
  std::uint64_t length = 0;
  if (!read_number(bytes, at, length) || length > bytes.size() - at) {
    return std::nullopt;
  }
  header.number_at = at;
  header.end = at + length;
  return header;
}

/// Adds what follows the message so far; false: it lies behind a hole.
bool append(std::size_t offset, Bytes bytes, std::vector<std::uint8_t>& message)
{
  if (offset > message.size()) {
    return false;
  }
  const auto rest = after(bytes, message.size() - offset);
  message.insert(message.end(), rest.begin(), rest.end());
  return true;
}

void take_piece(std::size_t offset, Bytes bytes, QuicHello& hello)
{
  if (!append(offset, bytes, hello.message)) {
    if (hello.pieces.size() < most_pieces) {
      hello.pieces.push_back({.offset = offset, .bytes = {bytes.begin(), bytes.end()}});
    }
    return;
  }
  for (std::size_t i = 0; i < hello.pieces.size();) {
    if (append(hello.pieces[i].offset, hello.pieces[i].bytes, hello.message)) {
      hello.pieces.erase(hello.pieces.begin() + static_cast<std::ptrdiff_t>(i));
      i = 0;
    } else {
      ++i;
    }
  }
}

/// Puts the pieces of the hello that a packet carries in their place. False: a frame that no
/// Initial has.
bool take_frames(Bytes bytes, QuicHello& hello)
{
  for (std::size_t at = 0; at < bytes.size();) {
    const unsigned type = bytes[at++];
    std::uint64_t skip = 0;
    switch (type) {
    case 0:  // padding
    case 1:  // ping
      continue;
    case 2:
    case 3: {  // acknowledgements
      std::uint64_t ranges = 0;
      if (!read_number(bytes, at, skip) || !read_number(bytes, at, skip) ||
          !read_number(bytes, at, ranges) || !read_number(bytes, at, skip)) {
        return false;
      }
      const std::uint64_t numbers =
          2 * std::min<std::uint64_t>(ranges, bytes.size()) + (type == 3 ? 3 : 0);
      for (std::uint64_t i = 0; i < numbers; ++i) {
        if (!read_number(bytes, at, skip)) {
          return false;
        }
      }
      continue;
    }
    case 6:
    case 8: {  // as Google's own versions number it; no other Initial has it
      std::uint64_t offset = 0;
      std::uint64_t size = 0;
      if (!read_number(bytes, at, offset) || !read_number(bytes, at, size) ||
          size > bytes.size() - at || offset > longest_message || size > longest_message - offset) {
        return false;
      }
      take_piece(offset, bytes.subspan(at, size), hello);
      at += size;
      continue;
    }
    default:
      return type == 0x1c || type == 0x1d;  // the connection is closed: nothing follows
    }
  }
  return true;
}

}  // namespace

bool may_be_quic_initial(Bytes datagram)
{
  if (datagram.size() < 7 || (datagram[0] & 0x80U) == 0 || draft_of(number32(&datagram[1])) == 0) {
    return false;
  }
  return datagram[5] <= longest_id;
}

/// What OpenSSL looks up by name, looked up once.
struct QuicInitials::Ciphers {
  EVP_MD* hash = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_CIPHER* gcm = EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr);
  EVP_CIPHER* ecb = EVP_CIPHER_fetch(nullptr, "AES-128-ECB", nullptr);
  EVP_MD_CTX* hashing = EVP_MD_CTX_new();
  EVP_CIPHER_CTX* sealing = EVP_CIPHER_CTX_new();
  EVP_CIPHER_CTX* hiding = EVP_CIPHER_CTX_new();

  Ciphers() = default;
  Ciphers(const Ciphers&) = delete;
  Ciphers& operator=(const Ciphers&) = delete;
  Ciphers(Ciphers&&) = delete;
  Ciphers& operator=(Ciphers&&) = delete;
  ~Ciphers()
  {
    EVP_CIPHER_CTX_free(hiding);
    EVP_CIPHER_CTX_free(sealing);
    EVP_MD_CTX_free(hashing);
    EVP_CIPHER_free(ecb);
    EVP_CIPHER_free(gcm);
    EVP_MD_free(hash);
  }
  [[nodiscard]] bool all_there() const
  {
    return hash != nullptr && gcm != nullptr && ecb != nullptr && hashing != nullptr &&
           sealing != nullptr && hiding != nullptr;
  }

  using Hash = std::array<std::uint8_t, hash_size>;
  /// RFC 2104. The key is no longer than a block of the hash.
  bool keyed_hash(Bytes key, Bytes text, Hash& out) const
  {
    std::array<std::uint8_t, hash_block> inner{};
    std::array<std::uint8_t, hash_block> outer{};
    std::copy(key.begin(), key.end(), inner.begin());
    std::copy(key.begin(), key.end(), outer.begin());
    for (std::size_t i = 0; i < hash_block; ++i) {
      inner[i] ^= 0x36;
      outer[i] ^= 0x5c;
    }
    return EVP_DigestInit_ex2(hashing, hash, nullptr) == 1 &&
           EVP_DigestUpdate(hashing, inner.data(), inner.size()) == 1 &&
           EVP_DigestUpdate(hashing, text.data(), text.size()) == 1 &&
           EVP_DigestFinal_ex(hashing, out.data(), nullptr) == 1 &&
           EVP_DigestInit_ex2(hashing, hash, nullptr) == 1 &&
           EVP_DigestUpdate(hashing, outer.data(), outer.size()) == 1 &&
           EVP_DigestUpdate(hashing, out.data(), out.size()) == 1 &&
           EVP_DigestFinal_ex(hashing, out.data(), nullptr) == 1;
  }
  /// HKDF-Expand-Label without a context (RFC 8446 7.1), for results no longer than the hash.
  bool expand(const Hash& secret, std::string_view label, std::span<std::uint8_t> out) const
  {
    constexpr std::string_view prefix = "tls13 ";
    std::array<std::uint8_t, 32> text{};
    std::size_t size = 0;
    text[size++] = 0;
    text[size++] = static_cast<std::uint8_t>(out.size());
    text[size++] = static_cast<std::uint8_t>(prefix.size() + label.size());
    for (const auto part : {prefix, label}) {
      std::copy(part.begin(), part.end(), text.begin() + static_cast<std::ptrdiff_t>(size));
      size += part.size();
    }
    text[size++] = 0;
    text[size++] = 1;
    Hash hash_of{};
    if (!keyed_hash(secret, Bytes(text).first(size), hash_of)) {
      return false;
    }
    std::copy_n(hash_of.begin(), out.size(), out.begin());
    return true;
  }
};

QuicInitials::QuicInitials() : ciphers_(std::make_unique<Ciphers>())
{
  if (!ciphers_->all_there()) {
    throw std::bad_alloc();
  }
}
QuicInitials::~QuicInitials() = default;

bool QuicInitials::make_keys(std::uint32_t version,
                             Bytes connection,
                             unsigned attempt,
                             QuicHello& hello)
{
  const bool second = version == version_2;
  Ciphers::Hash initial{};
  Ciphers::Hash client{};
  return ciphers_->keyed_hash(salt_of(version, attempt), connection, initial) &&
         ciphers_->expand(initial, "client in", client) &&
         ciphers_->expand(client, second ? "quicv2 key" : "quic key", hello.key) &&
         ciphers_->expand(client, second ? "quicv2 iv" : "quic iv", hello.iv) &&
         ciphers_->expand(client, second ? "quicv2 hp" : "quic hp", hello.header_key);
}

/// Takes the mask off the header and decrypts the rest into plain_ (RFC 9001 5.4 and 5.3).
bool QuicInitials::open(Bytes packet, std::size_t number_at, const QuicHello& hello)
{
  if (packet.size() < number_at + 4 + sample_size) {
    return false;
  }
  std::array<std::uint8_t, 32> mask{};
  int size = 0;
  if (EVP_EncryptInit_ex2(
          ciphers_->hiding, ciphers_->ecb, hello.header_key.data(), nullptr, nullptr) != 1 ||
      EVP_EncryptUpdate(ciphers_->hiding,
                        mask.data(),
                        &size,
                        &packet[number_at + 4],
                        static_cast<int>(sample_size)) != 1) {
    return false;
  }
  auto& header = header_;
  header.assign(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(number_at + 4));
  header[0] = static_cast<std::uint8_t>(header[0] ^ (mask[0] & 0x0fU));
  const std::size_t number_size = (header[0] & 3U) + 1U;
  header.resize(number_at + number_size);
  auto nonce = hello.iv;
  for (std::size_t i = 0; i < number_size; ++i) {
    header[number_at + i] ^= mask[1 + i];
    nonce[nonce.size() - number_size + i] ^= header[number_at + i];
  }
  const auto sealed = packet.subspan(header.size());
  if (sealed.size() < tag_size) {
    return false;
  }
  const auto text = sealed.first(sealed.size() - tag_size);
  plain_.resize(text.size());
  std::array<std::uint8_t, tag_size> tag{};
  std::copy_n(sealed.end() - tag_size, tag_size, tag.begin());
  return EVP_DecryptInit_ex2(
             ciphers_->sealing, ciphers_->gcm, hello.key.data(), nonce.data(), nullptr) == 1 &&
         EVP_DecryptUpdate(
             ciphers_->sealing, nullptr, &size, header.data(), static_cast<int>(header.size())) ==
             1 &&
         EVP_DecryptUpdate(
             ciphers_->sealing, plain_.data(), &size, text.data(), static_cast<int>(text.size())) ==
             1 &&
         EVP_CIPHER_CTX_ctrl(ciphers_->sealing, EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1 &&
         EVP_DecryptFinal_ex(ciphers_->sealing, tag.data(), &size) == 1;
}

Reading QuicInitials::read(Bytes datagram, QuicHello& hello, HelloWords& words)
{
  auto result = Reading::Other;
  while (!datagram.empty()) {
    const auto header = read_header(datagram);
    if (!header) {
      return result;
    }
    const auto packet = datagram.first(header->end);
    datagram = datagram.subspan(header->end);
    if (!header->initial) {
      continue;
    }
    const bool same = hello.has_keys && hello.version == header->version &&
                      std::equal(header->connection.begin(),
                                 header->connection.end(),
                                 hello.connection.begin(),
                                 hello.connection.begin() + hello.connection_size);
    if (same && hello.found) {
      result = Reading::More;
      continue;
    }
    bool opened = hello.has_keys && hello.version == header->version && !hello.found &&
                  open(packet, header->number_at, hello);
    // After the hello a client goes on with the id that the server chose, which makes no keys.
    if (!opened && !same && hello.misses < most_misses) {
      // Another connection, or one that the server sent on with another id (Retry).
      QuicHello other{.version = header->version};
      const unsigned attempts = forces_negotiation(header->version) ? 2 : 1;
      for (unsigned attempt = 0; attempt < attempts && !opened; ++attempt) {
        opened = make_keys(header->version, header->connection, attempt, other) &&
                 open(packet, header->number_at, other);
      }
      if (!opened) {
        hello.misses += hello.found ? 1 : 0;
        continue;
      }
      std::copy(header->connection.begin(), header->connection.end(), other.connection.begin());
      other.connection_size = static_cast<std::uint8_t>(header->connection.size());
      other.has_keys = true;
      hello = std::move(other);
    }
    if (!opened || !take_frames(plain_, hello)) {
      continue;
    }
    result = std::max(result, Reading::More, [](Reading a, Reading b) {
      return a == Reading::Other && b != Reading::Other;
    });
    const auto read =
        hello.message.empty() ? Reading::More : read_hello_message(hello.message, false, words);
    if (read == Reading::More) {
      continue;
    }
    hello.found = true;
    hello.message = {};
    hello.pieces = {};
    result = read;
    if (read == Reading::Done) {
      return result;
    }
  }
  return result;
}

}  // namespace zonder::wire::capture

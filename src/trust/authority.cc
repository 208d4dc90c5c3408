// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "trust/authority.hh"

#include <array>
#include <cstdint>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "base/translate.hh"

namespace zonder::trust {
namespace {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* thing) const
  {
    Free(thing);
  }
};
struct FreedBytes {
  void operator()(unsigned char* bytes) const { OPENSSL_free(bytes); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, Freed<X509_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>>;
using OneName = std::unique_ptr<GENERAL_NAME, Freed<GENERAL_NAME_free>>;

constexpr long an_hour = 3600;

std::string content_of(BIO* memory)
{
  char* start = nullptr;
  const long size = BIO_get_mem_data(memory, &start);
  return {start, static_cast<std::size_t>(size)};
}

bool add_extension(X509* certificate, X509* issuer, int kind, const std::string& value)
{
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  const bool added = extension != nullptr && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

/// The names that count, each as it is: nothing in one has a meaning of its own.
bool add_names(X509* certificate, const std::vector<std::string>& names)
{
  const Names all(sk_GENERAL_NAME_new_null());
  for (const auto& name : names) {
    OneName one(GENERAL_NAME_new());
    if (!one) {
      return false;
    }
    if (auto* address = a2i_IPADDRESS(name.c_str())) {
      GENERAL_NAME_set0_value(one.get(), GEN_IPADD, address);
    } else {
      auto* text = ASN1_IA5STRING_new();
      GENERAL_NAME_set0_value(one.get(), GEN_DNS, text);
      if (ASN1_STRING_set(text, name.data(), static_cast<int>(name.size())) != 1) {
        return false;
      }
    }
    if (sk_GENERAL_NAME_push(all.get(), one.get()) == 0) {
      return false;
    }
    (void)one.release();  // the list's now
  }
  return X509_add1_ext_i2d(certificate, NID_subject_alt_name, all.get(), 0, X509V3_ADD_DEFAULT) ==
         1;
}

/// Everything but extensions and signature.
Cert blank(EVP_PKEY* key, const std::string& name, std::chrono::seconds valid_for)
{
  Cert certificate(X509_new());
  std::uint64_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1U);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -an_hour);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), valid_for.count());
  // A common name has at most 64 characters; the names that count are in subjectAltName.
  const auto common = name.substr(0, 64);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()),
                             "CN",
                             MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common.data()),
                             static_cast<int>(common.size()),
                             -1,
                             0);
  X509_set_pubkey(certificate.get(), key);
  return certificate;
}

/// Empty: OpenSSL cannot.
std::string pin_of(X509* certificate)
{
  unsigned char* key = nullptr;
  const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &key);
  if (length <= 0) {
    return {};
  }
  const std::unique_ptr<unsigned char, FreedBytes> owner(key);
  std::array<unsigned char, 32> digest{};
  if (EVP_Q_digest(nullptr,
                   "SHA256",
                   nullptr,
                   key,
                   static_cast<std::size_t>(length),
                   digest.data(),
                   nullptr) != 1) {
    return {};
  }
  std::array<unsigned char, 45> text{};
  const int written = EVP_EncodeBlock(text.data(), digest.data(), digest.size());
  return {text.begin(), text.begin() + written};
}

std::string as_pem(X509* certificate)
{
  const Memory memory(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(memory.get(), certificate);
  return content_of(memory.get());
}

tl::unexpected<Error> cannot()
{
  return fail(Fault::Internal, say("OpenSSL cannot make a certificate"));
}

}  // namespace

struct Authority::State {
  std::chrono::seconds valid_for{};
  Key key;
  Cert certificate;
  std::string pem;
  std::string hashed_name;
  std::string pin;
};

Authority::Authority(std::unique_ptr<State> state) : state_(std::move(state)) {}
Authority::Authority(Authority&&) noexcept = default;
Authority& Authority::operator=(Authority&&) noexcept = default;
Authority::~Authority() = default;

Result<Authority> Authority::make(const std::string& name, std::chrono::hours valid_for)
{
  auto state = std::make_unique<State>();
  state->valid_for = valid_for;
  state->key = Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  if (!state->key) {
    return cannot();
  }
  state->certificate = blank(state->key.get(), name, state->valid_for);
  X509* own = state->certificate.get();
  X509_set_issuer_name(own, X509_get_subject_name(own));
  if (!add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE") ||
      !add_extension(own, own, NID_key_usage, "critical,keyCertSign,cRLSign") ||
      !add_extension(own, own, NID_subject_key_identifier, "hash") ||
      X509_sign(own, state->key.get(), EVP_sha256()) == 0) {
    return cannot();
  }
  state->pem = as_pem(own);
  state->pin = pin_of(own);
  if (state->pin.empty()) {
    return cannot();
  }
  state->hashed_name = fmt::format("{:08x}.0", X509_subject_name_hash(own));
  return Authority(std::move(state));
}

Result<Certificate> Authority::issue(const std::vector<std::string>& names)
{
  const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  if (!key || names.empty()) {
    return cannot();
  }
  const Cert certificate = blank(key.get(), names.front(), state_->valid_for);
  X509* own = certificate.get();
  X509* issuer = state_->certificate.get();
  X509_set_issuer_name(own, X509_get_subject_name(issuer));
  if (!add_extension(own, issuer, NID_basic_constraints, "critical,CA:FALSE") ||
      !add_names(own, names) || !add_extension(own, issuer, NID_ext_key_usage, "serverAuth") ||
      !add_extension(own, issuer, NID_authority_key_identifier, "keyid") ||
      X509_sign(own, state_->key.get(), EVP_sha256()) == 0) {
    return cannot();
  }
  const Memory memory(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(memory.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return Certificate{.chain = as_pem(own), .key = content_of(memory.get())};
}

const std::string& Authority::certificate() const
{
  return state_->pem;
}

const std::string& Authority::pin() const
{
  return state_->pin;
}

const std::string& Authority::hashed_name() const
{
  return state_->hashed_name;
}

}  // namespace zonder::trust

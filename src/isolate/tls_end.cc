// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/tls_end.hh"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "base/translate.hh"

namespace zonder::isolate {
namespace {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* thing) const
  {
    Free(thing);
  }
};
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using Connection = std::unique_ptr<SSL, Freed<SSL_free>>;
using Cert = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free>>;

struct Identity {
  Cert certificate;
  Key key;
};

// A room that asks for more names than this has each made anew.
constexpr std::size_t identities_kept = 1000;

tl::unexpected<Error> cannot()
{
  return fail(Fault::Internal, say("OpenSSL cannot answer by TLS"));
}

/// HTTP/1.1 where the client lets us choose; else no connection, rather than another protocol.
int choose_protocol(SSL* /*connection*/,
                    const unsigned char** chosen,
                    unsigned char* length,
                    const unsigned char* offered,
                    unsigned int size,
                    void* /*context*/)
{
  static constexpr std::array<unsigned char, 9> http = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  // OpenSSL's own signature: what it gives back is not written to.
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, length, http.data(), http.size(), offered, size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

/// Alerts by which a client says that it does not believe a certificate (RFC 8446 6.2).
bool says_distrust(unsigned long error)
{
  constexpr std::array alerts = {SSL_AD_BAD_CERTIFICATE,
                                 SSL_AD_UNSUPPORTED_CERTIFICATE,
                                 SSL_AD_CERTIFICATE_REVOKED,
                                 SSL_AD_CERTIFICATE_EXPIRED,
                                 SSL_AD_CERTIFICATE_UNKNOWN,
                                 SSL_AD_UNKNOWN_CA,
                                 SSL_AD_ACCESS_DENIED,
                                 SSL_AD_BAD_CERTIFICATE_STATUS_RESPONSE};
  const int alert = ERR_GET_REASON(error) - SSL_AD_REASON_OFFSET;
  return ERR_GET_LIB(error) == ERR_LIB_SSL &&
         std::find(alerts.begin(), alerts.end(), alert) != alerts.end();
}

Memory reader_of(const std::string& text)
{
  return Memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

}  // namespace

struct TlsEnd::Parts {
  Connection connection;
  BIO* in = nullptr;  // both are the connection's
  BIO* out = nullptr;
  State state = State::Handshake;

  void judge(int returned);
};

/// What a call that did not succeed means.
void TlsEnd::Parts::judge(int returned)
{
  switch (SSL_get_error(connection.get(), returned)) {
  case SSL_ERROR_WANT_READ:
  case SSL_ERROR_WANT_WRITE:
    return;
  case SSL_ERROR_ZERO_RETURN:
    state = State::Closed;
    return;
  default:
    state = says_distrust(ERR_peek_error()) ? State::Distrusted : State::Failed;
  }
}

TlsEnd::TlsEnd(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
TlsEnd::~TlsEnd() = default;

std::string TlsEnd::take_in(std::string_view bytes)
{
  auto& parts = *parts_;
  BIO_write(parts.in, bytes.data(), static_cast<int>(bytes.size()));
  if (parts.state == State::Handshake) {
    ERR_clear_error();
    const int done = SSL_accept(parts.connection.get());
    if (done == 1) {
      parts.state = State::Open;
    } else {
      parts.judge(done);
    }
  }
  std::string said;
  while (parts.state == State::Open) {
    std::array<char, 16384> text{};
    ERR_clear_error();
    const int got = SSL_read(parts.connection.get(), text.data(), text.size());
    if (got <= 0) {
      parts.judge(got);
      break;
    }
    said.append(text.data(), static_cast<std::size_t>(got));
  }
  return said;
}

void TlsEnd::say_last(std::string_view text)
{
  ERR_clear_error();
  // Memory takes everything at once.
  SSL_write(parts_->connection.get(), text.data(), static_cast<int>(text.size()));
  SSL_shutdown(parts_->connection.get());
}

std::string TlsEnd::take_out()
{
  std::string bytes;
  std::array<char, 16384> part{};
  for (int got = 0; (got = BIO_read(parts_->out, part.data(), part.size())) > 0;) {
    bytes.append(part.data(), static_cast<std::size_t>(got));
  }
  return bytes;
}

TlsEnd::State TlsEnd::state() const
{
  return parts_->state;
}

struct TlsServer::State {
  trust::Authority authority;
  Context context;
  std::map<std::string, Identity> identities;

  Result<const Identity*> identity_of(const std::string& name);
};

Result<const Identity*> TlsServer::State::identity_of(const std::string& name)
{
  if (const auto known = identities.find(name); known != identities.end()) {
    return &known->second;
  }
  const auto issued = authority.issue({name});
  if (!issued) {
    return fail(issued.error());
  }
  const auto chain = reader_of(issued->chain);
  const auto key = reader_of(issued->key);
  Identity identity;
  identity.certificate = Cert(PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr));
  identity.key = Key(PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr));
  if (!identity.certificate || !identity.key) {
    return cannot();
  }
  if (identities.size() >= identities_kept) {
    identities.clear();
  }
  return &identities.emplace(name, std::move(identity)).first->second;
}

TlsServer::TlsServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsServer::TlsServer(TlsServer&&) noexcept = default;
TlsServer& TlsServer::operator=(TlsServer&&) noexcept = default;
TlsServer::~TlsServer() = default;

Result<TlsServer> TlsServer::make(trust::Authority authority)
{
  Context context(SSL_CTX_new(TLS_server_method()));
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1) {
    return cannot();
  }
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  // Who knows the authority by its key alone has to be shown it.
  const auto pem = reader_of(authority.certificate());
  Cert own(PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr));
  if (!own || SSL_CTX_add_extra_chain_cert(context.get(), own.get()) != 1) {
    return cannot();
  }
  (void)own.release();  // it is the context's now
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  return TlsServer(std::make_unique<State>(
      State{.authority = std::move(authority), .context = std::move(context), .identities = {}}));
}

Result<std::unique_ptr<TlsEnd>> TlsServer::take(const std::string& name)
{
  const auto identity = state_->identity_of(name);
  if (!identity) {
    return fail(identity.error());
  }
  auto parts = std::make_unique<TlsEnd::Parts>();
  parts->connection = Connection(SSL_new(state_->context.get()));
  parts->in = BIO_new(BIO_s_mem());
  parts->out = BIO_new(BIO_s_mem());
  SSL* connection = parts->connection.get();
  if (connection == nullptr || parts->in == nullptr || parts->out == nullptr) {
    BIO_free(parts->in);
    BIO_free(parts->out);
    return cannot();
  }
  BIO_set_mem_eof_return(parts->in, -1);  // no more for now is not the end
  SSL_set_bio(connection, parts->in, parts->out);
  SSL_set_accept_state(connection);
  if (SSL_use_certificate(connection, (*identity)->certificate.get()) != 1 ||
      SSL_use_PrivateKey(connection, (*identity)->key.get()) != 1) {
    return cannot();
  }
  return std::unique_ptr<TlsEnd>(new TlsEnd(std::move(parts)));
}

}  // namespace zonder::isolate

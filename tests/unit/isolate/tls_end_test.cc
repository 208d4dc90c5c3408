// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "isolate/tls_end.hh"

namespace zonder::isolate {
namespace {

constexpr std::chrono::hours a_day{24};

/// A client of its own, between bytes and bytes too.
class Client {
public:
  /// `trusted`: PEM; empty: it believes nobody. `protocols`: as ALPN has them on the wire.
  Client(const std::string& name, const std::string& trusted, const std::string& protocols)
      : context_(SSL_CTX_new(TLS_client_method())), connection_(nullptr)
  {
    if (!trusted.empty()) {
      BIO* memory = BIO_new_mem_buf(trusted.data(), static_cast<int>(trusted.size()));
      X509* certificate = PEM_read_bio_X509(memory, nullptr, nullptr, nullptr);
      X509_STORE_add_cert(SSL_CTX_get_cert_store(context_), certificate);
      X509_free(certificate);
      BIO_free(memory);
    }
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
    connection_ = SSL_new(context_);
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    SSL_set_bio(connection_, in_, out_);
    SSL_set1_host(connection_, name.c_str());
    const std::vector<unsigned char> wire(protocols.begin(), protocols.end());
    SSL_set_alpn_protos(connection_, wire.data(), static_cast<unsigned>(wire.size()));
    SSL_set_connect_state(connection_);
  }
  ~Client()
  {
    SSL_free(connection_);
    SSL_CTX_free(context_);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  Client(Client&&) = delete;
  Client& operator=(Client&&) = delete;

  /// Goes on for as long as one of the two has something to say; true when it is open.
  bool talk_to(TlsEnd& server)
  {
    for (int round = 0; round < 10; ++round) {
      (void)SSL_do_handshake(connection_);
      heard_by_server_ += server.take_in(said());
      const auto answer = server.take_out();
      BIO_write(in_, answer.data(), static_cast<int>(answer.size()));
    }
    return SSL_is_init_finished(connection_) == 1;
  }
  void say(const std::string& text)
  {
    SSL_write(connection_, text.data(), static_cast<int>(text.size()));
  }
  std::string hear()
  {
    std::array<char, 1000> text{};
    const int got = SSL_read(connection_, text.data(), text.size());
    return {text.data(), static_cast<std::size_t>(std::max(got, 0))};
  }
  [[nodiscard]] bool heard_the_end() const
  {
    return (SSL_get_shutdown(connection_) & SSL_RECEIVED_SHUTDOWN) != 0;
  }
  [[nodiscard]] std::string protocol() const
  {
    const unsigned char* chosen = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(connection_, &chosen, &length);
    return {chosen, chosen + length};
  }
  [[nodiscard]] const std::string& heard_by_server() const { return heard_by_server_; }

private:
  std::string said()
  {
    std::string bytes;
    std::array<char, 4096> part{};
    for (int got = 0; (got = BIO_read(out_, part.data(), part.size())) > 0;) {
      bytes.append(part.data(), static_cast<std::size_t>(got));
    }
    return bytes;
  }
  SSL_CTX* context_;
  SSL* connection_;
  BIO* in_ = nullptr;
  BIO* out_ = nullptr;
  std::string heard_by_server_;
};

struct Server {
  Server() : Server(trust::Authority::make("test", a_day).value()) {}
  explicit Server(trust::Authority authority)
      : root(authority.certificate()), server(TlsServer::make(std::move(authority)).value())
  {
  }
  std::string root;
  TlsServer server;
};

const std::string both = "\x02h2\x08http/1.1";
const std::string modern = "\x02h2";

TEST(TlsEnd, IsBelievedForAnyNameByWhoTrustsItsAuthority)
{
  Server here;
  for (const std::string name : {"login.example", "other.example", "login.example"}) {
    auto end = here.server.take(name).value();
    Client client(name, here.root, both);
    ASSERT_TRUE(client.talk_to(*end)) << name;
    EXPECT_EQ(end->state(), TlsEnd::State::Open);
    EXPECT_EQ(client.protocol(), "http/1.1");
    client.say("please");
    client.talk_to(*end);
    EXPECT_EQ(client.heard_by_server(), "please");
    end->say_last("no");
    client.talk_to(*end);
    EXPECT_EQ(client.hear(), "no");
    EXPECT_EQ(client.hear(), "");
    EXPECT_TRUE(client.heard_the_end());
  }
}

TEST(TlsEnd, TellsDistrustFromOtherFailures)
{
  Server here;
  auto stranger = here.server.take("login.example").value();
  Client believes_nobody("login.example", "", both);
  EXPECT_FALSE(believes_nobody.talk_to(*stranger));
  EXPECT_EQ(stranger->state(), TlsEnd::State::Distrusted);

  auto other_name = here.server.take("other.example").value();
  Client wants_another("login.example", here.root, both);
  EXPECT_FALSE(wants_another.talk_to(*other_name));
  EXPECT_EQ(other_name->state(), TlsEnd::State::Distrusted);

  auto only_http = here.server.take("login.example").value();
  Client speaks_h2_only("login.example", here.root, modern);
  EXPECT_FALSE(speaks_h2_only.talk_to(*only_http));
  EXPECT_EQ(only_http->state(), TlsEnd::State::Failed);

  auto no_tls = here.server.take("login.example").value();
  EXPECT_EQ(no_tls->take_in("GET / HTTP/1.1\r\n\r\n"), "");
  EXPECT_EQ(no_tls->state(), TlsEnd::State::Failed);
}

}  // namespace
}  // namespace zonder::isolate

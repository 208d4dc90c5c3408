// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// `zonder data update` against a web server on the loopback, with a certificate authority that is
// thrown away afterwards.
#include <array>
#include <chrono>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/data.hh"
#include "app/who.hh"
#include "base/child_process.hh"
#include "support/catalog_world.hh"
#include "support/data_world.hh"

namespace zonder::app {
namespace {

using namespace test;

constexpr const char* server_program = R"(
import http.server, os, ssl, sys
folder = sys.argv[1]
class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args): pass
    def do_GET(self):
        if self.path == '/elsewhere':
            self.send_response(302)
            self.send_header('Location', 'http://127.0.0.1:9/')
            self.end_headers()
            return
        if self.path == '/missing':
            self.send_error(404)
            return
        body = open(folder + self.path, 'rb').read()
        etag = '"%d"' % (sum(body) + len(body))
        if self.headers.get('If-None-Match') == etag:
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header('ETag', etag)
        self.send_header('Content-Length', str(len(body) + (100 if self.path == '/cut' else 0)))
        self.end_headers()
        self.wfile.write(body)
server = http.server.HTTPServer(('127.0.0.1', 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder + '/cert.pem', folder + '/key.pem')
server.socket = context.wrap_socket(server.socket, server_side=True)
with open(folder + '/port.new', 'w') as out: out.write(str(server.server_port))
os.rename(folder + '/port.new', folder + '/port')
server.serve_forever()
)";

class DataUpdateOverTls : public testing::Test {
protected:
  void SetUp() override
  {
    if (!find_program("python3") || !find_program("openssl")) {
      GTEST_SKIP() << "needs python3 and openssl";
    }
    folder_ = data_.path("server");
    ASSERT_TRUE(make_folders(folder_));
    const auto made = run_captured({"openssl",
                                    "req",
                                    "-x509",
                                    "-newkey",
                                    "rsa:2048",
                                    "-nodes",
                                    "-days",
                                    "2",
                                    "-subj",
                                    "/CN=test",
                                    "-addext",
                                    "subjectAltName=IP:127.0.0.1",
                                    "-keyout",
                                    folder_ + "/key.pem",
                                    "-out",
                                    folder_ + "/cert.pem"});
    ASSERT_TRUE(made && made->status.code == 0) << (made ? made->err : made.error().message);
    serve("/list", R"({"addresses": ["203.0.113.0/24"], "ipv6_addresses": ["2001:db8::/32"]})");
    auto server = ChildProcess::start({.argv = {"python3", "-c", server_program, folder_}});
    ASSERT_TRUE(server) << server.error().message;
    server_.emplace(std::move(*server));
    for (int i = 0; i < 200 && !std::filesystem::exists(folder_ + "/port"); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    const auto port = read_file(folder_ + "/port");
    ASSERT_TRUE(port) << "the server did not start";
    port_ = *port;
  }

  void serve(const std::string& path, const std::string& body) const
  {
    ASSERT_TRUE(write_file(folder_ + path, body));
  }

  int update(const std::string& path, bool trusted = true)
  {
    data_.file("feeds.yaml",
               "schema: zonder.feeds/1\nservices: []\nfeeds:\n  - {id: a-feed, party: fastly, url: "
               "\"https://127.0.0.1:" +
                   port_ + path + "\", source: test, opened: 2026-11-23}\n");
    return data_update(data_.world,
                       {.feeds = {},
                        .ca_file = trusted ? folder_ + "/cert.pem" : "",
                        .feeds_file = data_.path("feeds.yaml")});
  }

  std::string party_of(const std::string& address)
  {
    data_.out();
    data_.world.form = Form::JsonLines;
    EXPECT_EQ(who(data_.world, {.inputs = {address}}), 0);
    data_.world.form = Form::Text;
    const auto json = nlohmann::json::parse(data_.out());
    return json["party"].is_null() ? "" : json["party"].get<std::string>();
  }

  DataWorld data_{small_content({{.id = "fastly"}})};
  std::string folder_;
  std::string port_;
  std::optional<ChildProcess> server_;
};

TEST_F(DataUpdateOverTls, TakesWhatIsPublishedAndAsksOnlyForChanges)
{
  EXPECT_EQ(update("/list"), 0) << data_.err();
  EXPECT_EQ(party_of("203.0.113.9"), "fastly");
  EXPECT_EQ(update("/list"), 0) << data_.err();
  EXPECT_NE(data_.out().find("a-feed: unchanged"), std::string::npos);
  serve("/list", R"({"addresses": ["198.51.100.0/24"], "ipv6_addresses": []})");
  EXPECT_EQ(update("/list"), 0) << data_.err();
  EXPECT_EQ(party_of("198.51.100.9"), "fastly");
  EXPECT_EQ(party_of("203.0.113.9"), "");
}

TEST_F(DataUpdateOverTls, TheOldDataStayWhenAnythingIsWrong)
{
  ASSERT_EQ(update("/list"), 0) << data_.err();
  const std::string path = data_.world.data_folder + "/catalog.snapshot";
  const auto before = *read_file(path);
  serve("/bad", R"({"addresses": ["203.0.113.0/24")");
  serve("/half", R"({"addresses": ["203.0.113.0/24", "nonsense"], "ipv6_addresses": []})");
  serve("/cut", R"({"addresses": ["192.0.2.0/24"], "ipv6_addresses": []})");
  serve("/empty", "");
  serve("/large", "[" + std::string(std::size_t{65} << 20U, ' ') + "]");
  for (const char* what : {"/bad", "/half", "/cut", "/empty", "/large", "/missing", "/elsewhere"}) {
    EXPECT_EQ(update(what), 3) << what;
    EXPECT_NE(data_.err().find("nothing could be fetched: the old data stay"), std::string::npos)
        << what;
    EXPECT_EQ(*read_file(path), before) << what;
  }
  EXPECT_EQ(party_of("203.0.113.9"), "fastly");
}

TEST_F(DataUpdateOverTls, AServerThatNobodyVouchesForIsRefused)
{
  EXPECT_EQ(update("/list", false), 3);
  EXPECT_NE(data_.err().find("certificate"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(data_.world.data_folder + "/catalog.snapshot"));
}

TEST_F(DataUpdateOverTls, AFeedIsFetchedOverTlsOnly)
{
  data_.file("plain.yaml",
             "schema: zonder.feeds/1\nservices: []\nfeeds:\n  - {id: a, url: "
             "\"http://127.0.0.1/\", source: test, opened: 2026-11-23}\n");
  EXPECT_EQ(data_update(data_.world,
                        {.feeds = {}, .ca_file = "", .feeds_file = data_.path("plain.yaml")}),
            2);
  EXPECT_NE(data_.err().find("plain.yaml:4:18: a feed is fetched over https:// only"),
            std::string::npos);
}

}  // namespace
}  // namespace zonder::app

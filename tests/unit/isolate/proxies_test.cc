// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "base/file.hh"
#include "isolate/proxies.hh"

namespace zonder::isolate {
namespace {

using Words = std::vector<std::string>;

/// Each proxy, those that are closed in brackets; or the sentence.
std::string told(const Words& typed, const Words& environment = {})
{
  const auto read = read_proxies(typed, environment);
  if (!read) {
    EXPECT_EQ(read.error().fault, Fault::Usage);
    return read.error().message;
  }
  std::string text;
  for (const auto& place : read->places) {
    text += (text.empty() ? "" : " ") +
            (place.seen_through ? place.to_string() : "(" + place.to_string() + ")");
  }
  return text;
}

TEST(Proxies, AreAsTyped)
{
  EXPECT_EQ(
      told({"http://Proxy.Example:3128/", "http://[2001:db8::1]:8080", "http://192.0.2.1:80"}),
      "proxy.example:3128 [2001:db8::1]:8080 192.0.2.1:80");
  EXPECT_EQ(told({"socks5h://proxy.example:1080", "https://proxy.example:443"}),
            "(proxy.example:1080) (proxy.example:443)");
  EXPECT_EQ(told({"http://proxy.example:3128", "http://proxy.example:3128"}), "proxy.example:3128");
  EXPECT_EQ(read_proxies({"http://proxy.example:3128"}, {})->for_command,
            "http://proxy.example:3128");
  EXPECT_TRUE(read_proxies({"none"}, {"http_proxy=http://proxy.example:3128"})->places.empty());
}

TEST(Proxies, ThatAreNumbersAreWhereProgramsTakeThemToBe)
{
  for (const std::string number : {"2433155408", "0x91070150", "145.7.336", "0221.7.1.0x50"}) {
    EXPECT_EQ(told({"http://" + number + ":3128"}), "145.7.1.80:3128") << number;
  }
}

TEST(Proxies, ThatAreTypedWrongAreToldInOneSentence)
{
  for (const std::string typed : {"proxy.example:3128",
                                  "http://proxy.example",
                                  "http://:3128",
                                  "http://a b:1",
                                  "http://proxy.example:0",
                                  "ftp://proxy.example:1",
                                  "http://proxy.example:99999",
                                  "pac:",
                                  "http://wpad/proxy.pac"}) {
    EXPECT_NE(told({typed}).find(typed == "pac:" ? "cannot" : "--proxy cannot be"),
              std::string::npos)
        << told({typed});
  }
  const auto secret = told({"http://me:word@proxy.example:3128"});
  EXPECT_NE(secret.find("user name"), std::string::npos) << secret;
  EXPECT_EQ(secret.find("word@"), std::string::npos) << secret;
  EXPECT_NE(told({"none", "http://proxy.example:1"}).find("no other"), std::string::npos);
}

TEST(Proxies, AreTakenFromTheEnvironmentWhereNoneWasTyped)
{
  EXPECT_EQ(told({},
                 {"http_proxy=http://me:word@proxy.example:3128/",
                  "HTTPS_PROXY=proxy.example:3128",
                  "all_proxy=socks5://192.0.2.1",
                  "no_proxy=localhost"}),
            "proxy.example:3128 (192.0.2.1:1080)");
  EXPECT_EQ(told({}, {"http_proxy=proxy.example"}), "proxy.example:80 proxy.example:1080");
  EXPECT_EQ(told({}, {"http_proxy="}), "");
  EXPECT_EQ(told({"http://other.example:1"}, {"http_proxy=proxy.example:3128"}),
            "other.example:1 proxy.example:3128");
  // The command goes by that one, whatever was typed.
  EXPECT_NE(told({"http://other.example:1"}, {"http_proxy=:::"}).find("the variable http_proxy"),
            std::string::npos);
  const auto wrong = told({}, {"https_proxy=word@:x"});
  EXPECT_NE(wrong.find("the variable https_proxy"), std::string::npos) << wrong;
  EXPECT_EQ(wrong.find("word@"), std::string::npos) << wrong;
}

TEST(Proxies, OfAPacFileAreItsLiterals)
{
  std::string text;
  for (const auto& place :
       proxies_in_pac("// our proxy server, or a proxy.\n"
                      "function FindProxyForURL(url, host) {\n"
                      "  if (isPlainHostName(host)) return 'DIRECT';\n"
                      "  if (url.substring(0, 5) == \"https\") return \"HTTPS tls.example:443\";\n"
                      "  return \"PROXY a.example:3128; Proxy  192.0.2.1:8080;SOCKS5 s.example:1\""
                      " + \"; PROXY a.example:3128; DIRECT\"; }\n")) {
    text += (place.seen_through ? "" : "!") + place.to_string() + " ";
  }
  EXPECT_EQ(text, "!tls.example:443 a.example:3128 192.0.2.1:8080 !s.example:1 ");
}

TEST(Proxies, OfAPacFileThatNamesNoneAreAMistake)
{
  const auto folder = TemporaryFolder::make();
  ASSERT_TRUE(folder);
  const auto path = folder->path() + "/proxy.pac";
  ASSERT_TRUE(write_file(path, "function FindProxyForURL() { return 'DIRECT'; }"));
  EXPECT_NE(told({"pac:" + path}).find("names no proxy"), std::string::npos);
  ASSERT_TRUE(write_file(path, "return 'PROXY proxy.example:3128'"));
  EXPECT_EQ(told({"file://" + path}), "proxy.example:3128");
}

TEST(Proxies, AreSetForTheCommandWhereItHasNone)
{
  Words environment = {"A=b", "HTTPS_PROXY=http://other.example:1"};
  set_proxy_variables(environment, "http://proxy.example:3128");
  EXPECT_EQ(
      environment,
      (Words{"A=b", "HTTPS_PROXY=http://other.example:1", "http_proxy=http://proxy.example:3128"}));
}

}  // namespace
}  // namespace zonder::isolate

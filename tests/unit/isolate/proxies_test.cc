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
  for (const std::string number :
       {"2433155408", "0x91070150", "145.7.336", "0221.7.1.0x50", "145.7.1.80."}) {
    EXPECT_EQ(told({"http://" + number + ":3128"}), "145.7.1.80:3128") << number;
  }
}

TEST(Proxies, ThatAreTypedWrongAreToldInOneSentence)
{
  for (const std::string typed : {"proxy.example:3128",
                                  "http://:3128",
                                  "http://a b:1",
                                  "http://proxy.example:0",
                                  "ftp://proxy.example:1",
                                  "http://proxy.example:99999",
                                  "http://wpad/proxy.pac"}) {
    EXPECT_NE(told({typed}).find("--proxy cannot be"), std::string::npos) << told({typed});
  }
  const auto secret = told({"http://me:word@proxy.example:3128"});
  EXPECT_NE(secret.find("user name"), std::string::npos) << secret;
  EXPECT_EQ(secret.find("word@"), std::string::npos) << secret;
  EXPECT_NE(told({"none", "http://proxy.example:1"}).find("no other"), std::string::npos);
  const auto no_port = told({"http://proxy.example/"});
  EXPECT_NE(no_port.find("which port?"), std::string::npos) << no_port;
  EXPECT_NE(no_port.find("--proxy http://proxy.example:3128"), std::string::npos) << no_port;
  EXPECT_NE(told({"socks5://[2001:db8::1]"}).find("socks5://[2001:db8::1]:3128"),
            std::string::npos);
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
                      " + \"; PROXY a.example:3128; DIRECT\"; }\n"
                      "/* return 'PROXY old.example:x'; */\n"
                      "var wiki = 'http://wiki.example'; // PROXY host:port\n")
           .places) {
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
  ASSERT_TRUE(write_file(path, "function FindProxyForURL() { return 'PROXY proxy.example:3128' }"));
  EXPECT_EQ(told({"file://" + path}), "proxy.example:3128");
}

// Each says what is wrong, where, and what to do.
TEST(Proxies, OfAPacFileThatCannotBeUsedAreToldInOneSentence)
{
  const auto folder = TemporaryFolder::make();
  ASSERT_TRUE(folder);
  const auto path = folder->path() + "/proxy.pac";
  const auto of_text = [&](const std::string& text) {
    EXPECT_TRUE(write_file(path, text));
    return told({"pac:" + path});
  };
  const std::string start = "function FindProxyForURL(url, host) {\n  return ";
  EXPECT_EQ(told({"pac:"}), "--proxy pac: names no file; write pac:FILE (a local one)");
  EXPECT_EQ(told({"pac:http://wpad.example/wpad.dat"}),
            "--proxy pac:http://wpad.example/wpad.dat is not on this machine: fetch it, and name "
            "the file");
  EXPECT_EQ(told({"pac:" + path}),
            "--proxy pac:FILE, a PAC file on this machine: cannot read " + path +
                ": No such file or directory");
  EXPECT_NE(told({"pac:" + folder->path()}).find("Is a directory"), std::string::npos);
  EXPECT_NE(told({"file://host" + path}).find("--proxy cannot be"), std::string::npos);
  EXPECT_NE(of_text(std::string(std::size_t{2} << 20U, ' ')).find("is larger than the 1048576"),
            std::string::npos);
  for (const auto& text : {std::string("<html>Log in first</html>"),
                           start + "'PROXY a.example:1'" + std::string(1, '\0'),
                           std::string()}) {
    EXPECT_NE(of_text(text).find(path + " is no PAC file"), std::string::npos) << of_text(text);
  }
  for (const std::string wrong :
       {"PROXY a.example:99999", "PROXY a.example:0", "PROXY a_b..example:80", "HTTPS :443"}) {
    EXPECT_TRUE(of_text(start + "'PROXY ok.example:1; " + wrong + "'; }")
                    .starts_with(path + ":2: \"" + wrong + "\" is no proxy"))
        << of_text(start + "'" + wrong + "'; }");
  }
  std::string many = start + "'";
  for (int i = 1; i <= 33; ++i) {
    many += "PROXY a" + std::to_string(i) + ".example:80; ";
  }
  EXPECT_TRUE(of_text(many + "'; }").starts_with("at most 32 proxies")) << of_text(many);
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

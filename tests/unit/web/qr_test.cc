// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstddef>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/child_process.hh"
#include "base/file.hh"
#include "web/qr.hh"

namespace zonder::web {
namespace {

constexpr const char* url = "http://10.213.7.1/?lang=nl";

std::string between(const std::string& text, const std::string& before, const std::string& after)
{
  const auto begin = text.find(before);
  if (begin == std::string::npos) {
    return "";
  }
  const auto from = begin + before.size();
  return text.substr(from, text.find(after, from) - from);
}

/// The picture as a page draws it: true where it is black.
using Picture = std::vector<std::vector<bool>>;

Picture drawn(const std::string& svg)
{
  const auto size = std::stoul(between(svg, "viewBox=\"0 0 ", " "));
  Picture picture(size, std::vector<bool>(size));
  std::istringstream path(between(svg, "stroke=\"#000\" d=\"", "\""));
  double x = 0;
  double y = 0;
  for (char command = 0; path >> command;) {
    double first = 0;
    double second = 0;
    path >> first;
    if (command == 'h') {
      for (std::size_t i = 0; i < static_cast<std::size_t>(first); ++i) {
        picture.at(static_cast<std::size_t>(y)).at(static_cast<std::size_t>(x) + i) = true;
      }
      x += first;
      continue;
    }
    path >> second;
    x = command == 'M' ? first : x + first;
    y = command == 'M' ? second : y + second;
  }
  return picture;
}

/// As a PGM file, so many dots for a module.
std::string as_pgm(const Picture& picture, std::size_t scale)
{
  const auto size = std::to_string(picture.size() * scale);
  std::string file = "P5\n" + size + " " + size + "\n255\n";
  for (const auto& row : picture) {
    std::string line;
    for (const bool dark : row) {
      line.append(scale, dark ? '\0' : '\xff');
    }
    for (std::size_t i = 0; i < scale; ++i) {
      file += line;
    }
  }
  return file;
}

TEST(Qr, ReadsBackAsTheText)
{
  if (!find_program("zbarimg")) {
    GTEST_SKIP() << "zbarimg is not installed, so that the code could not be read back";
  }
  const auto folder = std::filesystem::temp_directory_path();
  const auto file = folder / ("zonder-qr-" + std::to_string(::getpid()) + ".pgm");
  for (const std::string& text : {std::string(url),
                                  std::string("WIFI:S:zonder-microsoft;T:WPA;P:een zin;;"),
                                  "http://zonder.internal/" + std::string(300, 'x')}) {
    const auto svg = qr_svg(text, "");
    ASSERT_TRUE(svg);
    ASSERT_TRUE(write_file(file, as_pgm(drawn(*svg), 6), 0600));
    const auto read = run_captured({"zbarimg", "--quiet", "--raw", file.string()});
    ASSERT_TRUE(read);
    EXPECT_EQ(read->out, text + "\n") << read->err;
  }
  std::filesystem::remove(file);
}

TEST(Qr, IsSmallAndHasWhiteAround)
{
  const auto svg = qr_svg(url, "Doe mee");
  ASSERT_TRUE(svg);
  EXPECT_LT(svg->size(), 4000U);
  const auto picture = drawn(*svg);
  const auto last = picture.size() - 1;
  for (std::size_t i = 0; i <= last; ++i) {
    for (std::size_t j = 0; j < 4; ++j) {
      EXPECT_FALSE(picture[i][j] || picture[j][i] || picture[i][last - j] || picture[last - j][i]);
    }
  }
  EXPECT_TRUE(picture[4][4]);  // the corner by which readers find it
  EXPECT_NE(svg->find("fill=\"#fff\""), std::string::npos);
}

TEST(Qr, HasATitleThatIsOnlyText)
{
  const auto svg = qr_svg(url, "Ga naar <b> & doe mee");
  ASSERT_TRUE(svg);
  EXPECT_NE(svg->find("role=\"img\""), std::string::npos);
  EXPECT_EQ(between(*svg, "<title>", "</title>"), "Ga naar &lt;b&gt; &amp; doe mee");
}

TEST(Qr, SaysWhatDoesNotFit)
{
  EXPECT_TRUE(qr_svg(std::string(2331, 'x'), ""));
  const auto none = qr_svg(std::string(2332, 'x'), "");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message, "2332 bytes do not fit in a QR code: at least 1, at most 2331");
  EXPECT_FALSE(qr_svg("", ""));
}

}  // namespace
}  // namespace zonder::web

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.hh"
#include "browse/visit_file.hh"

namespace zonder::browse {
namespace {

// A white PNG of 4 by 3.
constexpr const char* picture =
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAIAAAA7ljmRAAAADklEQVR4nGP4jwQYcHIAu4cj"
    "3ZP55DwAAAAASUVORK5CYII=";

VisitResult a_result()
{
  VisitResult result{.browser = "Fake/1.0", .sandboxed = false, .visit = {}};
  result.visit = {.url = "http://a.example/",
                  .final_url = "http://a.example/home",
                  .title = "t\u00eft",
                  .outcome = model::PageOutcome::Unfinished,
                  .why = "because",
                  .status = 200,
                  .loaded_after = 1.5,
                  .requests = {{.url = "http://b.example/",
                                .kind = "script",
                                .outcome = model::RequestOutcome::Failed,
                                .status = 0,
                                .error = "net::ERR_FAILED",
                                .address = "192.0.2.1",
                                .at = 0.25}},
                  .requests_left_out = 3,
                  .console = {{.error = false, .text = "w", .url = "u"}},
                  .console_left_out = 4,
                  .messages_left_out = 5,
                  .rounds = 2,
                  .screenshot = picture};
  return result;
}

TEST(VisitFile, IsReadAsItWasWritten)
{
  const auto result = a_result();
  const auto again = result_from_json(result_as_json(result), 4, 3);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->browser, result.browser);
  EXPECT_EQ(again->sandboxed, result.sandboxed);
  EXPECT_EQ(again->visit, result.visit);
}

TEST(VisitFile, TakesNoPictureThatIsNoPngOfThatSize)
{
  auto result = a_result();
  EXPECT_TRUE(result_from_json(result_as_json(result), 4, 4)->visit.screenshot.empty());
  result.visit.screenshot = "\"><script>alert(1)</script>";
  EXPECT_TRUE(result_from_json(result_as_json(result), 4, 3)->visit.screenshot.empty());
  result.visit.screenshot = std::string(picture) + "\"><b>AA";
  EXPECT_TRUE(result_from_json(result_as_json(result), 4, 3)->visit.screenshot.empty());
}

TEST(VisitFile, RefusesWhatIsDamaged)
{
  const auto text = result_as_json(a_result());
  for (std::size_t length = 0; length + 2 < text.size(); length += 7) {
    EXPECT_FALSE(result_from_json(text.substr(0, length), 4, 3)) << length;
  }
  const auto with = [&text](const std::string& old, const std::string& put) {
    auto changed = text;
    const auto at = changed.find(old);
    EXPECT_NE(at, std::string::npos) << old;
    return result_from_json(changed.replace(at, old.size(), put), 4, 3).has_value();
  };
  EXPECT_TRUE(with("\"Fake/1.0\"", "\"Fake/2.0\""));
  EXPECT_FALSE(with("\"Fake/1.0\"", "7"));
  EXPECT_FALSE(with("\"unfinished\"", "\"good\""));
  EXPECT_FALSE(with("\"because\"", "\"" + std::string(5000, 'x') + "\""));
  EXPECT_FALSE(with("\"status\":200", "\"status\":-1"));
  EXPECT_FALSE(with("\"loaded_after\":1.5", "\"loaded_after\":1e300"));
  EXPECT_FALSE(with("\"because\"", std::string(50, '[') + std::string(50, ']')));
}

TEST(VisitFile, AnOrderIsReadAsItWasWritten)
{
  const VisitOrder order{.urls = {"http://a.example/?q=\"x\"", "http://b.example/"},
                         .program = "/usr/bin/chromium",
                         .wait = std::chrono::seconds(12),
                         .width = 4,
                         .height = 3};
  const auto again = order_from_json(order_as_json(order));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->urls, order.urls);
  EXPECT_EQ(again->program, order.program);
  EXPECT_EQ(again->wait, order.wait);
  EXPECT_EQ(again->width, 4U);
  EXPECT_EQ(again->height, 3U);
}

// Beside a browser that a page has taken over, anything can lie where a file is expected.
TEST(VisitFile, IsReadFromARegularFileOnly)
{
  const auto folder = *TemporaryFolder::make();
  const auto at = [&folder](const char* name) {
    return folder.path() + "/" + name;
  };
  ASSERT_TRUE(write_file(at("file"), "0123456789"));
  ASSERT_EQ(::symlink("file", at("link").c_str()), 0);
  ASSERT_EQ(::mkfifo(at("fifo").c_str(), 0600), 0);
  EXPECT_EQ(*read_untrusted(at("file"), 10), "0123456789");
  EXPECT_FALSE(read_untrusted(at("file"), 9));
  EXPECT_FALSE(read_untrusted(at("link"), 100));
  EXPECT_FALSE(read_untrusted(at("fifo"), 100));
  EXPECT_FALSE(read_untrusted(folder.path(), 100));
  EXPECT_FALSE(read_untrusted(at("nothing"), 100));
  EXPECT_FALSE(read_untrusted("/dev/zero", 100));
}

TEST(PngSize, IsThatOfThePicture)
{
  EXPECT_EQ(png_size(picture), (PictureSize{.width = 4, .height = 3}));
  EXPECT_FALSE(png_size(""));
  EXPECT_FALSE(png_size("iVBORw0KGgo="));
  EXPECT_FALSE(png_size(std::string(picture) + "x"));
}

}  // namespace
}  // namespace zonder::browse

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "support/read_text.hh"

namespace zonder::wire {
namespace {

const std::string folder = std::string(ZONDER_SOURCE_DIR) + "/examples/import/voorbeeldstad/";

struct Sample {
  std::string file;
  std::string format;
  std::string holds;  // one thing that is seen in it
};

const Sample samples[] = {
    {"windows-dns.log", "windows-dns", " asked login.microsoftonline.com dns "},
    {"windows-dns-events.csv", "windows-dns-events", " asked mijn.zaakplus.example dns "},
    {"fortigate.log", "fortigate", " reached 203.0.113.20:443/tcp flow "},
    {"paloalto.csv", "paloalto", " reached 203.0.113.20:443/tcp flow "},
    {"entra-sign-ins.csv", "entra-sign-ins", "Zaakplus signed-in login.microsoftonline.com log "},
    {"entra-sign-ins.json",
     "entra-sign-ins-json",
     "Zaakplus signed-in login.microsoftonline.com log "},
    {"entra-applications.csv", "entra-apps", "organisation has Zaakplus list "},
    {"entra-applications.json", "entra-apps-json", "Zaakplus needs mijn.zaakplus.example list "},
    {"zscaler-web.csv", "proxy-csv", " named outlook.office365.com http "},
    {"softwarecatalogus.csv", "softwarecatalogus", "Burgerzaken Één supplied-by Burgerdata B.V. "},
    {"softwarecatalogus-koppelingen.csv",
     "softwarecatalogus",
     "Zaakplus needs Burgerzaken Één list "},
    {"softwarecatalogus.archimate.xml", "archimate", "Zaakplus needs Burgerzaken Één list "}};

TEST(ExportSamples, AreRecognisedAndReadWhole)
{
  for (const auto& sample : samples) {
    const auto text = test::read_text(test::content_of(folder + sample.file));
    EXPECT_EQ(text.format, sample.format) << sample.file;
    EXPECT_EQ(text.unreadable, 0U) << sample.file << ": " << text.problem;
    EXPECT_TRUE(std::any_of(text.seen.begin(),
                            text.seen.end(),
                            [&sample](const std::string& line) {
                              return line.find(sample.holds) != std::string::npos;
                            }))
        << sample.file << ": " << sample.holds;
  }
}

TEST(ExportSamples, LeaveNothingOfPeopleAndPaths)
{
  for (const auto& sample : samples) {
    for (const auto& line : test::read_text(test::content_of(folder + sample.file)).seen) {
      for (const auto* never : {"@", "erzonnen", "Persoon", "pad", "bewaard", "VOORBEELD"}) {
        EXPECT_EQ(line.find(never), std::string::npos) << sample.file << ": " << line;
      }
    }
  }
}

TEST(ExportSamples, AreAllThereIs)
{
  std::size_t files = 0;
  for (const auto& each : std::filesystem::directory_iterator(folder)) {
    files += each.is_regular_file() ? 1U : 0U;
  }
  EXPECT_EQ(files, std::size(samples));
}

TEST(ExportSamples, OfBothFormsOfSignInsTellTheSame)
{
  const auto csv = test::read_text(test::content_of(folder + "entra-sign-ins.csv"));
  const auto json = test::read_text(test::content_of(folder + "entra-sign-ins.json"));
  EXPECT_EQ(csv.seen, json.seen);
  EXPECT_EQ(csv.first, json.first);
}

}  // namespace
}  // namespace zonder::wire

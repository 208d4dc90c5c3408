// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <fcntl.h>
#include <sstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/file.hh"
#include "isolate/run.hh"
#include "support/mini_internet.hh"

namespace zonder::isolate {
namespace {

using test::Arrivals;
using test::in_mini_internet;

constexpr uid_t ordinary_user = 1500;  // no account: nothing in zonder may need one

RunOptions without_microsoft(std::vector<std::string> command)
{
  RunOptions options;
  options.absence = test::microsoft_absence();
  options.signature = model::Signature::Refuse;
  options.command = std::move(command);
  options.progress = [](const std::string& sentence) {
    (void)!::write(2, (sentence + "\n").data(), sentence.size() + 1);
  };
  return options;
}

/// "a=1 b=2": what differs between what is and what should be, or nothing.
template <typename T>
std::string differs(const char* what, const T& is, const T& should_be)
{
  if (is == should_be) {
    return "";
  }
  std::ostringstream text;
  text << what << " is " << is << ", should be " << should_be << "; ";
  return text.str();
}

class Run : public testing::TestWithParam<uid_t> {
protected:
  static test::MiniInternetOptions world() { return {.uid = GetParam()}; }
};

INSTANTIATE_TEST_SUITE_P(As, Run, testing::Values(uid_t{0}, ordinary_user), [](const auto& param) {
  return param.param == 0 ? "Root" : "OrdinaryUser";
});

TEST_P(Run, RefusesAConnectionToTheAbsentPartyAtOnceAndTellsOfIt)
{
  in_mini_internet(world(), [](Arrivals& arrivals) -> std::string {
    const auto record = run(without_microsoft(
        {"curl", "-sS", "--max-time", "5", std::string("http://") + test::microsoft_v4 + "/"}));
    if (!record) {
      return record.error().message;
    }
    return differs("exit code", record->exit_code, 7) +
           differs("attempts", record->attempts.size(), std::size_t{1}) +
           differs("arrivals", arrivals.microsoft.load(), std::uint64_t{0});
  });
}

}  // namespace
}  // namespace zonder::isolate

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// zonder-compile FACTS NODE_MODULES OUT: makes the catalogue snapshot that is shipped.
// zonder-compile --check FACTS: only says what is wrong with the facts.
#include <cstdio>
#include <string>
#include <vector>

#include "base/file.hh"
#include "catalog/build_content.hh"

namespace {

using namespace zonder;

int complain(const Error& error)
{
  std::fprintf(stderr, "zonder-compile: %s\n", error.message.c_str());
  return 2;
}

int compile(const std::string& facts, const std::string& npm, const std::string& out)
{
  const auto content = catalog::build_content({facts, npm});
  if (!content) {
    return complain(content.error());
  }
  if (out.empty()) {
    std::printf("%zu parties, no mistakes\n", content->facts.parties.size());
    return 0;
  }
  const std::string bytes = catalog::compile_snapshot(*content);
  if (const auto written = write_file(out, bytes); !written) {
    return complain(written.error());
  }
  std::printf("%s: %zu parties, %zu AS ranges, %zu bytes, data of %s\n",
              out.c_str(),
              content->facts.parties.size(),
              content->as_ranges.size(),
              bytes.size(),
              content->date.c_str());
  return 0;
}

}  // namespace

int main(int count, char** arguments)
{
  const std::vector<std::string> words(arguments + 1, arguments + count);
  if (words.size() == 2 && words[0] == "--check") {
    return compile(words[1], "", "");
  }
  if (words.size() == 3) {
    return compile(words[0], words[1], words[2]);
  }
  std::fprintf(stderr,
               "usage: zonder-compile FACTS NODE_MODULES OUT\n"
               "       zonder-compile --check FACTS\n");
  return 2;
}

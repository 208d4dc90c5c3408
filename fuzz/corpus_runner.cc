// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Runs a fuzz target over the files of its corpus, once each: the corpus as an ordinary test.
#include <cstdint>
#include <cstdio>
#include <filesystem>

#include "base/file.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int count, char** arguments)
{
  int files = 0;
  for (int i = 1; i < count; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(arguments[i])) {
      const auto content = zonder::read_file(entry.path());
      if (!content) {
        std::fprintf(stderr, "%s\n", content.error().message.c_str());
        return 1;
      }
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(content->data()),
                             content->size());
      ++files;
    }
  }
  std::printf("%d files of the corpus\n", files);
  return files > 0 ? 0 : 1;
}

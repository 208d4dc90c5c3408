// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <filesystem>

#include "base/file.hh"
#include "base/translate.hh"
#include "wire/lists/archive.hh"
#include "wire/lists/lists.hh"
#include "wire/lists/text.hh"

namespace zonder::wire {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 20'000;

/// Every file below the folder, by path; links and names with a leading dot left out.
Result<std::vector<std::string>> files_below(const std::string& folder)
{
  std::vector<std::string> files;
  std::error_code error;
  auto place = fs::recursive_directory_iterator(folder, error);
  for (; !error && place != fs::recursive_directory_iterator(); place.increment(error)) {
    const bool hidden = place->path().filename().string().starts_with('.');
    const bool is_link = place->is_symlink(error);
    if (hidden && place->is_directory(error)) {
      place.disable_recursion_pending();
    }
    if (!hidden && !is_link && place->is_regular_file(error)) {
      files.push_back(place->path().string());
    }
    if (files.size() > most_files) {
      return fail(Fault::Usage,
                  say("{}: more than {} files in it; name the folder with the lists itself",
                      folder,
                      most_files));
    }
  }
  if (error) {
    return fail(Fault::Usage, say("cannot read {}: {}", folder, error.message()));
  }
  std::sort(files.begin(), files.end());
  return files;
}

Result<Lists> read_file_or_archive(const std::string& path, const ListHints& hints)
{
  const auto content = read_file(path, largest_list);
  if (!content) {
    return fail(content.error());
  }
  if (lists::is_archive(*content)) {
    return read_list_archive(path, *content, hints);
  }
  auto list = read_list(path, *content, hints);
  if (!list) {
    return fail(std::move(list).error());
  }
  Lists found;
  found.files.push_back(std::move(*list));
  return found;
}

void append(Lists& to, Lists from)
{
  std::move(from.files.begin(), from.files.end(), std::back_inserter(to.files));
  std::move(from.passed_over.begin(), from.passed_over.end(), std::back_inserter(to.passed_over));
}

Result<Lists> read_folder(const std::string& folder, const ListHints& hints)
{
  const auto files = files_below(folder);
  if (!files) {
    return fail(files.error());
  }
  Lists all;
  for (const auto& path : *files) {
    if (auto found = read_file_or_archive(path, hints)) {
      append(all, std::move(*found));
    } else {
      all.passed_over.push_back(found.error().message);
    }
  }
  return lists::if_any(folder, std::move(all));
}

}  // namespace

Result<Lists> lists::if_any(const std::string& path, Lists found)
{
  if (!found.files.empty()) {
    return found;
  }
  return fail(Fault::Usage,
              found.passed_over.empty() ? say("{}: there is no list in it", path)
                                        : say("{}: no list in it can be read; the first reason: {}",
                                              path,
                                              found.passed_over.front()));
}

Result<Lists> read_lists(const std::string& path, const ListHints& hints)
{
  std::error_code ignored;
  return fs::is_directory(path, ignored) ? read_folder(path, hints)
                                         : read_file_or_archive(path, hints);
}

}  // namespace zonder::wire

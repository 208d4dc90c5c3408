// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "support/read_text.hh"

#include <algorithm>

#include "base/file.hh"
#include "collect/read_in.hh"
#include "report/style.hh"

namespace zonder::test {
namespace {

/// Gives a few bytes at a time, so that nothing relies on having all at once.
class TextInflow final : public collect::Inflow {
public:
  explicit TextInflow(const std::string& text) : text_(text) {}
  Result<std::size_t> read(std::span<char> into) override
  {
    constexpr std::size_t at_once = 777;
    const auto size = std::min({at_once, into.size(), text_.size() - at_});
    std::copy_n(text_.data() + at_, size, into.data());
    at_ += size;
    return size;
  }

private:
  const std::string& text_;
  std::size_t at_ = 0;
};

}  // namespace

ReadText read_text(const std::string& content, const std::string& format)
{
  TextInflow inflow(content);
  collect::Window window(inflow);
  ReadText text;
  std::optional<model::Moment> first;
  std::optional<model::Moment> last;
  const auto done = collect::read_in(
      "file",
      window,
      format.empty() ? nullptr : collect::format_named(format),
      [&](std::span<const model::Thing> things, std::span<const model::Row> rows) -> Result<void> {
        for (const auto& row : rows) {
          text.seen.push_back(std::string(things[row.subject].text) + " " +
                              std::string(to_text(row.relation)) + " " +
                              std::string(things[row.object].text) + " " +
                              std::string(to_text(row.via)) + " " + std::to_string(row.count) +
                              (row.bytes > 0 ? " " + std::to_string(row.bytes) : ""));
          first = row.first && (!first || *row.first < *first) ? row.first : first;
          last = row.last && (!last || *row.last > *last) ? row.last : last;
        }
        return {};
      });
  std::sort(text.seen.begin(), text.seen.end());
  if (!done) {
    text.problem = done.error().message;
    return text;
  }
  text.format = done->format;
  text.records = done->count.records;
  text.unreadable = done->count.unreadable;
  text.problem = done->count.first_problem;
  text.broken_off = done->broken_off;
  text.first = first ? report::iso_time(*first) : "";
  text.last = last ? report::iso_time(*last) : "";
  return text;
}

std::string content_of(const std::string& path)
{
  return read_file(path).value();
}

}  // namespace zonder::test

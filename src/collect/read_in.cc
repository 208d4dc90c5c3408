// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "collect/read_in.hh"

#include <algorithm>

#include "base/translate.hh"

namespace zonder::collect {
namespace {

/// Files that people will try, and what they can do with them.
std::string what_else(std::string_view head)
{
  using namespace std::string_view_literals;
  if (head.starts_with("\x0C\xA5\x01\x00"sv) || head.starts_with("\xA5\x0C\x00\x01"sv)) {
    return say("a file of nfcapd: write it out with nfdump -o json or send the flows themselves");
  }
  if (head.starts_with("SQLite format 3\0"sv)) {
    return say("a database");
  }
  if (head.starts_with("PAR1"sv)) {
    return say("Parquet, which is not read: export it as text");
  }
  if (head.starts_with("%PDF"sv)) {
    return say("a PDF");
  }
  if (head.starts_with("\xD0\xCF\x11\xE0"sv)) {
    return say("an old Office file: save it as CSV");
  }
  if (head.starts_with("\xFF\xFE"sv) || head.starts_with("\xFE\xFF"sv)) {
    return say("text in UTF-16: save it as UTF-8");
  }
  return {};
}

Result<const Format*> format_for(const std::string& path, std::string_view head)
{
  if (head.empty()) {
    return fail(Fault::Incomplete, say("{}: empty", path));
  }
  if (const auto* format = format_of(head)) {
    return format;
  }
  const auto known = what_else(head);
  return fail(
      Fault::Incomplete,
      known.empty()
          ? say("{}: no format that zonder knows (--as FORMAT if you do: {})", path, format_names())
          : say("{}: {}", path, known));
}

}  // namespace

Result<ReadIn> read_in(const std::string& path,
                       Window& window,
                       const Format* forced,
                       const Aggregator::Spill& spill)
{
  const auto head = window.ahead(head_size);
  if (head.empty() && window.trouble()) {
    return fail(*window.trouble());
  }
  const auto format = forced != nullptr && !head.empty()
                          ? Result<const Format*>(forced)
                          : format_for(path, head.substr(0, head_size));
  if (!format) {
    return fail(format.error());
  }
  Aggregator aggregator(spill);
  ReadIn done;
  done.format = (*format)->name;
  done.count = (*format)->read(window, aggregator, done.broken_off);
  window.pass_all();
  ZONDER_TRY(aggregator.finish());
  if (window.trouble()) {
    done.broken_off = true;
    if (done.count.first_problem.empty()) {
      done.count.first_problem = window.trouble()->message;
    }
    done.count.unreadable += 1;
  }
  done.count.bytes = window.bytes();
  done.sha256 = window.digest();
  return done;
}

}  // namespace zonder::collect

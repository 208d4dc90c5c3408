// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/proxylogs/squid.hh"

#include "base/translate.hh"
#include "wire/logs/text.hh"

namespace zonder::wire::proxylogs {
using std::string_view;

void SquidReader::read_line(string_view line, logs::EntrySink& sink)
{
  entry_.first = entry_.last = logs::seconds(logs::take_word(line));
  (void)logs::take_word(line);  // how long it took
  entry_.client = logs::take_word(line);
  const auto result = logs::take_word(line);
  (void)logs::take_word(line);  // bytes
  const auto method = logs::take_word(line);
  const auto url = logs::take_word(line);
  if (entry_.first == logs::no_time || url.empty() || method.empty() ||
      result.find('/') == string_view::npos) {
    unreadable(say("no line of Squid's own format"));
    return;
  }
  if (result.starts_with("TCP_DENIED") || result.starts_with("NONE")) {
    count();
    return;
  }
  entry_.what = logs::What::Http;
  entry_.name = logs::host_in(url);
  give(entry_, sink);
}

bool is_squid(string_view head)
{
  auto line = head.substr(0, head.find('\n'));
  const auto time = logs::take_word(line);
  const auto took = logs::take_word(line);
  (void)logs::take_word(line);
  const auto result = logs::take_word(line);
  return time.find('.') != string_view::npos && logs::seconds(time) != logs::no_time &&
         logs::number(took) && (result.starts_with("TCP_") || result.starts_with("NONE"));
}

}  // namespace zonder::wire::proxylogs

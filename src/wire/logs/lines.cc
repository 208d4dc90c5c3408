// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/logs/lines.hh"

#include "base/translate.hh"

namespace zonder::wire::logs {

void LineReader::unreadable(const std::string& why)
{
  if (tally_.unreadable++ == 0) {
    tally_.first_problem = say("line {}: {}", line_number_, why);
  }
}

void LineReader::unreadable_entry()
{
  unreadable(say("an address or a name in it is none"));
}

void LineReader::pass_over_line()
{
  ++line_number_;
  unreadable_line();
}

void LineReader::unreadable_line()
{
  unreadable(say("the line is too long"));
}

}  // namespace zonder::wire::logs

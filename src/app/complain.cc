// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/complain.hh"

#include "net/url_passwords.hh"
#include "report/style.hh"

namespace zonder::app {

void complain(std::FILE* err, bool unicode, const std::string& sentence)
{
  const auto shown = report::harmless(net::without_passwords(sentence), unicode);
  std::fprintf(err, "zonder: %s\n", shown.c_str());
}

}  // namespace zonder::app

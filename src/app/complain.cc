// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/complain.hh"

#include "report/style.hh"

namespace zonder::app {

void complain(std::FILE* err, bool unicode, const std::string& sentence)
{
  std::fprintf(err, "zonder: %s\n", report::harmless(sentence, unicode).c_str());
}

}  // namespace zonder::app

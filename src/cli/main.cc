// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "base/file.hh"
#include "base/translate.hh"

int main()
{
  zonder::choose_language("", zonder::program_folder() + "/../share/locale");
  return 0;
}

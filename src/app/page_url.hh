// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "base/result.hh"

namespace zonder::app {

/// Whether a browser may be sent there: it takes more than pages of the web, such as files of this
/// machine. Errors (usage): why not, in one sentence, without the password that may be in it.
Result<void> check_page_url(const std::string& url);

}  // namespace zonder::app

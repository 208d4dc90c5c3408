// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>

#include "base/result.hh"

namespace zonder::web {

/// A QR code of the text as an SVG element to be set into a page: black on white, whatever the
/// page's colours, with the four modules of white around it that readers need. `title` is what
/// those hear who do not see it, in plain text. Sizes are the page's: it has only a viewBox.
/// Errors: nothing, or more than a QR code can hold (about 2,300 bytes).
Result<std::string> qr_svg(std::string_view text, std::string_view title);

}  // namespace zonder::web

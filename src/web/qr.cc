// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "web/qr.hh"

#include <cstddef>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <qrencode.h>

#include "base/translate.hh"

namespace zonder::web {

namespace {

struct FreeCode {
  void operator()(QRcode* code) const { QRcode_free(code); }
};
using Code = std::unique_ptr<QRcode, FreeCode>;

Code encoded(std::string_view text)
{
  // Bytes with their length: of any kind, and no zero ends them.
  const std::vector<unsigned char> bytes(text.begin(), text.end());
  constexpr int smallest = 0;
  return Code(
      QRcode_encodeData(static_cast<int>(bytes.size()), bytes.data(), smallest, QR_ECLEVEL_M));
}

bool is_dark(const QRcode& code, int x, int y)
{
  return (code.data[y * code.width + x] & 1U) != 0;
}

/// One line as high as a module for each run of dark modules, each as it lies from the last.
std::string runs_of(const QRcode& code, int quiet)
{
  std::string path;
  int pen_x = 0;
  int pen_y = 0;
  for (int y = 0; y < code.width; ++y) {
    for (int x = 0; x < code.width; ++x) {
      const int begin = x;
      while (x < code.width && is_dark(code, x, y)) {
        ++x;
      }
      if (x == begin) {
        continue;
      }
      path += path.empty() ? fmt::format("M{} {}.5h{}", begin + quiet, y + quiet, x - begin)
                           : fmt::format("m{} {}h{}", begin - pen_x, y - pen_y, x - begin);
      pen_x = x;
      pen_y = y;
    }
  }
  return path;
}

std::string escaped(std::string_view text)
{
  std::string out;
  for (const char c : text) {
    switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    default:
      out += c;
    }
  }
  return out;
}

}  // namespace

Result<std::string> qr_svg(std::string_view text, std::string_view title)
{
  constexpr std::size_t most_that_any_holds = 2331;  // version 40, level M
  const auto code = text.empty() || text.size() > most_that_any_holds ? Code() : encoded(text);
  if (!code) {
    return fail(Fault::Internal,
                say("{} bytes do not fit in a QR code: at least 1, at most {}",
                    text.size(),
                    most_that_any_holds));
  }
  constexpr int quiet = 4;  // ISO/IEC 18004
  const int size = code->width + 2 * quiet;
  return fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
                     "viewBox=\"0 0 {0} {0}\" shape-rendering=\"crispEdges\"><title>{1}</title>"
                     "<path fill=\"#fff\" d=\"M0 0h{0}v{0}H0z\"/>"
                     "<path stroke=\"#000\" d=\"{2}\"/></svg>",
                     size,
                     escaped(title),
                     runs_of(*code, quiet));
}

}  // namespace zonder::web

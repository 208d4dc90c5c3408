// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "net/domain_name.hh"

#include <algorithm>
#include <memory>

#include <idn2.h>

#include "base/ascii.hh"
#include "base/translate.hh"

namespace zonder::net {
namespace {

constexpr std::size_t longest_name = 253;
constexpr std::size_t longest_label = 63;

bool is_plain(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

bool labels_are_sound(std::string_view name)
{
  for (;;) {
    const auto dot = name.find('.');
    const auto label = name.substr(0, dot);
    if (label.empty() || label.size() > longest_label) {
      return false;
    }
    if (dot == std::string_view::npos) {
      return true;
    }
    name.remove_prefix(dot + 1);
  }
}

std::string to_ascii(const std::string& text)
{
  char* ascii = nullptr;
  const int flags = IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL;
  if (idn2_to_ascii_8z(text.c_str(), &ascii, flags) != IDN2_OK) {
    return {};
  }
  const std::unique_ptr<char, decltype(&idn2_free)> owner(ascii, &idn2_free);
  return ascii;
}

}  // namespace

Result<DomainName> DomainName::parse(std::string_view text)
{
  std::string name = ascii_lower(std::string(text));
  if (name.ends_with('.')) {
    name.pop_back();
  }
  if (!std::all_of(name.begin(), name.end(), is_plain) && name.find('\0') == std::string::npos &&
      name.size() < 4 * longest_name) {
    name = to_ascii(name);
  }
  if (name.size() > longest_name || !std::all_of(name.begin(), name.end(), is_plain) ||
      !labels_are_sound(name)) {
    return fail(Fault::Usage, say("{} is not a domain name (write it like www.example.nl)", text));
  }
  return DomainName(std::move(name));
}

bool DomainName::is_under(const DomainName& suffix) const
{
  if (!text_.ends_with(suffix.text_)) {
    return false;
  }
  const auto rest = text_.size() - suffix.text_.size();
  return rest == 0 || text_[rest - 1] == '.';
}

}  // namespace zonder::net

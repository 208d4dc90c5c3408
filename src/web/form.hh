// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

// What stands behind the question mark of a request, and what a browser sends when a form is sent
// (application/x-www-form-urlencoded): the same text.
namespace zonder::web {

/// Values by name: UTF-8 without control characters but tab, carriage return and line feed. Foreign
/// text all the same: escape it where it is shown.
using Form = std::map<std::string, std::string>;

struct FormLimits {
  std::size_t fields = 64;
  std::size_t name = 64;     // bytes, decoded
  std::size_t value = 4096;  // bytes, decoded
};

/// Reads "name=Jan+de+Vries&consent=yes". A name without "=" has an empty value; empty parts are
/// passed over. Nothing: it is no such text, or goes past the limits, or says a name twice, so that
/// two readers might take it to mean two things.
std::optional<Form> read_form(std::string_view text, const FormLimits& limits = {});

/// The other way round, by name: for links.
std::string write_form(const Form& form);

/// One name or value as it stands in such a text.
std::string form_encoded(std::string_view text);

}  // namespace zonder::web

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// simdjson reads; when it refuses, nlohmann's parser, which keeps count, says where.
#include "wire/lists/json.hh"

#include <algorithm>
#include <bit>

#include <nlohmann/json.hpp>
#include <simdjson.h>

#include "base/translate.hh"

namespace zonder::wire::lists {
namespace {

using Element = simdjson::dom::element;
static_assert(sizeof(Element) == 16 && std::is_trivially_copyable_v<Element>);

/// Remembers where the text stops to be JSON, and nothing else.
class FirstMistake : public nlohmann::json_sax<nlohmann::json> {
public:
  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }
  bool string(string_t& /*value*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }
  bool start_object(std::size_t /*count*/) override { return true; }
  bool key(string_t& /*value*/) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t /*count*/) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t position,
                   const std::string& /*last_token*/,
                   const nlohmann::detail::exception& /*why*/) override
  {
    position_ = position;
    return false;
  }
  [[nodiscard]] std::size_t position() const { return position_; }

private:
  std::size_t position_ = 0;  // bytes read, the wrong one included; 0: no mistake
};

tl::unexpected<Error>
mistake(const std::string& path, std::string_view text, simdjson::error_code why)
{
  FirstMistake first;
  nlohmann::json::sax_parse(text, &first);
  if (first.position() == 0) {
    return fail(Fault::Usage,
                say("{}: cannot be read as JSON: {}", path, simdjson::error_message(why)));
  }
  const auto before = text.substr(0, std::min(first.position() - 1, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto column = before.size() - (before.rfind('\n') + 1) + 1;
  return fail(
      Fault::Usage,
      first.position() > text.size()
          ? say("{}:{}:{}: this JSON breaks off here; get the file again", path, line, column)
          : say("{}:{}:{}: this is not JSON from here on", path, line, column));
}

}  // namespace

struct JsonDocument::Parser {
  simdjson::dom::parser parser;
};

struct JsonAccess {
  static Element element(const JsonValue& value) { return std::bit_cast<Element>(value.element_); }
  static JsonValue value(const Element& element)
  {
    JsonValue value;
    value.element_ = std::bit_cast<std::array<std::byte, 16>>(element);
    return value;
  }
};

JsonDocument::JsonDocument() : parser_(std::make_unique<Parser>()) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

Result<JsonDocument> JsonDocument::parse(const std::string& path, std::string_view text)
{
  JsonDocument document;
  Element root;
  const auto why = document.parser_->parser.parse(simdjson::padded_string(text)).get(root);
  if (why != simdjson::SUCCESS) {
    return mistake(path, text, why);
  }
  document.root_ = JsonAccess::value(root);
  return document;
}

bool JsonValue::is_array() const
{
  return JsonAccess::element(*this).is_array();
}

std::string_view JsonValue::text() const
{
  std::string_view text;
  return JsonAccess::element(*this).get(text) == simdjson::SUCCESS ? text : std::string_view();
}

std::optional<std::uint64_t> JsonValue::number() const
{
  std::uint64_t number = 0;
  return JsonAccess::element(*this).get(number) == simdjson::SUCCESS ? std::optional(number)
                                                                     : std::nullopt;
}

std::optional<JsonValue> JsonValue::member(std::string_view key) const
{
  simdjson::dom::object object;
  Element found;
  if (JsonAccess::element(*this).get(object) != simdjson::SUCCESS ||
      object.at_key(key).get(found) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return JsonAccess::value(found);
}

std::string_view JsonValue::text_of(std::string_view key) const
{
  const auto value = member(key);
  return value ? value->text() : std::string_view();
}

bool JsonValue::has_array(std::string_view key) const
{
  const auto value = member(key);
  return value && value->is_array();
}

void JsonValue::each(const std::function<bool(std::size_t, const JsonValue&)>& reader) const
{
  simdjson::dom::array array;
  if (JsonAccess::element(*this).get(array) != simdjson::SUCCESS) {
    return;
  }
  std::size_t place = 0;
  for (const Element element : array) {
    if (!reader(place++, JsonAccess::value(element))) {
      return;
    }
  }
}

void JsonValue::each_member(
    const std::function<void(std::string_view, const JsonValue&)>& reader) const
{
  simdjson::dom::object object;
  if (JsonAccess::element(*this).get(object) != simdjson::SUCCESS) {
    return;
  }
  for (const auto field : object) {
    reader(field.key, JsonAccess::value(field.value));
  }
}

std::optional<JsonValue> JsonValue::first() const
{
  std::optional<JsonValue> found;
  each([&](std::size_t, const JsonValue& value) {
    found = value;
    return false;
  });
  return found;
}

}  // namespace zonder::wire::lists

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <simdjson.h>

#include "base/translate.hh"
#include "wire/logs/json_text.hh"
#include "wire/logs/text.hh"
#include "wire/zeek/zeek.hh"

namespace zonder::wire::zeek {

namespace ondemand = simdjson::ondemand;

struct JsonReader::Parts {
  ondemand::parser parser;
  Row row;
  std::vector<std::string_view> answers;
  RowReader rows;
};

JsonReader::JsonReader() : parts_(std::make_unique<Parts>()) {}
JsonReader::~JsonReader() = default;

void JsonReader::read_line(std::string_view line, logs::EntrySink& sink)
{
  auto& parts = *parts_;
  parts.row.fill({});
  parts.answers.clear();
  bool has_state = false;
  ondemand::document document;
  ondemand::object object;
  if (parts.parser
              .iterate(simdjson::padded_string_view(line, line.size() + logs::PaddedText::padding))
              .get(document) != simdjson::SUCCESS ||
      document.get_object().get(object) != simdjson::SUCCESS) {
    unreadable(say("not a JSON object"));
    return;
  }
  for (auto each : object) {
    ondemand::field member;
    if (std::move(each).get(member) != simdjson::SUCCESS) {
      unreadable(say("the JSON breaks off or is malformed"));
      return;
    }
    const auto field = field_of(logs::json_key(member));
    if (field == Field::None) {
      continue;
    }
    has_state = has_state || field == Field::State;
    if (field == Field::Answers || field == Field::CertifiedNames) {
      if (!logs::json_texts(member.value(), parts.answers)) {
        unreadable(say("the JSON breaks off or is malformed"));
        return;
      }
      continue;
    }
    if (!logs::json_text(member.value(), parts.row[static_cast<std::size_t>(field)])) {
      unreadable(say("the JSON breaks off or is malformed"));
      return;
    }
  }
  if (document.current_location().error() == simdjson::SUCCESS) {
    unreadable(say("something stands behind the JSON object"));
    return;
  }
  if (parts.rows.give(parts.row, has_state, parts.answers, sink) == RowReader::Outcome::Refused) {
    unreadable_entry();
  } else {
    count();
  }
}

bool is_zeek_json(std::string_view head)
{
  const auto line = head.substr(0, head.find('\n'));
  return line.starts_with('{') && line.find("\"ts\":") != std::string_view::npos &&
         (line.find("\"id.orig_h\":") != std::string_view::npos ||
          line.find("\"certificate.issuer\":") != std::string_view::npos ||
          line.find("\"_path\":") != std::string_view::npos);
}

}  // namespace zonder::wire::zeek

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/passwords.hh"

#include <cstring>
#include <string>

#include "net/url_passwords.hh"

namespace zonder::app {
namespace {

void hide(std::string& text)
{
  if (!net::passwords_in(text).empty()) {
    text = net::without_passwords(text);
  }
}

}  // namespace

void hide_passwords(std::span<char* const> arguments)
{
  for (char* argument : arguments) {
    for (const auto& [begin, length] : net::passwords_in(argument)) {
      std::memset(argument + begin, '*', length);
    }
  }
}

void hide_passwords(model::Program& program)
{
  for (auto& word : program.argv) {
    hide(word);
  }
}

void hide_passwords(model::PageVisit& visit)
{
  for (auto* text : {&visit.url, &visit.final_url, &visit.title, &visit.why}) {
    hide(*text);
  }
  for (auto& request : visit.requests) {
    hide(request.url);
    hide(request.error);
  }
  for (auto& message : visit.console) {
    hide(message.text);
    hide(message.url);
  }
}

void hide_passwords(model::RunRecord& record)
{
  for (auto& word : record.command) {
    hide(word);
  }
  hide(record.not_started);
  for (auto& program : record.programs) {
    hide_passwords(program);
  }
}

}  // namespace zonder::app

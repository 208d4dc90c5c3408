// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/contacts.hh"

#include <map>
#include <set>

#include "base/translate.hh"
#include "report/run_programs.hh"

namespace zonder::report {
namespace {

constexpr const char* question_protocol = "dns";

const Style as_key{.colour = false, .unicode = true, .now = {}};

std::string program_key(const model::Program& program)
{
  auto name = program_name(program, as_key);
  return name.empty() ? harmless(program.path.substr(program.path.rfind('/') + 1), true) : name;
}

/// The names of who tried it, each once; one that is empty where nobody is known.
std::set<std::string> askers(const model::Attempt& attempt, const model::RunRecord& record)
{
  std::set<std::string> names;
  for (const auto& share : attempt.programs) {
    if (share.program < record.programs.size()) {
      names.insert(program_key(record.programs[share.program]));
    }
  }
  return names.empty() ? std::set<std::string>{""} : names;
}

/// No part of a key is empty, save the program.
std::string as_part(const std::string& text)
{
  return text.empty() ? std::string("?") : harmless(text, true);
}

/// Which programs asked for which names.
using Asked = std::map<std::string, std::set<std::string>>;

Asked names_asked_by_programs(const model::RunRecord& record)
{
  Asked asked;
  for (const auto& attempt : record.attempts) {
    if (attempt.protocol == question_protocol) {
      for (const auto& program : askers(attempt, record)) {
        asked[program].insert(attempt.name);
      }
    }
  }
  return asked;
}

/// What a program reached for there: a name, or the address where there is none. Of several names
/// the ones that it asked for; the first where it asked for none of them.
std::vector<std::string>
targets_of(const model::Attempt& attempt, const std::string& program, const Asked& asked)
{
  if (attempt.names.size() <= 1) {
    const bool only_address = attempt.name.empty() && attempt.address;
    return {only_address ? attempt.address->to_string() : as_part(attempt.name)};
  }
  const auto own = asked.find(program);
  std::vector<std::string> targets;
  for (const auto& name : attempt.names) {
    if (own != asked.end() && own->second.count(name) > 0) {
      targets.push_back(as_part(name));
    }
  }
  return targets.empty() ? std::vector{as_part(attempt.names.front())} : targets;
}

using Contacts = std::map<ContactKey, Contact>;

/// Gives the question to the contacts with what it was asked for; false: there are none.
bool was_followed(const ContactKey& question, std::size_t place, Contacts& contacts)
{
  bool followed = false;
  auto each = contacts.lower_bound({.party = question.party,
                                    .target = question.target,
                                    .protocol = "",
                                    .port = 0,
                                    .program = ""});
  for (; each != contacts.end() && each->first.party == question.party &&
         each->first.target == question.target;
       ++each) {
    const auto& program = each->first.program;
    if (each->first.protocol != question_protocol &&
        (program == question.program || program.empty() || question.program.empty())) {
      each->second.questions.push_back(place);
      followed = true;
    }
  }
  return followed;
}

}  // namespace

std::vector<Contact> contacts_of(const model::RunRecord& record)
{
  const auto asked = names_asked_by_programs(record);
  Contacts contacts;
  // What was tried first, so that it is known which questions led to nothing.
  for (const bool questions : {false, true}) {
    for (std::size_t i = 0; i < record.attempts.size(); ++i) {
      const auto& attempt = record.attempts[i];
      if (attempt.verdict == model::Verdict::Passed || attempt.party.empty() ||
          (attempt.protocol == question_protocol) != questions) {
        continue;
      }
      for (const auto& program : askers(attempt, record)) {
        for (const auto& target : targets_of(attempt, program, asked)) {
          const ContactKey key{.party = as_part(attempt.party),
                               .target = target,
                               .protocol = as_part(attempt.protocol),
                               .port = attempt.port,
                               .program = program};
          if (!questions || !was_followed(key, i, contacts)) {
            auto& contact = contacts[key];
            contact.key = key;
            contact.attempts.push_back(i);
          }
        }
      }
    }
  }
  std::vector<Contact> all;
  for (auto& [key, contact] : contacts) {
    all.push_back(std::move(contact));
  }
  return all;
}

bool fits(const ContactKey& contact, const ContactKey& known)
{
  const bool same_program =
      contact.program == known.program || contact.program.empty() || known.program.empty();
  const bool same_way = (contact.protocol == known.protocol && contact.port == known.port) ||
                        contact.protocol == question_protocol ||
                        known.protocol == question_protocol;
  return contact.party == known.party && contact.target == known.target && same_program && same_way;
}

std::string words_of(const ContactKey& key, const Style& style)
{
  const auto way =
      key.protocol == question_protocol
          ? std::string(tr("only by name"))
          : harmless(key.protocol, false) + (key.port == 0 ? "" : "/" + std::to_string(key.port));
  const auto target = harmless(key.target, style.unicode);
  return key.program.empty()
             ? target + " (" + way + ")"
             : say("{} by {} ({})", target, harmless(key.program, style.unicode), way);
}

}  // namespace zonder::report

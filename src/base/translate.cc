// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "base/translate.hh"

#include <clocale>
#include <cstdlib>
#include <optional>

#include <libintl.h>
#include <locale.h>
#include <unistd.h>

namespace zonder {
namespace {

Language chosen = Language::English;
thread_local std::optional<Language> spoken;

bool is_dutch(std::string_view locale)
{
  return locale == "nl" || locale.starts_with("nl_") || locale.starts_with("nl.");
}

bool is_english(std::string_view locale)
{
  return locale == "en" || locale.starts_with("en_") || locale.starts_with("en.");
}

Language language_of_environment()
{
  for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(variable);
    if (value != nullptr && *value != '\0') {
      return is_dutch(value) ? Language::Dutch : Language::English;
    }
  }
  return Language::English;
}

}  // namespace

// gettext translates only when a locale other than "C" is set, and the machine of a town hall often
// has no nl_NL. C.UTF-8 is always there, and with it the variable LANGUAGE decides, which is Dutch
// for who has not the locale "C". The commands that zonder starts get user_environment(), in which
// it stands as the user had it.
Language choose_language(std::string_view wanted, const std::string& locale_dir, bool unicode)
{
  user_environment();
  // One that we do not speak is told so in the language of the environment.
  chosen = is_dutch(wanted)     ? Language::Dutch
           : is_english(wanted) ? Language::English
                                : language_of_environment();
  std::setlocale(LC_CTYPE, "C.UTF-8");
  std::setlocale(LC_MESSAGES, chosen == Language::Dutch ? "C.UTF-8" : "C");
  setenv("LANGUAGE", "nl", 1);
  bindtextdomain("zonder", locale_dir.c_str());
  bind_textdomain_codeset("zonder", unicode ? "UTF-8" : "ASCII//TRANSLIT");
  textdomain("zonder");
  return chosen;
}

Language current_language()
{
  return spoken.value_or(chosen);
}

Speaking::Speaking(Language language)
    : locale_(::newlocale(LC_MESSAGES_MASK,
                          language == Language::Dutch ? "C.UTF-8" : "C",
                          ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)))
{
  spoken = language;
  if (locale_ != nullptr) {
    ::uselocale(static_cast<locale_t>(locale_));
  }
}

Speaking::~Speaking()
{
  spoken.reset();
  ::uselocale(LC_GLOBAL_LOCALE);
  if (locale_ != nullptr) {
    ::freelocale(static_cast<locale_t>(locale_));
  }
}

const std::vector<std::string>& user_environment()
{
  static const std::vector<std::string> at_start = [] {
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable) {
      variables.emplace_back(*variable);
    }
    return variables;
  }();
  return at_start;
}

const char* tr(const char* text)
{
  return current_language() == Language::English ? text : gettext(text);
}

const char* ntr(const char* one, const char* many, unsigned long count)
{
  if (current_language() == Language::English) {
    return count == 1 ? one : many;
  }
  return ngettext(one, many, count);
}

}  // namespace zonder

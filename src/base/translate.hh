// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

// Every sentence that a person may read goes through tr(), ntr() or say(), so that it can be Dutch.
// The English text is the key; xgettext finds it by these names. JSON keys are never translated.
namespace zonder {

enum class Language { English, Dutch };

/// Chooses the language of all later messages: `wanted` is "nl", "en", or empty for what the
/// environment says (LC_ALL, LC_MESSAGES, LANG). `locale_dir` holds nl/LC_MESSAGES/zonder.mo.
/// `unicode`: false where the terminal shows plain ASCII only; then letters lose their accents.
/// Call once, before any thread starts.
Language
choose_language(std::string_view wanted, const std::string& locale_dir, bool unicode = true);

/// The language that the calling thread speaks, or else the one chosen last; English before that.
Language current_language();

/// While it lives the calling thread speaks this language: for pages whose readers each have their
/// own. One at a time in a thread.
class Speaking {
public:
  explicit Speaking(Language language);
  ~Speaking();
  Speaking(const Speaking&) = delete;
  Speaking& operator=(const Speaking&) = delete;
  Speaking(Speaking&&) = delete;
  Speaking& operator=(Speaking&&) = delete;

private:
  void* locale_ = nullptr;  // the thread's own
};

/// The environment as it was when zonder started, "NAME=value" each: what child processes get.
const std::vector<std::string>& user_environment();

/// The translation of `text`, or `text` itself.
const char* tr(const char* text);

/// The translation for `count` things, by the language's own plural rule.
const char* ntr(const char* one, const char* many, unsigned long count);

/// Formats a translated sentence: say("{} of {} services stop", 3, 8).
template <typename... Args>
std::string say(const char* text, Args&&... args)
{
  return fmt::format(fmt::runtime(tr(text)), std::forward<Args>(args)...);
}

}  // namespace zonder

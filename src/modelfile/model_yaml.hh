// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "base/date.hh"
#include "base/translate.hh"
#include "model/words.hh"
#include "modelfile/read_model.hh"

// The vocabulary in which a model file is read. What is wrong is told to the Reader, which goes on,
// so that all of it can be mended at once; what is given back is then as good as can be. Includes
// yaml-cpp, so never from another header.
namespace zonder::modelfile {

class Reader {
public:
  void wrong(const YAML::Node& where, std::string what);
  void wrong(int line, int column, std::string what);  // from 0, as yaml-cpp counts
  [[nodiscard]] bool full() const { return mistakes_.size() >= most_mistakes; }
  [[nodiscard]] std::vector<Mistake> take();

  // `what` is what the sentence calls it: a key, mostly.
  std::string text(const YAML::Node& node, std::string_view what, std::size_t most = 500);
  std::string id(const YAML::Node& node, std::string_view what);
  std::vector<YAML::Node> list(const YAML::Node& node, std::string_view what);
  std::vector<std::string> ids(const YAML::Node& node, std::string_view what);
  bool yes_or_no(const YAML::Node& node, std::string_view what);
  std::optional<std::chrono::seconds> duration(const YAML::Node& node);
  double number(const YAML::Node& node, std::string_view what, double from, double to);
  std::size_t count(const YAML::Node& node, std::string_view what);
  std::optional<Date> day(const YAML::Node& node, std::string_view what);

  template <typename Enum>
  Enum word(const YAML::Node& node, std::string_view what, Enum otherwise)
  {
    const auto words = words_for(Enum{});
    const auto typed = text(node, what);
    if (const auto value = typed.empty() ? std::nullopt : model::parse_word<Enum>(typed)) {
      return *value;
    }
    if (!typed.empty()) {
      not_one_of(node, what, typed, {words.begin(), words.end()});
    }
    return otherwise;
  }

private:
  void not_one_of(const YAML::Node& node,
                  std::string_view what,
                  const std::string& typed,
                  const std::vector<std::string>& words);
  std::vector<Mistake> mistakes_;
};

/// A mapping whose keys are known beforehand. Making one tells of unknown, double and missing keys.
class Mapping {
public:
  Mapping(Reader& reader,
          const YAML::Node& node,
          std::string_view what,
          const std::vector<std::string>& required,
          const std::vector<std::string>& optional);

  [[nodiscard]] const YAML::Node* find(const std::string& key) const;
  [[nodiscard]] bool has(const std::string& key) const { return find(key) != nullptr; }
  [[nodiscard]] bool is_sound() const { return sound_; }

private:
  std::map<std::string, YAML::Node> parts_;
  bool sound_ = false;
};

/// A mapping from ids that the writer of the file chose; double ones are told and left out.
std::vector<std::pair<std::string, YAML::Node>>
entries_of(Reader& reader, const YAML::Node& node, std::string_view what);

/// "a, b, c"
std::string listed(const std::vector<std::string>& words);

}  // namespace zonder::modelfile

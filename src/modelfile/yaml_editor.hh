// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hh"
#include "modelfile/yaml_value.hh"

namespace YAML {
class Node;
}

// Changes a YAML text by its spans: what is not changed stays as it is, byte for byte, with its
// comments, its order and its line ends. Where a thing stands comes from the marks of the parser;
// how far it goes, from the text and from where the next thing begins. Whoever uses this reads the
// result again and compares: that is what makes it safe, and not that every corner of YAML were
// known here.
namespace zonder::modelfile {

/// Keys and places in lists, from the root.
using YamlPath = std::vector<std::string>;

class YamlEditor {
public:
  /// Errors: no YAML.
  static Result<YamlEditor> open(std::string text);
  YamlEditor(YamlEditor&&) noexcept;
  YamlEditor& operator=(YamlEditor&&) noexcept;
  YamlEditor(const YamlEditor&) = delete;
  YamlEditor& operator=(const YamlEditor&) = delete;
  ~YamlEditor();

  // All of these are about the text as it was opened; false where it has no such place.

  [[nodiscard]] bool has(const YamlPath& path) const;
  /// Another value in the place of a word or a {...} or [...].
  bool replace(const YamlPath& path, const YamlValue& value);
  /// The value of a key, which is replaced when it is there and added when it is not.
  bool set(const YamlPath& mapping, const std::string& key, const YamlValue& value);
  bool rename_key(const YamlPath& path, const std::string& key);
  /// More entries at the end of the mapping, or more items at the end of the list, that `key` of a
  /// mapping stands for; it is made where it is missing, empty, or a word such as `none`.
  bool append(const YamlPath& mapping, const std::string& key, const YamlValue& more);

  /// The text with all changes.
  [[nodiscard]] std::string done() const;

private:
  struct Tree;
  struct Edit {
    std::size_t from = 0;
    std::size_t to = 0;
    std::string with;
  };

  YamlEditor(std::string text, std::unique_ptr<Tree> tree);
  /// Before the bracket that closes the {...} or [...] that begins at `start`.
  void insert_inside(std::size_t start, const YamlValue& more);
  void insert_below(std::size_t start, std::size_t last, const YamlValue& more);
  void open_block(std::size_t key, std::size_t end, const YamlValue& more);
  static std::optional<std::size_t>
  behind_short_entries(const Tree& tree, const std::string& text, const YAML::Node& mapping);

  std::string text_;
  std::unique_ptr<Tree> tree_;
  std::vector<Edit> edits_;
};

}  // namespace zonder::modelfile

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "catalog/mistake.hh"

// For the .cc files that read our own YAML; includes yaml-cpp, so never from another header.
namespace zonder::catalog {

/// One YAML file that is being read: knows its name and collects what is wrong with it.
class YamlFile {
public:
  YamlFile(std::string path, std::vector<Mistake>& mistakes)
      : path_(std::move(path)), mistakes_(mistakes)
  {
  }

  /// Parses within the limits; nothing (and a mistake) when it is not sound YAML or no mapping.
  std::optional<YAML::Node> parse(const std::string& text);

  [[nodiscard]] Place place_of(const YAML::Node& node) const;

  void wrong(const Place& where, std::string what);
  void wrong(const YAML::Node& where, std::string what) { wrong(place_of(where), std::move(what)); }

  /// A scalar as text; a mistake and nothing when it is something else or empty.
  std::optional<std::string> scalar(const YAML::Node& node, std::string_view what);

  /// A list of texts; a mistake for what is none.
  std::vector<YAML::Node> sequence(const YAML::Node& node, std::string_view what);

private:
  /// As yaml-cpp counts: from 0, and -1 when it does not know.
  [[nodiscard]] Place place_at(int line, int column) const;

  std::string path_;
  std::vector<Mistake>& mistakes_;
};

/// A mapping whose keys are known beforehand. Making one reports unknown keys, double keys and
/// missing keys.
class YamlMap {
public:
  YamlMap(YamlFile& file,
          const YAML::Node& node,
          std::initializer_list<const char*> required,
          std::initializer_list<const char*> optional = {});

  [[nodiscard]] bool is_sound() const { return sound_; }
  [[nodiscard]] bool has(const char* key) const { return find(key).has_value(); }
  [[nodiscard]] std::optional<YAML::Node> find(const char* key) const;
  /// The text under a key, or nothing where it is missing (already reported) or no text.
  [[nodiscard]] std::optional<std::string> text(const char* key) const;
  [[nodiscard]] const YAML::Node& node() const { return node_; }

private:
  struct Entry {
    std::string key;
    YAML::Node value;
  };
  YamlFile& file_;
  YAML::Node node_;
  std::vector<Entry> entries_;
  bool sound_ = false;
};

}  // namespace zonder::catalog

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "modelfile/yaml_editor.hh"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include <yaml-cpp/yaml.h>

#include "base/translate.hh"

namespace zonder::modelfile {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

bool is_flow_end(char c)
{
  return c == ',' || c == '}' || c == ']';
}

/// Behind the quote that closes what begins at `at`: "..." with escapes, or '...' with '' for one.
std::size_t quoted_end(std::string_view text, std::size_t at)
{
  const char quote = text[at];
  for (auto i = at + 1; i < text.size(); ++i) {
    const bool doubled = quote == '\'' && text.substr(i, 2) == "''";
    if (doubled || (quote == '"' && text[i] == '\\')) {
      ++i;
    } else if (text[i] == quote) {
      return i + 1;
    }
  }
  return text.size();
}

bool is_space(char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Whether a word without quotes cannot go on at `at`.
bool ends_plain(std::string_view text, std::size_t at, bool in_flow)
{
  const char c = text[at];
  if (c == '\n' || c == '\r' || (in_flow && is_flow_end(c))) {
    return true;
  }
  if (c == ':') {
    return at + 1 >= text.size() || is_space(text[at + 1]);
  }
  return c == '#' && at > 0 && is_space(text[at - 1]);
}

/// Behind the last byte of the word that begins at `at`; of one in several lines, of its first.
std::size_t word_end(std::string_view text, std::size_t at, bool in_flow)
{
  if (at >= text.size()) {
    return text.size();
  }
  if (text[at] == '"' || text[at] == '\'') {
    return quoted_end(text, at);
  }
  auto end = at;
  for (auto i = at; i < text.size() && (i == at || !ends_plain(text, i, in_flow)); ++i) {
    if (!is_space(text[i])) {
      end = i + 1;
    }
  }
  return end;
}

/// Of a {...} or [...]: where it closes, and where the last thing in it ends.
struct FlowSpan {
  std::size_t close = 0;
  std::size_t content = 0;
};

FlowSpan flow_span(std::string_view text, std::size_t at)
{
  std::size_t depth = 0;
  auto content = at + 1;
  for (auto i = at; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (--depth == 0) {
        return {.close = i, .content = content};
      }
    } else if (c == '#' && i > at && (text[i - 1] == ' ' || text[i - 1] == '\n')) {
      i = std::min(text.find('\n', i), text.size());
      continue;
    } else if ((c == '"' || c == '\'') &&
               (text[i - 1] == ' ' || text[i - 1] == '[' || text[i - 1] == '{' ||
                text[i - 1] == ',' || text[i - 1] == '\n')) {
      i = word_end(text, i, true) - 1;
    }
    if (i > at && i < text.size() && text[i] != ' ' && text[i] != '\n' && text[i] != '\r' &&
        text[i] != '\t') {
      content = i + 1;
    }
  }
  return {.close = text.size(), .content = content};
}

std::size_t line_start(std::string_view text, std::size_t at)
{
  const auto before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return before == std::string_view::npos ? 0 : before + 1;
}

/// Where its newline is, or the end of the text.
std::size_t line_end(std::string_view text, std::size_t at)
{
  auto end = std::min(text.find('\n', at), text.size());
  return end > at && end < text.size() && text[end - 1] == '\r' ? end - 1 : end;
}

std::string in_lines_of(const std::string& text, std::string added)
{
  if (text.find("\r\n") == std::string::npos) {
    return added;
  }
  std::string all;
  for (const char c : added) {
    all += c == '\n' ? "\r\n" : std::string(1, c);
  }
  return all;
}

}  // namespace

struct YamlEditor::Tree {
  YAML::Node root;
  std::vector<std::size_t> starts;  // of everything, sorted
  std::size_t offset = 0;           // of a byte order mark, which the parser does not count

  [[nodiscard]] std::size_t start_of(const YAML::Node& node) const
  {
    return static_cast<std::size_t>(std::max(node.Mark().pos, 0)) + offset;
  }

  void collect(const YAML::Node& node)
  {
    if (node.IsNull()) {
      return;  // stands nowhere
    }
    starts.push_back(start_of(node));
    if (node.IsMap()) {
      for (const auto& part : node) {
        collect(part.first);
        collect(part.second);
      }
    } else if (node.IsSequence()) {
      for (const auto& part : node) {
        collect(part);
      }
    }
  }

  /// The key and the value of a place; the key of an item of a list is nothing.
  struct Found {
    std::optional<YAML::Node> key;
    YAML::Node value;
  };

  static std::optional<Found> child(const YAML::Node& node, const std::string& step)
  {
    if (node.IsMap()) {
      for (const auto& part : node) {
        if (part.first.IsScalar() && part.first.Scalar() == step) {
          return Found{.key = part.first, .value = part.second};
        }
      }
    } else if (node.IsSequence()) {
      const auto place = std::strtoul(step.c_str(), nullptr, 10);
      if (place < node.size()) {
        return Found{.key = std::nullopt, .value = node[place]};
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<Found> find(const YamlPath& path) const
  {
    std::optional<Found> found(Found{.key = std::nullopt, .value = root});
    for (const auto& step : path) {
      // Made anew each time: to assign to a node of yaml-cpp is to change the tree.
      auto next = child(found->value, step);
      found.reset();
      if (!next) {
        break;
      }
      found.emplace(*next);
    }
    return found;
  }

  static std::size_t last_start(const Tree& tree, const YAML::Node& node)
  {
    auto last = node.IsNull() ? 0 : tree.start_of(node);
    if (node.IsMap()) {
      for (const auto& part : node) {
        last = std::max({last, tree.start_of(part.first), last_start(tree, part.second)});
      }
    } else if (node.IsSequence()) {
      for (const auto& part : node) {
        last = std::max(last, last_start(tree, part));
      }
    }
    return last;
  }
};

namespace {

/// A line that does not belong to the entries `column` deep above it: empty, a comment of what
/// follows, or the end of the document.
bool is_between(std::string_view line, std::size_t column)
{
  const auto first = line.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos || (first < column && line[first] == '#') ||
         line.starts_with("...") || line.starts_with("---");
}

/// Nothing but comments, and what makes the next item of a list.
bool is_clean(std::string_view rest)
{
  while (!rest.empty()) {
    const auto stop = std::min(rest.find('\n'), rest.size());
    const auto first = rest.substr(0, stop).find_first_not_of(" \t\r-.");
    if (first != std::string_view::npos && rest[first] != '#') {
      return false;
    }
    rest.remove_prefix(std::min(stop + 1, rest.size()));
  }
  return true;
}

}  // namespace

YamlEditor::YamlEditor(std::string text, std::unique_ptr<Tree> tree)
    : text_(std::move(text)), tree_(std::move(tree))
{
}
/// The end of the line of a mapping's last entry that is on one line, so that what is short stays
/// above what is long. Nothing: it has no such entry.
std::optional<std::size_t> YamlEditor::behind_short_entries(const Tree& tree,
                                                            const std::string& text,
                                                            const YAML::Node& mapping)
{
  std::optional<std::size_t> at;
  for (const auto& part : mapping) {
    const bool word = part.second.IsScalar();
    if (part.second.IsNull() || (!word && part.second.Style() != YAML::EmitterStyle::Flow)) {
      continue;
    }
    const auto start = tree.start_of(part.second);
    const auto end = word ? word_end(text, start, false) : flow_span(text, start).close + 1;
    const auto last = word ? start : Tree::last_start(tree, part.second);
    const auto next = std::upper_bound(tree.starts.begin(), tree.starts.end(), last);
    const auto stop = next == tree.starts.end() ? text.size() : line_start(text, *next);
    const bool long_word = text[start] == '|' || text[start] == '>';
    if (!long_word && stop >= end && is_clean(std::string_view(text).substr(end, stop - end))) {
      at = line_end(text, end);
    }
  }
  return at;
}

YamlEditor::YamlEditor(YamlEditor&&) noexcept = default;
YamlEditor& YamlEditor::operator=(YamlEditor&&) noexcept = default;
YamlEditor::~YamlEditor() = default;

Result<YamlEditor> YamlEditor::open(std::string text)
{
  auto tree = std::make_unique<Tree>();
  try {
    tree->offset = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    tree->root.reset(YAML::Load(text));
  } catch (const YAML::Exception& problem) {
    return fail(Fault::Usage, say("this is not YAML: {}", problem.msg));
  }
  tree->collect(tree->root);
  std::sort(tree->starts.begin(), tree->starts.end());
  return YamlEditor(std::move(text), std::move(tree));
}

bool YamlEditor::has(const YamlPath& path) const
{
  return tree_->find(path).has_value();
}

bool YamlEditor::replace(const YamlPath& path, const YamlValue& value)
{
  const auto found = tree_->find(path);
  if (!found || path.empty() || found->value.IsNull()) {
    return false;
  }
  auto parent = path;
  parent.pop_back();
  const bool in_flow = tree_->find(parent)->value.Style() == YAML::EmitterStyle::Flow;
  const auto start = tree_->start_of(found->value);
  if (!found->value.IsScalar() && found->value.Style() != YAML::EmitterStyle::Flow) {
    return false;
  }
  const auto end =
      found->value.IsScalar() ? word_end(text_, start, in_flow) : flow_span(text_, start).close + 1;
  edits_.push_back({.from = start, .to = end, .with = flow_text(value)});
  return true;
}

bool YamlEditor::rename_key(const YamlPath& path, const std::string& key)
{
  const auto found = tree_->find(path);
  if (!found || !found->key) {
    return false;
  }
  const auto start = tree_->start_of(*found->key);
  edits_.push_back({.from = start, .to = word_end(text_, start, true), .with = key});
  return true;
}

void YamlEditor::insert_inside(std::size_t start, const YamlValue& more)
{
  const auto span = flow_span(text_, start);
  const auto inside = flow_text(more);
  const bool comma = text_[span.content - 1] == ',';
  const bool empty = span.content == start + 1;
  edits_.push_back({.from = span.content,
                    .to = span.content,
                    .with = (empty   ? ""
                             : comma ? " "
                                     : ", ") +
                            inside.substr(1, inside.size() - 2)});
}

bool YamlEditor::append(const YamlPath& mapping, const std::string& key, const YamlValue& more)
{
  const auto parent = tree_->find(mapping);
  if (!parent || !parent->value.IsMap()) {
    return false;
  }
  auto path = mapping;
  path.push_back(key);
  const auto found = tree_->find(path);
  if (!found) {
    auto block = more;
    block.block = true;
    return set(mapping, key, block);
  }
  const auto& value = found->value;
  if ((value.IsMap() || value.IsSequence()) && value.size() > 0) {
    const auto start = tree_->start_of(value);
    if (value.Style() == YAML::EmitterStyle::Flow) {
      insert_inside(start, more);
    } else {
      insert_below(start, Tree::last_start(*tree_, value), more);
    }
    return true;
  }
  // Nothing, an empty one, or a word that says so: a new one in its place.
  const auto start = value.IsNull() ? 0 : tree_->start_of(value);
  const bool in_flow = parent->value.Style() == YAML::EmitterStyle::Flow;
  const auto end = value.IsNull()     ? 0
                   : value.IsScalar() ? word_end(text_, start, in_flow)
                                      : flow_span(text_, start).close + 1;
  if (in_flow) {
    edits_.push_back({.from = start, .to = end, .with = flow_text(more)});
    return !value.IsNull();
  }
  open_block(tree_->start_of(*found->key), end, more);
  return true;
}

/// At the end of the lines of a collection that begins at `start`, and the last part of which
/// begins at `last`: before what follows, without the lines between that are empty or belong to
/// that.
void YamlEditor::insert_below(std::size_t start, std::size_t last, const YamlValue& more)
{
  const auto column = start - line_start(text_, start);
  const auto next = std::upper_bound(tree_->starts.begin(), tree_->starts.end(), last);
  auto end = next == tree_->starts.end() ? text_.size() : line_start(text_, *next);
  const auto last_line = line_start(text_, last);
  while (end > last_line) {
    const auto begin = line_start(text_, end - 1);
    if (begin <= last_line ||
        !is_between(std::string_view(text_).substr(begin, end - begin), column)) {
      break;
    }
    end = begin;
  }
  const bool open_end = end > 0 && text_[end - 1] != '\n';
  edits_.push_back({.from = end,
                    .to = end,
                    .with = in_lines_of(text_, (open_end ? "\n" : "") + block_text(more, column))});
}

/// A block in the place of what stands behind the key that begins at `key` and ends at `end` (0:
/// nothing does, or a null).
void YamlEditor::open_block(std::size_t key, std::size_t end, const YamlValue& more)
{
  const auto colon = text_.find(':', word_end(text_, key, false));
  if (end == 0) {
    const auto null_end = word_end(text_, text_.find_first_not_of(' ', colon + 1), false);
    const auto word = text_.substr(colon + 1, null_end - std::min(null_end, colon + 1));
    end = word == " ~" || word == " null" ? null_end : colon + 1;
  }
  edits_.push_back({.from = colon + 1, .to = end, .with = ""});
  auto block = block_text(more, key - line_start(text_, key) + 2);
  block.pop_back();
  const auto at = line_end(text_, end);
  edits_.push_back({.from = at, .to = at, .with = in_lines_of(text_, "\n" + block)});
}

bool YamlEditor::set(const YamlPath& mapping, const std::string& key, const YamlValue& value)
{
  auto path = mapping;
  path.push_back(key);
  if (tree_->find(path)) {
    return replace(path, value);
  }
  const auto parent = tree_->find(mapping);
  if (!parent || !parent->value.IsMap() || parent->value.size() == 0) {
    return false;
  }
  YamlValue more = YamlValue::map(true);
  more.put(key, value);
  const auto start = tree_->start_of(parent->value);
  if (parent->value.Style() == YAML::EmitterStyle::Flow) {
    insert_inside(start, more);
    return true;
  }
  if (mapping.empty()) {
    // A section more, at the end of the file, with a line between.
    const bool open_end = !text_.empty() && text_.back() != '\n';
    edits_.push_back(
        {.from = text_.size(),
         .to = text_.size(),
         .with = in_lines_of(text_, (open_end ? "\n\n" : "\n") + block_text(more, 0))});
    return true;
  }
  const auto at = behind_short_entries(*tree_, text_, parent->value);
  if (!at) {
    return false;
  }
  const auto first = tree_->start_of(parent->value.begin()->first);
  auto block = block_text(more, first - line_start(text_, first));
  block.pop_back();
  edits_.push_back({.from = *at, .to = *at, .with = in_lines_of(text_, "\n" + block)});
  return true;
}

std::string YamlEditor::done() const
{
  auto edits = edits_;
  std::stable_sort(
      edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.from < b.from; });
  std::string all;
  std::size_t at = 0;
  for (const auto& edit : edits) {
    if (edit.from < at) {
      continue;  // two changes of one place: the first holds, and whoever compares will see
    }
    all.append(text_, at, edit.from - at);
    all += edit.with;
    at = edit.to;
  }
  all.append(text_, at);
  return all;
}

}  // namespace zonder::modelfile

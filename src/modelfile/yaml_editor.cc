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

/// Behind the last byte of the word that begins at `at`; of one in several lines, of its first.
std::size_t word_end(std::string_view text, std::size_t at, bool in_flow)
{
  if (at >= text.size()) {
    return text.size();
  }
  if (text[at] == '"') {
    for (auto i = at + 1; i < text.size(); ++i) {
      if (text[i] == '\\') {
        ++i;
      } else if (text[i] == '"') {
        return i + 1;
      }
    }
    return text.size();
  }
  if (text[at] == '\'') {
    for (auto i = at + 1; i < text.size(); ++i) {
      if (text[i] == '\'') {
        if (i + 1 >= text.size() || text[i + 1] != '\'') {
          return i + 1;
        }
        ++i;
      }
    }
    return text.size();
  }
  auto end = at;
  for (auto i = at; i < text.size() && text[i] != '\n' && text[i] != '\r'; ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\n';
    const bool space_behind = next == ' ' || next == '\n' || next == '\r' || next == '\t';
    if ((in_flow && is_flow_end(text[i])) || (text[i] == ':' && space_behind) ||
        (text[i] == '#' && i > at && (text[i - 1] == ' ' || text[i - 1] == '\t'))) {
      break;
    }
    if (text[i] != ' ' && text[i] != '\t') {
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

YamlEditor::YamlEditor(std::string text, std::unique_ptr<Tree> tree)
    : text_(std::move(text)), tree_(std::move(tree))
{
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
  const bool collection = (value.IsMap() || value.IsSequence()) && value.size() > 0;
  if (collection && value.Style() == YAML::EmitterStyle::Flow) {
    insert_inside(tree_->start_of(value), more);
    return true;
  }
  if (collection) {
    const auto start = tree_->start_of(value);
    const auto column = start - line_start(text_, start);
    const auto last = Tree::last_start(*tree_, value);
    const auto next = std::upper_bound(tree_->starts.begin(), tree_->starts.end(), last);
    auto end = next == tree_->starts.end() ? text_.size() : line_start(text_, *next);
    const auto last_line = line_start(text_, last);
    while (end > last_line) {
      const auto begin = line_start(text_, end - 1);
      const auto line = std::string_view(text_).substr(begin, end - begin);
      const auto first = line.find_first_not_of(" \t\r\n");
      const bool blank = first == std::string_view::npos;
      const bool others = !blank && line[first] == '#' && first < column;
      const bool over = line.starts_with("...") || line.starts_with("---");
      if (begin <= last_line || !(blank || others || over)) {
        break;
      }
      end = begin;
    }
    const bool open_end = end > 0 && text_[end - 1] != '\n';
    edits_.push_back(
        {.from = end,
         .to = end,
         .with = in_lines_of(text_, (open_end ? "\n" : "") + block_text(more, column))});
    return true;
  }
  // Nothing, an empty one, or a word that says so: a block in its place.
  const auto key_start = tree_->start_of(*found->key);
  if (parent->value.Style() == YAML::EmitterStyle::Flow) {
    if (value.IsNull()) {
      return false;
    }
    const auto start = tree_->start_of(value);
    const auto end =
        value.IsScalar() ? word_end(text_, start, true) : flow_span(text_, start).close + 1;
    edits_.push_back({.from = start, .to = end, .with = flow_text(more)});
    return true;
  }
  const auto column = key_start - line_start(text_, key_start);
  const auto colon = text_.find(':', word_end(text_, key_start, false));
  auto after = colon;
  if (!value.IsNull()) {
    const auto start = tree_->start_of(value);
    const auto end =
        value.IsScalar() ? word_end(text_, start, false) : flow_span(text_, start).close + 1;
    edits_.push_back({.from = colon + 1, .to = end, .with = ""});
    after = end;
  } else if (const auto tilde = word_end(text_, text_.find_first_not_of(' ', colon + 1), false);
             text_.compare(colon + 1, tilde - colon - 1, " ~") == 0 ||
             text_.compare(colon + 1, tilde - colon - 1, " null") == 0) {
    edits_.push_back({.from = colon + 1, .to = tilde, .with = ""});
    after = tilde;
  }
  auto block = block_text(more, column + 2);
  block.pop_back();
  const auto end = line_end(text_, after);
  edits_.push_back({.from = end, .to = end, .with = in_lines_of(text_, "\n" + block)});
  return true;
}

bool YamlEditor::set(const YamlPath& mapping, const std::string& key, const YamlValue& value)
{
  auto path = mapping;
  path.push_back(key);
  if (const auto found = tree_->find(path)) {
    return replace(path, value);
  }
  const auto parent = tree_->find(mapping);
  if (!parent || !parent->value.IsMap() || parent->value.size() == 0) {
    return false;
  }
  YamlValue more = YamlValue::map(true);
  more.put(key, value);
  if (parent->value.Style() == YAML::EmitterStyle::Flow) {
    insert_inside(tree_->start_of(parent->value), more);
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
  // Behind the mapping's last scalar entry that has a line of its own, so that what is short stays
  // above what is long; behind the first entry else.
  auto last = parent->value.begin()->first;
  const auto column = tree_->start_of(last) - line_start(text_, tree_->start_of(last));
  auto at = line_end(text_, tree_->start_of(last));
  bool placed = false;
  for (const auto& part : parent->value) {
    if (part.second.IsNull() ||
        (!part.second.IsScalar() && part.second.Style() != YAML::EmitterStyle::Flow)) {
      continue;
    }
    const auto start = tree_->start_of(part.second);
    const auto end =
        part.second.IsScalar() ? word_end(text_, start, false) : flow_span(text_, start).close + 1;
    // A word in several lines: not behind that.
    const auto next =
        std::upper_bound(tree_->starts.begin(),
                         tree_->starts.end(),
                         part.second.IsScalar() ? start : Tree::last_start(*tree_, part.second));
    const auto rest = std::string_view(text_).substr(
        end, (next == tree_->starts.end() ? text_.size() : line_start(text_, *next)) - end);
    bool clean = true;
    std::size_t from = 0;
    while (from < rest.size()) {
      const auto stop = std::min(rest.find('\n', from), rest.size());
      const auto line = rest.substr(from, stop - from);
      const auto first = line.find_first_not_of(" \t\r-.");
      clean = clean && (first == std::string_view::npos || line[first] == '#');
      from = stop + 1;
    }
    if (clean && text_[start] != '|' && text_[start] != '>') {
      at = line_end(text_, end);
      placed = true;
    }
  }
  if (!placed) {
    return false;
  }
  auto block = block_text(more, column);
  block.pop_back();
  edits_.push_back({.from = at, .to = at, .with = in_lines_of(text_, "\n" + block)});
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

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/bounded_yaml.hh"

#include <sstream>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

namespace zonder::wire {
namespace {

using Why = YamlRefusal::Why;

/// Raised by a Walker, since nothing else stops yaml-cpp; caught in load_bounded_yaml.
struct Refused {
  YamlRefusal refusal;
};

[[noreturn]] void refuse(const YAML::Mark& where, Why why)
{
  throw Refused{{.why = why, .line = where.line, .column = where.column, .parser_says = {}}};
}

/// Looks at the parser's events and builds nothing.
class Walker : public YAML::EventHandler {
public:
  explicit Walker(const YamlLimits& limits) : limits_(limits) {}

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { count(mark, anchor); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override
  {
    refuse(mark, Why::Alias);
  }
  void OnScalar(const YAML::Mark& mark,
                const std::string& /*tag*/,
                YAML::anchor_t anchor,
                const std::string& /*value*/) override
  {
    count(mark, anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark,
                       const std::string& /*tag*/,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override
  {
    enter(mark, anchor);
  }
  void OnSequenceEnd() override { --depth_; }
  void OnMapStart(const YAML::Mark& mark,
                  const std::string& /*tag*/,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override
  {
    enter(mark, anchor);
  }
  void OnMapEnd() override { --depth_; }

private:
  void count(const YAML::Mark& mark, YAML::anchor_t anchor)
  {
    if (anchor != 0) {
      refuse(mark, Why::Alias);
    }
    if (++values_ > limits_.values) {
      refuse(mark, Why::TooManyValues);
    }
  }
  void enter(const YAML::Mark& mark, YAML::anchor_t anchor)
  {
    count(mark, anchor);
    if (++depth_ > limits_.depth) {
      refuse(mark, Why::TooDeep);
    }
  }

  const YamlLimits& limits_;
  std::size_t values_ = 0;
  int depth_ = 0;
};

void walk_through(const std::string& text, const YamlLimits& limits)
{
  const YAML::Mark start;
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  Walker walker(limits);
  if (!parser.HandleNextDocument(walker)) {
    refuse(start, Why::Empty);
  }
  if (limits.only_one_document && parser.HandleNextDocument(walker)) {
    refuse(start, Why::SecondDocument);
  }
}

}  // namespace

tl::expected<YAML::Node, YamlRefusal> load_bounded_yaml(const std::string& text,
                                                        const YamlLimits& limits)
{
  try {
    walk_through(text, limits);
    return YAML::Load(text);
  } catch (const Refused& refused) {
    return tl::unexpected(refused.refusal);
  } catch (const YAML::Exception& problem) {
    return tl::unexpected(YamlRefusal{.why = Why::NoYaml,
                                      .line = problem.mark.line,
                                      .column = problem.mark.column,
                                      .parser_says = problem.msg});
  }
}

}  // namespace zonder::wire

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "graph/model_summary.hh"
#include "modelfile/model_file.hh"
#include "modelfile/read_model.hh"
#include "modelfile/write_model.hh"

namespace {

void must(bool holds)
{
  if (!holds) {
    std::abort();
  }
}

}  // namespace

// Whatever the bytes are: mistakes with their places, or a model that is written and read the same,
// has a graph, and can be changed to what was meant or not at all.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  using namespace zonder;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto reading = modelfile::read_model(text);
  if (!reading.mistakes.empty()) {
    must(reading.mistakes.size() <= modelfile::most_mistakes);
    return 0;
  }
  const auto again = modelfile::read_model(modelfile::write_model(reading.model));
  must(again.mistakes.empty() && again.model == reading.model);
  must(graph::summarise(reading.model, Date{.year = 2026, .month = 11, .day = 27}).has_value());
  auto file = modelfile::ModelFile::parse(std::string(text), "model.yaml");
  must(file.has_value() && file->text() == text);
  if (!reading.model.nodes.empty()) {
    const auto id = reading.model.nodes.front().id;
    if (file->rename_node(id, "renamed-node")) {
      must(file->model().node("renamed-node") != nullptr);
      must(file->rename_node("renamed-node", id).has_value());
      must(file->model() == reading.model);
    } else {
      must(file->text() == text);
    }
    model::Node node;
    node.id = "added-node";
    if (file->add_nodes({node})) {
      must(file->model().nodes.size() == reading.model.nodes.size() + 1);
    }
  }
  return 0;
}

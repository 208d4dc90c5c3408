// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <string>

#include <gtest/gtest.h>

#include "app/import.hh"
#include "app/model.hh"
#include "app/model_learn.hh"
#include "base/file.hh"
#include "modelfile/read_model.hh"
#include "support/catalog_world.hh"
#include "support/data_world.hh"

namespace zonder::app {
namespace {

/// From the exports of a fictional town to a model, as somebody would type it.
class ModelLearn : public testing::Test {
protected:
  void SetUp() override
  {
    const auto share = data_.world.share_folder;
    data_.world.share_folder = ZONDER_SOURCE_DIR "/examples";  // where models to start from are
    ASSERT_EQ(model_init(data_.world, {.kind = "municipality", .output = data_.path("model.yaml")}),
              0);
    data_.world.share_folder = share;
    ImportOptions read;
    read.paths = {ZONDER_SOURCE_DIR "/examples/import/voorbeeldstad"};
    read.project = data_.path("town.zonder");
    read.progress = false;
    ASSERT_EQ(import_files(data_.world, read), 0);
  }
  [[nodiscard]] ModelLearnOptions options(const std::string& model) const
  {
    ModelLearnOptions all;
    all.file = data_.path(model);
    all.project = data_.path("town.zonder");
    return all;
  }

  test::DataWorld data_{test::small_content({})};
};

TEST_F(ModelLearn, WhatWasSeenIsListedAndNothingWritten)
{
  const auto before = read_file(data_.path("model.yaml"));
  EXPECT_EQ(model_learn(data_.world, options("model.yaml")), 1);
  EXPECT_EQ(read_file(data_.path("model.yaml")).value(), before.value());
}

TEST_F(ModelLearn, WhatIsChosenIsInTheModelAndNobodyIsAskedAgain)
{
  auto chosen = options("model.yaml");
  chosen.accept = {"all"};
  chosen.ignore = {"application:Raadsportaal"};
  chosen.output = data_.path("learned.yaml");
  ASSERT_EQ(model_learn(data_.world, chosen), 0);
  EXPECT_EQ(model_check(data_.world, data_.path("learned.yaml")), 0);
  const auto model = modelfile::load_model(data_.path("learned.yaml"));
  ASSERT_TRUE(model) << model.error().message;
  const auto has = [&](const std::string& name) {
    return std::any_of(model->nodes.begin(), model->nodes.end(), [&](const model::Node& node) {
      return node.name.in(true) == name;
    });
  };
  EXPECT_TRUE(has("Zaakplus"));
  EXPECT_TRUE(has("Burgerzaken Één"));
  EXPECT_FALSE(has("Raadsportaal"));
  EXPECT_EQ(model_learn(data_.world, options("learned.yaml")), 0);
}

TEST_F(ModelLearn, WhatCannotBeIsSaid)
{
  auto nobody = options("model.yaml");
  nobody.project = data_.path("nothing.zonder");
  EXPECT_EQ(model_learn(data_.world, nobody), 2);
  auto unknown = options("model.yaml");
  unknown.accept = {"application:Never seen"};
  EXPECT_EQ(model_learn(data_.world, unknown), 2);
  auto half = options("model.yaml");
  half.merge = {"application:Zaakplus"};
  EXPECT_EQ(model_learn(data_.world, half), 2);
}

}  // namespace
}  // namespace zonder::app

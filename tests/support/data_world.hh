// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "app/world.hh"
#include "base/file.hh"
#include "catalog/snapshot_content.hh"

namespace zonder::test {

/// A World whose shipped catalogue, user's data and output lie in a folder of its own.
class DataWorld {
public:
  /// `content` becomes the shipped catalogue.
  explicit DataWorld(const catalog::SnapshotContent& content);
  ~DataWorld();
  DataWorld(const DataWorld&) = delete;
  DataWorld& operator=(const DataWorld&) = delete;

  app::World world;

  /// What was printed since the last time.
  std::string out();
  std::string err();

  /// A file in the folder; its path.
  std::string file(const std::string& name, const std::string& content) const;
  [[nodiscard]] std::string path(const std::string& name) const
  {
    return folder_.path() + "/" + name;
  }

private:
  TemporaryFolder folder_;
};

}  // namespace zonder::test

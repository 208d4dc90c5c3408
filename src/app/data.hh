// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "app/world.hh"

namespace zonder::app {

/// `zonder data import FILE...`
struct DataImportOptions {
  std::vector<std::string> paths;  // files, folders, archives
  std::string party;               // --as: whose a plain list is
};

/// `zonder data update [FEED...]`
struct DataUpdateOptions {
  std::vector<std::string> feeds;  // ids; none: all
  std::string ca_file;             // authorities to trust instead of the system's; empty: those
  std::string feeds_file;          // empty: feeds.yaml beside the shipped catalogue
};

/// What is in the catalogue that is used: date, age, lists, attribution.
int data_status(const World& world);

/// Compares every catalogue that is there with its checksum: 1 when one is damaged.
int data_verify(const World& world);

/// Takes published lists from disk into the user's own catalogue, at once or not at all. Tells of
/// each file what it is, how many records, how many of them unreadable, and whose.
int data_import(const World& world, const DataImportOptions& options);

/// Fetches the vendors' publications into the user's own catalogue. A feed that fails leaves its
/// old data as they are; exit 3 says that one did.
int data_update(const World& world, const DataUpdateOptions& options);

}  // namespace zonder::app

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string_view>

#include "wire/csv/csv.hh"

namespace zonder::wire::inventories {

/// What the GEMMA Softwarecatalogus gives a municipality: its overview of packages and its links
/// between them (softwarecatalogus.nl, "Beschrijving exportbestanden"), and lists with the fields
/// of the catalogue's next version, `hostingJurisdictie` among them
/// (VNG-Realisatie/Softwarecatalogus). A package is an application; its version is left out, for
/// the next one is the same application. What is only planned, or no longer used, is not had. Data
/// goes from one side of a link to the other: who gets it needs who gives it.
class SoftwarecatalogusReader final : public csv::Reader {
public:
  [[nodiscard]] std::vector<std::string> remarks() const override;

protected:
  bool read_headings(const Fields& headings) override;
  void read_record(const Fields& fields, logs::EntrySink& sink) override;

private:
  bool take_package(const Fields& fields, logs::EntrySink& sink);
  bool take_link(const Fields& fields, logs::EntrySink& sink);

  std::size_t name_ = nowhere;
  std::size_t supplier_ = nowhere;
  std::size_t id_ = nowhere;
  std::size_t status_ = nowhere;
  std::size_t organisation_ = nowhere;
  std::size_t jurisdiction_ = nowhere;
  std::size_t other_name_ = nowhere;  // of links
  std::size_t direction_ = nowhere;
};

/// "NL" for "Nederland", "EU" for "Europese Unie" and so on; empty for words that name none.
std::string jurisdiction_in(std::string_view words);
/// What a package's state of use says: planned, or used no more.
bool is_out_of_use(std::string_view status);

bool is_softwarecatalogus(std::string_view head);

}  // namespace zonder::wire::inventories

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>

#include "wire/logs/entry.hh"

// ArchiMate's Model Exchange File Format (The Open Group, XML schemas of 3.0 to 3.2, and of 2.1),
// as architects' tools give it and the GEMMA Softwarecatalogus too (GEMMA Online,
// "Softwarecatalogus AMEFF export").
//
//   an ApplicationComponent               an application, with its identifier kept
//   A serves B (Serving, before: UsedBy)  B needs A
//   data goes from A to B (Flow)          B needs A
//   A realises a service that serves B    B needs A
//   Leverancier with a Pakket             an application's supplier
//   property hostingJurisdictie           where it is hosted
//
// In an export of the Softwarecatalogus ("SWC type") only packages are applications, and a version
// counts as its package; in a model of GEMMA ("GEMMA type") reference components are none. All else
// is read past.
namespace zonder::wire::inventories {

inline constexpr std::size_t largest_model = std::size_t{256} << 20U;

/// `xml` is read in place and is of no use afterwards. `broken_off`: it is no sound XML, or too
/// deep, and nothing or only what stands before the fault was read.
logs::Tally read_archimate(std::string& xml, logs::EntrySink& sink, bool& broken_off);

bool is_archimate(std::string_view head);

}  // namespace zonder::wire::inventories

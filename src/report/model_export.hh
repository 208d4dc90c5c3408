// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "model/dependency_model.hh"

// A model for other tools. Ids go along as they are, so that what comes back can be put in its
// place.
namespace zonder::report {

/// Graphviz.
std::string model_dot(const model::DependencyModel& model, bool dutch);

/// Mermaid, for a README or a wiki.
std::string model_mermaid(const model::DependencyModel& model, bool dutch);

/// GraphML, for Gephi and yEd.
std::string model_graphml(const model::DependencyModel& model, bool dutch);

/// A line for each need and each of the nodes that it is a need of; RFC 4180.
std::string model_csv(const model::DependencyModel& model, bool dutch);

/// CycloneDX 1.6: nodes as services, needs as dependencies.
std::string model_cyclonedx(const model::DependencyModel& model, bool dutch);

/// The ArchiMate 3 model exchange file format: nodes as application and technology elements, needs
/// as serving relationships, parties as business actors that are assigned to what they run.
std::string model_archimate(const model::DependencyModel& model, bool dutch);

}  // namespace zonder::report

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "report/run_html.hh"

// What the parts of an HTML report are made of. All text is escaped here.
namespace zonder::report {

/// From the first byte to the start of what is read, in the language that is chosen: no script, no
/// other request, readable at 320 px and on paper. Ends with document_end.
std::string begin_document(const std::string& title);
inline constexpr const char* document_end = "</main>\n</body>\n</html>\n";

std::string paragraphs(const std::vector<std::string>& sentences);
std::string list(const std::vector<std::string>& sentences);

struct Column {
  const char* title = "";
  bool number = false;
};

/// The beginning of a table, up to its first row; ends with table_end.
std::string head(const std::string& caption, const std::vector<Column>& columns);
/// The first cell names the row.
std::string row(const std::vector<Column>& columns, const std::vector<std::string>& cells);
inline constexpr const char* table_end = "</tbody>\n</table>\n";

}  // namespace zonder::report

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>

#include "web/room_view.hh"

// What all pages of a room have around them: the head, the style, the other language.
namespace zonder::web {

struct Page {
  std::string title;   // plain text
  std::string path;    // where it can be asked for again, by GET: "/about"
  std::string main;    // HTML, with the <h1>
  bool wide = false;   // it has tables
  bool big = false;    // to be read from the back of a hall
  std::string script;  // its address; empty: none
};

/// The whole document, in the language that the thread speaks.
std::string whole(const Page& page);

/// `path` as links and forms carry it: with the language that the reader chose.
std::string with_language(const RoomView& view, std::string_view path);

/// <form method="post" action="...">
std::string form_head(const RoomView& view, std::string_view path);
/// The field that nobody sees: <input type="hidden" name="token" ...>
std::string hidden(std::string_view name, std::string_view value);

/// The sentence of a problem, as the element `id` that its field refers to; empty: there is none.
std::string told(const Problem& problem, std::string_view id);

}  // namespace zonder::web

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "model/observation.hh"
#include "wire/logs/entry.hh"

namespace zonder::collect {

/// What entries of logs and flows mean to us: who reached, asked for or named what, and where names
/// lead. Names and addresses are given on in one form each; a name that no host can have is left
/// out.
class EntryGlimpses final : public wire::logs::EntrySink {
public:
  explicit EntryGlimpses(model::GlimpseSink& sink) : sink_(sink) {}
  bool take(const wire::logs::Entry& entry) override;

private:
  struct Text {
    std::array<char, 256> bytes{};
    std::size_t size = 0;
    [[nodiscard]] std::string_view view() const { return {bytes.data(), size}; }
  };
  static bool put_name(std::string_view from, Text& into);
  static bool put_address(std::string_view from, Text& into);
  static void
  put_endpoint(std::string_view address, std::uint16_t port, std::string_view protocol, Text& into);
  static bool put_words(std::string_view from, std::string& into);
  bool told(const wire::logs::Entry& entry, model::Glimpse& glimpse);
  void reached(const wire::logs::Entry& entry, model::Glimpse& glimpse);
  void leads(const wire::logs::DnsRecord& record, model::Glimpse& glimpse);
  void named(const wire::logs::Entry& entry, model::Glimpse& glimpse);

  model::GlimpseSink& sink_;
  Text client_;
  Text server_;
  Text name_;
  Text object_;
  std::string subject_;
  std::string words_;
};

}  // namespace zonder::collect

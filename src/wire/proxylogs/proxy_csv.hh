// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string_view>

#include "wire/csv/csv.hh"
#include "wire/logs/local_date.hh"

namespace zonder::wire::proxylogs {

/// A proxy's log as CSV. Without headings: the order of Zscaler's sample of a web log (Zscaler
/// Help, "NSS Feed Output Format: Web Logs"), time, login, protocol, URL, action and so on, with
/// the client's address as the 22nd. With headings: by Zscaler's names of fields, or words like
/// them; every organisation chooses its own. Of a URL only the host is looked at, and nobody's
/// log-in.
class ProxyCsvReader final : public csv::Reader {
protected:
  bool read_headings(const Fields& headings) override;
  void read_record(const Fields& fields, logs::EntrySink& sink) override;

private:
  std::size_t time_ = nowhere;
  std::size_t url_ = nowhere;
  std::size_t client_ = nowhere;
  std::size_t action_ = nowhere;
  logs::LocalDate date_;
  logs::Entry entry_;
};

bool is_proxy_csv(std::string_view head);

}  // namespace zonder::wire::proxylogs

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string_view>

#include "wire/csv/csv.hh"
#include "wire/logs/lines.hh"
#include "wire/logs/local_date.hh"

// What the DNS server of Windows writes of the questions that it gets. Times are those of the
// server's own clock, without a zone: they are read as UTC.
namespace zonder::wire::querylogs {

/// The debug log (dns.log), as the key at its head has it ("Message logging key"); samples of it in
/// the documentation of others (u-siem/usiem-windns, README.md).
///   4/21/2017 7:52:03 AM 06B0 PACKET  00000000028657F0 UDP Rcv 10.2.0.1        6590   Q [0001   D
///   NOERROR] A      (7)example(3)com(0)
/// A question is what is received and no response; where there is none of those, what is sent as
/// one. What the server asks of others is nobody's question. With "Details" each packet has lines
/// of its own behind it, which are passed over.
class WindowsDnsReader final : public logs::LineReader {
public:
  [[nodiscard]] std::vector<std::string> remarks() const override;

protected:
  void read_line(std::string_view line, logs::EntrySink& sink) override;

private:
  void read_packet(std::string_view rest, logs::EntrySink& sink);

  bool sees_queries_ = false;
  logs::LocalDate date_;
  std::string name_;
  logs::Entry entry_;
};

/// The analytic log as CSV, out of Event Viewer or by Get-WinEvent and Export-Csv: event 256
/// (Microsoft Learn, "DNS Logging and Diagnostics"). Its message is looked for in all columns, for
/// Event Viewer gives it one without a heading.
///   QUERY_RECEIVED: TCP=0; InterfaceIP=10.0.0.1; Source=10.0.0.5; RD=1; QNAME=www.example.nl.; ...
class WindowsDnsEventsReader final : public csv::Reader {
public:
  [[nodiscard]] std::vector<std::string> remarks() const override;

protected:
  bool read_headings(const Fields& headings) override;
  void read_record(const Fields& fields, logs::EntrySink& sink) override;

private:
  std::size_t time_ = nowhere;
  logs::LocalDate date_;
  logs::Entry entry_;
};

bool is_windows_dns(std::string_view head);
bool is_windows_dns_events(std::string_view head);

}  // namespace zonder::wire::querylogs

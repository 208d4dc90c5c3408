// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/fake_resolver.hh"

// Made-up domains for scans, as one resolver on loopback tells them:
//
//   town.example   mail at Microsoft behind Mimecast, its key and autodiscover there too; SPF by
//                  way of spf.supplier.example; DMARC, MTA-STS, CAA, SRV, a token; www at the page
//                  server's address
//   village.example  mail at its own server; SPF by spf.supplier.example too
//   silent.example   has name servers, and no more answers
//   others do not exist
namespace zonder::test {

class ScanWorld {
public:
  explicit ScanWorld(const std::string& page_server = "127.0.0.1");

  [[nodiscard]] std::string resolver() const
  {
    return "127.0.0.1@" + std::to_string(resolver_.port());
  }
  /// How often a question came.
  [[nodiscard]] std::size_t asked(const std::string& name, unsigned type);
  [[nodiscard]] std::size_t asked();
  /// `count` more domains like village.example: d0.example ...
  void add_villages(std::size_t count);

private:
  using Key = std::pair<std::string, unsigned>;
  void add(const std::string& name, unsigned type, Bytes data);
  void add_village(const std::string& domain);
  std::vector<FakeResolver::Answer> answer(const FakeResolver::Asked& asked);

  std::mutex lock_;
  std::map<Key, std::vector<Bytes>> records_;
  std::map<Key, std::size_t> counts_;
  std::size_t all_ = 0;
  FakeResolver resolver_;
};

}  // namespace zonder::test

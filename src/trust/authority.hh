// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hh"

namespace zonder::trust {

/// What a web server needs: both as PEM.
struct Certificate {
  std::string chain;
  std::string key;
};

/// A certificate authority that lives as long as its owner: a lab, or one run. Its key is never
/// written anywhere. What it makes is valid from an hour ago for so long; P-256.
class Authority {
public:
  static Result<Authority> make(const std::string& name, std::chrono::hours valid_for);
  Authority(Authority&&) noexcept;
  Authority& operator=(Authority&&) noexcept;
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;
  ~Authority();

  /// For a server with these names or addresses, one at least. A name may have any bytes; it is
  /// never read as more than one.
  Result<Certificate> issue(const std::vector<std::string>& names);

  [[nodiscard]] const std::string& certificate() const;  // PEM, for trust stores
  /// SHA-256 of its public key in base64 (RFC 7469 2.4), by which Chromium can be told of it.
  [[nodiscard]] const std::string& pin() const;
  /// The file name by which OpenSSL finds it in a folder of certificates, such as "5ad8a5d6.0".
  [[nodiscard]] const std::string& hashed_name() const;

private:
  struct State;
  explicit Authority(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace zonder::trust

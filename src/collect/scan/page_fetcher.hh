// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hh"
#include "net/address.hh"

namespace zonder::collect {

/// One answer of a web server, bounded in size; a redirect is not followed.
struct Fetched {
  long status = 0;  // 0: there was no answer, see trouble
  std::string location;
  std::string body;
  std::string server;
  std::string certified_by;  // organisation of the certificate's issuer
  std::string trouble;
  bool not_connected = false;  // nobody listens there, or TLS does not come about
};

struct FetcherOptions {
  std::size_t most_bytes = std::size_t{1} << 20U;
  std::chrono::milliseconds patience{20'000};
  std::string ca_file;  // empty: what the machine trusts
};

/// Fetches start pages by libcurl, many at once. Names are looked up before by somebody else, so
/// that no page leads to an address that nobody looked at. For one thread.
class PageFetcher {
public:
  using Done = std::function<void(std::uint64_t id, Fetched fetched)>;
  static Result<std::unique_ptr<PageFetcher>> make(const FetcherOptions& options, Done done);
  PageFetcher(const PageFetcher&) = delete;
  PageFetcher& operator=(const PageFetcher&) = delete;
  PageFetcher(PageFetcher&&) = delete;
  PageFetcher& operator=(PageFetcher&&) = delete;
  ~PageFetcher();

  void fetch(std::uint64_t id, const std::string& url, const std::vector<net::Address>& addresses);
  /// Waits until something happens here or `other` is readable, but not longer; then does what can
  /// be done.
  void wait(int other, std::chrono::milliseconds longest);
  [[nodiscard]] std::size_t waiting() const;

private:
  struct Parts;
  explicit PageFetcher(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace zonder::collect

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/fetch.hh"

#include <algorithm>
#include <array>
#include <memory>

#include <curl/curl.h>

#include "base/translate.hh"

namespace zonder::catalog {
namespace {

struct Receiving {
  Fetched fetched;
  std::size_t limit = 0;
  bool too_large = false;
};

std::size_t take_body(char* bytes, std::size_t one, std::size_t count, void* user)
{
  auto& receiving = *static_cast<Receiving*>(user);
  const std::size_t size = one * count;
  if (size > receiving.limit - receiving.fetched.body.size()) {
    receiving.too_large = true;
    return 0;
  }
  receiving.fetched.body.append(bytes, size);
  return size;
}

std::size_t take_header(char* bytes, std::size_t one, std::size_t count, void* user)
{
  auto& receiving = *static_cast<Receiving*>(user);
  constexpr std::string_view name = "etag:";
  constexpr std::size_t longest_etag = 256;
  std::string_view line(bytes, one * count);
  if (line.starts_with("HTTP/")) {
    receiving.fetched.etag.clear();  // a redirect's answer is not what we keep
  }
  const bool is_etag = line.size() > name.size() &&
                       std::equal(name.begin(), name.end(), line.begin(), [](char a, char b) {
                         return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b);
                       });
  if (is_etag) {
    line.remove_prefix(name.size());
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) {
      line.remove_prefix(1);
    }
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n' || line.back() == ' ')) {
      line.remove_suffix(1);
    }
    receiving.fetched.etag = line.size() <= longest_etag ? std::string(line) : std::string();
  }
  return one * count;
}

struct CurlCloser {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

}  // namespace

Result<Fetched> fetch(const std::string& url, const std::string& etag, const FetchLimits& limits)
{
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  const std::unique_ptr<CURL, CurlCloser> curl(ready ? curl_easy_init() : nullptr);
  if (!curl) {
    return fail(Fault::Internal, tr("libcurl does not start"));
  }
  Receiving receiving;
  receiving.limit = limits.bytes;
  std::array<char, CURL_ERROR_SIZE> why{};
  const auto set = [&curl](CURLoption option, auto value) {
    curl_easy_setopt(curl.get(), option, value);
  };
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "https");
  set(CURLOPT_REDIR_PROTOCOLS_STR, "https");
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, 3L);
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_CONNECTTIMEOUT, long{limits.connect.count()});
  set(CURLOPT_TIMEOUT, long{limits.whole.count()});
  set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(limits.bytes));
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_USERAGENT, "zonder");
  set(CURLOPT_ACCEPT_ENCODING, "");
  set(CURLOPT_ERRORBUFFER, why.data());
  set(CURLOPT_WRITEFUNCTION, &take_body);
  set(CURLOPT_WRITEDATA, &receiving);
  set(CURLOPT_HEADERFUNCTION, &take_header);
  set(CURLOPT_HEADERDATA, &receiving);
  if (!limits.ca_file.empty()) {
    set(CURLOPT_CAINFO, limits.ca_file.c_str());
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  std::unique_ptr<curl_slist, CurlCloser> headers;
  if (!etag.empty()) {
    headers.reset(curl_slist_append(nullptr, ("If-None-Match: " + etag).c_str()));
    set(CURLOPT_HTTPHEADER, headers.get());
  }

  const CURLcode code = curl_easy_perform(curl.get());
  if (receiving.too_large || code == CURLE_FILESIZE_EXCEEDED) {
    return fail(Fault::Incomplete, say("{}: larger than {} bytes", url, limits.bytes));
  }
  if (code != CURLE_OK) {
    return fail(Fault::Incomplete,
                say("{}: {}", url, why[0] != '\0' ? why.data() : curl_easy_strerror(code)));
  }
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status == 304 && !etag.empty()) {
    receiving.fetched.unchanged = true;
    return std::move(receiving.fetched);
  }
  if (status != 200) {
    return fail(Fault::Incomplete, say("{}: the server answers {}", url, status));
  }
  return std::move(receiving.fetched);
}

}  // namespace zonder::catalog

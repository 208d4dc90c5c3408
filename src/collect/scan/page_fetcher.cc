// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "collect/scan/page_fetcher.hh"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>

#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/ascii.hh"
#include "base/translate.hh"
#include "wire/http/start_page.hh"

namespace zonder::collect {
namespace {

struct CurlCloser {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct MultiCloser {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

constexpr const char* agent = "zonder-scan (asks once for a start page)";

/// "Issuer:C = US, O = Let's Encrypt, CN = R11": the organisation, or else the name.
std::string issuer_in(const curl_certinfo* info)
{
  for (int i = 0; info != nullptr && i < info->num_of_certs; ++i) {
    for (const auto* entry = info->certinfo[i]; entry != nullptr; entry = entry->next) {
      const std::string_view text(entry->data);
      if (!text.starts_with("Issuer:")) {
        continue;
      }
      for (const std::string_view key : {"O = ", "O=", "CN = ", "CN="}) {
        const auto at = text.find(key);
        if (at != std::string_view::npos) {
          auto value = text.substr(at + key.size());
          const bool quoted = value.starts_with('"');
          value =
              quoted ? value.substr(1, value.find('"', 1) - 1) : value.substr(0, value.find(','));
          return std::string(value);
        }
      }
    }
    break;  // Only the site's own certificate.
  }
  return {};
}

}  // namespace

struct PageFetcher::Parts {
  struct Fetch {
    std::uint64_t id = 0;
    Fetched fetched;
    std::size_t most_bytes = 0;
    std::string url;
    std::vector<net::Address> allowed;
    std::unique_ptr<curl_slist, CurlCloser> addresses;
    std::unique_ptr<CURL, CurlCloser> curl;
  };

  FetcherOptions options;
  Done done;
  std::map<CURL*, std::unique_ptr<Fetch>> fetches;
  std::unique_ptr<CURLM, MultiCloser> multi;

  ~Parts()
  {
    for (auto& [curl, fetch] : fetches) {
      curl_multi_remove_handle(multi.get(), curl);
    }
  }

  static std::size_t take_body(char* bytes, std::size_t one, std::size_t count, void* given)
  {
    auto& fetch = *static_cast<Fetch*>(given);
    const std::size_t size = one * count;
    const std::size_t room =
        fetch.most_bytes - std::min(fetch.most_bytes, fetch.fetched.body.size());
    fetch.fetched.body.append(bytes, std::min(size, room));
    // Less than there was ends it: a page's beginning tells enough.
    return room < size ? 0 : size;
  }

  /// Whatever the URL says: no connection but to the addresses that were looked at.
  static curl_socket_t open_socket(void* given, curlsocktype /*purpose*/, curl_sockaddr* to)
  {
    const auto& fetch = *static_cast<const Fetch*>(given);
    std::optional<net::Address> address;
    if (to->family == AF_INET) {
      sockaddr_in v4{};
      std::memcpy(&v4, &to->addr, sizeof v4);
      address = net::Address::v4(ntohl(v4.sin_addr.s_addr));
    } else if (to->family == AF_INET6) {
      sockaddr_in6 v6{};
      static_assert(sizeof v6 <= sizeof(sockaddr_storage));
      std::memcpy(&v6, &to->addr, sizeof v6);
      address = net::Address::from_bytes(net::Family::V6, v6.sin6_addr.s6_addr);
    }
    if (!address ||
        std::find(fetch.allowed.begin(), fetch.allowed.end(), *address) == fetch.allowed.end()) {
      return CURL_SOCKET_BAD;
    }
    return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
  }

  static std::size_t take_header(char* bytes, std::size_t one, std::size_t count, void* given)
  {
    auto& fetch = *static_cast<Fetch*>(given);
    constexpr std::size_t longest = 2000;
    const std::size_t size = one * count;
    const std::string_view line(bytes, std::min(size, longest));
    const auto colon = line.find(':');
    if (colon != std::string_view::npos) {
      const auto name = ascii_lower(std::string(line.substr(0, colon)));
      const auto start = line.find_first_not_of(' ', colon + 1);
      const auto end = line.find_last_not_of("\r\n ");
      const auto value = start == std::string_view::npos || end < start
                             ? std::string()
                             : std::string(line.substr(start, end - start + 1));
      if (name == "location") {
        fetch.fetched.location = value;
      } else if (name == "server") {
        fetch.fetched.server = value;
      }
    }
    return size;
  }

  void finish(CURL* curl, CURLcode code)
  {
    const auto found = fetches.find(curl);
    curl_multi_remove_handle(multi.get(), curl);
    if (found == fetches.end()) {
      return;
    }
    auto fetch = std::move(found->second);
    fetches.erase(found);
    auto& fetched = fetch->fetched;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &fetched.status);
    curl_certinfo* certificates = nullptr;
    if (curl_easy_getinfo(curl, CURLINFO_CERTINFO, &certificates) == CURLE_OK) {
      fetched.certified_by = issuer_in(certificates);
    }
    const bool cut_short = code == CURLE_WRITE_ERROR && fetched.body.size() >= options.most_bytes;
    if (code != CURLE_OK && !cut_short) {
      fetched.status = 0;
      fetched.trouble = curl_easy_strerror(code);
      fetched.not_connected = code == CURLE_COULDNT_CONNECT || code == CURLE_SSL_CONNECT_ERROR ||
                              code == CURLE_PEER_FAILED_VERIFICATION ||
                              code == CURLE_OPERATION_TIMEDOUT;
    }
    done(fetch->id, std::move(fetched));
  }
};

PageFetcher::PageFetcher(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

PageFetcher::~PageFetcher() = default;

Result<std::unique_ptr<PageFetcher>> PageFetcher::make(const FetcherOptions& options, Done done)
{
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  auto parts = std::make_unique<Parts>();
  parts->options = options;
  parts->done = std::move(done);
  parts->multi.reset(ready ? curl_multi_init() : nullptr);
  if (!parts->multi) {
    return fail(Fault::NotPossible, say("libcurl cannot be started"));
  }
  constexpr long most_at_once = 100;
  constexpr long most_of_a_host = 2;
  curl_multi_setopt(parts->multi.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, most_at_once);
  curl_multi_setopt(parts->multi.get(), CURLMOPT_MAX_HOST_CONNECTIONS, most_of_a_host);
  return std::unique_ptr<PageFetcher>(new PageFetcher(std::move(parts)));
}

void PageFetcher::fetch(std::uint64_t id,
                        const std::string& url,
                        const std::vector<net::Address>& addresses)
{
  auto fetch = std::make_unique<Parts::Fetch>();
  fetch->id = id;
  fetch->url = url;
  fetch->allowed = addresses;
  fetch->most_bytes = parts_->options.most_bytes;
  fetch->curl.reset(curl_easy_init());
  CURL* curl = fetch->curl.get();
  if (curl == nullptr) {
    parts_->done(id, {.trouble = "libcurl"});
    return;
  }
  const auto set = [curl](CURLoption option, auto value) {
    curl_easy_setopt(curl, option, value);
  };
  std::string known;
  for (const auto& address : addresses) {
    known += (known.empty() ? "" : ",") +
             (address.is_v4() ? address.to_string() : "[" + address.to_string() + "]");
  }
  const auto host = wire::http::host_of_url(url);
  // Whatever the port: the addresses are those that were looked at.
  fetch->addresses.reset(curl_slist_append(nullptr, (host + ":443:" + known).c_str()));
  curl_slist_append(fetch->addresses.get(), (host + ":80:" + known).c_str());
  set(CURLOPT_RESOLVE, fetch->addresses.get());
  set(CURLOPT_OPENSOCKETFUNCTION, Parts::open_socket);
  set(CURLOPT_OPENSOCKETDATA, fetch.get());
  set(CURLOPT_URL, fetch->url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_USERAGENT, agent);
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CERTINFO, 1L);
  set(CURLOPT_ACCEPT_ENCODING, "");
  set(CURLOPT_TIMEOUT_MS, long{parts_->options.patience.count()});
  set(CURLOPT_CONNECTTIMEOUT_MS, long{parts_->options.patience.count() / 2});
  set(CURLOPT_WRITEFUNCTION, Parts::take_body);
  set(CURLOPT_WRITEDATA, fetch.get());
  set(CURLOPT_HEADERFUNCTION, Parts::take_header);
  set(CURLOPT_HEADERDATA, fetch.get());
  if (!parts_->options.ca_file.empty()) {
    set(CURLOPT_CAINFO, parts_->options.ca_file.c_str());
  }
  parts_->fetches.emplace(curl, std::move(fetch));
  curl_multi_add_handle(parts_->multi.get(), curl);
}

std::size_t PageFetcher::waiting() const
{
  return parts_->fetches.size();
}

void PageFetcher::wait(int other, std::chrono::milliseconds longest)
{
  CURLM* multi = parts_->multi.get();
  curl_waitfd also{.fd = other, .events = CURL_WAIT_POLLIN, .revents = 0};
  int running = 0;
  curl_multi_perform(multi, &running);
  curl_multi_poll(multi, &also, 1, static_cast<int>(longest.count()), nullptr);
  curl_multi_perform(multi, &running);
  int left = 0;
  while (const auto* message = curl_multi_info_read(multi, &left)) {
    if (message->msg == CURLMSG_DONE) {
      parts_->finish(message->easy_handle, message->data.result);
    }
  }
}

}  // namespace zonder::collect

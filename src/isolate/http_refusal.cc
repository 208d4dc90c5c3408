// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/http_refusal.hh"

#include <fmt/format.h>

#include "base/translate.hh"

namespace zonder::isolate {
namespace {

const char* reason(unsigned status)
{
  switch (status) {
  case 400:
    return "Bad Request";
  case 401:
    return "Unauthorized";
  default:
    return "Forbidden";
  }
}

/// What a person sees must not be taken for the party's own words.
std::string page(unsigned status)
{
  return fmt::format("<!doctype html>\n<title>{0} {1}</title>\n<h1>{0} {1}</h1>\n<p>{2}</p>\n",
                     status,
                     reason(status),
                     tr("Access was refused. This is an exercise: zonder answers in this party's "
                        "place."));
}

}  // namespace

HttpRefusal refuse_request(const wire::http::Request& request)
{
  const bool issues_tokens = request.method == "POST" && request.path.ends_with("/token");
  HttpRefusal refusal;
  refusal.status = issues_tokens ? 400 : request.has_authorization ? 401 : 403;
  const bool html = request.wants_html && !issues_tokens;
  const auto body = html ? page(refusal.status)
                         : std::string(refusal.status == 401 ? R"({"error":"invalid_token"})"
                                                             : R"({"error":"access_denied"})") +
                               "\n";
  refusal.response = fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: {}; charset=utf-8\r\nContent-Length: {}\r\n"
      "Cache-Control: no-store\r\nPragma: no-cache\r\n{}Connection: close\r\n\r\n",
      refusal.status,
      reason(refusal.status),
      html ? "text/html" : "application/json",
      body.size(),
      refusal.status == 401 ? "WWW-Authenticate: Bearer error=\"invalid_token\"\r\n" : "");
  if (request.method != "HEAD") {
    refusal.response += body;
  }
  return refusal;
}

}  // namespace zonder::isolate

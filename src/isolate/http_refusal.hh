// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "wire/http/request.hh"

namespace zonder::isolate {

/// What a party that has revoked us says to a request. 400 with access_denied where tokens are
/// issued (RFC 6749 5.2), 401 where the request carries credentials (RFC 6750 3.1), else 403.
struct HttpRefusal {
  unsigned status = 403;
  std::string response;  // whole; the connection ends after it
};
HttpRefusal refuse_request(const wire::http::Request& request);

}  // namespace zonder::isolate

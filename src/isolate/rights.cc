// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/rights.hh"

#include <initializer_list>

#include <sys/capability.h>
#include <unistd.h>

namespace zonder::isolate {

bool have_network_rights()
{
  if (::geteuid() != 0) {
    return false;
  }
  const cap_t rights = ::cap_get_proc();
  bool all = rights != nullptr;
  for (const cap_value_t right : {CAP_SYS_ADMIN, CAP_NET_ADMIN}) {
    cap_flag_value_t value = CAP_CLEAR;
    all = all && ::cap_get_flag(rights, right, CAP_EFFECTIVE, &value) == 0 && value == CAP_SET;
  }
  ::cap_free(rights);
  return all;
}

}  // namespace zonder::isolate

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "catalog/public_suffix.hh"

#include <libpsl.h>

namespace zonder::catalog {

PublicSuffix public_suffix_kind(const std::string& name)
{
  const psl_ctx_t* list = psl_builtin();
  if (list == nullptr) {
    return PublicSuffix::No;
  }
  if (psl_is_public_suffix2(list, name.c_str(), PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) == 1) {
    return PublicSuffix::Registry;
  }
  if (psl_is_public_suffix2(list, name.c_str(), PSL_TYPE_PRIVATE | PSL_TYPE_NO_STAR_RULE) == 1) {
    return PublicSuffix::Private;
  }
  return PublicSuffix::No;
}

}  // namespace zonder::catalog

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// lord-alfred/ipranges: PARTY/ipv4.txt, ipv6.txt, ipv4_merged.txt, ipv6_merged.txt, a prefix a
// line. Whose they are is the folder's name. They merge what a party publishes in several files, so
// most do not tell whose use; GitHub's is mostly rented in Azure, and Apple's relay leaves from the
// networks of others: shared.
#include <array>

#include "wire/lists/readers.hh"
#include "wire/lists/text.hh"

namespace zonder::wire::lists {
namespace {

struct Known {
  std::string_view folder;
  std::string_view party;
  std::string_view service;
  std::string_view use;
};

constexpr std::array known_folders = {
    Known{"amazon", "amazon", "", space::unknown},
    Known{"apple-proxy", "apple", "private-relay", space::shared},
    Known{"bing", "microsoft", "bingbot", space::services},
    Known{"bingbot", "microsoft", "bingbot", space::services},
    Known{"cloudflare", "cloudflare", "", space::services},
    Known{"digitalocean", "digitalocean", "", space::customers},
    Known{"facebook", "meta", "", space::services},
    Known{"github", "github", "", space::shared},
    Known{"google", "google", "", space::unknown},
    Known{"googlebot", "google", "googlebot", space::services},
    Known{"linode", "linode", "", space::customers},
    Known{"microsoft", "microsoft", "", space::unknown},
    Known{"openai", "openai", "", space::services},
    Known{"oracle", "oracle", "", space::unknown},
    Known{"telegram", "telegram", "", space::services},
    Known{"twitter", "x-twitter", "", space::services},
    Known{"vultr", "vultr", "", space::customers},
};

}  // namespace

bool is_lord_alfred_ipranges(const Source& source)
{
  const auto name = file_name(source.path);
  return (name == "ipv4.txt" || name == "ipv6.txt" || name == "ipv4_merged.txt" ||
          name == "ipv6_merged.txt") &&
         is_prefix_list(source);
}

void read_lord_alfred_ipranges(const Source& source, ListBuilder& builder)
{
  const auto folder = folder_name(source.path);
  Known about{folder, "", "", space::unknown};
  for (const auto& known : known_folders) {
    about = known.folder == folder ? known : about;
  }
  builder.party(about.party);
  builder.called(folder);
  read_prefix_lines(source, builder, about.service, about.use);
}

}  // namespace zonder::wire::lists

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// MISP warninglists: {"name": "List of known Fastly IP address ranges", "type": "cidr", "version":
// 20260819, "list": [...]}, in NAME.json or NAME/list.json. Type cidr holds addresses and prefixes;
// string and hostname hold names, with a dot ahead when those under it are meant. Which party a
// list is about is said in words only, hence the table.
#include <array>

#include "wire/lists/readers.hh"
#include "wire/lists/text.hh"

namespace zonder::wire::lists {
namespace {

struct Known {
  std::string_view file;
  std::string_view name;
  std::string_view party;
  std::string_view service;
  std::string_view use;
  bool needs = false;  // names that users of it must reach
};

// GitHub's list is mostly space of Azure that its runners rent: shared, as are the exits of
// iCloud's relay, which lie at Akamai, Cloudflare and Fastly. OVH's clusters are customers' web
// sites. What mixes services and customers stays unknown. Not here, since it is no party's: lists
// of revocation servers, mail servers, captive portals, and of what Windows 10 connects to, which
// names Akamai and others.
constexpr std::array known_lists = {
    Known{"akamai", "List of known Akamai IP ranges", "akamai", "", space::unknown},
    Known{"amazon-aws", "List of known Amazon AWS IP address ranges", "amazon", "", space::unknown},
    Known{"apple", "List of known Apple IP ranges", "apple", "", space::services},
    Known{"bunny-net", "List of known Bunny.net CDN ranges", "bunny", "", space::services},
    Known{"cloudflare", "List of known Cloudflare IP ranges", "cloudflare", "", space::services},
    Known{"fastly", "List of known Fastly IP address ranges", "fastly", "", space::services},
    Known{"github",
          "List of known GitHub IP ranges (https://api.github.com/meta)",
          "github",
          "",
          space::shared},
    Known{"google", "List of known google domains", "google", "", space::unknown},
    Known{"google-gcp",
          "List of known GCP (Google Cloud Platform) IP address ranges",
          "google",
          "cloud",
          space::customers},
    Known{"google-gmail-sending-ips",
          "List of known Gmail sending IP ranges",
          "google",
          "gmail-sending",
          space::services},
    Known{"googlebot", "List of known Googlebot IP ranges", "google", "googlebot", space::services},
    Known{"icloud-private-relay",
          "List of known iCloud Private Relay egress IP address ranges",
          "apple",
          "private-relay",
          space::shared},
    Known{"microsoft", "List of known microsoft domains", "microsoft", "", space::unknown},
    Known{"microsoft-azure",
          "List of known Microsoft Azure Datacenter IP Ranges",
          "microsoft",
          "azure",
          space::unknown},
    Known{"microsoft-azure-china",
          "List of known Microsoft Azure China Datacenter IP Ranges",
          "microsoft",
          "azure-china",
          space::unknown},
    Known{"microsoft-azure-germany",
          "List of known Microsoft Azure Germany Datacenter IP Ranges",
          "microsoft",
          "azure-germany",
          space::unknown},
    Known{"microsoft-azure-us-gov",
          "List of known Microsoft Azure US Government Cloud Datacenter IP Ranges",
          "microsoft",
          "azure-government",
          space::unknown},
    Known{"microsoft-office365",
          "List of known Office 365 URLs",
          "microsoft",
          "office365",
          space::services,
          true},
    Known{"microsoft-office365-ip",
          "List of known Office 365 IP address ranges",
          "microsoft",
          "office365",
          space::services},
    Known{"microsoft-office365-cn",
          "List of known Office 365 IP address ranges in China",
          "microsoft",
          "office365-china",
          space::services},
    Known{"oracle-oci",
          "List of known Oracle Cloud Infrastructure (OCI) IP address ranges",
          "oracle",
          "",
          space::unknown},
    Known{"ovh-cluster",
          "List of known OVH Cluster IPs",
          "ovhcloud",
          "web-hosting",
          space::customers},
    Known{"stackpath", "List of known Stackpath CDN IP ranges", "stackpath", "", space::services},
    Known{"telegram-ips",
          "List of known Telegram IP address ranges",
          "telegram",
          "",
          space::services},
    Known{"wikimedia", "List of known Wikimedia address ranges", "wikimedia", "", space::services},
    Known{"zscaler", "List of known Zscaler IP address ranges", "zscaler", "", space::services},
};

const Known* known_list(std::string_view file, std::string_view name)
{
  for (const auto& known : known_lists) {
    if (known.file == file || known.name == name) {
      return &known;
    }
  }
  return nullptr;
}

std::string_view name_of_file(std::string_view path)
{
  return file_name(path) == "list.json" ? folder_name(path) : file_stem(path);
}

}  // namespace

bool is_misp_warninglist(const Source& source)
{
  return source.json != nullptr && source.json->has_array("list") && source.json->member("type") &&
         source.json->member("name");
}

void read_misp_warninglist(const Source& source, ListBuilder& builder)
{
  const auto& json = *source.json;
  const auto* known = known_list(name_of_file(source.path), json.text_of("name"));
  const Known about = known != nullptr ? *known : Known{"", "", "", "", space::unknown};
  builder.party(about.party);
  builder.called(json.text_of("name"));
  if (about.needs) {
    builder.names_are_needs();
  }
  if (const auto version = json.member("version"); version && version->number()) {
    builder.published(std::to_string(*version->number()));
  }
  const auto type = json.text_of("type");
  json.member("list")->each([&](std::size_t item, const JsonValue& row) {
    const Place place{.list = "list", .item = item};
    if (type == "cidr") {
      builder.prefix(place, row.text(), about.service, about.use);
    } else if (type == "string" || type == "hostname") {
      builder.name(place, row.text(), about.service, true);
    } else {
      builder.skip();  // substring, regex: say more than a claim can
    }
    return !builder.full();
  });
}

}  // namespace zonder::wire::lists

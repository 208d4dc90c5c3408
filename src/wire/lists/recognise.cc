// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// Which list is this? What it holds decides first, then its name.
#include <array>

#include "base/suggestion.hh"
#include "base/translate.hh"
#include "wire/lists/readers.hh"
#include "wire/lists/text.hh"

namespace zonder::wire::lists {
namespace {

struct Format {
  std::string_view name;
  bool is_json;
  bool (*is)(const Source&);
  void (*read)(const Source&, ListBuilder&);
};

constexpr std::array<Format, 14> formats = {{
    {"aws-ip-ranges", true, is_aws_ip_ranges, read_aws_ip_ranges},
    {"azure-service-tags", true, is_azure_service_tags, read_azure_service_tags},
    {"microsoft-365-endpoints", true, is_microsoft_365_endpoints, read_microsoft_365_endpoints},
    {"google-ip-ranges", true, is_google_ip_ranges, read_google_ip_ranges},
    {"fastly-ip-list", true, is_fastly_ip_list, read_fastly_ip_list},
    {"oracle-ip-ranges", true, is_oracle_ip_ranges, read_oracle_ip_ranges},
    {"github-meta", true, is_github_meta, read_github_meta},
    {"misp-warninglist", true, is_misp_warninglist, read_misp_warninglist},
    {"asn-info", false, is_asn_info, read_asn_info},
    {"m365-service-areas", false, is_m365_service_areas, read_m365_service_areas},
    {"cloudflare-ips", false, is_cloudflare_ips, read_cloudflare_ips},
    {"lord-alfred-ipranges", false, is_lord_alfred_ipranges, read_lord_alfred_ipranges},
    {"prefix-list", false, is_prefix_list, read_prefix_list},
    {"v2fly-domain-list", false, is_v2fly_domain_list, read_v2fly_domain_list},
}};

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool looks_like_json(std::string_view content)
{
  const auto start = content.find_first_not_of(" \t\r\n");
  return start != std::string_view::npos && (content[start] == '{' || content[start] == '[');
}

std::string joined(const std::vector<std::string>& words)
{
  std::string text;
  for (const auto& word : words) {
    text += text.empty() ? word : ", " + word;
  }
  return text;
}

Result<const Format*> wanted_format(const std::string& name)
{
  for (const auto& format : formats) {
    if (format.name == name) {
      return &format;
    }
  }
  if (const auto near = suggestion_for(name, list_formats())) {
    return fail(Fault::Usage,
                say("{} is not a format of lists (did you mean {}?)", shown(name), *near));
  }
  return fail(
      Fault::Usage,
      say("{} is not a format of lists (there are {})", shown(name), joined(list_formats())));
}

/// Is the file, as far as this format goes, one of its kind? In a binary file nothing is.
bool fits(const Format& format, const Source& source)
{
  return format.is_json == (source.json != nullptr) && format.is(source);
}

Result<const Format*> recognise(const Source& source, const std::string& wanted)
{
  if (!wanted.empty()) {
    auto format = wanted_format(wanted);
    // A text format that the user names is read as such, whatever it looks like.
    if (format && (*format)->is_json && !fits(**format, source)) {
      return fail(Fault::Usage,
                  say("{}: this is not a list in the format {}", source.path, wanted));
    }
    return format;
  }
  for (const auto& format : formats) {
    if (source.content.find('\0') == std::string_view::npos && fits(format, source)) {
      return &format;
    }
  }
  return fail(
      Fault::Usage,
      say("{}: not a list that zonder knows (it knows {})", source.path, joined(list_formats())));
}

}  // namespace
}  // namespace zonder::wire::lists

namespace zonder::wire {

std::vector<std::string> list_formats()
{
  std::vector<std::string> names;
  names.reserve(lists::formats.size());
  for (const auto& format : lists::formats) {
    names.emplace_back(format.name);
  }
  return names;
}

Result<ListFile>
read_list(const std::string& path, std::string_view content, const ListHints& hints)
{
  if (content.size() > largest_list) {
    return fail(Fault::Usage,
                say("{} is larger than the {} bytes that are allowed", path, largest_list));
  }
  if (content.starts_with(lists::byte_order_mark)) {
    content.remove_prefix(lists::byte_order_mark.size());
  }
  if (content.empty()) {
    return fail(Fault::Usage, say("{}: there is nothing in it", path));
  }
  lists::Source source{.path = path, .content = content, .hints = &hints};
  std::optional<lists::JsonDocument> document;
  if (lists::looks_like_json(content)) {
    auto parsed = lists::JsonDocument::parse(path, content);
    if (!parsed) {
      return fail(std::move(parsed).error());
    }
    document = std::move(*parsed);
    source.json = &document->root();
  }
  const auto format = lists::recognise(source, hints.format);
  if (!format) {
    return fail(format.error());
  }
  lists::ListBuilder builder(path, std::string((*format)->name));
  (*format)->read(source, builder);
  return std::move(builder).finish(hints);
}

}  // namespace zonder::wire

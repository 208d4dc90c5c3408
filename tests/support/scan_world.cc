// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "support/scan_world.hh"

namespace zonder::test {
namespace {

namespace type = wire::dns::type;

constexpr unsigned caa = 257;
constexpr unsigned no_such_name = 0x8183;

Bytes text_data(const std::string& text)
{
  Bytes data;
  constexpr std::size_t longest = 255;
  for (std::size_t at = 0; at < text.size(); at += longest) {
    const auto piece = text.substr(at, longest);
    data.push_back(static_cast<std::uint8_t>(piece.size()));
    data.insert(data.end(), piece.begin(), piece.end());
  }
  return data;
}

Bytes mail_data(unsigned preference, const std::string& host)
{
  Bytes data;
  put_u16(data, preference);
  append(data, name_data(host));
  return data;
}

Bytes service_data(unsigned port, const std::string& host)
{
  Bytes data;
  put_u16(data, 0);
  put_u16(data, 0);
  put_u16(data, port);
  append(data, name_data(host));
  return data;
}

Bytes authority_data(const std::string& issuer)
{
  Bytes data{0, 5, 'i', 's', 's', 'u', 'e'};
  data.insert(data.end(), issuer.begin(), issuer.end());
  return data;
}

bool is_under(const std::string& name, const std::string& domain)
{
  return name == domain || name.ends_with("." + domain);
}

}  // namespace

ScanWorld::ScanWorld(const std::string& page_server)
    : resolver_([this](const FakeResolver::Asked& asked) { return answer(asked); })
{
  const std::string town = "town.example";
  add(town, type::ns, name_data("ns1.dns.example"));
  add("ns1.dns.example", type::a, address_data("192.0.2.53"));
  add(town, type::mx, mail_data(10, "eu-smtp-inbound-1.mimecast.com"));
  add(town, type::mx, mail_data(20, "eu-smtp-inbound-2.mimecast.com"));
  add("eu-smtp-inbound-1.mimecast.com", type::a, address_data("192.0.2.25"));
  add(town, type::txt, text_data("MS=ms12345678"));
  add(town,
      type::txt,
      text_data("v=spf1 include:spf.protection.outlook.com include:spf.supplier.example -all"));
  add("spf.protection.outlook.com", type::txt, text_data("v=spf1 ip4:192.0.2.128/25 -all"));
  add("spf.supplier.example", type::txt, text_data("v=spf1 a:relay.supplier.example -all"));
  add("relay.supplier.example", type::a, address_data("192.0.2.26"));
  const std::string key = "selector1-town-example._domainkey.town.onmicrosoft.com";
  add("selector1._domainkey." + town, type::cname, name_data(key));
  add(key, type::txt, text_data("v=DKIM1; k=rsa; p=" + std::string(300, 'A')));
  add("autodiscover." + town, type::cname, name_data("autodiscover.outlook.com"));
  add("autodiscover.outlook.com", type::a, address_data("192.0.2.27"));
  add("_sip._tls." + town, type::srv, service_data(443, "sipdir.online.lync.com"));
  add("_dmarc." + town, type::txt, text_data("v=DMARC1; p=reject"));
  add("_mta-sts." + town, type::txt, text_data("v=STSv1; id=20260101"));
  add(town, caa, authority_data("letsencrypt.org; validationmethods=dns-01"));
  add("www." + town, type::a, address_data(page_server));
  add_village("village.example");
  add("silent.example", type::ns, name_data("ns1.dns.example"));
}

void ScanWorld::add_village(const std::string& domain)
{
  add(domain, type::ns, name_data("ns1.dns.example"));
  add(domain, type::mx, mail_data(10, "mail." + domain));
  add("mail." + domain, type::a, address_data("192.0.2.40"));
  add(domain, type::txt, text_data("v=spf1 mx include:spf.supplier.example -all"));
}

void ScanWorld::add_villages(std::size_t count)
{
  for (std::size_t i = 0; i < count; ++i) {
    add_village("d" + std::to_string(i) + ".example");
  }
}

void ScanWorld::add(const std::string& name, unsigned type, Bytes data)
{
  const std::lock_guard guard(lock_);
  records_[{name, type}].push_back(std::move(data));
}

std::size_t ScanWorld::asked(const std::string& name, unsigned type)
{
  const std::lock_guard guard(lock_);
  return counts_[{name, type}];
}

std::size_t ScanWorld::asked()
{
  const std::lock_guard guard(lock_);
  return all_;
}

std::vector<FakeResolver::Answer> ScanWorld::answer(const FakeResolver::Asked& asked)
{
  const std::lock_guard guard(lock_);
  std::string name = asked.question.name;
  ++counts_[{name, asked.question.type}];
  ++all_;
  if (is_under(name, "silent.example") && asked.question.type != type::ns) {
    return {};
  }
  std::vector<TestRecord> answers;
  for (auto alias = records_.find({name, type::cname}); alias != records_.end();
       alias = records_.find({name, type::cname})) {
    answers.push_back({.owner = name, .type = type::cname, .data = alias->second.front()});
    const auto& data = alias->second.front();
    name.clear();
    for (std::size_t at = 0; data[at] != 0; at += data[at] + 1U) {
      name += (name.empty() ? "" : ".") +
              std::string(data.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                          data.begin() + static_cast<std::ptrdiff_t>(at) + 1 + data[at]);
    }
  }
  const auto found = records_.find({name, asked.question.type});
  if (found != records_.end()) {
    for (const auto& data : found->second) {
      answers.push_back({.owner = name, .type = asked.question.type, .data = data});
    }
  }
  if (!answers.empty()) {
    return {reply(asked, answers)};
  }
  const bool exists = std::any_of(records_.begin(), records_.end(), [&name](const auto& entry) {
    return is_under(entry.first.first, name);
  });
  return {reply(asked, {}, exists ? 0x8180 : no_such_name)};
}

}  // namespace zonder::test

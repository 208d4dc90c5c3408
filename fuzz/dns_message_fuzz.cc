// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// DNS messages from anybody: read as query and as response, answered, and what we write is read
// again.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "wire/dns/answer.hh"

namespace dns = zonder::wire::dns;

namespace {

void require(bool holds)
{
  if (!holds) {
    std::abort();
  }
}

void check_answers(std::span<const std::uint8_t> query, const dns::Query& read)
{
  const auto same_question = [&](const zonder::Result<dns::Bytes>& answer) {
    require(answer.has_value());
    const auto response = dns::parse_response(*answer);
    require(response && response->id == read.id && response->question == read.question);
  };
  same_question(dns::answer_empty(query, dns::Rcode::NxDomain));
  same_question(dns::answer_truncated(query));
  same_question(dns::answer_address(query, zonder::net::Address::v4(0xC6120001), 5));
  same_question(dns::answer_address(query, zonder::net::Address::v6(1, 2), 5));
  dns::as_domain_name(read.question.name);
}

void check_shorter(std::span<const std::uint8_t> response, const dns::Response& read)
{
  const auto shorter = dns::without_additional(response);
  require(shorter.has_value() && shorter->size() <= response.size());
  const auto again = dns::parse_response(*shorter);
  require(again && again->question == read.question && again->rcode == read.rcode);
  for (const auto& record : again->records) {
    require(record.section != dns::Section::Additional);
  }
}

void check_without_ech(std::span<const std::uint8_t> response, const dns::Response& read)
{
  const auto open = dns::without_ech(response);
  if (!open) {
    return;  // too long to be written anew
  }
  const auto again = dns::parse_response(open->bytes);
  require(again && again->question == read.question && again->rcode == read.rcode &&
          again->records.size() == read.records.size());
  for (std::size_t i = 0; i < read.records.size(); ++i) {
    require(again->records[i].owner == read.records[i].owner &&
            again->records[i].target == read.records[i].target &&
            again->records[i].addresses == read.records[i].addresses);
  }
  const auto twice = dns::without_ech(open->bytes);
  require(twice && twice->removed == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  const std::span bytes(data, size);
  if (const auto query = dns::parse_query(bytes)) {
    check_answers(bytes, *query);
  }
  if (const auto response = dns::parse_response(bytes)) {
    check_shorter(bytes, *response);
    check_without_ech(bytes, *response);
  }
  return 0;
}

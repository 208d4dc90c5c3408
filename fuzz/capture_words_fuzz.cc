// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// First words of anybody: TLS, DTLS, HTTP, DNS, QUIC. What is complete stays what it was when more
// follows, and what is not never becomes a name that a host cannot have.
#include <cstdint>
#include <cstdlib>

#include "wire/capture/dns_walk.hh"
#include "wire/capture/first_words.hh"
#include "wire/capture/quic_initial.hh"

namespace capture = zonder::wire::capture;
using capture::Bytes;
using capture::Reading;

namespace {

void require(bool holds)
{
  if (!holds) {
    std::abort();
  }
}

void check_name(const std::string& name)
{
  require(name.size() <= 255);
  require(name.empty() || capture::host_text(name) == name || name.find(':') != std::string::npos);
}

void check_hello(Bytes bytes)
{
  capture::HelloWords words;
  const auto read = capture::read_hello_records(bytes, false, words);
  check_name(words.name);
  if (read == Reading::Done && bytes.size() > 1) {
    // A byte less: either it was not needed, or more is asked for.
    capture::HelloWords shorter;
    const auto again = capture::read_hello_records(bytes.first(bytes.size() - 1), false, shorter);
    require(again != Reading::Done || shorter.name == words.name);
  }
  capture::HelloWords ended;
  require(capture::read_hello_records(bytes, true, ended) != Reading::More);
  check_name(ended.name);
  capture::HelloWords message;
  capture::read_hello_message(bytes, true, message);
  check_name(message.name);
}

void check_request(Bytes bytes)
{
  capture::RequestWords words;
  if (capture::read_request(bytes, false, words) == Reading::Done) {
    require(words.size <= bytes.size());
    check_name(words.host);
    check_name(words.target);
  }
  capture::RequestWords ended;
  require(capture::read_request(bytes, true, ended) != Reading::More);
  require(capture::proxy_header(bytes) <= bytes.size());
  capture::may_begin_request(bytes);
}

void check_dns(Bytes bytes)
{
  capture::DnsWalk::looks_like_dns(bytes);
  if (bytes.size() < capture::DnsWalk::header) {
    return;
  }
  capture::DnsWalk walk(bytes);
  std::size_t steps = 0;
  while (walk.next_question()) {
    ++steps;
    require(walk.name().text().size() <= 1024);
  }
  while (walk.next_record()) {
    ++steps;
    capture::NameText target;
    if (walk.target(0, target)) {
      require(target.text().size() <= 1024);
    }
  }
  require(steps <= bytes.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  static capture::QuicInitials initials;
  const Bytes bytes(data, size);
  check_hello(bytes);
  check_request(bytes);
  check_dns(bytes);
  capture::DatagramHello dtls;
  capture::HelloWords words;
  for (int i = 0; i < 2; ++i) {
    if (capture::may_begin_dtls_hello(bytes)) {
      capture::read_dtls_hello(bytes, dtls, words);
      check_name(words.name);
    }
  }
  capture::QuicHello hello;
  if (capture::may_be_quic_initial(bytes)) {
    initials.read(bytes, hello, words);
    check_name(words.name);
  }
  return 0;
}

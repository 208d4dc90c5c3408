// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// How fast files are read in: from a file in the page cache to added-up observations, on one core,
// hashing the content included, as `zonder import` does it but for the writing of the sums. The
// files are made here, by a fixed seed: 500 devices, 20,000 names and 5,000 servers, the first of
// each far more often than the last, as in a network. Medians of five rounds.
//
//   import_bench [MEGABYTES [WHAT]]      of each file (256); of which kind, such as eve (all)
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>

#include "base/file.hh"
#include "collect/read_in.hh"

namespace zonder::bench {
namespace {

/// The same dice everywhere: those of the standard library's distributions differ.
class Dice {
public:
  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
  /// The small ones far more often.
  std::uint64_t mostly_small(std::uint64_t bound)
  {
    const double x = static_cast<double>(engine_() >> 11U) / 9007199254740992.0;
    return static_cast<std::uint64_t>(x * x * x * static_cast<double>(bound));
  }

private:
  std::mt19937_64 engine_{20261127};
};

Dice dice;
std::string only;
std::uint64_t now = 1'795'000'000'000'000;  // microseconds

/// A device, and one of the 150 things that it does: half of them what all do, half its own.
struct Doing {
  std::uint64_t device = 0;
  std::uint64_t what = 0;
};
Doing doing(std::uint64_t whats)
{
  constexpr std::uint64_t habits = 150;
  const auto device = dice.mostly_small(500);
  const auto habit = dice.mostly_small(habits);
  return {device, habit % 2 == 0 ? habit : (device * habits + habit) * 2654435761U % whats};
}
std::string device(std::uint64_t n)
{
  return fmt::format("10.{}.{}.{}", n / 250, n % 250 / 10, n % 250 + 2);
}
std::uint32_t server_number(std::uint64_t n)
{
  n = n % 5000 * 2654435761U;
  return static_cast<std::uint32_t>((20 + n % 180) << 24U | (n / 180 % 250) << 16U |
                                    (n / 7 % 250) << 8U | (n / 13 % 250 + 1));
}
std::string server(std::uint64_t n)
{
  const auto number = server_number(n);
  return fmt::format(
      "{}.{}.{}.{}", number >> 24U, number >> 16U & 255U, number >> 8U & 255U, number & 255U);
}
/// A name has up to four addresses.
std::uint64_t server_of(std::uint64_t name)
{
  return name * 4 + dice.below(4);
}
std::string name(std::uint64_t n)
{
  constexpr std::array<const char*, 5> shapes = {"www.site{}.example",
                                                 "outlook{}.office.example",
                                                 "edge-{}.cdn.provider.example",
                                                 "api.v{}.service.example",
                                                 "d{}f3k.cloudfront.example"};
  return fmt::format(fmt::runtime(shapes.at(n % shapes.size())), n);
}
std::string stamp()
{
  now += dice.below(2000);
  return fmt::format("{}.{:06}", now / 1'000'000, now % 1'000'000);
}
std::string iso_stamp()
{
  now += dice.below(2000);
  return fmt::format("2026-11-{:02}T{:02}:{:02}:{:02}.{:06}+0100",
                     1 + now / 86'400'000'000 % 28,
                     now / 3'600'000'000 % 24,
                     now / 60'000'000 % 60,
                     now / 1'000'000 % 60,
                     now % 1'000'000);
}

std::string zeek_conn()
{
  const auto seen = doing(5000);
  return fmt::format("{}\tC{:017x}\t{}\t{}\t{}\t443\ttcp\tssl\t{}.{:06}\t{}\t{}\tSF\tT\tF\t0\t"
                     "ShADadFf\t{}\t{}\t{}\t{}\t-\t6\n",
                     stamp(),
                     dice.below(~0ULL),
                     device(seen.device),
                     32768 + dice.below(28000),
                     server(seen.what),
                     dice.below(100),
                     dice.below(1'000'000),
                     dice.below(10'000),
                     dice.below(1'000'000),
                     dice.below(100),
                     dice.below(20'000),
                     dice.below(1000),
                     dice.below(1'100'000));
}
std::string zeek_dns()
{
  const auto seen = doing(20'000);
  const auto asked = name(seen.what);
  return fmt::format("{}\tC{:017x}\t{}\t{}\t10.0.0.1\t53\tudp\t{}\t0.012345\t{}\t1\tC_INTERNET\t1\t"
                     "A\t0\tNOERROR\tF\tF\tT\tT\t0\tedge.{},{},{}\t300.000000,60.000000,60.000000\t"
                     "F\n",
                     stamp(),
                     dice.below(~0ULL),
                     device(seen.device),
                     32768 + dice.below(28000),
                     dice.below(65536),
                     asked,
                     asked,
                     server(server_of(seen.what)),
                     server(server_of(seen.what)));
}
std::string zeek_json()
{
  const auto seen = doing(5000);
  return fmt::format(
      R"({{"ts":{},"uid":"C{:017x}","id.orig_h":"{}","id.orig_p":{},"id.resp_h":"{}","id.resp_p":443,)"
      R"("proto":"tcp","service":"ssl","duration":{}.{:06},"orig_bytes":{},"resp_bytes":{},)"
      R"("conn_state":"SF","local_orig":true,"local_resp":false,"missed_bytes":0,"history":"ShADadFf",)"
      R"("orig_pkts":12,"orig_ip_bytes":1234,"resp_pkts":17,"resp_ip_bytes":12345}})"
      "\n",
      stamp(),
      dice.below(~0ULL),
      device(seen.device),
      32768 + dice.below(28000),
      server(seen.what),
      dice.below(100),
      dice.below(1'000'000),
      dice.below(10'000),
      dice.below(1'000'000));
}
std::string eve()
{
  const auto seen = doing(20'000);
  const auto time = iso_stamp();
  const auto head = [&time, &seen](const char* type) {
    return "{\"timestamp\":\"" + time +
           "\",\"flow_id\":" + std::to_string(dice.below(1ULL << 50U)) +
           ",\"in_iface\":\"eth0\",\"event_type\":\"" + type + "\",\"src_ip\":\"" +
           device(seen.device) + "\",\"src_port\":" + std::to_string(32768 + dice.below(28000)) +
           ",";
  };
  const auto at = server(server_of(seen.what));
  switch (dice.below(4)) {
  case 0:
    return head("flow") +
           (fmt::format(
               R"("dest_ip":"{}","dest_port":443,"proto":"TCP","app_proto":"tls","flow":{{"pkts_toserver":12,)"
               R"("pkts_toclient":17,"bytes_toserver":{},"bytes_toclient":{},"start":"{}","end":"{}","age":5,)"
               R"("state":"closed","reason":"timeout","alerted":false}},"tcp":{{"tcp_flags":"1b",)"
               R"("tcp_flags_ts":"1b","tcp_flags_tc":"1b","syn":true,"fin":true,"psh":true,"ack":true,"state":"closed"}}}})"
               "\n",
               at,
               dice.below(100'000),
               dice.below(1'000'000),
               time,
               time));
  case 1: {
    const auto asked = name(seen.what);
    return head("dns") +
           (fmt::format(
               R"("dest_ip":"10.0.0.1","dest_port":53,"proto":"UDP","dns":{{"version":2,"type":"answer","id":{},)"
               R"("flags":"8180","qr":true,"rd":true,"ra":true,"rrname":"{}","rrtype":"A","rcode":"NOERROR",)"
               R"("answers":[{{"rrname":"{}","rrtype":"CNAME","ttl":300,"rdata":"edge.{}"}},{{"rrname":"edge.{}",)"
               R"("rrtype":"A","ttl":60,"rdata":"{}"}}],"grouped":{{"CNAME":["edge.{}"],"A":["{}"]}}}}}})"
               "\n",
               dice.below(65536),
               asked,
               asked,
               asked,
               asked,
               at,
               asked,
               at));
  }
  case 2:
    return head("tls") +
           (fmt::format(
               R"("dest_ip":"{}","dest_port":443,"proto":"TCP","tls":{{"subject":"CN=*.example","issuerdn":)"
               R"("C=US, O=Issuer Inc, CN=Issuer R3","serial":"04:0A:{:02X}:11","fingerprint":)"
               R"("aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd","sni":"{}","version":"TLS 1.2",)"
               R"("notbefore":"2026-01-01T00:00:00","notafter":"2026-12-31T00:00:00"}}}})"
               "\n",
               at,
               dice.below(256),
               name(seen.what)));
  default:
    return head("http") +
           (fmt::format(
               R"("dest_ip":"{}","dest_port":80,"proto":"TCP","tx_id":0,"http":{{"hostname":"{}","url":)"
               R"("/path/to/something?id={}","http_user_agent":"Mozilla/5.0 X11 Linux x86_64","http_method":"GET",)"
               R"("protocol":"HTTP/1.1","status":200,"length":{}}}}})"
               "\n",
               at,
               name(seen.what),
               dice.below(1'000'000),
               dice.below(100'000)));
  }
}

void put(std::string& out, std::uint64_t number, int bytes)
{
  for (int i = bytes - 1; i >= 0; --i) {
    out += static_cast<char>(number >> (8 * i) & 0xFFU);
  }
}
void put_varint(std::string& out, std::uint64_t number)
{
  while (number >= 128) {
    out += static_cast<char>(number | 128U);
    number >>= 7U;
  }
  out += static_cast<char>(number);
}
void put_field(std::string& out, unsigned tag, const std::string& bytes)
{
  put_varint(out, tag << 3U | 2U);
  put_varint(out, bytes.size());
  out += bytes;
}
std::string wire_name(const std::string& text)
{
  std::string out;
  std::size_t start = 0;
  while (start < text.size()) {
    const auto end = std::min(text.find('.', start), text.size());
    out += static_cast<char>(end - start);
    out += text.substr(start, end - start);
    start = end + 1;
  }
  return out + '\0';
}

/// A question and its answer with an alias and two addresses.
std::string dnstap()
{
  const auto seen = doing(20'000);
  std::string question = wire_name(name(seen.what));
  put(question, 1, 2);
  put(question, 1, 2);
  std::string query;
  put(query, dice.below(65536), 2);
  query += std::string("\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00", 10) + question;
  std::string answer =
      query.substr(0, 2) + std::string("\x81\x80\x00\x01\x00\x03\x00\x00\x00\x00", 10) + question;
  std::string target = "\x04"
                       "edge";
  target += std::string("\xC0\x0C", 2);
  const auto target_at = answer.size() + 12;
  put(answer, 0xC00C, 2);
  put(answer, 5, 2);
  put(answer, 1, 2);
  put(answer, 300, 4);
  put(answer, target.size(), 2);
  answer += target;
  for (int i = 0; i < 2; ++i) {
    put(answer, 0xC000U | target_at, 2);
    put(answer, 1, 2);
    put(answer, 1, 2);
    put(answer, 60, 4);
    put(answer, 4, 2);
    put(answer, server_number(server_of(seen.what)), 4);
  }
  now += dice.below(2000);
  std::string client = {
      10, 0, static_cast<char>(seen.device / 250), static_cast<char>(seen.device % 250 + 2)};
  std::string frames;
  for (const unsigned type : {5U, 6U}) {
    std::string message;
    put_varint(message, 1U << 3U);
    put_varint(message, type);
    put_varint(message, 2U << 3U);
    put_varint(message, 1);
    put_varint(message, 3U << 3U);
    put_varint(message, 1);
    put_field(message, 4, client);
    put_field(message, 5, std::string("\x0A\x00\x00\x01", 4));
    put_varint(message, 6U << 3U);
    put_varint(message, 40'000);
    put_varint(message, 7U << 3U);
    put_varint(message, 53);
    const unsigned shift = type == 5 ? 0 : 4;
    put_varint(message, (8U + shift) << 3U);
    put_varint(message, now / 1'000'000);
    put_varint(message, (9U + shift) << 3U | 5U);
    const auto nanos = now % 1'000'000 * 1000;
    for (int i = 0; i < 4; ++i) {
      message += static_cast<char>(nanos >> (8 * i) & 0xFFU);
    }
    put_field(message, type == 5 ? 10 : 14, type == 5 ? query : answer);
    std::string frame;
    put_field(frame, 1, "resolver.example");
    put_field(frame, 2, "unbound 1.17.1");
    put_field(frame, 14, message);
    put_varint(frame, 15U << 3U);
    put_varint(frame, 1);
    put(frames, frame.size(), 4);
    frames += frame;
  }
  return frames;
}

std::string netflow5()
{
  std::string out;
  put(out, 24 + 30 * 48, 4);
  put(out, 5, 2);
  put(out, 30, 2);
  put(out, 1'000'000, 4);
  put(out, now / 1'000'000, 4);
  put(out, 0, 4);
  put(out, 0, 8);
  for (int i = 0; i < 30; ++i) {
    const auto seen = doing(5000);
    put(out, 0x0A000000U + seen.device, 4);
    put(out, server_number(seen.what), 4);
    put(out, 0, 8);
    put(out, 10, 4);
    put(out, dice.below(100'000), 4);
    put(out, 900'000, 4);
    put(out, 950'000, 4);
    put(out, 32768 + dice.below(28'000), 2);
    put(out, 443, 2);
    put(out, 0x001B0600U, 4);
    put(out, 0, 8);
  }
  return out;
}

double seconds_of_this_thread()
{
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

void measure(const char* what,
             const std::string& path,
             const std::string& head,
             const std::function<std::string()>& piece,
             std::size_t megabytes)
{
  if (!only.empty() && only != what) {
    return;
  }
  {
    std::ofstream out(path, std::ios::binary);
    out << head;
    std::size_t size = 0;
    while (size < megabytes * 1'000'000) {
      const auto next = piece();
      out << next;
      size += next.size();
    }
  }
  std::vector<double> times;
  collect::ReadIn read;
  std::size_t rows = 0;
  for (int round = 0; round < 5; ++round) {
    collect::FileInflow inflow(
        Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), path, nullptr);
    collect::Window window(inflow);
    rows = 0;
    const auto start = seconds_of_this_thread();
    auto done = collect::read_in(path, window, nullptr, [&rows](auto, auto all) -> Result<void> {
      rows += all.size();
      return {};
    });
    times.push_back(seconds_of_this_thread() - start);
    if (!done) {
      std::fprintf(stderr, "%s\n", done.error().message.c_str());
      std::exit(1);
    }
    read = *done;
  }
  std::sort(times.begin(), times.end());
  const double median = times[times.size() / 2];
  std::printf("%-10s %-9s %6.2f GB/s  %6.2f M records/s  %5.0f ns a record  (%llu records, %llu "
              "unreadable, %zu observations)\n",
              what,
              read.format.c_str(),
              static_cast<double>(read.count.bytes) / median / 1e9,
              static_cast<double>(read.count.records) / median / 1e6,
              median / static_cast<double>(read.count.records) * 1e9,
              static_cast<unsigned long long>(read.count.records),
              static_cast<unsigned long long>(read.count.unreadable),
              rows);
}

int measure_all(std::size_t megabytes)
{
  auto folder = TemporaryFolder::make();
  if (!folder) {
    return 1;
  }
  const auto path = folder->path() + "/log";
  const std::string tsv =
      "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n";
  measure("zeek conn",
          path,
          tsv + "#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\t"
                "service\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp\t"
                "missed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\t"
                "tunnel_parents\tip_proto\n",
          zeek_conn,
          megabytes);
  measure("zeek dns",
          path,
          tsv + "#path\tdns\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\t"
                "trans_id\trtt\tquery\tqclass\tqclass_name\tqtype\tqtype_name\trcode\trcode_name\t"
                "AA\tTC\tRD\tRA\tZ\tanswers\tTTLs\trejected\n",
          zeek_dns,
          megabytes);
  measure("zeek json", path, "", zeek_json, megabytes);
  measure("eve", path, "", eve, megabytes);
  std::string start;
  put(start, 0, 4);
  put(start, 34, 4);
  put(start, 2, 4);
  put(start, 1, 4);
  put(start, 22, 4);
  measure("dnstap", path, start + "protobuf:dnstap.Dnstap", dnstap, megabytes);
  measure("netflow 5", path, "", netflow5, megabytes);
  return 0;
}

}  // namespace
}  // namespace zonder::bench

int main(int count, char** arguments)
{
  constexpr std::size_t usual = 256;
  zonder::bench::only = count > 2 ? arguments[2] : "";
  return zonder::bench::measure_all(count > 1 ? std::strtoul(arguments[1], nullptr, 10) : usual);
}

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// How long it takes to read a capture: our reader against libpcap's, each with our own decoder
// behind it, and exact flows against nfpcapd, one after the other in each round; medians. The
// answers are compared in the run. The capture is made of real ones, frames of plain IP over
// Ethernet with TCP or UDP in them, again and again with other addresses.
//   capture_bench FOLDER [--benchmark_repetitions=N]      FOLDER: of captures
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <fmt/core.h>
#include <pcap/pcap.h>
#include <sys/resource.h>

#include "base/child_process.hh"
#include "base/descriptor.hh"
#include "base/file.hh"
#include "bench/rounds.hh"
#include "wire/capture/capture.hh"
#include "wire/capture/each_frame.hh"

namespace zonder::bench {
namespace {

namespace capture = wire::capture;
using capture::Bytes;
using std::chrono::steady_clock;

constexpr std::size_t enough_bytes = 250'000'000;

// --- the capture

void put16(std::vector<std::uint8_t>& out, unsigned value)
{
  out.push_back(static_cast<std::uint8_t>(value));
  out.push_back(static_cast<std::uint8_t>(value >> 8U));
}
void put32(std::vector<std::uint8_t>& out, std::uint32_t value)
{
  put16(out, value & 0xffffU);
  put16(out, value >> 16U);
}

/// TCP or UDP in IP in Ethernet, whole, and no tunnel: what both sides count alike.
bool is_plain(Bytes frame)
{
  if (frame.size() < 14 + 40) {
    return false;
  }
  const auto type = capture::number16(&frame[12]);
  const auto ip = frame.subspan(14);
  std::uint8_t protocol = 0;
  std::size_t header = 0;
  std::size_t length = 0;
  if (type == 0x0800 && ip[0] == 0x45 && (capture::number16(&ip[6]) & 0x3fffU) == 0) {
    protocol = ip[9];
    header = 20;
    length = capture::number16(&ip[2]);
  } else if (type == 0x86dd && ip[0] >> 4U == 6) {
    protocol = ip[6];
    header = 40;
    length = 40U + capture::number16(&ip[4]);
  }
  const bool known = protocol == 6 || protocol == 17;
  if (!known || length > ip.size() || length < header + 20) {
    return false;
  }
  constexpr unsigned tunnels[] = {2152, 3544, 4789, 5247, 6081, 8472};
  for (const auto port : tunnels) {
    if (capture::number16(&ip[header]) == port || capture::number16(&ip[header + 2]) == port) {
      return false;
    }
  }
  return true;
}

/// All such frames of the captures in the folder and below it, in order of their names.
std::vector<std::vector<std::uint8_t>> plain_frames(const std::string& folder)
{
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const auto extension = entry.path().extension();
    if (extension == ".pcap" || extension == ".pcapng") {
      paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::vector<std::uint8_t>> frames;
  for (const auto& path : paths) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    DescriptorSource source(file.get());
    capture::FrameReader reader;
    must(capture::each_frame(source, reader, [&](const capture::Frame& frame) {
      if (frame.link == 1 && is_plain(frame.bytes)) {
        frames.emplace_back(frame.bytes.begin(), frame.bytes.end());
      }
    }));
  }
  if (frames.empty()) {
    throw std::runtime_error("there are no captures in " + folder);
  }
  return frames;
}

/// Other addresses for each copy, the same ones on both sides of a flow.
void shift(std::vector<std::uint8_t>& frame, unsigned copy)
{
  const bool v6 = capture::number16(&frame[12]) == 0x86dd;
  for (const std::size_t at :
       {v6 ? 14U + 8U + 4U : 14U + 12U + 1U, v6 ? 14U + 24U + 4U : 14U + 16U + 1U}) {
    frame[at] = static_cast<std::uint8_t>(frame[at] + copy);
  }
}

struct Made {
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;
};
Made make_capture(const std::string& path, std::vector<std::vector<std::uint8_t>> frames)
{
  std::FILE* out = std::fopen(path.c_str(), "wb");
  if (out == nullptr) {
    throw std::runtime_error("cannot write " + path);
  }
  std::vector<std::uint8_t> bytes;
  put32(bytes, 0xa1b2c3d4);
  put16(bytes, 2);
  put16(bytes, 4);
  put32(bytes, 0);
  put32(bytes, 0);
  put32(bytes, 262144);
  put32(bytes, 1);
  Made made;
  constexpr std::uint32_t start = 1750000000;
  while (made.bytes < enough_bytes) {
    for (auto& frame : frames) {
      const auto at = made.frames++ * 50;  // microseconds
      put32(bytes, start + static_cast<std::uint32_t>(at / 1000000));
      put32(bytes, static_cast<std::uint32_t>(at % 1000000));
      put32(bytes, static_cast<std::uint32_t>(frame.size()));
      put32(bytes, static_cast<std::uint32_t>(frame.size()));
      bytes.insert(bytes.end(), frame.begin(), frame.end());
      shift(frame, 1);
    }
    made.bytes += bytes.size();
    std::fwrite(bytes.data(), 1, bytes.size(), out);
    bytes.clear();
  }
  std::fclose(out);
  return made;
}

// --- what is compared

/// What came out, so that it can be held against another's.
struct Answer {
  std::uint64_t names = 0;
  std::uint64_t name_hash = 0;
  std::uint64_t flows = 0;    // of both directions together
  std::uint64_t one_way = 0;  // directions with packets
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  bool operator==(const Answer&) const = default;
};

/// Counts names, and writes each flow to a file as a collector would.
class Counter : public capture::Listener {
public:
  explicit Counter(std::FILE* flows) : file_(flows) {}
  void asked(const capture::Scene& scene, const capture::DnsQuestion& question) override
  {
    name(scene, question.name);
  }
  void answered(const capture::Scene& scene, const capture::DnsRecord& record) override
  {
    name(scene, record.owner);
  }
  void named(const capture::Scene& scene, capture::Said /*said*/, std::string_view text) override
  {
    name(scene, text);
  }
  void flow(const capture::Flow& flow) override
  {
    ++answer.flows;
    for (const auto& side : flow.sides) {
      answer.one_way += side.packets > 0 ? 1U : 0U;
      answer.packets += side.packets;
      answer.bytes += side.bytes;
    }
    const auto a = flow.key.address(false);
    const auto b = flow.key.address(true);
    const std::uint64_t row[] = {a.high(),
                                 a.low(),
                                 b.high(),
                                 b.low(),
                                 std::uint64_t{flow.key.port(false)} << 32U | flow.key.port(true),
                                 flow.sides[0].packets,
                                 flow.sides[0].bytes,
                                 flow.sides[1].packets,
                                 flow.sides[1].bytes,
                                 static_cast<std::uint64_t>(flow.first),
                                 static_cast<std::uint64_t>(flow.last),
                                 flow.key.protocol()};
    std::fwrite(row, sizeof row, 1, file_);
  }
  Answer answer;

private:
  void name(const capture::Scene& scene, std::string_view text)
  {
    ++answer.names;
    answer.name_hash += std::hash<std::string_view>{}(text) ^ scene.frame;
  }
  std::FILE* file_;
};

struct Cost {
  double seconds = 0;
  double processor = 0;  // of all threads
};

Cost cost_of(int whose, const std::function<void()>& what)
{
  const auto used = [&] {
    rusage usage{};
    ::getrusage(whose, &usage);
    const auto seconds = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
  };
  const auto before = used();
  const auto start = steady_clock::now();
  what();
  const auto end = steady_clock::now();
  return {.seconds = std::chrono::duration<double>(end - start).count(),
          .processor = used() - before};
}

Answer with_ours(const std::string& path, std::FILE* flows)
{
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  DescriptorSource source(file.get());
  capture::FrameReader reader;
  Counter counter(flows);
  capture::Capture decoder(counter);
  must(capture::each_frames(
      source, reader, [&](std::span<const capture::Frame> frames) { decoder.frames(frames); }));
  decoder.end();
  return counter.answer;
}

Answer with_libpcap(const std::string& path, std::FILE* flows)
{
  char error[PCAP_ERRBUF_SIZE];
  pcap_t* file = pcap_open_offline(path.c_str(), error);
  if (file == nullptr) {
    throw std::runtime_error(error);
  }
  Counter counter(flows);
  capture::Capture decoder(counter);
  pcap_pkthdr* header = nullptr;
  const u_char* data = nullptr;
  capture::Frame frame{.link = static_cast<std::uint32_t>(pcap_datalink(file))};
  while (pcap_next_ex(file, &header, &data) == 1) {
    ++frame.number;
    frame.time =
        header->ts.tv_sec * std::int64_t{1000000000} + header->ts.tv_usec * std::int64_t{1000};
    frame.length = header->len;
    frame.bytes = {data, header->caplen};
    decoder.frame(frame);
  }
  pcap_close(file);
  decoder.end();
  return counter.answer;
}

/// The readers alone, with nothing behind them.
std::uint64_t frames_with_ours(const std::string& path)
{
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  DescriptorSource source(file.get());
  capture::FrameReader reader;
  std::uint64_t sum = 0;
  must(capture::each_frame(
      source, reader, [&](const capture::Frame& frame) { sum += frame.bytes.size(); }));
  return sum;
}

std::uint64_t frames_with_libpcap(const std::string& path)
{
  char error[PCAP_ERRBUF_SIZE];
  pcap_t* file = pcap_open_offline(path.c_str(), error);
  pcap_pkthdr* header = nullptr;
  const u_char* data = nullptr;
  std::uint64_t sum = 0;
  while (pcap_next_ex(file, &header, &data) == 1) {
    sum += header->caplen;
  }
  pcap_close(file);
  return sum;
}

/// No flow ends by time, so that what is written are the five-tuples, but for TCP's own ends and
/// DNS.
bool run_nfpcapd(const std::string& path, const std::string& folder)
{
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  const auto done =
      run_captured({"nfpcapd", "-r", path, "-l", folder, "-e", "3600,3600", "-t", "86400"},
                   std::chrono::seconds(300));
  return done && done->status.as_shell() == 0;
}

/// Its five-tuples, packets and bytes, added up by its own nfdump.
Answer answer_of_nfdump(const std::string& folder)
{
  const auto listed = must(run_captured({"nfdump",
                                         "-R",
                                         folder,
                                         "-q",
                                         "-N",
                                         "-A",
                                         "proto,srcip,dstip,srcport,dstport",
                                         "-o",
                                         "fmt:%pkt %byt"},
                                        std::chrono::seconds(300)));
  Answer answer;
  const std::string& text = listed.out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    unsigned long long packets = 0;
    unsigned long long bytes = 0;
    if (std::sscanf(text.substr(at, end - at).c_str(), "%llu %llu", &packets, &bytes) == 2) {
      ++answer.one_way;
      answer.packets += packets;
      answer.bytes += bytes;
    }
    at = end + 1;
  }
  return answer;
}

struct Series {
  std::vector<double> seconds;
  std::vector<double> processor;
  void add(const Cost& cost)
  {
    seconds.push_back(cost.seconds);
    processor.push_back(cost.processor);
  }
};

int main_of(const std::string& folder, int rounds)
{
  const auto temporary = must(TemporaryFolder::make());
  const auto path = temporary.path() + "/large.pcap";
  const auto made = make_capture(path, plain_frames(folder));
  const auto flows_path = temporary.path() + "/flows";
  const auto nf_folder = temporary.path() + "/nf";
  bool nfpcapd = true;

  Series ours;
  Series libpcap;
  Series bare_ours;
  Series bare_libpcap;
  Series nf;
  Answer answer;
  Answer theirs;
  (void)frames_with_ours(path);  // into the page cache
  for (int round = 0; round < rounds; ++round) {
    const auto read = [&](const auto& how, Answer& into) {
      std::FILE* flows = std::fopen(flows_path.c_str(), "wb");
      const auto cost = cost_of(RUSAGE_SELF, [&] {
        into = how(path, flows);
        std::fflush(flows);
      });
      std::fclose(flows);
      return cost;
    };
    ours.add(read(with_ours, answer));
    Answer by_libpcap;
    libpcap.add(read(with_libpcap, by_libpcap));
    if (answer != by_libpcap || answer.packets != made.frames) {
      throw std::runtime_error("the two readers do not give the same, so nothing is compared");
    }
    std::uint64_t one = 0;
    std::uint64_t other = 0;
    bare_ours.add(cost_of(RUSAGE_SELF, [&] { one = frames_with_ours(path); }));
    bare_libpcap.add(cost_of(RUSAGE_SELF, [&] { other = frames_with_libpcap(path); }));
    if (one != other) {
      throw std::runtime_error("the two readers do not give the same frames");
    }
    if (nfpcapd) {
      const auto cost = cost_of(RUSAGE_CHILDREN, [&] { nfpcapd = run_nfpcapd(path, nf_folder); });
      if (nfpcapd) {
        nf.add(cost);
        theirs = answer_of_nfdump(nf_folder);
        if (theirs.one_way != answer.one_way || theirs.packets != answer.packets) {
          throw std::runtime_error(
              fmt::format("nfpcapd counts {} flows and {} packets, zonder {} and {}",
                          theirs.one_way,
                          theirs.packets,
                          answer.one_way,
                          answer.packets));
        }
      }
    }
  }

  const auto row = [&](std::string_view what, const Series& one, const Series& other) {
    const auto per_frame = [&](double seconds) {
      return seconds / static_cast<double>(made.frames) * 1e9;
    };
    fmt::print(
        "| {} | {:.0f} ns ({:.2f} GB/s) | {:.0f} ns | {:.2f} | {:.0f} ns | {:.0f} ns | {:.2f} |\n",
        what,
        per_frame(median(one.seconds)),
        static_cast<double>(made.bytes) / median(one.seconds) / 1e9,
        per_frame(median(other.seconds)),
        median(other.seconds) / median(one.seconds),
        per_frame(median(one.processor)),
        per_frame(median(other.processor)),
        median(other.processor) / median(one.processor));
  };
  fmt::print("{} frames, {} MB, {} flows of both directions ({} counted each way), {} names.\n\n",
             made.frames,
             made.bytes / 1000000,
             answer.flows,
             answer.one_way,
             answer.names);
  fmt::print(
      "| each frame | zonder | peer | peer / zonder | processor: zonder | peer | peer / zonder |\n"
      "|---|---|---|---|---|---|---|\n");
  row("read only; libpcap", bare_ours, bare_libpcap);
  row("read, names, flows; libpcap before the same decoder", ours, libpcap);
  if (nfpcapd) {
    row("exact flows (and names), written; nfpcapd, without names", ours, nf);
    fmt::print("\nnfpcapd counts the same flows and packets; bytes: {} (zonder {}).\n",
               theirs.bytes,
               answer.bytes);
  } else {
    fmt::print("\nnot measured: nfpcapd (package nfdump) is not here\n");
  }
  return 0;
}

}  // namespace
}  // namespace zonder::bench

int main(int count, char** arguments)
{
  if (count < 2) {
    std::fprintf(stderr, "usage: capture_bench FOLDER [--benchmark_repetitions=N]\n");
    return 2;
  }
  try {
    return zonder::bench::main_of(arguments[1], zonder::bench::rounds_in(count, arguments));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "capture_bench: %s\n", error.what());
    return 1;
  }
}

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "collect/formats.hh"

#include <algorithm>
#include <utility>

#include "base/byte_source.hh"
#include "base/translate.hh"
#include "collect/capture.hh"
#include "collect/entry_glimpses.hh"
#include "wire/dnstap/dnstap.hh"
#include "wire/entra/entra.hh"
#include "wire/eve/eve.hh"
#include "wire/firewalls/fortigate.hh"
#include "wire/firewalls/paloalto.hh"
#include "wire/flows/flow_stream.hh"
#include "wire/inventories/archimate.hh"
#include "wire/inventories/softwarecatalogus.hh"
#include "wire/logs/lines.hh"
#include "wire/logs/stream.hh"
#include "wire/proxylogs/proxy_csv.hh"
#include "wire/proxylogs/squid.hh"
#include "wire/querylogs/querylogs.hh"
#include "wire/querylogs/windows.hh"
#include "wire/zeek/zeek.hh"

namespace zonder::collect {
namespace {

using wire::logs::PaddedText;

model::ReadCount counted(const wire::logs::Tally& tally)
{
  return {.records = tally.records,
          .bytes = 0,
          .unreadable = tally.unreadable,
          .first_problem = tally.first_problem};
}

/// Whole lines at a time, as many as are in memory. A line longer than the bound is passed over.
void give_lines(Window& window, wire::logs::LineReader& reader, model::GlimpseSink& sink)
{
  EntryGlimpses glimpses(sink);
  bool in_long_line = false;
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (window.ahead(byte_order_mark.size()).starts_with(byte_order_mark)) {
    window.pass(byte_order_mark.size());
  }
  for (;;) {
    auto held = window.more();
    const auto last = held.rfind('\n');
    if (in_long_line) {
      const auto first = held.find('\n');
      if (first == std::string_view::npos) {
        window.pass(held.size());
      } else {
        window.pass(first + 1);
        in_long_line = false;
      }
    } else if (last != std::string_view::npos) {
      reader.take(PaddedText::promised(held.substr(0, last + 1)), glimpses);
      window.pass(last + 1);
    } else if (window.is_at_end()) {
      reader.take(PaddedText::promised(held), glimpses);
      window.pass(held.size());
    } else if (held.size() > wire::logs::LineReader::longest_line) {
      reader.pass_over_line();
      window.pass(held.size());
      in_long_line = true;
    }
    if (window.is_at_end() && window.ahead(0).empty()) {
      return;
    }
  }
}

template <typename Reader>
model::ReadCount read_lines(Window& window, model::GlimpseSink& sink, bool& broken_off)
{
  Reader reader;
  give_lines(window, reader, sink);
  EntryGlimpses glimpses(sink);
  reader.finish(glimpses);
  broken_off = false;
  auto count = counted(reader.tally());
  count.remarks = reader.remarks();
  return count;
}

model::ReadCount give_stream(Window& window,
                             wire::logs::StreamReader& reader,
                             model::GlimpseSink& sink,
                             bool& broken_off)
{
  EntryGlimpses glimpses(sink);
  while (!reader.is_lost()) {
    const auto held = window.ahead(reader.wants());
    if (held.empty() && window.is_at_end()) {
      break;
    }
    const auto used = reader.take({reinterpret_cast<const std::uint8_t*>(held.data()), held.size()},
                                  window.is_at_end(),
                                  glimpses);
    window.pass(used);
    if (used == 0 && held.size() >= reader.wants() && !window.is_at_end()) {
      (void)window.more();
    }
  }
  reader.finish();
  broken_off = reader.is_lost();
  return counted(reader.tally());
}

model::ReadCount read_dnstap(Window& window, model::GlimpseSink& sink, bool& broken_off)
{
  wire::dnstap::Reader reader;
  return give_stream(window, reader, sink, broken_off);
}

template <wire::flows::FlowStream::Framing framing>
model::ReadCount read_flows(Window& window, model::GlimpseSink& sink, bool& broken_off)
{
  wire::flows::FlowStream reader(framing);
  return give_stream(window, reader, sink, broken_off);
}

using Framing = wire::flows::FlowStream::Framing;

template <typename Reader>
model::ReadCount read_stream(Window& window, model::GlimpseSink& sink, bool& broken_off)
{
  Reader reader;
  return give_stream(window, reader, sink, broken_off);
}

/// A model hangs together, so it is read when all of it is there.
model::ReadCount read_archimate(Window& window, model::GlimpseSink& sink, bool& broken_off)
{
  std::string xml;
  for (auto held = window.ahead(1); !held.empty(); held = window.ahead(1)) {
    if (xml.size() + held.size() > wire::inventories::largest_model) {
      broken_off = true;
      return {.unreadable = 1, .first_problem = say("a model of more than 256 MB")};
    }
    xml += held;
    window.pass(held.size());
  }
  EntryGlimpses glimpses(sink);
  return counted(wire::inventories::read_archimate(xml, glimpses, broken_off));
}

/// What a window shows, as bytes that come one after the other.
class WindowSource final : public ByteSource {
public:
  explicit WindowSource(Window& window) : window_(window) {}
  Result<std::size_t> read(std::span<std::uint8_t> room) override
  {
    const auto held = window_.ahead(1);
    const auto count = std::min(held.size(), room.size());
    std::copy_n(held.begin(), count, room.begin());
    window_.pass(count);
    return count;
  }

private:
  Window& window_;
};

bool is_capture(std::string_view head)
{
  return begins_capture({reinterpret_cast<const std::uint8_t*>(head.data()), head.size()});
}

model::ReadCount read_packets(Window& window, model::GlimpseSink& sink, bool& broken_off)
{
  WindowSource source(window);
  auto read = read_capture(source, sink);
  if (!read) {
    broken_off = true;
    return {.unreadable = 1, .first_problem = read.error().message};
  }
  broken_off = false;
  read->count.remarks = std::move(read->remarks);
  return std::move(read->count);
}

}  // namespace

const std::vector<Format>& formats()
{
  namespace querylogs = wire::querylogs;
  namespace firewalls = wire::firewalls;
  namespace entra = wire::entra;
  namespace inventories = wire::inventories;
  static const std::vector<Format> all = {
      {"capture", is_capture, read_packets},
      {"dnstap", wire::dnstap::is_dnstap, read_dnstap},
      {"netflow", wire::flows::is_length_framed, read_flows<Framing::LengthBefore>},
      {"ipfix", wire::flows::is_ipfix_file, read_flows<Framing::Ipfix>},
      {"zeek", wire::zeek::is_zeek_tsv, read_lines<wire::zeek::TsvReader>},
      {"eve", wire::eve::is_eve, read_lines<wire::eve::Reader>},
      {"zeek-json", wire::zeek::is_zeek_json, read_lines<wire::zeek::JsonReader>},
      {"unbound", querylogs::is_unbound, read_lines<querylogs::UnboundReader>},
      {"bind", querylogs::is_bind, read_lines<querylogs::BindReader>},
      {"dnsmasq", querylogs::is_dnsmasq, read_lines<querylogs::DnsmasqReader>},
      {"powerdns", querylogs::is_powerdns, read_lines<querylogs::PowerdnsReader>},
      {"conntrack", querylogs::is_conntrack, read_lines<querylogs::ConntrackReader>},
      {"squid", wire::proxylogs::is_squid, read_lines<wire::proxylogs::SquidReader>},
      {"windows-dns", querylogs::is_windows_dns, read_lines<querylogs::WindowsDnsReader>},
      {"windows-dns-events",
       querylogs::is_windows_dns_events,
       read_lines<querylogs::WindowsDnsEventsReader>},
      {"fortigate", firewalls::is_fortigate, read_lines<firewalls::FortigateReader>},
      {"paloalto", firewalls::is_paloalto, read_lines<firewalls::PaloaltoReader>},
      {"archimate", inventories::is_archimate, read_archimate},
      {"entra-sign-ins-json", entra::is_sign_ins_json, read_stream<entra::SignInsJson>},
      {"entra-apps-json", entra::is_applications_json, read_stream<entra::ApplicationsJson>},
      {"entra-sign-ins", entra::is_sign_ins_csv, read_lines<entra::SignInsCsv>},
      {"entra-apps", entra::is_applications_csv, read_lines<entra::ApplicationsCsv>},
      {"softwarecatalogus",
       inventories::is_softwarecatalogus,
       read_lines<inventories::SoftwarecatalogusReader>},
      {"proxy-csv", wire::proxylogs::is_proxy_csv, read_lines<wire::proxylogs::ProxyCsvReader>}};
  return all;
}

const Format* format_named(std::string_view name)
{
  const auto found = std::find_if(
      formats().begin(), formats().end(), [name](const Format& each) { return each.name == name; });
  return found == formats().end() ? nullptr : &*found;
}

const Format* format_of(std::string_view head)
{
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (head.starts_with(byte_order_mark)) {
    head.remove_prefix(byte_order_mark.size());
  }
  const auto found = std::find_if(formats().begin(), formats().end(), [head](const Format& each) {
    return each.looks_like(head);
  });
  return found == formats().end() ? nullptr : &*found;
}

std::string format_names()
{
  std::string names;
  for (const auto& each : formats()) {
    names += (names.empty() ? "" : ", ") + std::string(each.name);
  }
  return names;
}

}  // namespace zonder::collect

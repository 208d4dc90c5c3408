// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// What people and machines give zonder import that is wrong, and what it says then: one row each.
#include <gtest/gtest.h>

#include "app/import.hh"
#include "support/catalog_world.hh"
#include "support/data_world.hh"
#include "support/flow_bytes.hh"

namespace zonder::app {
namespace {

using namespace test;

struct Mistake {
  std::string what;
  std::string content;
  std::string format;  // --as; empty: recognised
  int exit = 3;
  std::string says;  // behind the file's path, or within it
};

const std::string zeek = "#separator \\x09\n#fields\tts\tid.orig_h\tid.resp_h\tid.resp_p\tproto\t"
                         "conn_state\n";
const std::string sound_zeek = zeek + "1.0\t10.0.0.5\t192.0.2.7\t443\ttcp\tSF\n";
const std::string eve_head = R"({"timestamp":"2026-11-23T09:30:05.1+0100","event_type":"flow",)";
const std::string sound_eve =
    eve_head +
    R"("src_ip":"10.0.0.5","src_port":1,"dest_ip":"192.0.2.7","dest_port":443,"proto":"TCP"})"
    "\n";
const std::string sound_json =
    R"({"ts":1.0,"id.orig_h":"10.0.0.5","id.resp_h":"192.0.2.7","server_name":"www.example.nl"})"
    "\n";
const std::string sound_unbound = "[1795000001] unbound[1:0] info: 10.0.0.5 www.example.nl. A IN\n";
const std::string sound_bind =
    "client 10.0.0.5#5 (a.example): query: a.example IN A + (10.0.0.1)\n";
const std::string sound_dnsmasq = "Nov 23 09:30:05 dnsmasq[1]: query[A] a.example from 10.0.0.5\n";
const std::string sound_powerdns = "Remote 10.0.0.5 wants 'a.example|A', do = 0\n";
const std::string sound_conntrack =
    "tcp 6 9 ESTABLISHED src=10.0.0.5 dst=192.0.2.7 sport=1 dport=443 "
    "src=192.0.2.7 dst=10.0.0.5 sport=443 dport=1\n";
const std::string tap_query = dnstap_frame(5, dns_bytes(0x0100, 0, ""));

/// Ten thousand zeros, which is also how an empty tar looks, by gzip.
std::string gzipped_zeros()
{
  return big_endian({{0x1f8b0800, 4},
                     {0x00000000, 4},
                     {0x0203edc1, 4},
                     {0x010d0000, 4},
                     {0x00c2a0f7, 4},
                     {0x4f6d0e37, 4},
                     {0xa0000000, 4},
                     {0x00000000, 4},
                     {0x00008037, 4},
                     {0x039ade1d, 4},
                     {0x27002800, 4},
                     {0x00, 1}});
}

const std::string sound_windows =
    "23-11-2026 9:30:05 0E70 PACKET  00000000033397A0 UDP Rcv 10.0.0.5 5b47   Q [0001   D   "
    "NOERROR] A      (3)www(7)example(2)nl(0)\r\n";
const std::string sound_fortigate =
    "date=2026-11-23 time=09:30:05 devid=\"F\" logid=\"0000000013\" type=\"traffic\" "
    "subtype=\"forward\" srcip=10.0.0.5 dstip=192.0.2.7 dstport=443 proto=6 action=\"close\"\n";
const std::string palo_head =
    "1,2026/11/23 09:30:05,0123,TRAFFIC,end,1,2026/11/23 09:30:04,10.0.0.5,192.0.2.7,0.0.0.0,"
    "0.0.0.0,r,,,ssl,v,in,out,e1,e2,log,x,77,1,40000,443,0,0,0x0,tcp,allow,";
const std::string sound_paloalto = palo_head + "3,1,2,9,2026/11/23 09:29:59,5,any,0\n";
const std::string sound_sign_ins = "Date (UTC),User,Application,Resource,Status\n"
                                   "2026-11-23T09:30:05Z,x,Teams,Teams,Success\n";
const std::string sound_sign_ins_json =
    R"([{"appDisplayName":"Teams","resourceDisplayName":"Teams"})";
const std::string sound_packages = "Leverancier;Pakket Naam;Organisatie\nA;B;C\n";
const std::string sound_proxy = "time,cip,url\n1795000001,10.0.0.5,a.example/x\n";
const std::string archimate =
    R"(<model xmlns="http://www.opengroup.org/xsd/archimate/3.0/"><elements>)";

std::vector<Mistake> mistakes()
{
  const std::string refused = "1 part could not be read: ";
  return {
      // What is no log at all.
      {"an empty file", "", "", 2, ": empty"},
      {"an empty file by force", "", "zeek", 2, ": empty"},
      {"a letter",
       "Dear all,\n",
       "",
       2,
       ": no format that zonder knows (--as FORMAT if you do: capture, dnstap"},
      {"a picture", "\x89PNG\r\n\x1A\n", "", 2, ": no format that zonder knows"},
      {"a file of nfcapd",
       std::string("\x0C\xA5\x01\x00\x00\x00", 6),
       "",
       2,
       ": a file of nfcapd: write it out"},
      {"a database", std::string("SQLite format 3\0....", 20), "", 2, ": a database"},
      {"Parquet", "PAR1....", "", 2, ": Parquet, which is not read: export it as text"},
      {"a PDF", "%PDF-1.7\n", "", 2, ": a PDF"},
      {"an old Office file",
       "\xD0\xCF\x11\xE0\xA1\xB1",
       "",
       2,
       ": an old Office file: save it as CSV"},
      {"UTF-16", std::string("\xFF\xFE{\0", 4), "", 2, ": text in UTF-16: save it as UTF-8"},
      {"packed rubbish", "\x1F\x8B\x08rubbish", "", 2, ": "},
      {"a zip of nothing", "PK\x03\x04", "", 2, ": this archive cannot be read: "},
      {"a tar of nothing", gzipped_zeros(), "", 2, ": an archive with nothing in it"},
      // Zeek as text.
      {"a row that is cut off",
       sound_zeek + "1.0\t10.0.0.5\n",
       "",
       3,
       refused + "line 4: it has 2 of the header's 6 columns"},
      {"rows without a header",
       "1.0\t10.0.0.5\t192.0.2.7\n",
       "zeek",
       3,
       refused + "line 1: no #fields line stands before it"},
      {"a client that is no address",
       sound_zeek + "1.0\tten\t192.0.2.7\t443\ttcp\tSF\n",
       "",
       3,
       refused + "line 4: an address or a name in it is none"},
      {"a server past 255",
       sound_zeek + "1.0\t10.0.0.5\t192.0.2.700\t443\ttcp\tSF\n",
       "",
       3,
       refused + "line 4: an address or a name in it is none"},
      {"a port past 65535",
       sound_zeek + "1.0\t10.0.0.5\t192.0.2.7\t65536\ttcp\tSF\n",
       "",
       3,
       refused + "line 4: an address or a name in it is none"},
      {"no port",
       sound_zeek + "1.0\t10.0.0.5\t192.0.2.7\t-\ttcp\tSF\n",
       "",
       3,
       refused + "line 4: an address or a name in it is none"},
      {"a line of two megabytes",
       sound_zeek + std::string(2'000'000, 'x') + "\n" + "1.0\t10.0.0.6\t192.0.2.7\t443\ttcp\tSF\n",
       "",
       3,
       refused + "line 4: the line is too long"},
      {"zero bytes",
       sound_zeek + std::string(10, '\0') + "\n",
       "",
       3,
       refused + "line 4: it has 1 of the header's 6 columns"},
      // Zeek as JSON.
      {"a line that breaks off",
       sound_json + sound_json.substr(0, 40) + "\n",
       "",
       3,
       refused + "line 2: "},
      {"a list for an object", sound_json + "[1]\n", "", 3, refused + "line 2: not a JSON object"},
      {"two objects in a line",
       sound_json + "{\"ts\":1.0} {}\n",
       "",
       3,
       refused + "line 2: something stands behind the JSON object"},
      {"bad UTF-8 in JSON",
       sound_json + "{\"ts\":1.0,\"a\":\"\xFF\"}\n",
       "",
       3,
       refused + "line 2: "},
      {"a number that is none",
       sound_json + "{\"ts\":,\"id.orig_h\":\"10.0.0.5\"}\n",
       "",
       3,
       refused + "line 2: "},
      {"JSON with a bad address",
       sound_json + R"({"ts":1.0,"id.orig_h":"10.0.0.5","id.resp_h":"x","server_name":"a.example"})"
                    "\n",
       "",
       3,
       refused + "line 2: an address or a name in it is none"},
      // EVE.
      {"an event that breaks off", sound_eve + eve_head + "\n", "", 3, refused + "line 2: "},
      {"an event of no type",
       sound_eve + "{\"timestamp\":\"x\"}\n",
       "",
       3,
       refused + "line 2: no event_type"},
      {"a flow without addresses",
       sound_eve + eve_head + "\"proto\":\"TCP\"}\n",
       "",
       3,
       refused + "line 2: an address or a name in it is none"},
      {"text among events", sound_eve + "rotated\n", "", 3, refused + "line 2: not a JSON object"},
      {"a string that does not end",
       sound_eve + "{\"event_type\":\"flow\n",
       "",
       3,
       refused + "line 2: "},
      {"a question of nobody",
       sound_eve +
           R"({"timestamp":"x","event_type":"dns","src_ip":"","dns":{"type":"query","rrname":"a.example"}})"
           "\n",
       "",
       3,
       refused + "line 2: an address or a name in it is none"},
      // dnstap.
      {"a frame that breaks off",
       dnstap_start() + tap_query.substr(0, 20),
       "",
       3,
       refused.substr(0, refused.size() - 2) +
           ", and it was not read to its end: frame 0: it breaks off within a frame"},
      {"a frame of a gigabyte",
       dnstap_start() + tap_query +
           "\x40"
           "aaaa",
       "",
       3,
       "frame 1: no frame of dnstap has 1080123745 bytes"},
      {"a control frame without end",
       dnstap_start() + big_endian({{0, 4}, {0xFFFF, 4}, {3, 4}}),
       "",
       3,
       "no control frame has 65535 bytes"},
      {"a frame that is no protobuf",
       dnstap_start() + framed("\xFF\xFF") + tap_query,
       "",
       3,
       refused + "frame 1: not a message of dnstap"},
      {"a frame without a message",
       dnstap_start() + framed(pb(15, 1)),
       "",
       3,
       refused + "frame 1: not a message of dnstap"},
      {"a DNS message that is cut",
       dnstap_start() + dnstap_frame(5, "abc"),
       "",
       3,
       refused + "frame 1: its DNS message is malformed"},
      {"an answer that says it is a query",
       dnstap_start() + dnstap_frame(6, dns_bytes(0x0100, 0, "")),
       "",
       3,
       refused + "frame 1: its DNS message is malformed"},
      // Flows.
      {"a datagram that breaks off",
       framed(netflow5()).substr(0, 40),
       "",
       3,
       "datagram 0: it breaks off within a datagram"},
      {"more records than bytes",
       framed(netflow5(30)),
       "",
       3,
       refused + "datagram 1: it says that it has more than it has"},
      {"an unknown version",
       framed(netflow5()) + framed(big_endian({{8, 2}, {0, 30}})),
       "",
       3,
       refused + "datagram 2: version 8, which is not 5, 9 or 10"},
      {"a length that no datagram has",
       framed(netflow5()) + big_endian({{70'000, 4}, {5, 2}}),
       "",
       3,
       "no datagram has a length of 70000 bytes"},
      {"a template that never came",
       framed(netflow9(flow_set(256, std::string(20, 'x')))),
       "",
       3,
       refused + "records whose template never came before them"},
      {"a set longer than its datagram",
       framed(netflow9(big_endian({{0, 2}, {4000, 2}}))),
       "",
       3,
       refused + "datagram 1: it says that it has more than it has"},
      {"a set shorter than its head",
       framed(netflow9(big_endian({{0, 2}, {1, 2}, {0, 4}}))),
       "",
       3,
       refused + "datagram 1: it says that it has more than it has"},
      {"IPFIX that says it is longer",
       framed(big_endian({{10, 2}, {900, 2}, {0, 12}})),
       "",
       3,
       refused + "datagram 1: it says that it has more than it has"},
      {"IPFIX messages out of step",
       ipfix(flow_set(2, "")) + "xxxxxxxxxxxxxxxxxxxx",
       "",
       3,
       "no datagram has a length of 30840 bytes"},
      // Query logs.
      {"a client that is none",
       sound_unbound + "[1795000001] unbound[1:0] info: 10.0.0.500 www.example.nl. A IN\n",
       "",
       3,
       refused + "line 2: an address or a name in it is none"},
      {"a query of nothing",
       sound_bind + "client 10.0.0.5#5: query: \n",
       "",
       3,
       refused + "line 2: a query without its name, class and type"},
      {"a query of half a name",
       sound_bind + "client 10.0.0.5#5: query: a.example\n",
       "",
       3,
       refused + "line 2: a query without its name, class and type"},
      {"a query from nobody",
       sound_dnsmasq + "Nov 23 09:30:05 dnsmasq[1]: query[A] a.example\n",
       "",
       3,
       refused + "line 2: a query without its name and who asked"},
      {"a query from a word",
       sound_dnsmasq + "Nov 23 09:30:05 dnsmasq[1]: query[A] a.example from here\n",
       "",
       3,
       refused + "line 2: an address or a name in it is none"},
      {"a question of nobody",
       sound_powerdns + "question for 'a.example|A' from\n",
       "",
       3,
       refused + "line 2: a query without its name and who asked"},
      {"a connection to nowhere",
       sound_conntrack + "tcp 6 9 ESTABLISHED src=10.0.0.5 sport=1 dport=443\n",
       "",
       3,
       refused + "line 2: no connection: it lacks src, dst, dport or the protocol"},
      {"a connection of no protocol",
       sound_conntrack + "src=10.0.0.5 dst=192.0.2.7 sport=1 dport=443\n",
       "",
       3,
       refused + "line 2: no connection: it lacks src, dst, dport or the protocol"},
      // Windows.
      {"a packet that breaks off",
       sound_windows + sound_windows.substr(0, 60) + "\n",
       "",
       3,
       refused + "line 2: no packet as the DNS server of Windows writes it"},
      {"a packet of nobody",
       sound_windows + "23-11-2026 9:30:05 0E70 PACKET  0 UDP Rcv nobody 5b47   Q [0] A (1)a(0)\n",
       "",
       3,
       refused + "line 2: an address or a name in it is none"},
      {"a name whose lengths are none",
       sound_windows + "23-11-2026 9:30:05 0E70 PACKET  0 UDP Rcv 10.0.0.5 5b   Q [0] A (a)b(0)\n",
       "",
       3,
       refused + "line 2: a query without its name and who asked"},
      // Firewalls.
      {"a line of no type",
       sound_fortigate + "srcip=10.0.0.5\n",
       "",
       3,
       refused + "line 2: no line of FortiGate: it has no type"},
      {"a session of no protocol",
       sound_fortigate + "type=traffic srcip=10.0.0.5 dstip=192.0.2.7\n",
       "",
       3,
       refused + "line 2: no connection: it lacks its protocol"},
      {"a session to nowhere",
       sound_fortigate + "type=traffic srcip=10.0.0.5 proto=17\n",
       "",
       3,
       refused + "line 2: an address or a name in it is none"},
      {"a question that asks nothing",
       sound_fortigate + "type=dns srcip=10.0.0.5 qname=\n",
       "",
       3,
       refused + "line 2: a query without its name and who asked"},
      {"a line of few fields",
       sound_paloalto + palo_head + "3\n",
       "",
       3,
       refused + "line 2: it has 32 of at least 37 fields"},
      {"a field whose quote is open",
       sound_paloalto + "1,\"2,3,TRAFFIC\n",
       "",
       3,
       refused + "line 2: its quotes do not match its fields"},
      {"text among sessions",
       sound_paloalto + "rotated\n",
       "",
       3,
       refused + "line 2: no line of Palo Alto's log"},
      // Entra ID.
      {"a sign-in to nothing",
       sound_sign_ins + "2026-11-23T09:30:05Z,x,,,Success\n",
       "",
       3,
       refused + "line 3: a sign-in without its application"},
      {"a sign-in that breaks off",
       sound_sign_ins + "2026-11-23T09:30:05Z,x,\"Tea",
       "",
       3,
       refused + "line 3: its quotes do not match its fields"},
      {"an application as long as a letter",
       sound_sign_ins + "2026-11-23T09:30:05Z,x," + std::string(300, 'a') + ",,Success\n",
       "",
       3,
       refused + "line 3: a sign-in without its application"},
      {"JSON that breaks off",
       sound_sign_ins_json + ",{\"appDisplayName\":",
       "",
       3,
       "object 2: it breaks off within an object"},
      {"a number among objects",
       sound_sign_ins_json + ",12]",
       "",
       3,
       "object 2: not a JSON object"},
      {"JSON that only looks like it",
       sound_sign_ins_json + ",{a:1}]",
       "",
       3,
       refused + "object 2: not a JSON object"},
      {"an application without a name",
       "displayName,appId\n,guid\n",
       "",
       3,
       refused + "line 2: an application without its name"},
      // Lists.
      {"a package without a name",
       sound_packages + "A;;C\n",
       "",
       3,
       refused + "line 3: a package without its name"},
      {"a table of other things",
       "kleur;maat\nrood;12\n",
       "softwarecatalogus",
       3,
       refused + "line 1: these headings are not those of such a table"},
      {"an element without an identifier",
       archimate + "<element><name>A</name></element></elements></model>",
       "",
       3,
       refused + "an element without its identifier"},
      {"a model that is cut off", archimate + "<element ide", "", 3, ": no sound XML from byte "},
      {"a model of words", "Dear all", "archimate", 3, ": no sound XML from byte "},
      // A proxy's table.
      {"a request to nowhere",
       sound_proxy + "1795000001,10.0.0.5,\n",
       "",
       3,
       refused + "line 3: a request without its host"},
      {"a request of somebody by name",
       sound_proxy + "1795000001,j.jansen,a.example\n",
       "",
       3,
       refused + "line 3: an address or a name in it is none"},
      // By force, and for what it is not.
      {"EVE as Zeek", sound_eve, "zeek", 3, refused + "line 1: no #fields line stands before it"},
      {"Zeek as dnstap", sound_zeek, "dnstap", 3, "no frame of dnstap has 594765168 bytes"},
      {"no such format", sound_zeek, "zeke", 2, "there is no format zeke (did you mean zeek?)"},
      {"nothing like a format",
       sound_zeek,
       "excel-sheet",
       2,
       "there is no format excel-sheet; there are: capture, dnstap"}};
}

TEST(ImportMistakes, EachIsToldWithItsPlace)
{
  DataWorld data(small_content({}, {}));
  const auto all = mistakes();
  EXPECT_GE(all.size(), 40U);
  for (const auto& mistake : all) {
    ImportOptions options;
    options.paths = {data.file("given", mistake.content)};
    options.format = mistake.format;
    options.project = data.path("project.zonder");
    EXPECT_EQ(import_files(data.world, options), mistake.exit) << mistake.what;
    const auto said = data.err();
    (void)data.out();
    EXPECT_NE(said.find(mistake.says), std::string::npos) << mistake.what << ": " << said;
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << mistake.what << ": " << said;
  }
}

TEST(ImportMistakes, OfWhatIsTypedAreToldBeforeAnythingIsRead)
{
  DataWorld data(small_content({}, {}));
  const auto sound = data.file("sound", sound_zeek);
  const std::pair<ImportOptions, const char*> typed[] = {
      {{.paths = {}}, "import what?"},
      {{.paths = {sound, data.path("missing")}}, "missing: No such file"},
      {{.paths = {sound}, .forget_before = "yesterday"}, "--forget-before wants a day"},
      {{.paths = {sound}, .forget_before = "2026-11"}, "--forget-before wants a day"},
      {{.paths = {sound}, .project = "/proc/no/such/folder/x"}, "/proc/no/such/folder/x: "},
      {{.paths = {sound}, .project = sound}, "not a database"}};
  for (const auto& [options, says] : typed) {
    EXPECT_EQ(import_files(data.world, options), 2) << says;
    EXPECT_EQ(data.out(), "") << says;
    const auto said = data.err();
    EXPECT_NE(said.find(says), std::string::npos) << said;
  }
}

}  // namespace
}  // namespace zonder::app

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "lab/servers.hh"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <sstream>

#include <fmt/format.h>
#include <grp.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/child_process.hh"
#include "base/file.hh"
#include "base/translate.hh"
#include "lab/host_view.hh"
#include "lab/zone_file.hh"

namespace zonder::lab {
namespace {

constexpr std::uint16_t identity_port = 3000;

/// Everything that the writers of settings need to know and add to.
struct Work {
  const LabFile& lab;
  trust::Authority& authority;
  std::string identity_folder;
  std::map<std::string, std::vector<std::string>> ds;  // signed zone -> DS data
  Servers result;

  /// Nothing when the program is not installed, which is then said.
  bool installed(const Host& host, const char* kind, const char* program)
  {
    if (find_program(program)) {
      return true;
    }
    leave_out(host, kind, say("the program {} is not installed", program));
    return false;
  }
  void leave_out(const Host& host, const char* kind, std::string reason)
  {
    result.left_out.push_back({.host = host.name, .kind = kind, .reason = std::move(reason)});
  }
};

std::string bracketed(net::Address address)
{
  return address.is_v4() ? address.to_string() : "[" + address.to_string() + "]";
}

std::string kasp_folder()
{
  return std::string(lab_folder) + "/kasp";
}

Result<std::string> keymgr(const std::string& zone, const std::vector<std::string>& words)
{
  std::vector<std::string> argv = {"keymgr", "-D", kasp_folder(), zone};
  argv.insert(argv.end(), words.begin(), words.end());
  const auto done = run_captured(argv, std::chrono::seconds(10));
  if (!done) {
    return fail(done.error());
  }
  if (done->status != ExitStatus{}) {
    return fail(Fault::NotPossible, say("keymgr makes no key for {}: {}", zone, done->err));
  }
  return done->out;
}

/// A key for every signed zone, all in one data base, of which each name server gets a copy. Of the
/// two digests that keymgr prints, SHA-256 (2) is the one that everybody knows.
Result<void> make_keys(Work& work)
{
  for (const auto& zone : work.lab.zones) {
    if (!zone.is_signed) {
      continue;
    }
    const auto made =
        keymgr(zone.name, {"generate", "algorithm=ECDSAP256SHA256", "ksk=yes", "zsk=yes"});
    const auto printed = made ? keymgr(zone.name, {"ds"}) : made;
    if (!printed) {
      return fail(printed.error());
    }
    std::istringstream lines(*printed);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string name;
      std::string type;
      std::string tag;
      std::string algorithm;
      std::string digest_type;
      std::string digest;
      words >> name >> type >> tag >> algorithm >> digest_type >> digest;
      if (type == "DS" && digest_type == "2") {
        work.ds[zone.name].push_back(fmt::format("{} {} 2 {}", tag, algorithm, digest));
      }
    }
    if (work.ds[zone.name].empty()) {
      return fail(Fault::NotPossible, say("keymgr makes no key for {}: {}", zone.name, *printed));
    }
  }
  return {};
}

Result<void> write_dns(Work& work, const Host& host)
{
  if (!work.installed(host, "dns", "knotd")) {
    return {};
  }
  namespace fs = std::filesystem;
  const auto folder = folder_of(host) + "/dns";
  ZONDER_TRY(make_folders(folder));
  std::string conf = "server:\n  rundir: \"" + folder + "\"\n  udp-workers: 1\n" +
                     "  tcp-workers: 1\n  background-workers: 1\n";
  for (const auto& address : host.addresses) {
    conf += "  listen: " + address.to_string() + "@53\n";
  }
  conf += "log:\n  - target: stderr\n    any: info\n";
  conf += "database:\n  storage: \"" + folder + "\"\n  kasp-db: kasp\n";
  conf += "policy:\n  - id: lab\n    manual: on\n    single-type-signing: on\n"
          "    algorithm: ecdsap256sha256\n";
  conf += "zone:\n";
  Server server = {.host = host.name,
                   .kind = "dns",
                   .argv = {"knotd", "-c", folder + "/knot.conf"},
                   .folder = folder,
                   .questions = {}};
  for (std::size_t i = 0; i < work.lab.zones.size(); ++i) {
    const auto& zone = work.lab.zones[i];
    if (std::ranges::find(zone.servers, host.name) == zone.servers.end()) {
      continue;
    }
    const auto file = folder + "/" + std::to_string(i) + ".zone";
    ZONDER_TRY(write_file(file, zone_text(work.lab, zone, work.ds)));
    conf += "  - domain: \"" + zone.name + "\"\n    file: \"" + file + "\"\n" +
            "    zonefile-sync: -1\n    zonefile-load: whole\n";
    if (zone.is_signed) {
      conf += "    dnssec-signing: on\n    dnssec-policy: lab\n";
    }
    server.questions.push_back({.kind = Question::Kind::Dns,
                                .address = host.addresses.front(),
                                .port = 53,
                                .zone = zone.name});
  }
  if (std::error_code error; fs::exists(kasp_folder(), error)) {
    fs::copy(kasp_folder(), folder + "/kasp", fs::copy_options::recursive, error);
    if (error) {
      return fail(Fault::Internal, say("cannot copy the DNSSEC keys: {}", error.message()));
    }
  }
  ZONDER_TRY(write_file(folder + "/knot.conf", conf));
  work.result.start.push_back(std::move(server));
  return {};
}

Result<void> write_resolver(Work& work, const Host& host)
{
  if (!work.installed(host, "resolver", "unbound")) {
    return {};
  }
  const auto folder = folder_of(host) + "/resolver";
  ZONDER_TRY(make_folders(folder));
  ZONDER_TRY(write_file(folder + "/root.hints", root_hints(work.lab)));
  std::string conf = "server:\n  directory: \"" + folder +
                     "\"\n  chroot: \"\"\n  username: \"\"\n  pidfile: \"\"\n"
                     "  use-syslog: no\n  logfile: \"\"\n  do-daemonize: no\n  num-threads: 1\n"
                     "  outgoing-range: 128\n  num-queries-per-thread: 64\n"
                     "  access-control: 0.0.0.0/0 allow\n  access-control: ::/0 allow\n"
                     "  val-log-level: 1\n  root-hints: \"root.hints\"\n";
  for (const auto& address : host.addresses) {
    conf += "  interface: " + address.to_string() + "\n";
  }
  const auto anchor = work.ds.find(".");
  conf += std::string("  module-config: \"") +
          (anchor == work.ds.end() ? "iterator" : "validator iterator") + "\"\n";
  if (anchor != work.ds.end()) {
    conf += "  trust-anchor: \". DS " + anchor->second.front() + "\"\n";
  }
  conf += "remote-control:\n  control-enable: no\n";
  ZONDER_TRY(write_file(folder + "/unbound.conf", conf));
  work.result.start.push_back({.host = host.name,
                               .kind = "resolver",
                               .argv = {"unbound", "-d", "-p", "-c", folder + "/unbound.conf"},
                               .folder = folder,
                               .questions = {{.kind = Question::Kind::Dns,
                                              .address = host.addresses.front(),
                                              .port = 53,
                                              .zone = "."}}});
  return {};
}

/// A text in the quotes of nginx. It knows no way to write "$" but as a variable of that value.
std::string quoted(const std::string& text)
{
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
    }
    if (c == '$') {
      result += "${dollar}";
    } else {
      result += c;
    }
  }
  return result + "\"";
}

std::string location(const std::string& path, const std::string& content)
{
  return "    location " + std::string(path == "/" ? "= " : "") + path + " { " + content + " }\n";
}

std::string nginx_conf(const Host& host, const std::string& folder)
{
  std::string conf =
      "daemon off;\nmaster_process off;\nuser root root;\nerror_log stderr warn;\npid " + folder +
      "/pid;\nevents { worker_connections 256; }\nhttp {\n  access_log off;\n"
      "  default_type text/html;\n  charset utf-8;\n  server_tokens off;\n"
      "  geo $dollar { default \"$\"; }\n";
  for (const auto* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    conf += "  " + std::string(kind) + "_temp_path " + folder + "/" + kind + ";\n";
  }
  conf += "  server {\n";
  for (const auto& address : host.addresses) {
    conf += "    listen " + bracketed(address) + ":80;\n    listen " + bracketed(address) +
            ":443 ssl;\n";
  }
  conf += "    ssl_certificate " + folder + "/chain.pem;\n    ssl_certificate_key " + folder +
          "/key.pem;\n";
  for (const auto& [path, html] : host.web->pages) {
    conf += location(path, "return 200 " + quoted(html) + ";");
  }
  for (const auto& [path, url] : host.web->redirects) {
    conf += location(path, "return 302 " + quoted(url) + ";");
  }
  if (host.identity) {
    conf += "    location / { proxy_pass http://127.0.0.1:" + std::to_string(identity_port) +
            "; proxy_set_header Host $host; proxy_set_header X-Forwarded-Proto https; "
            "proxy_set_header X-Forwarded-For $remote_addr; }\n";
  } else {
    conf += "    location / { return 404 \"there is no such page\"; }\n";
  }
  return conf + "  }\n}\n";
}

Result<void> write_web(Work& work, const Host& host)
{
  if (!work.installed(host, "web", "nginx")) {
    return {};
  }
  const auto folder = folder_of(host) + "/web";
  ZONDER_TRY(make_folders(folder));
  const auto certificate = work.authority.issue(host.names);
  if (!certificate) {
    return fail(certificate.error());
  }
  ZONDER_TRY(write_file(folder + "/chain.pem", certificate->chain));
  ZONDER_TRY(write_file(folder + "/key.pem", certificate->key, 0600));
  ZONDER_TRY(write_file(folder + "/nginx.conf", nginx_conf(host, folder)));
  work.result.start.push_back(
      {.host = host.name,
       .kind = "web",
       .argv = {"nginx", "-c", folder + "/nginx.conf", "-p", folder, "-e", "stderr"},
       .folder = folder,
       .questions = {{.address = host.addresses.front(), .port = 80},
                     {.address = host.addresses.front(), .port = 443}}});
  return {};
}

std::string postfix_main(const Host& host, const std::string& folder)
{
  std::string domains;
  for (const auto& domain : host.mail->domains) {
    domains += " " + domain;
  }
  std::string addresses;
  for (const auto& address : host.addresses) {
    addresses += " " + bracketed(address);
  }
  return "compatibility_level = 3.6\nqueue_directory = " + folder +
         "/spool\ndata_directory = " + folder +
         "/data\nmail_owner = postfix\nsetgid_group = postdrop\nmyhostname = " +
         (host.names.empty() ? host.name + ".invalid" : host.names.front()) +
         "\nmydestination =\nmynetworks = 127.0.0.0/8\ninet_protocols = all\ninet_interfaces =" +
         addresses + "\nalias_maps =\nalias_database =\nlocal_recipient_maps =\n" +
         "virtual_mailbox_domains =" + domains + "\nvirtual_mailbox_base = " + folder +
         "/mail\nvirtual_mailbox_maps = static:inbox\nvirtual_minimum_uid = 1\n"
         "virtual_uid_maps = static:65534\nvirtual_gid_maps = static:65534\n"
         "default_transport = error:this mail server sends no mail on\n"
         "smtpd_relay_restrictions = reject_unauth_destination\n"
         "smtpd_peername_lookup = no\nsmtputf8_enable = no\n"
         "maillog_file = /dev/stdout\nbiff = no\n";
}

/// The services of postfix that taking and keeping mail needs; none in a chroot.
constexpr const char* postfix_master = R"(smtp inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
)";

/// What "postfix start" would make by some hundreds of little programs; we start its master at
/// once. False where a file cannot be given to another user: postfix has several, and needs root
/// for it.
bool make_postfix_folders(const std::string& folder)
{
  const passwd* postfix = ::getpwnam("postfix");
  const group* postdrop = ::getgrnam("postdrop");
  if (postfix == nullptr || postdrop == nullptr) {
    return false;
  }
  const auto make = [&](const std::string& part, uid_t uid, gid_t gid, mode_t mode) {
    const auto path = folder + "/" + part;
    std::error_code error;
    std::filesystem::create_directories(path, error);
    return ::chown(path.c_str(), uid, gid) == 0 && ::chmod(path.c_str(), mode) == 0;
  };
  constexpr uid_t nobody = 65534;
  bool made = make("mail", nobody, nobody, 0700) && make("data", postfix->pw_uid, 0, 0700) &&
              make("spool/pid", 0, 0, 0755) &&
              make("spool/maildrop", postfix->pw_uid, postdrop->gr_gid, 01730) &&
              make("spool/public", postfix->pw_uid, postdrop->gr_gid, 02710);
  for (const auto* part : {"active",
                           "bounce",
                           "corrupt",
                           "defer",
                           "deferred",
                           "flush",
                           "hold",
                           "incoming",
                           "private",
                           "saved",
                           "trace"}) {
    made = made && make(std::string("spool/") + part, postfix->pw_uid, 0, 0700);
  }
  return made;
}

Result<void> write_mail(Work& work, const Host& host)
{
  if (!work.installed(host, "mail", "postfix")) {
    return {};
  }
  const auto folder = folder_of(host) + "/mail";
  ZONDER_TRY(make_folders(folder + "/spool"));
  const auto daemons = run_captured({"postconf", "-dh", "daemon_directory"});
  if (!daemons || !make_postfix_folders(folder)) {
    work.leave_out(host, "mail", say("postfix runs as root only"));
    return {};
  }
  const auto programs = daemons->out.substr(0, daemons->out.find('\n'));
  ZONDER_TRY(write_file(folder + "/main.cf", postfix_main(host, folder)));
  ZONDER_TRY(write_file(folder + "/master.cf", postfix_master));
  work.result.start.push_back(
      {.host = host.name,
       .kind = "mail",
       .argv = {programs + "/master", "-c", folder, "-s"},
       .folder = folder,
       .questions = {
           {.kind = Question::Kind::Greeting, .address = host.addresses.front(), .port = 25}}});
  return {};
}

/// oidc-provider needs node 20; what Debian 12 brings is 18.
bool is_new_enough(const std::string& node)
{
  constexpr int oldest = 20;
  const auto printed = run_captured({node, "--version"}, std::chrono::seconds(5));
  return printed && printed->out.starts_with('v') &&
         std::strtol(printed->out.c_str() + 1, nullptr, 10) >= oldest;
}

/// The machine's own node, or the one that script/bootstrap puts into the checkout.
std::optional<std::string> find_node(const std::string& identity_folder)
{
  const std::array<std::optional<std::string>, 2> places = {
      find_program("node"),
      find_program(identity_folder + "/../../build/node/node_modules/node/bin/node")};
  for (const auto& place : places) {
    if (place && is_new_enough(*place)) {
      return place;
    }
  }
  return std::nullopt;
}

Result<void> write_identity(Work& work, const Host& host)
{
  const auto node = find_node(work.identity_folder);
  if (!node) {
    work.leave_out(host, "identity", say("it needs node 20 or later; script/bootstrap brings it"));
    return {};
  }
  std::error_code ignored;
  if (!std::filesystem::exists(work.identity_folder + "/node_modules/oidc-provider", ignored)) {
    work.leave_out(host,
                   "identity",
                   say("oidc-provider is not installed in {}; script/bootstrap brings it",
                       work.identity_folder));
    return {};
  }
  const auto folder = folder_of(host) + "/identity";
  ZONDER_TRY(make_folders(folder));
  auto clients = nlohmann::json::array();
  for (const auto& client : host.identity->clients) {
    clients.push_back(
        {{"id", client.id}, {"secret", client.secret}, {"redirect", client.redirect}});
  }
  const nlohmann::json settings = {{"issuer", host.identity->issuer},
                                   {"port", identity_port},
                                   {"clients", clients},
                                   {"users", host.identity->users}};
  ZONDER_TRY(write_file(folder + "/settings.json", settings.dump(2)));
  work.result.start.push_back(
      {.host = host.name,
       .kind = "identity",
       .argv = {*node, work.identity_folder + "/server.mjs", folder + "/settings.json"},
       .folder = folder,
       .questions = {{.kind = Question::Kind::Http,
                      .address = net::Address::v4(0x7f000001),
                      .port = identity_port}}});
  return {};
}

/// All servers of one host.
Result<void> write_host(Work& work, const Host& host)
{
  using Writer = Result<void> (*)(Work&, const Host&);
  const std::array<std::pair<bool, Writer>, 5> writers = {
      {{work.lab.serves_dns(host.name), write_dns},
       {host.name == work.lab.resolver, write_resolver},
       {host.web.has_value(), write_web},
       {host.mail.has_value(), write_mail},
       {host.identity.has_value(), write_identity}}};
  for (const auto& [wanted, write] : writers) {
    if (wanted) {
      ZONDER_TRY(write(work, host));
    }
  }
  return {};
}

// --- Asking ---------------------------------------------------------------------------------

constexpr int patience = 250;  // milliseconds, for each step of a question

bool is_ready(const Descriptor& socket, short what)
{
  pollfd ready = {.fd = socket.get(), .events = what, .revents = 0};
  return ::poll(&ready, 1, patience) == 1 && (ready.revents & what) != 0;
}

Descriptor connect_to(net::Address address, std::uint16_t port, int type)
{
  const auto bytes = address.bytes();
  sockaddr_in where4 = {};
  sockaddr_in6 where6 = {};
  const sockaddr* where = reinterpret_cast<const sockaddr*>(&where6);
  socklen_t size = sizeof where6;
  if (address.is_v4()) {
    where4.sin_family = AF_INET;
    where4.sin_port = htons(port);
    std::copy_n(bytes.begin(), 4, reinterpret_cast<std::uint8_t*>(&where4.sin_addr));
    where = reinterpret_cast<const sockaddr*>(&where4);
    size = sizeof where4;
  } else {
    where6.sin6_family = AF_INET6;
    where6.sin6_port = htons(port);
    std::ranges::copy(bytes, std::begin(where6.sin6_addr.s6_addr));
  }
  Descriptor socket(
      ::socket(address.is_v4() ? AF_INET : AF_INET6, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) {
    return {};
  }
  if (::connect(socket.get(), where, size) == 0) {
    return socket;
  }
  int error = 0;
  socklen_t error_size = sizeof error;
  if (!is_ready(socket, POLLOUT) ||
      ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &error_size) != 0 || error != 0) {
    return {};
  }
  return socket;
}

std::string say_and_hear(const Descriptor& socket, const std::string& text)
{
  if (!socket ||
      ::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL) !=
          static_cast<ssize_t>(text.size()) ||
      !is_ready(socket, POLLIN)) {
    return {};
  }
  std::array<char, 4096> buffer{};
  const auto count = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
  return {buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

/// A question for the SOA of a zone, recursion desired (RFC 1035 section 4).
std::string soa_question(const std::string& zone)
{
  std::string message("\x5a\x4e\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00", 12);
  std::istringstream labels(zone == "." ? "" : zone);
  for (std::string label; std::getline(labels, label, '.');) {
    message += static_cast<char>(label.size());
    message += label;
  }
  return message + std::string("\x00\x00\x06\x00\x01", 5);
}

bool answers_dns(const Question& question)
{
  const auto socket = connect_to(question.address, question.port, SOCK_DGRAM);
  const auto answer = say_and_hear(socket, soa_question(question.zone));
  constexpr unsigned rcode_mask = 0x0f;
  return answer.size() > 12 && (static_cast<unsigned char>(answer[3]) & rcode_mask) == 0 &&
         answer[7] != 0;
}

}  // namespace

Result<Servers>
prepare_servers(const LabFile& lab, trust::Authority& authority, const std::string& identity_folder)
{
  std::error_code ignored;
  Work work = {.lab = lab,
               .authority = authority,
               .identity_folder =
                   std::filesystem::weakly_canonical(identity_folder, ignored).string(),
               .ds = {},
               .result = {}};
  if (find_program("keymgr")) {
    ZONDER_TRY(make_keys(work));
  }
  for (const auto& host : lab.hosts) {
    ZONDER_TRY(write_host(work, host));
  }
  return std::move(work.result);
}

bool answers(const Question& question)
{
  switch (question.kind) {
  case Question::Kind::Dns:
    return answers_dns(question);
  case Question::Kind::Http:
    return say_and_hear(connect_to(question.address, question.port, SOCK_STREAM),
                        "GET /.well-known/openid-configuration HTTP/1.0\r\n\r\n")
        .starts_with("HTTP/1.1 200");
  case Question::Kind::Greeting:
    return say_and_hear(connect_to(question.address, question.port, SOCK_STREAM), "")
        .starts_with("220");
  case Question::Kind::Connect:
    return static_cast<bool>(connect_to(question.address, question.port, SOCK_STREAM));
  }
  return false;
}

std::string find_identity_provider()
{
  const char* chosen = std::getenv("ZONDER_IDENTITY_PROVIDER");
  const auto place = chosen != nullptr && *chosen != '\0'
                         ? std::string(chosen)
                         : program_folder() + "/../share/zonder/identity-provider";
  std::error_code ignored;
  return std::filesystem::weakly_canonical(place, ignored).string();
}

}  // namespace zonder::lab

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.hh"
#include "lab/lab_file.hh"
#include "trust/authority.hh"

// The real servers of a lab: which program, with which settings, and how it is seen that it
// answers. Writing the settings starts nothing and sends nothing.
namespace zonder::lab {

/// How to ask a server whether it is there, inside its host.
struct Question {
  enum class Kind { Connect, Greeting, Http, Dns } kind = Kind::Connect;
  net::Address address = net::Address::v4(0);
  std::uint16_t port = 0;
  std::string zone = {};  // Dns: the SOA of this zone
};

/// A program to start in a host.
struct Server {
  std::string host;
  std::string kind;  // "dns", "resolver", "web", "mail", "identity"
  std::vector<std::string> argv;
  std::string folder;  // its own, and its log is FOLDER/log
  std::vector<Question> questions;
};

/// A server of the file that cannot run on this machine or with these rights.
struct LeftOut {
  std::string host;
  std::string kind;
  std::string reason;  // in the user's language
};

struct Servers {
  std::vector<Server> start;
  std::vector<LeftOut> left_out;
};

/// Writes all settings, keys and certificates under lab_folder, and tells what to start. Makes the
/// DNSSEC keys with the program keymgr; `identity_folder` is where oidc-provider is installed.
Result<Servers> prepare_servers(const LabFile& lab,
                                trust::Authority& authority,
                                const std::string& identity_folder);

/// Asks once, from the calling thread's network namespace; waits a quarter of a second at most.
bool answers(const Question& question);

/// Where the identity provider is: $ZONDER_IDENTITY_PROVIDER, or beside this program.
std::string find_identity_provider();

}  // namespace zonder::lab

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/room_trust.hh"

#include <algorithm>
#include <array>

#include "base/file.hh"
#include "isolate/command.hh"
#include "model/room_authority.hh"

namespace zonder::isolate {
namespace {

// OpenSSL and what uses its defaults (Python, Ruby, Go); curl; Python's requests; Node.js; git.
constexpr std::array variables = {"SSL_CERT_FILE",
                                  "CURL_CA_BUNDLE",
                                  "REQUESTS_CA_BUNDLE",
                                  "NODE_EXTRA_CA_CERTS",
                                  "GIT_SSL_CAINFO"};
// Debian's has some 220 kB. The room's files lie in 4 MB of memory.
constexpr std::size_t longest_file = 600000;
constexpr std::size_t longest_bundle = 2000000;

}  // namespace

std::string room_certificates(const std::vector<std::string>& environment, const std::string& ours)
{
  std::vector<std::string> files = {trusted_certificates};
  for (const auto* name : variables) {
    const auto file = variable(environment, name);
    if (!file.empty() && std::find(files.begin(), files.end(), file) == files.end()) {
      files.push_back(file);
    }
  }
  std::string bundle;
  for (const auto& file : files) {
    // One that is not there, or not for us, is neither for the command.
    const auto content = read_file(file, longest_file);
    if (content && content->size() < longest_bundle - bundle.size()) {
      bundle += *content + "\n";
    }
  }
  return bundle + ours;
}

void trust_by_environment(std::vector<std::string>& environment, const std::string& pin)
{
  const auto set = [&environment](const std::string& name, const std::string& value) {
    const auto start = name + "=";
    environment.erase(
        std::remove_if(environment.begin(),
                       environment.end(),
                       [&](const std::string& each) { return each.starts_with(start); }),
        environment.end());
    environment.push_back(start + value);
  };
  for (const auto* name : variables) {
    set(name, trusted_certificates);
  }
  set(model::authority_variable, pin);
}

}  // namespace zonder::isolate

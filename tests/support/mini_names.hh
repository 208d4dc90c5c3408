// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

#include "support/dns_bytes.hh"

// The names of the mini internet as its own name servers tell them, from a root down:
//
//   .                     193.0.14.129
//   example               194.0.28.53
//   europe.example        193.0.14.130   www at the European service; shop is an alias of
//                                        shop.azurewebsites.example
//   azure-dns.example     20.190.128.1   Microsoft's name servers, ns1-01 and ns2-01
//   azurewebsites.example at those, its shop at the European service
//   gemeente.example      at those, its www at the European service: nothing but its names is there
//   half.example          at ns1-01.azure-dns.example and at ns.europe.example
namespace zonder::test {

inline constexpr const char* root_server = "193.0.14.129";
inline constexpr const char* example_server = "194.0.28.53";
inline constexpr const char* europe_server = "193.0.14.130";

/// The root of this internet, as a resolver's root hints.
std::string root_hints();

/// What the name server at this address answers; empty: nothing, it is none or the query is odd.
Bytes authoritative_answer(const std::string& server, const Bytes& query);

}  // namespace zonder::test

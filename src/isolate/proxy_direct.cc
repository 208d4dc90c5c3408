// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
// The way to who was asked for, where there is no proxy behind us.
#include "isolate/proxy_answer.hh"
#include "isolate/proxy_steps.hh"
#include "wire/http/proxy_request.hh"

namespace zonder::isolate {

namespace http = wire::http;
using Phase = ProxyPhase;
using Connection = ProxyConnection;

/// To an address that was judged, and to no other: nothing is looked up again.
void ProxySteps::go_directly(Number number)
{
  auto& connection = connections.at(number);
  const auto& judgement = connection.judgement;
  auto& request = connection.request;
  if (!request.opens_tunnel()) {
    auto head = http::head_for_server(request);
    if (!head) {
      refuse_misunderstood(number);  // such as https:// without a tunnel
      return;
    }
    request.head = std::move(*head);
  }
  connection.to_try = judgement.others;
  const auto& first = request.address ? request.address : judgement.living;
  if (first) {
    connection.to_try.insert(connection.to_try.begin(), *first);
  }
  const bool unanswered = judgement.footing == ProxyFooting::Unanswered;
  auto row = row_of(connection, unanswered ? model::Verdict::Blocked : model::Verdict::Passed);
  row.address = first;
  note(connection, row);
  if (!first) {
    account.of(connection.proxy).not_judged += unanswered ? 1U : 0U;
    answer(number, unanswered ? ProxyAnswer::NotLookedUp : ProxyAnswer::NoAddress);
    return;
  }
  connect(number);
}

void ProxySteps::on_connected(Connection& connection)
{
  if (connection.request.opens_tunnel()) {
    connection.room.out += "HTTP/1.1 200 Connection established\r\n\r\n";
    connection.phase = Phase::Hello;
    return;
  }
  send_request(connection);
}

}  // namespace zonder::isolate

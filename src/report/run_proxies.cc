// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/run_proxies.hh"

#include <algorithm>

#include "base/translate.hh"
#include "report/run_verdict.hh"

namespace zonder::report {
namespace {

using model::ProxyUse;

constexpr std::size_t most_sentences = 4;

bool is_usual_for_proxies(std::uint16_t port)
{
  return port == 3128 || port == 8080 || port == 8888;
}

/// One that is not asked anything by way of zonder.
std::string what_became_of(const ProxyUse& use, const std::string& proxy, const Style& style)
{
  switch (use.kind) {
  case ProxyUse::Kind::Closed:
    return say("The proxy {} cannot be seen through (TLS or SOCKS), so it was closed.", proxy);
  case ProxyUse::Kind::Absent:
    return say("The proxy {} is itself of {}, so it was gone too.",
               proxy,
               harmless(use.party, style.unicode));
  case ProxyUse::Kind::NotFound:
    return say("The proxy {} had no address here, so it had none for the command.", proxy);
  case ProxyUse::Kind::SeenThrough:
    break;
  }
  return say("The proxy {} was seen through; nothing was asked of it.", proxy);
}

std::vector<std::string> sentences_of(const ProxyUse& use, const Style& style)
{
  const auto proxy = harmless(use.proxy, style.unicode);
  std::vector<std::string> sentences;
  if (use.requests == 0 || use.kind != ProxyUse::Kind::SeenThrough) {
    sentences.push_back(what_became_of(use, proxy, style));
  }
  if (use.requests > 0) {
    sentences.push_back(
        fmt::format(fmt::runtime(ntr("{0} request through {1}; for the absent: {2}.",
                                     "{0} requests through {1}; for the absent: {2}.",
                                     use.requests)),
                    use.requests,
                    proxy,
                    use.for_absent));
  }
  const auto add = [&](std::uint64_t count, std::string sentence) {
    if (count > 0) {
      sentences.push_back(std::move(sentence));
    }
  };
  add(use.by_name_only,
      say("Passed on to {} by their name alone: {} requests. Nobody here could look the name up "
          "whole, or it led elsewhere another time; whether the proxy went to the absent with it "
          "is "
          "not known.",
          proxy,
          use.by_name_only));
  add(use.not_judged,
      use.on_this_machine
          ? say("Refused, not passed on to {}, which is on this machine: {} requests, of which "
                "nobody here could tell that their name leads to no service of the machine itself. "
                "With --allow-host PORT those for that port pass.",
                proxy,
                use.not_judged)
          : say("Refused, not passed on to {}: {} requests of which nobody here could tell where "
                "their name leads, since no answer came for it in time.",
                proxy,
                use.not_judged));
  add(use.fronted,
      say("Through {}, {} tunnels to others asked for the absent inside, by TLS.",
          proxy,
          use.fronted));
  add(use.off_limits,
      say("Not passed on to {}, since they were for this machine itself: {} requests.",
          proxy,
          use.off_limits));
  add(use.not_understood,
      say("Refused since they were not plainly requests to a proxy ({}): {}.",
          proxy,
          use.not_understood));
  add(use.not_reached,
      say("The proxy {} itself did not answer {} times: what failed may have failed for that.",
          proxy,
          use.not_reached));
  return sentences;
}

}  // namespace

NotJudged not_judged(const model::Proxies& proxies)
{
  NotJudged all;
  for (const auto& use : proxies.uses) {
    all.passed += use.by_name_only;
    all.refused += use.not_judged;
  }
  return all;
}

std::vector<std::string> not_judged_sentences(const model::Proxies& proxies)
{
  const auto all = not_judged(proxies);
  std::vector<std::string> sentences;
  if (all.passed > 0) {
    sentences.push_back(fmt::format(
        fmt::runtime(ntr("NOT KNOWN: {0} request passed a proxy by its name alone; it may have "
                         "reached the absent.",
                         "NOT KNOWN: {0} requests passed a proxy by their name alone; they may "
                         "have reached the absent.",
                         all.passed)),
        all.passed));
  }
  if (all.refused > 0) {
    sentences.push_back(fmt::format(
        fmt::runtime(ntr("{0} request to a proxy was refused, since nobody here could tell where "
                         "its name leads: for whom it was is not known.",
                         "{0} requests to a proxy were refused, since nobody here could tell where "
                         "their names lead: for whom they were is not known.",
                         all.refused)),
        all.refused));
  }
  return sentences;
}

std::vector<std::string> proxy_grounds(const model::RunRecord& record, const Style& style)
{
  std::vector<std::string> sentences;
  for (const auto& use : record.proxies.uses) {
    const auto more = sentences_of(use, style);
    sentences.insert(sentences.end(), more.begin(), more.end());
  }
  if (record.proxies.unlisted > 0) {
    sentences.push_back(say("{} more requests to proxies were made than could be listed.",
                            record.proxies.unlisted));
  }
  if (record.proxies.turned_away > 0) {
    sentences.push_back(say(
        "{} connections to proxies were ended by zonder, since it had as many as it takes, or no "
        "descriptor left (ulimit -n): what failed may have failed for that.",
        record.proxies.turned_away));
  }
  if (record.proxies.waited > 0) {
    sentences.push_back(
        say("{} times connections to proxies had to wait, since zonder had no descriptor left "
            "(ulimit -n).",
            record.proxies.waited));
  }
  return sentences;
}

std::vector<std::string> proxy_limits(const model::RunRecord& record, const Style& style)
{
  std::vector<std::string> sentences;
  const auto& uses = record.proxies.uses;
  if (std::any_of(uses.begin(), uses.end(), [](const ProxyUse& use) { return use.requests > 0; })) {
    sentences.emplace_back(
        tr("A proxy looks names up itself and has a cache: what it keeps of the absent comes all "
           "the same, and where it goes by itself is not seen."));
  }
  for (const auto& attempt : record.attempts) {
    if (attempt.verdict == model::Verdict::Passed && attempt.protocol == "tcp" &&
        is_usual_for_proxies(attempt.port) && sentences.size() < most_sentences) {
      sentences.push_back(say("{} was reached at port {}, where proxies often are: if it is one, "
                              "what it was asked for was not seen (--proxy tells zonder of it).",
                              target_of(attempt, style),
                              attempt.port));
    }
  }
  return sentences;
}

}  // namespace zonder::report

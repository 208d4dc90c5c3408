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
constexpr std::size_t most_named = 3;

bool is_usual_for_proxies(std::uint16_t port)
{
  return port == 3128 || port == 8080 || port == 8888;
}

/// That it is at a proxy which was left unseen with the user's knowledge: told apart.
bool is_told_of(const model::Attempt& attempt, const model::Proxies& proxies)
{
  const auto is_its = [&attempt](const std::string& host, const std::string& proxy) {
    return proxy == host + ":" + std::to_string(attempt.port);
  };
  return std::any_of(proxies.uses.begin(), proxies.uses.end(), [&](const ProxyUse& use) {
    if (use.kind != ProxyUse::Kind::Unseen || use.unseen == 0) {
      return false;
    }
    const bool by_name =
        std::any_of(attempt.names.begin(), attempt.names.end(), [&](const std::string& name) {
          return is_its(name, use.proxy);
        });
    return by_name || (attempt.address && is_its(attempt.address->to_string(), use.proxy));
  });
}

/// What went to one that nobody saw through.
std::string what_went_unseen(const ProxyUse& use, const std::string& proxy)
{
  return use.unseen == 0
             ? say("The proxy {} was left unseen, and no connection went to it.", proxy)
             : fmt::format(
                   fmt::runtime(ntr("The proxy {1} was left unseen: what was asked of it is not "
                                    "known ({0} connection went to it, or may have).",
                                    "The proxy {1} was left unseen: what was asked of it is not "
                                    "known ({0} connections went to it, or may have).",
                                    use.unseen)),
                   use.unseen,
                   proxy);
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
  case ProxyUse::Kind::Unseen:
    return what_went_unseen(use, proxy);
  case ProxyUse::Kind::SeenThrough:
    break;
  }
  return say("The proxy {} was seen through; nothing was asked of it.", proxy);
}

std::string by_name_alone(const ProxyUse& use, const std::string& proxy)
{
  return fmt::format(
      fmt::runtime(
          ntr("Passed on to {1} by its name alone: {0} request. Nobody here could look the name "
              "up whole, or it led elsewhere another time; whether the proxy went to the absent "
              "with it is not known.",
              "Passed on to {1} by their name alone: {0} requests. Nobody here could look the name "
              "up whole, or it led elsewhere another time; whether the proxy went to the absent "
              "with it is not known.",
              use.by_name_only)),
      use.by_name_only,
      proxy);
}

std::string refused_unjudged(const ProxyUse& use, const std::string& proxy)
{
  const auto* text =
      use.on_this_machine
          ? ntr("Refused, not passed on to {1}, which is on this machine: {0} request, of which "
                "nobody here could tell in time that its name leads to no service of the machine "
                "itself. "
                "With --allow-host PORT those for that port pass.",
                "Refused, not passed on to {1}, which is on this machine: {0} requests, of which "
                "nobody here could tell in time that their name leads to no service of the machine "
                "itself. "
                "With --allow-host PORT those for that port pass.",
                use.not_judged)
          : ntr("Refused, not passed on to {1}: {0} request of which nobody here could tell where "
                "its name leads: no answer came for it before it was given up, or it leads to this "
                "machine and to the absent.",
                "Refused, not passed on to {1}: {0} requests of which nobody here could tell where "
                "their name leads: no answer came for it before they were given up, or it leads to "
                "this machine and to the absent.",
                use.not_judged);
  return fmt::format(fmt::runtime(text), use.not_judged, proxy);
}

/// Of those that were read, how many there were.
std::string requests_sentence(const ProxyUse& use, const std::string& proxy)
{
  return fmt::format(fmt::runtime(ntr("{0} request through {1}; for the absent: {2}.",
                                      "{0} requests through {1}; for the absent: {2}.",
                                      use.requests)),
                     use.requests,
                     proxy,
                     use.for_absent);
}

std::string fronted_sentence(const ProxyUse& use, const std::string& proxy)
{
  return fmt::format(
      fmt::runtime(ntr("Through {1}, {0} tunnel to others asked for the absent inside, by TLS.",
                       "Through {1}, {0} tunnels to others asked for the absent inside, by TLS.",
                       use.fronted)),
      use.fronted,
      proxy);
}

std::string off_limits_sentence(const ProxyUse& use, const std::string& proxy)
{
  return fmt::format(
      fmt::runtime(
          ntr("Not passed on to {1}, since it was for this machine itself: {0} request.",
              "Not passed on to {1}, since they were for this machine itself: {0} requests.",
              use.off_limits)),
      use.off_limits,
      proxy);
}

std::string not_reached_sentence(const ProxyUse& use, const std::string& proxy)
{
  return fmt::format(
      fmt::runtime(ntr("The proxy {1} itself did not answer {0} time: what failed may have failed "
                       "for that.",
                       "The proxy {1} itself did not answer {0} times: what failed may have failed "
                       "for that.",
                       use.not_reached)),
      use.not_reached,
      proxy);
}

/// To one that is closed, or past one that is seen through.
std::string stopped_sentence(const ProxyUse& use, const std::string& proxy)
{
  return fmt::format(fmt::runtime(ntr("Stopped on its way to {1}, unread: {0} connection.",
                                      "Stopped on their way to {1}, unread: {0} connections.",
                                      use.unseen)),
                     use.unseen,
                     proxy);
}

std::vector<std::string> sentences_of(const ProxyUse& use, const Style& style)
{
  const auto proxy = harmless(use.proxy, style.unicode);
  std::vector<std::string> sentences;
  if (use.requests == 0 || use.kind != ProxyUse::Kind::SeenThrough) {
    sentences.push_back(what_became_of(use, proxy, style));
  }
  const auto add = [&](std::uint64_t count, const auto& sentence) {
    if (count > 0) {
      sentences.push_back(sentence(use, proxy));
    }
  };
  add(use.requests, requests_sentence);
  add(use.by_name_only, by_name_alone);
  add(use.not_judged, refused_unjudged);
  add(use.fronted, fronted_sentence);
  add(use.off_limits, off_limits_sentence);
  if (use.not_understood > 0) {
    sentences.push_back(say("Refused since they were not plainly requests to a proxy ({}): {}.",
                            proxy,
                            use.not_understood));
  }
  add(use.kind == ProxyUse::Kind::Unseen ? 0 : use.unseen, stopped_sentence);
  add(use.not_reached, not_reached_sentence);
  return sentences;
}

/// Of those that were left unseen, or of all others: "a.example:3128, b.example:8080 ..."
std::string not_read(const model::Proxies& proxies, bool left_unseen, const Style& style)
{
  std::string list;
  std::size_t listed = 0;
  for (const auto& use : proxies.uses) {
    const bool is_such = (use.kind == ProxyUse::Kind::Unseen) == left_unseen;
    if (is_such && use.unseen > 0 && listed++ < most_named) {
      list += (list.empty() ? "" : ", ") + harmless(use.proxy, style.unicode);
    }
  }
  return listed > most_named ? list + ", ..." : list;
}

std::string refused_in_all(std::uint64_t count)
{
  return fmt::format(
      fmt::runtime(ntr("{0} request to a proxy was refused or given up, before anybody here could "
                       "tell where its name leads: for whom it was is not known.",
                       "{0} requests to a proxy were refused or given up, before anybody here "
                       "could tell where their names lead: for whom they were is not known.",
                       count)),
      count);
}

std::string unread_in_all(std::uint64_t count)
{
  return fmt::format(
      fmt::runtime(ntr("{0} time a proxy was sent what is not plainly one request, or more than "
                       "one: that was not passed on, and for whom it was is not known.",
                       "{0} times a proxy was sent what is not plainly one request, or more than "
                       "one: that was not passed on, and for whom it was is not known.",
                       count)),
      count);
}

std::string stopped_in_all(std::uint64_t count, const std::string& proxies)
{
  return fmt::format(
      fmt::runtime(ntr("{0} connection to a proxy that cannot be seen through was stopped ({1}): "
                       "for whom it was is not known.",
                       "{0} connections to a proxy that cannot be seen through were stopped ({1}): "
                       "for whom they were is not known.",
                       count)),
      count,
      proxies);
}

std::string ended_in_all(std::uint64_t count)
{
  return fmt::format(
      fmt::runtime(ntr("{0} connection to a proxy was ended unread, since zonder takes no more at "
                       "once: for whom it was is not known.",
                       "{0} connections to a proxy were ended unread, since zonder takes no more "
                       "at once: for whom they were is not known.",
                       count)),
      count);
}

}  // namespace

NotJudged not_judged(const model::Proxies& proxies)
{
  NotJudged all;
  for (const auto& use : proxies.uses) {
    all.passed += use.by_name_only;
    all.refused += use.not_judged;
    all.unread += use.not_understood;
    (use.kind == ProxyUse::Kind::Unseen ? all.unseen : all.stopped) += use.unseen;
  }
  all.ended = proxies.turned_away;
  return all;
}

std::vector<std::string> not_judged_sentences(const model::Proxies& proxies, const Style& style)
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
    sentences.push_back(refused_in_all(all.refused));
  }
  if (all.unread > 0) {
    sentences.push_back(unread_in_all(all.unread));
  }
  if (all.stopped > 0) {
    sentences.push_back(stopped_in_all(all.stopped, not_read(proxies, false, style)));
  }
  if (all.ended > 0) {
    sentences.push_back(ended_in_all(all.ended));
  }
  if (all.unseen > 0) {
    sentences.push_back(fmt::format(
        fmt::runtime(ntr("NOT KNOWN: {0} connection went, or may have gone, to a proxy that was "
                         "left unseen ({1}); it may have reached the absent.",
                         "NOT KNOWN: {0} connections went, or may have gone, to a proxy that was "
                         "left unseen ({1}); they may have reached the absent.",
                         all.unseen)),
        all.unseen,
        not_read(proxies, true, style)));
  }
  return sentences;
}

std::vector<std::size_t> perhaps_proxied(const model::RunRecord& record,
                                         const std::vector<std::size_t>& allowed)
{
  std::vector<std::size_t> places;
  if (record.later && !record.absent_from) {
    return places;  // so nobody was absent
  }
  for (std::size_t i = 0; i < record.attempts.size(); ++i) {
    const auto& attempt = record.attempts[i];
    if (attempt.verdict == model::Verdict::Passed && attempt.protocol == "tcp" &&
        is_usual_for_proxies(attempt.port) && !is_told_of(attempt, record.proxies) &&
        std::find(allowed.begin(), allowed.end(), i) == allowed.end()) {
      places.push_back(i);
    }
  }
  return places;
}

std::vector<std::string> perhaps_proxied_sentences(const model::RunRecord& record,
                                                   const std::vector<std::size_t>& allowed,
                                                   const Style& style)
{
  const auto places = perhaps_proxied(record, allowed);
  if (places.empty()) {
    return {};
  }
  std::uint64_t count = 0;
  std::string list;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto& attempt = record.attempts[places[i]];
    count += attempt.count;
    list += i < most_named
                ? (i == 0 ? "" : ", ") + target_of(attempt, style) + " " + protocol_of(attempt)
                : "";
  }
  return {fmt::format(
      fmt::runtime(ntr("NOT KNOWN: {0} connection went to a port where proxies often are ({1}); "
                       "through a proxy it may have reached the absent (--proxy tells zonder of "
                       "one, --allow of what is none).",
                       "NOT KNOWN: {0} connections went to ports where proxies often are ({1}); "
                       "through a proxy they may have reached the absent (--proxy tells zonder of "
                       "one, --allow of what is none).",
                       count)),
      count,
      places.size() > most_named ? list + ", ..." : list)};
}

std::vector<std::string> proxy_grounds(const model::RunRecord& record, const Style& style)
{
  std::vector<std::string> sentences;
  for (const auto& use : record.proxies.uses) {
    const auto more = sentences_of(use, style);
    sentences.insert(sentences.end(), more.begin(), more.end());
  }
  if (record.proxies.unlisted > 0) {
    sentences.push_back(
        fmt::format(fmt::runtime(ntr("{} more request to proxies was made than could be listed.",
                                     "{} more requests to proxies were made than could be listed.",
                                     record.proxies.unlisted)),
                    record.proxies.unlisted));
  }
  const auto& proxies = record.proxies;
  if (proxies.not_remembered > 0) {
    sentences.push_back(fmt::format(
        fmt::runtime(ntr(
            "Proxies were asked for more names than zonder remembers: {} name was taken for one "
            "that only the proxy knows.",
            "Proxies were asked for more names than zonder remembers: {} names were taken for "
            "such as only the proxy knows.",
            proxies.not_remembered)),
        proxies.not_remembered));
  }
  if (proxies.turned_away > 0) {
    sentences.push_back(fmt::format(
        fmt::runtime(ntr("{} connection to proxies was ended by zonder, since it had as many as it "
                         "takes, or no descriptor left (ulimit -n): what failed may have failed "
                         "for that.",
                         "{} connections to proxies were ended by zonder, since it had as many as "
                         "it takes, or no descriptor left (ulimit -n): what failed may have failed "
                         "for that.",
                         proxies.turned_away)),
        proxies.turned_away));
  }
  if (proxies.waited > 0) {
    sentences.push_back(fmt::format(
        fmt::runtime(ntr("{} time connections to proxies had to wait, since zonder had no "
                         "descriptor left (ulimit -n).",
                         "{} times connections to proxies had to wait, since zonder had no "
                         "descriptor left (ulimit -n).",
                         proxies.waited)),
        proxies.waited));
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
  for (const auto place : perhaps_proxied(record)) {
    const auto& attempt = record.attempts[place];
    if (sentences.size() < most_sentences) {
      sentences.push_back(say("{} was reached at port {}, where proxies often are: if it is one, "
                              "what it was asked for was not seen (--proxy tells zonder of it).",
                              target_of(attempt, style),
                              attempt.port));
    }
  }
  return sentences;
}

}  // namespace zonder::report

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "isolate/uplink.hh"

#include "base/child_process.hh"
#include "base/translate.hh"
#include "isolate/uplink_program.hh"
#include "isolate/uplink_veth.hh"

namespace zonder::isolate {
namespace {

Result<UplinkKind> choose_pasta(const RoomPlan& plan, bool as_root, double least)
{
  const auto figures = try_pasta(plan, as_root, least);
  return figures ? Result<UplinkKind>(UplinkKind::Pasta) : fail(figures.error());
}

Result<UplinkKind>
choose_by_itself(const RoomPlan& plan, bool as_root, double least, const Tell& tell)
{
  if (find_program("slirp4netns")) {
    return UplinkKind::Slirp4netns;
  }
  if (!find_program("pasta")) {
    return fail(Fault::NotPossible,
                say("neither slirp4netns nor pasta is installed; install one with \"apt install "
                    "slirp4netns\" or \"apt install passt\""));
  }
  auto chosen = choose_pasta(plan, as_root, least);
  if (!chosen) {
    return fail(Fault::NotPossible,
                say("slirp4netns is not installed (\"apt install slirp4netns\"), and {}",
                    chosen.error().message));
  }
  tell(say("slirp4netns is not installed: the uplink is pasta, which passed its trial"));
  return chosen;
}

}  // namespace

std::optional<UplinkKind> parse_uplink(std::string_view text)
{
  if (text == "auto") {
    return UplinkKind::Automatic;
  }
  if (text == "slirp4netns") {
    return UplinkKind::Slirp4netns;
  }
  if (text == "pasta") {
    return UplinkKind::Pasta;
  }
  return text == "veth" ? std::optional(UplinkKind::Veth) : std::nullopt;
}

Result<UplinkKind>
choose_uplink(const UplinkChoice& choice, RoomPlan& plan, bool as_root, const Tell& tell)
{
  if (choice.wanted != UplinkKind::Veth) {
    plan_for_relay(plan);
  }
  switch (choice.wanted) {
  case UplinkKind::Automatic:
    return choose_by_itself(plan, as_root, choice.pasta_least, tell);
  case UplinkKind::Pasta:
    return choose_pasta(plan, as_root, choice.pasta_least);
  case UplinkKind::Veth:
    ZONDER_TRY(prepare_veth(plan));
    return choice.wanted;
  case UplinkKind::Slirp4netns:
    break;
  }
  return UplinkKind::Slirp4netns;
}

Result<std::unique_ptr<Uplink>> start_uplink(
    UplinkKind kind, const RoomPlan& plan, const UplinkSite& site, bool as_root, const Tell& tell)
{
  switch (kind) {
  case UplinkKind::Pasta:
    return start_pasta(plan, site, as_root, HostLoopback::Closed);
  case UplinkKind::Veth:
    return start_veth(plan, site.holder, tell);
  case UplinkKind::Automatic:
  case UplinkKind::Slirp4netns:
    break;
  }
  return start_slirp4netns(plan, site, as_root);
}

}  // namespace zonder::isolate

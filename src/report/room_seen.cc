// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/room_seen.hh"

#include <algorithm>
#include <string_view>

#include "net/special_use.hh"

namespace zonder::report {
namespace {

using model::RoomContact;
using model::RoomRecord;

bool is_at_or_below(std::string_view name, std::string_view above)
{
  return !above.empty() && name.ends_with(above) &&
         (name.size() == above.size() || name[name.size() - above.size() - 1] == '.');
}

/// Cheap, as it is asked of every contact.
bool looks_like_address(std::string_view text)
{
  return text.find(':') != std::string_view::npos ||
         text.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// The last `count` labels; all of them where there are no more.
std::string_view last_labels(std::string_view name, int count)
{
  auto from = name.size();
  for (int i = 0; i < count && from != std::string_view::npos; ++i) {
    from = from == 0 ? std::string_view::npos : name.rfind('.', from - 1);
  }
  return from == std::string_view::npos ? name : name.substr(from + 1);
}

std::string_view guess_registered(std::string_view name)
{
  const auto two = last_labels(name, 2);
  const auto dot = two.find('.');
  const bool short_labels =
      dot != std::string_view::npos && dot <= 3 && two.size() - dot - 1 == 2;  // co.uk, gov.au
  return short_labels ? last_labels(name, 3) : two;
}

}  // namespace

bool is_near(const RoomContact& contact, model::Moment mark)
{
  return contact.last >= mark - near_before && contact.first <= mark + near_after;
}

bool is_of_task(const RoomContact& contact, const model::RoomTask& task)
{
  return std::any_of(task.names.begin(), task.names.end(), [&](const std::string& name) {
    return is_at_or_below(contact.name, name) ||
           (contact.address && looks_like_address(name) && contact.address->to_string() == name);
  });
}

bool is_for_absent(const RoomContact& contact, const RoomRecord& record)
{
  return contact.last >= record.cut &&
         (contact.blocked ||
          std::find(record.parties.begin(), record.parties.end(), contact.party) !=
              record.parties.end());
}

bool is_with_living(const RoomContact& contact, const RoomRecord& record)
{
  if (contact.last < record.cut || contact.blocked || contact.protocol == "dns") {
    return false;
  }
  const auto use = contact.address ? net::special_use(*contact.address) : std::nullopt;
  return use != net::SpecialUse::Multicast && use != net::SpecialUse::LinkLocal;
}

std::string service_of(const RoomContact& contact, const RoomRecord& record)
{
  std::string_view longest;
  for (const auto& task : record.tasks) {
    for (const auto& name : task.names) {
      if (name.size() > longest.size() && is_at_or_below(contact.name, name)) {
        longest = name;
      }
    }
  }
  return std::string(longest.empty() ? guess_registered(contact.name) : longest);
}

std::vector<std::vector<std::size_t>> contacts_by_device(const RoomRecord& record)
{
  std::vector<std::vector<std::size_t>> all(record.devices.size());
  for (std::size_t i = 0; i < record.contacts.size(); ++i) {
    if (const auto device = record.contacts[i].device; device < all.size()) {
      all[device].push_back(i);
    }
  }
  return all;
}

bool is_valid(const model::RoomMark& mark, const RoomRecord& record)
{
  return mark.task < record.tasks.size() && mark.device < record.devices.size() &&
         mark.time >= record.cut;
}

}  // namespace zonder::report

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "report/baseline.hh"

#include <algorithm>
#include <limits>
#include <optional>

#include <nlohmann/json.hpp>

#include "base/translate.hh"

namespace zonder::report {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char* schema = "zonder.baseline/1";
constexpr int deepest = 4;  // document, contacts, contact, and one for what a later version adds

ordered_json or_null(const std::string& text)
{
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

std::string line(const ordered_json& value)
{
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

tl::unexpected<Error> damaged(const std::string& place, const std::string& what)
{
  return fail(Fault::Usage,
              say("{}: this baseline is damaged: {}; take it back from version control, or make it "
                  "anew with --write-baseline",
                  place,
                  what));
}

/// "baseline.json:3:7", of a byte in it.
std::string place_of(std::size_t byte, std::string_view text, const std::string& path)
{
  const auto before = text.substr(0, byte == 0 ? 0 : byte - 1);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const auto start = before.rfind('\n');
  const auto column = start == std::string_view::npos ? before.size() : before.size() - start - 1;
  return path + ":" + std::to_string(lines + 1) + ":" + std::to_string(column + 1);
}

/// A text, or nothing where it is null or absent. Damaged when it is something else.
bool read_text(const json& object, const char* field, std::string& into)
{
  const auto found = object.find(field);
  if (found == object.end() || found->is_null()) {
    return true;
  }
  if (!found->is_string()) {
    return false;
  }
  // It is shown on terminals, and compared with what is harmless already.
  into = harmless(found->get_ref<const std::string&>(), true);
  return true;
}

std::optional<ContactKey> read_contact(const json& object)
{
  ContactKey key;
  if (!object.is_object() || !read_text(object, "party", key.party) ||
      !read_text(object, "target", key.target) || !read_text(object, "protocol", key.protocol) ||
      !read_text(object, "program", key.program) || key.party.empty() || key.target.empty() ||
      key.protocol.empty()) {
    return std::nullopt;
  }
  const auto port = object.find("port");
  if (port == object.end() || !port->is_number_unsigned() ||
      port->get<std::uint64_t>() > std::numeric_limits<std::uint16_t>::max()) {
    return std::nullopt;
  }
  key.port = port->get<std::uint16_t>();
  return key;
}

std::vector<ContactKey> sorted(std::vector<ContactKey> contacts)
{
  std::sort(contacts.begin(), contacts.end());
  contacts.erase(std::unique(contacts.begin(), contacts.end()), contacts.end());
  return contacts;
}

/// That it is a baseline at all, and one of ours.
Result<void> check_schema(const json& document, const std::string& path)
{
  const auto found = document.is_object() ? document.find("schema") : document.end();
  const auto named =
      found != document.end() && found->is_string() ? found->get<std::string>() : std::string();
  if (named == schema) {
    return {};
  }
  if (named.starts_with("zonder.baseline/")) {
    return fail(Fault::Usage,
                say("{} is a baseline of another version of zonder ({}; this one reads {}); make "
                    "it anew with --write-baseline",
                    path,
                    named,
                    schema));
  }
  if (named.starts_with("zonder.run")) {
    return fail(
        Fault::Usage,
        say("{} is a report of a run, not a baseline; --write-baseline FILE makes one", path));
  }
  return fail(Fault::Usage,
              say("{} is no baseline: its \"schema\" is not {}; --write-baseline FILE makes one",
                  path,
                  schema));
}

}  // namespace

Result<Baseline> baseline_from_json(std::string_view text, const std::string& path)
{
  json document;
  bool too_deep = false;
  try {
    document = json::parse(text, [&too_deep](int depth, json::parse_event_t, const json&) {
      too_deep = too_deep || depth > deepest;
      return depth <= deepest;
    });
  } catch (const json::parse_error& error) {
    return damaged(place_of(error.byte, text, path), tr("it is not JSON from there on"));
  } catch (const json::out_of_range&) {
    return damaged(path, tr("a number in it is larger than numbers can be"));
  }
  if (too_deep || document.is_discarded()) {
    return damaged(path, tr("lists in lists, deeper than any baseline has them"));
  }
  ZONDER_TRY(check_schema(document, path));
  Baseline baseline;
  if (!read_text(document, "without", baseline.selector) ||
      !read_text(document, "except", baseline.except) ||
      !read_text(document, "like", baseline.like)) {
    return damaged(path, tr("\"without\", \"except\" or \"like\" is no text"));
  }
  const auto contacts = document.find("contacts");
  if (contacts == document.end() || !contacts->is_array()) {
    return damaged(path, tr("it has no list of \"contacts\""));
  }
  for (std::size_t i = 0; i < contacts->size(); ++i) {
    auto contact = read_contact((*contacts)[i]);
    if (!contact) {
      return damaged(path,
                     say("contact {} does not have a party, a target, a protocol, a port and a "
                         "program as they must be",
                         i + 1));
    }
    baseline.contacts.push_back(std::move(*contact));
  }
  baseline.contacts = sorted(std::move(baseline.contacts));
  return baseline;
}

std::string baseline_as_json(const Baseline& baseline)
{
  std::string text = "{\n  \"schema\": " + line(schema) +
                     ",\n  \"without\": " + line(baseline.selector) +
                     ",\n  \"except\": " + line(or_null(baseline.except)) +
                     ",\n  \"like\": " + line(baseline.like) + ",\n  \"contacts\": [";
  // A line each, so that a change is a line in what version control shows.
  const char* between = "\n    ";
  for (const auto& key : baseline.contacts) {
    text += between + line({{"party", key.party},
                            {"target", key.target},
                            {"protocol", key.protocol},
                            {"port", key.port},
                            {"program", or_null(key.program)}});
    between = ",\n    ";
  }
  return text + (baseline.contacts.empty() ? "]\n}\n" : "\n  ]\n}\n");
}

Baseline baseline_of(const model::RunRecord& record, std::vector<ContactKey> contacts)
{
  return {.selector = harmless(record.selector, true),
          .except = harmless(record.except, true),
          .like = std::string(model::to_string(record.signature)),
          .contacts = sorted(std::move(contacts))};
}

bool is_of_such_a_run(const Baseline& baseline, const model::RunRecord& record)
{
  const auto now = baseline_of(record, {});
  return baseline.selector == now.selector && baseline.except == now.except &&
         baseline.like == now.like;
}

}  // namespace zonder::report

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "wire/entra/entra.hh"

#include <algorithm>
#include <array>
#include <initializer_list>

#include <nlohmann/json.hpp>

#include "base/ascii.hh"
#include "base/translate.hh"
#include "wire/logs/text.hh"

namespace zonder::wire::entra {
namespace {

using nlohmann::json;
using std::string_view;

constexpr auto sign_in_times =
    std::to_array<string_view>({"date (utc)", "date", "createddatetime", "timegenerated"});
constexpr auto sign_in_applications =
    std::to_array<string_view>({"application", "appdisplayname", "application name"});
constexpr auto application_names =
    std::to_array<string_view>({"displayname", "display name", "name"});
constexpr auto application_ids =
    std::to_array<string_view>({"appid", "application id", "app id", "application (client) id"});

/// The text of the first of these members, whatever their case; empty where there is none.
string_view text_in(const json& object, std::initializer_list<string_view> names)
{
  for (const auto& [key, value] : object.items()) {
    if (!value.is_string()) {
      continue;
    }
    const auto small = ascii_lower(key);
    if (std::find(names.begin(), names.end(), small) != names.end()) {
      return logs::trimmed(value.get_ref<const std::string&>());
    }
  }
  return {};
}

const json* object_in(const json& object, string_view name)
{
  for (const auto& [key, value] : object.items()) {
    if (value.is_object() && ascii_lower(key) == name) {
      return &value;
    }
  }
  return nullptr;
}

/// Null where it is no object of JSON.
json parsed(string_view text)
{
  auto object = json::parse(text.begin(), text.end(), nullptr, false);
  return object.is_object() ? object : json();
}

bool is_failure(string_view status)
{
  return status == "Failure" || status == "Interrupted";
}

/// An error's code: none, or 0, when all went well.
bool is_error(string_view code)
{
  return logs::number(code).value_or(0) != 0;
}

/// False: it has no application, or a name that is none.
bool give_sign_in(const SignIn& sign_in, logs::EntrySink& sink)
{
  if (!sign_in.succeeded) {
    return true;
  }
  logs::Entry entry;
  entry.what = logs::What::SignIn;
  entry.first = entry.last = sign_in.moment;
  entry.subject = sign_in.application;
  entry.name = log_in_host;
  if (!sink.take(entry)) {
    return false;
  }
  if (!sign_in.resource.empty() && sign_in.resource != sign_in.application) {
    entry.name = {};
    entry.object = sign_in.resource;
    return sink.take(entry);
  }
  return true;
}

bool give_application(string_view name,
                      string_view id,
                      string_view publisher,
                      logs::EntrySink& sink)
{
  logs::Entry entry;
  entry.what = logs::What::Has;
  entry.object = name;
  if (!sink.take(entry)) {
    return false;
  }
  entry.subject = name;
  const auto identifier = "entra:" + std::string(id);
  if (!id.empty()) {
    entry.what = logs::What::Identifier;
    entry.object = identifier;
    (void)sink.take(entry);
  }
  if (!publisher.empty()) {
    entry.what = logs::What::SuppliedBy;
    entry.object = publisher;
    (void)sink.take(entry);
  }
  return true;
}

}  // namespace

bool SignInsCsv::read_headings(const Fields& headings)
{
  time_ = csv::column(headings, sign_in_times);
  application_ = csv::column(headings, sign_in_applications);
  application_id_ = csv::column(headings, application_ids);
  resource_ = csv::column(headings, {"resource", "resourcedisplayname"});
  status_ = csv::column(headings, {"status"});
  error_ = csv::column(headings, {"sign-in error code", "errorcode", "resulttype"});
  return application_ != nowhere;
}

void SignInsCsv::read_record(const Fields& fields, logs::EntrySink& sink)
{
  SignIn sign_in;
  auto when = field(fields, time_);
  sign_in.moment = logs::iso_time(when);
  if (sign_in.moment == logs::no_time) {
    (void)date_.take(when, sign_in.moment);
  }
  sign_in.application = field(fields, application_);
  if (sign_in.application.empty()) {
    sign_in.application = field(fields, application_id_);
  }
  sign_in.resource = field(fields, resource_);
  sign_in.succeeded = !is_failure(field(fields, status_)) && !is_error(field(fields, error_));
  give_sign_in(sign_in, sink) ? count() : unreadable(say("a sign-in without its application"));
}

void SignInsJson::read_object(string_view object, logs::EntrySink& sink)
{
  const auto whole = parsed(object);
  if (!whole.is_object()) {
    unreadable(say("not a JSON object"));
    return;
  }
  const auto* inner = object_in(whole, "properties");
  const auto& of = inner == nullptr ? whole : *inner;
  SignIn sign_in;
  sign_in.moment = logs::iso_time(text_in(of, {"createddatetime", "timegenerated"}));
  sign_in.application = text_in(of, {"appdisplayname"});
  if (sign_in.application.empty()) {
    sign_in.application = text_in(of, {"appid"});
  }
  sign_in.resource = text_in(of, {"resourcedisplayname"});
  if (const auto* status = object_in(of, "status")) {
    const auto code = status->find("errorCode");
    sign_in.succeeded = code == status->end() || !code->is_number_integer() || *code == 0;
  }
  sign_in.succeeded = sign_in.succeeded && !is_error(text_in(of, {"resulttype"}));
  give_sign_in(sign_in, sink) ? count() : unreadable(say("a sign-in without its application"));
}

bool ApplicationsCsv::read_headings(const Fields& headings)
{
  name_ = csv::column(headings, application_names);
  id_ = csv::column(headings, application_ids);
  publisher_ = csv::column(headings, {"publishername", "publisher name", "publisher"});
  return name_ != nowhere;
}

void ApplicationsCsv::read_record(const Fields& fields, logs::EntrySink& sink)
{
  give_application(field(fields, name_), field(fields, id_), field(fields, publisher_), sink)
      ? count()
      : unreadable(say("an application without its name"));
}

void ApplicationsJson::read_object(string_view object, logs::EntrySink& sink)
{
  const auto application = parsed(object);
  if (!application.is_object()) {
    unreadable(say("not a JSON object"));
    return;
  }
  // Managed identities are machines' accounts, not applications.
  const auto type = text_in(application, {"serviceprincipaltype"});
  if (!type.empty() && type != "Application" && type != "Legacy") {
    count();
    return;
  }
  const auto* verified = object_in(application, "verifiedpublisher");
  auto publisher = verified == nullptr ? string_view() : text_in(*verified, {"displayname"});
  if (publisher.empty()) {
    publisher = text_in(application, {"publishername"});
  }
  const auto name = text_in(application, {"displayname", "appdisplayname"});
  if (!give_application(name, text_in(application, {"appid"}), publisher, sink)) {
    unreadable(say("an application without its name"));
    return;
  }
  // Where people are sent to begin: the application's own place.
  if (const auto log_in = logs::host_in(text_in(application, {"loginurl"})); !log_in.empty()) {
    logs::Entry entry;
    entry.what = logs::What::Needs;
    entry.subject = name;
    entry.name = log_in;
    (void)sink.take(entry);
  }
  count();
}

bool is_sign_ins_csv(string_view head)
{
  const auto headings = csv::headings_in(head);
  return csv::has_any(headings, sign_in_times) && csv::has_any(headings, sign_in_applications) &&
         csv::has_any(
             headings,
             {"request id", "user", "username", "userprincipalname", "service principal id"});
}

bool is_applications_csv(string_view head)
{
  const auto headings = csv::headings_in(head);
  return csv::has_any(headings, application_names) && csv::has_any(headings, application_ids) &&
         !csv::has_any(headings, {"user", "username", "userprincipalname"});
}

bool is_sign_ins_json(string_view head)
{
  const auto small = ascii_lower(std::string(head));
  return small.find_first_of("[{") == small.find_first_not_of(" \t\r\n") &&
         small.find("\"appdisplayname\"") != std::string::npos &&
         small.find("\"resourcedisplayname\"") != std::string::npos;
}

bool is_applications_json(string_view head)
{
  const auto small = ascii_lower(std::string(head));
  return small.find_first_of("[{") == small.find_first_not_of(" \t\r\n") &&
         small.find("\"displayname\"") != std::string::npos &&
         small.find("\"appid\"") != std::string::npos &&
         small.find("\"userprincipalname\"") == std::string::npos;
}

}  // namespace zonder::wire::entra

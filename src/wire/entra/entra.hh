// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string_view>

#include "wire/csv/csv.hh"
#include "wire/logs/json_objects.hh"
#include "wire/logs/local_date.hh"

// What Microsoft Entra ID gives of itself: who signed in to what, and which applications there are.
// JSON: the members of Microsoft Graph's "signIn" and "servicePrincipal" (Microsoft Learn, Graph
// REST API v1.0), as a list, as answers of Graph, or in "properties" a line each as diagnostic
// settings have it. CSV: the headings of the admin center's downloads, which Microsoft does not
// document; they are known from others who read them.
// Who signed in, from where and with what is not looked at: the application is what counts.
namespace zonder::wire::entra {

/// Where Entra ID signs people in, in the cloud for all the world.
inline constexpr std::string_view log_in_host = "login.microsoftonline.com";

/// What both forms have of one sign-in.
struct SignIn {
  logs::Micros moment = logs::no_time;
  std::string_view application;
  std::string_view resource;
  bool succeeded = true;
};

class SignInsCsv final : public csv::Reader {
protected:
  bool read_headings(const Fields& headings) override;
  void read_record(const Fields& fields, logs::EntrySink& sink) override;

private:
  std::size_t time_ = nowhere;
  std::size_t application_ = nowhere;
  std::size_t application_id_ = nowhere;
  std::size_t resource_ = nowhere;
  std::size_t status_ = nowhere;
  std::size_t error_ = nowhere;
  logs::LocalDate date_;
};

class SignInsJson final : public logs::JsonObjects {
protected:
  void read_object(std::string_view object, logs::EntrySink& sink) override;
};

class ApplicationsCsv final : public csv::Reader {
protected:
  bool read_headings(const Fields& headings) override;
  void read_record(const Fields& fields, logs::EntrySink& sink) override;

private:
  std::size_t name_ = nowhere;
  std::size_t id_ = nowhere;
  std::size_t publisher_ = nowhere;
};

class ApplicationsJson final : public logs::JsonObjects {
protected:
  void read_object(std::string_view object, logs::EntrySink& sink) override;
};

bool is_sign_ins_csv(std::string_view head);
bool is_sign_ins_json(std::string_view head);
bool is_applications_csv(std::string_view head);
bool is_applications_json(std::string_view head);

}  // namespace zonder::wire::entra

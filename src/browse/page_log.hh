// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "model/page_visit.hh"

// What a browser tells of one page, event by event, made into a PageVisit. Pure: the moments are
// those of the browser's own clock. A page can make it tell whatever it likes, so everything is
// looked at before it is used, and kept up to a bound.
namespace zonder::browse {

struct PageLimits {
  std::size_t requests = 1000;
  std::size_t console = 200;
  std::size_t text = 1024;  // bytes of one URL or one message
};

class PageLog {
public:
  /// `main_frame`: DevTools's id of the page's own frame.
  PageLog(std::string url, std::string main_frame, PageLimits limits = {});

  /// One event, `{"method": ..., "params": {...}}`; what is not understood changes nothing.
  void take(const nlohmann::json& event);
  /// The browser's words when it could not go there.
  void could_not_go(const std::string& error);
  /// The page itself ended, or the browser with it.
  void ended(const std::string& why);

  [[nodiscard]] bool said_done() const { return done_at_.has_value(); }
  [[nodiscard]] bool has_ended() const { return ended_; }
  /// The document will not come any more.
  [[nodiscard]] bool failed() const;
  /// What may still come: neither sockets nor streams, which have no end.
  [[nodiscard]] std::size_t pending() const;

  /// What it all comes to; `title` and `final_url` as the browser has them.
  [[nodiscard]] model::PageVisit visit(const std::string& title,
                                       const std::string& final_url) const;

private:
  struct Document {
    bool asked = false;
    bool answered = false;
    unsigned status = 0;
    std::string error;  // it did not come
  };

  void request(const nlohmann::json& params);
  void answer(const nlohmann::json& params);
  void finished(const nlohmann::json& params);
  void broke(const nlohmann::json& params);
  void socket_made(const nlohmann::json& params);
  void socket_answered(const nlohmann::json& params);
  void socket_ended(const nlohmann::json& params, const std::string& error);
  void said(const nlohmann::json& params);
  void threw(const nlohmann::json& params);
  void logged(const nlohmann::json& params);

  void begin(const std::string& id, const std::string& url, std::string kind, double moment);
  void note(model::ConsoleMessage message);
  static void settle(model::PageRequest& request, model::RequestOutcome outcome);
  model::PageRequest* open_request(const nlohmann::json& params);
  [[nodiscard]] bool is_main(const nlohmann::json& params) const;
  [[nodiscard]] double since_start(double moment) const;
  [[nodiscard]] std::string bounded(const std::string& text) const;
  [[nodiscard]] model::PageOutcome outcome() const;

  PageLimits limits_;
  std::string main_frame_;
  model::PageVisit visit_;
  std::map<std::string, std::size_t> open_;  // DevTools's id -> place in visit_.requests
  std::string main_request_;                 // id of the document's latest request
  Document document_;
  std::optional<double> start_;    // on the browser's clock
  std::optional<double> done_at_;  // the same
  bool ended_ = false;
};

}  // namespace zonder::browse

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "app/who.hh"

#include <cerrno>
#include <cstring>

#include <nlohmann/json.hpp>

#include "app/as_of.hh"
#include "app/complain.hh"
#include "app/open_catalog.hh"
#include "base/translate.hh"
#include "catalog/snapshot.hh"
#include "net/url_passwords.hh"
#include "report/style.hh"

namespace zonder::app {
namespace {

using catalog::Answer;
using catalog::Control;
using nlohmann::ordered_json;

constexpr std::size_t longest_line = 1024;

ordered_json or_null(const std::string& text)
{
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json owners_json(const Control& control)
{
  auto owners = ordered_json::array();
  for (const auto& owner : control.owners) {
    owners.push_back({{"id", owner.id},
                      {"name", owner.name},
                      {"jurisdiction", or_null(owner.jurisdiction)},
                      {"from", owner.from ? ordered_json(owner.from->to_string()) : nullptr},
                      {"until", owner.until ? ordered_json(owner.until->to_string()) : nullptr},
                      {"confidence", to_string(owner.confidence)}});
  }
  return owners;
}

ordered_json result_json(const Answer& answer)
{
  const bool known = !answer.party.empty();
  ordered_json result;
  result["input"] = answer.input;
  result["party"] = or_null(answer.party);
  result["name"] = or_null(answer.party_name);
  result["service"] = or_null(answer.service);
  result["space"] = to_string(answer.space);
  result["operator"] =
      known ? ordered_json({{"id", answer.control.operator_id},
                            {"name", or_null(answer.control.operator_name)},
                            {"jurisdiction", or_null(answer.control.operator_jurisdiction)}})
            : ordered_json(nullptr);
  result["owners"] = owners_json(answer.control);
  result["owners_known"] = known && answer.control.owners_known;
  result["jurisdiction"] = or_null(answer.control.jurisdiction);
  result["prefix"] = or_null(answer.prefix);
  result["asn"] = answer.asn ? ordered_json(answer.asn->number) : ordered_json(nullptr);
  result["as_name"] = or_null(answer.as_name);
  result["name_rule"] = or_null(answer.name_rule);
  result["special"] = answer.special ? ordered_json(to_string(*answer.special)) : nullptr;
  result["source"] = or_null(answer.source);
  result["says"] = or_null(answer.source_says);
  result["confidence"] =
      known ? ordered_json(to_string(answer.confidence)) : ordered_json("unknown");
  return result;
}

ordered_json unreadable_json(const std::string& input, const std::string& message)
{
  Answer nothing;
  nothing.input = input;
  auto result = result_json(nothing);
  result["error"] = message;
  return result;
}

std::string dumped(const ordered_json& json)
{
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string space_in_words(catalog::Space space)
{
  switch (space) {
  case catalog::Space::Services:
    return tr("its own services");
  case catalog::Space::Customers:
    return tr("what its customers run there");
  case catalog::Space::Shared:
    return tr("its own services and its customers'");
  case catalog::Space::Unknown:
    return tr("not known what runs there");
  }
  return {};
}

std::string special_in_words(net::SpecialUse use)
{
  switch (use) {
  case net::SpecialUse::Private:
    return tr("private: nobody's in particular, every network may use it");
  case net::SpecialUse::Shared:
    return tr("shared between a provider and its customers: nobody's in particular");
  case net::SpecialUse::Loopback:
    return tr("loopback: the machine itself, nobody's in particular");
  case net::SpecialUse::LinkLocal:
    return tr("link-local: nobody's in particular, it goes no further than one link");
  case net::SpecialUse::Documentation:
    return tr("for documentation: nobody's in particular");
  case net::SpecialUse::Multicast:
    return tr("multicast: nobody's in particular, for groups of receivers");
  case net::SpecialUse::Reserved:
    return tr("reserved: nobody's");
  }
  return {};
}

std::string confidence_in_words(catalog::Confidence confidence)
{
  switch (confidence) {
  case catalog::Confidence::Unverified:
    return tr("unverified: nobody looked it up");
  case catalog::Confidence::Low:
    return tr("low");
  case catalog::Confidence::Medium:
    return tr("medium");
  case catalog::Confidence::High:
    return tr("high");
  }
  return {};
}

/// Tells answers in one form, one after the other.
class Teller {
public:
  Teller(const World& world, std::string as_of, const catalog::About& about, bool short_form)
      : world_(world), as_of_(std::move(as_of)), data_date_(about.date),
        facts_date_(about.facts_date), short_form_(short_form)
  {
  }
  void begin();
  void tell(const Answer& answer);
  void tell_unreadable(const std::string& input, const std::string& message);
  void end();

private:
  void print(const std::string& text) { std::fputs(text.c_str(), world_.out); }
  void line(const char* what, const std::string& text);
  void result(const ordered_json& json);
  void tell_in_short(const Answer& answer);
  void tell_in_full(const Answer& answer);
  [[nodiscard]] std::string safe(const std::string& text) const
  {
    return report::harmless(text, world_.unicode);
  }

  const World& world_;
  std::string as_of_;
  std::string data_date_;
  std::string facts_date_;
  bool short_form_;
  std::size_t told_ = 0;
};

void Teller::begin()
{
  if (world_.form == Form::Json) {
    print("{\"schema\":\"zonder.who/1\",\"as_of\":" + dumped(as_of_) + ",\"data\":{\"date\":" +
          dumped(data_date_) + ",\"facts\":" + dumped(facts_date_) + "},\"results\":[");
  }
}

void Teller::end()
{
  if (world_.form == Form::Json) {
    print("\n]}\n");
  } else if (world_.form == Form::Text && told_ > 0) {
    print(say("As of {}; addresses of {}, facts of {}.", as_of_, data_date_, facts_date_) + "\n");
  }
}

void Teller::result(const ordered_json& json)
{
  if (world_.form == Form::Json) {
    print((told_ == 0 ? "\n" : ",\n") + dumped(json));
  } else {
    print(dumped(json) + "\n");
  }
  ++told_;
}

void Teller::tell(const Answer& answer)
{
  if (world_.form != Form::Text) {
    result(result_json(answer));
    return;
  }
  short_form_ ? tell_in_short(answer) : tell_in_full(answer);
  ++told_;
}

void Teller::tell_unreadable(const std::string& input, const std::string& message)
{
  if (world_.form != Form::Text) {
    result(unreadable_json(input, message));
  }
}

/// One line: input, party, service, space, operator, jurisdiction, confidence.
void Teller::tell_in_short(const Answer& answer)
{
  const bool known = !answer.party.empty();
  const std::string unknown = tr("unknown");
  const auto or_dash = [](const std::string& text) {
    return text.empty() ? "-" : text;
  };
  print(safe(answer.input) + "\t" + (known ? answer.party : unknown) + "\t" +
        or_dash(answer.service) + "\t" + std::string(to_string(answer.space)) + "\t" +
        or_dash(answer.control.operator_id) + "\t" +
        (answer.control.jurisdiction.empty() ? unknown : answer.control.jurisdiction) + "\t" +
        (known ? std::string(to_string(answer.confidence)) : unknown) + "\n");
}

void Teller::line(const char* what, const std::string& text)
{
  if (!text.empty()) {
    print(fmt::format("  {:<13} {}\n", what, safe(text)));
  }
}

void Teller::tell_in_full(const Answer& answer)
{
  constexpr std::size_t longest_quote = 160;
  const Control& control = answer.control;
  const std::string input = safe(answer.input);
  if (answer.special) {
    print(fmt::format("{}: {}\n", input, special_in_words(*answer.special)));
  } else if (answer.party.empty()) {
    print(say("{}: not in the catalogue, so not known whose it is", input) + "\n");
  } else {
    print(say("{} is {}'s", input, safe(answer.party_name)) + " (" + answer.party + ")\n");
    const bool dutch = current_language() == Language::Dutch;
    line(tr("service"), dutch ? answer.service_name_nl : answer.service_name_en);
    line(tr("space"), space_in_words(answer.space));
    line(tr("operator"),
         control.operator_name.empty()
             ? std::string(tr("not known"))
             : control.operator_name + (control.operator_jurisdiction.empty()
                                            ? std::string()
                                            : ", " + control.operator_jurisdiction));
    for (const auto& owner : control.owners) {
      line(tr("owner"),
           owner.name + (owner.jurisdiction.empty() ? "" : ", " + owner.jurisdiction) +
               (owner.from ? ", " + say("since {}", owner.from->to_string()) : "") +
               (owner.confidence == catalog::Confidence::Unverified
                    ? ", " + std::string(tr("unverified"))
                    : ""));
    }
    if (control.owners.empty()) {
      line(tr("owner"),
           control.owners_known ? tr("no parent above it") : tr("not known who owns it"));
    } else if (!control.owners_known) {
      line(tr("owner"), tr("further up: not known"));
    }
    line(tr("jurisdiction"),
         control.jurisdiction.empty() ? std::string(tr("not known")) : control.jurisdiction);
  }
  line(tr("prefix"), answer.prefix);
  line(tr("AS"), answer.asn ? answer.asn->to_string() + " " + answer.as_name : std::string());
  line(tr("suffix"), answer.name_rule);
  line(tr("source"), answer.source);
  if (answer.source_says.size() <= longest_quote) {
    line(tr("says"), answer.source_says);
  }
  if (!answer.party.empty()) {
    line(tr("confidence"), confidence_in_words(answer.confidence));
  }
}

/// One line without its end; nothing at the end of the file. A line that is too long is cut, and
/// `too_long` says so.
bool read_line(std::FILE* in, std::string& line, bool& too_long)
{
  line.clear();
  too_long = false;
  int c = 0;
  while ((c = std::getc(in)) != EOF && c != '\n') {
    if (line.size() < longest_line) {
      line += static_cast<char>(c);
    } else {
      too_long = true;
    }
  }
  if (!line.empty() && line.back() == '\r') {
    line.pop_back();
  }
  return c != EOF || !line.empty();
}

std::string trimmed(const std::string& text)
{
  const auto first = text.find_first_not_of(" \t");
  const auto last = text.find_last_not_of(" \t");
  return first == std::string::npos ? std::string() : text.substr(first, last - first + 1);
}

/// Answers each line as it comes; gives how many could not be read.
std::size_t answer_lines(const World& world,
                         const catalog::Catalog& catalog,
                         catalog::Date day,
                         std::FILE* in,
                         Teller& teller)
{
  std::size_t bad = 0;
  std::string line;
  bool too_long = false;
  for (std::size_t number = 1; read_line(in, line, too_long); ++number) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (number == 1 && line.starts_with(byte_order_mark)) {
      line.erase(0, byte_order_mark.size());
    }
    const std::string input = trimmed(line);
    if (input.empty() || input.starts_with('#')) {
      continue;
    }
    const auto answer = too_long ? fail(Fault::Usage, say("longer than {} bytes", longest_line))
                                 : catalog.who(input, day);
    if (answer) {
      teller.tell(*answer);
      continue;
    }
    ++bad;
    const auto shown = net::without_passwords(answer.error().message);
    const std::string message = say("line {}: {}", number, report::harmless(shown, world.unicode));
    complain(world.err, world.unicode, message);
    teller.tell_unreadable(net::without_passwords(input), message);
  }
  if (std::ferror(in) != 0) {
    ++bad;
    complain(
        world.err, world.unicode, say("standard input cannot be read: {}", std::strerror(errno)));
  }
  return bad;
}

}  // namespace

int who(const World& world, const WhoOptions& options)
{
  const auto day = as_of(options.as_of, world.now);
  if (!day) {
    return failed_with(world, day.error());
  }
  const auto catalog = open_catalog(world);
  if (!catalog) {
    return failed_with(world, catalog.error());
  }
  // What was typed is judged before anything is answered: a slip is better told alone.
  std::vector<Answer> answers;
  for (const std::string& input : options.inputs) {
    auto answer = catalog->who(input, *day);
    if (!answer) {
      return failed_with(world, answer.error());
    }
    answers.push_back(std::move(*answer));
  }
  constexpr std::size_t most_in_full = 8;
  const bool from_stdin = options.inputs.empty();
  Teller teller(world,
                day->to_string(),
                catalog->about(),
                from_stdin || options.inputs.size() > most_in_full);
  teller.begin();
  for (const Answer& answer : answers) {
    teller.tell(answer);
  }
  const std::size_t bad = from_stdin ? answer_lines(world, *catalog, *day, options.in, teller) : 0;
  teller.end();
  if (bad > 0) {
    complain(world.err,
             world.unicode,
             fmt::format(
                 fmt::runtime(ntr("{} line could not be read", "{} lines could not be read", bad)),
                 bad));
    return static_cast<int>(Exit::Incomplete);
  }
  return static_cast<int>(Exit::Done);
}

}  // namespace zonder::app

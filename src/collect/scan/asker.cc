// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "collect/scan/asker.hh"

#include <algorithm>
#include <deque>
#include <unordered_map>

#include <unbound.h>
#include <unistd.h>

#include "base/ascii.hh"
#include "base/translate.hh"
#include "wire/dns/message.hh"

namespace zonder::collect {
namespace {

using mail::Answer;
using mail::Datum;
using mail::Question;
using mail::RecordType;
using std::chrono::steady_clock;

/// Reads one record's content; the first surprise makes all of it unsound.
class Content {
public:
  explicit Content(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t u8()
  {
    if (rest_.empty()) {
      sound_ = false;
      return 0;
    }
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  std::uint16_t u16()
  {
    const auto high = u8();
    return static_cast<std::uint16_t>(high << 8U | u8());
  }
  std::string_view take(std::size_t count)
  {
    if (count > rest_.size()) {
      sound_ = false;
      return {};
    }
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }
  std::string_view all() { return take(rest_.size()); }

  /// Labels with dots between, lower case; a byte that is no letter, digit, '-' or '_' as \DDD, so
  /// that this can be shown and compared. The library gives names without compression.
  std::string name()
  {
    constexpr std::uint8_t longest_label = 63;
    constexpr std::size_t longest_name = 255;
    std::string text;
    std::size_t length = 1;
    for (auto size = u8(); size != 0 && sound_; size = u8()) {
      length += size + 1U;
      if (size > longest_label || length > longest_name) {
        sound_ = false;
        return {};
      }
      text += text.empty() ? "" : ".";
      for (const char c : take(size)) {
        append(text, c);
      }
    }
    return text.empty() ? "." : text;
  }
  [[nodiscard]] bool sound() const { return sound_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

private:
  static void append(std::string& text, char c)
  {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (plain) {
      text += c;
    } else if (c >= 'A' && c <= 'Z') {
      text += static_cast<char>(c - 'A' + 'a');
    } else {
      text += fmt::format("\\{:03}", static_cast<unsigned char>(c));
    }
  }
  std::string_view rest_;
  bool sound_ = true;
};

/// All strings of a TXT record as one, as SPF, DKIM and the others have it.
std::string joined_strings(Content& content)
{
  std::string text;
  while (content.sound() && !content.at_end()) {
    text += content.take(content.u8());
  }
  return text;
}

struct FreeContext {
  void operator()(ub_ctx* context) const { ub_ctx_delete(context); }
};
struct FreeResult {
  void operator()(ub_result* result) const { ub_resolve_free(result); }
};
using OwnedResult = std::unique_ptr<ub_result, FreeResult>;

/// The aliases on the way to the answer, in order.
std::vector<std::string> aliases_in(const ub_result& result)
{
  std::vector<std::string> aliases;
  if (result.canonname == nullptr || result.answer_packet == nullptr || result.answer_len <= 0) {
    return aliases;
  }
  const auto response =
      wire::dns::parse_response({static_cast<const std::uint8_t*>(result.answer_packet),
                                 static_cast<std::size_t>(result.answer_len)});
  if (!response) {
    return aliases;
  }
  constexpr std::size_t most = 16;
  std::string name = response->question.name;
  for (std::size_t i = 0; i < most; ++i) {
    const auto next = std::find_if(
        response->records.begin(), response->records.end(), [&name](const auto& record) {
          return record.section == wire::dns::Section::Answer &&
                 record.type == wire::dns::type::cname && record.owner == name;
        });
    if (next == response->records.end()) {
      break;
    }
    name = next->target;
    aliases.push_back(name);
  }
  return aliases;
}

Answer answer_of(const Question& question, const ub_result& result, bool validates)
{
  Answer answer;
  answer.validated = validates;
  answer.bogus = result.bogus != 0;
  answer.secure = result.secure != 0;
  constexpr int no_such_name = 3;
  if (answer.bogus || (result.rcode != 0 && result.rcode != no_such_name)) {
    return answer;
  }
  answer.aliases = aliases_in(result);
  for (std::size_t i = 0; result.data != nullptr && result.data[i] != nullptr; ++i) {
    bool sound = true;
    auto datum = datum_of(question.type,
                          {result.data[i], static_cast<std::size_t>(std::max(result.len[i], 0))},
                          sound);
    if (sound) {
      answer.data.push_back(std::move(datum));
    }
  }
  // Name servers give records in turn; the same records are the same answer.
  std::sort(answer.data.begin(), answer.data.end(), [](const Datum& one, const Datum& other) {
    return std::tie(one.number, one.text, one.address) <
           std::tie(other.number, other.text, other.address);
  });
  answer.outcome = !answer.data.empty()   ? Answer::Outcome::Data
                   : result.nxdomain != 0 ? Answer::Outcome::NoName
                                          : Answer::Outcome::NoData;
  return answer;
}

}  // namespace

Datum datum_of(RecordType type, std::string_view data, bool& sound)
{
  Content content(data);
  Datum datum;
  switch (type) {
  case RecordType::A:
  case RecordType::Aaaa: {
    const auto family = type == RecordType::A ? net::Family::V4 : net::Family::V6;
    const auto bytes = content.take(net::width(family) / 8);
    if (content.sound()) {
      datum.address =
          net::Address::from_bytes(family, reinterpret_cast<const std::uint8_t*>(bytes.data()));
    }
    break;
  }
  case RecordType::Ns:
    datum.text = content.name();
    break;
  case RecordType::Mx:
    datum.number = content.u16();
    datum.text = content.name();
    break;
  case RecordType::Txt:
    datum.text = joined_strings(content);
    break;
  case RecordType::Srv:
    content.u16();  // priority
    content.u16();  // weight
    datum.number = content.u16();
    datum.text = content.name();
    break;
  case RecordType::Caa: {
    datum.number = content.u8();
    const auto tag = ascii_lower(std::string(content.take(content.u8())));
    const auto value = content.all();
    // Who may issue; parameters stand behind a semicolon. ";" alone: nobody.
    const auto who = value.substr(0, value.find(';'));
    const auto last = who.find_last_not_of(' ');
    datum.text =
        ascii_lower(std::string(who.substr(0, last == std::string_view::npos ? 0 : last + 1)));
    sound = content.sound() && (tag == "issue" || tag == "issuewild") && !datum.text.empty();
    return datum;
  }
  }
  sound = content.sound() && content.at_end();
  return datum;
}

struct Asker::Parts {
  std::unique_ptr<ub_ctx, FreeContext> context;
  Told told;
  std::chrono::milliseconds patience{};
  bool validates = false;

  struct Open {
    Parts* parts = nullptr;
    Question question;
    int id = 0;
    std::uint64_t number = 0;
  };
  std::uint64_t next_number = 0;
  std::unordered_map<std::uint64_t, std::unique_ptr<Open>> open;
  std::deque<std::pair<steady_clock::time_point, std::uint64_t>> deadlines;
  std::deque<std::pair<Question, Answer>> ready;  // told from take_answers only

  static void answered(void* given, int error, ub_result* raw)
  {
    const OwnedResult result(raw);
    auto* open = static_cast<Open*>(given);
    Parts& parts = *open->parts;
    Answer answer;
    if (error == 0 && result) {
      answer = answer_of(open->question, *result, parts.validates);
    }
    parts.ready.emplace_back(open->question, std::move(answer));
    parts.open.erase(open->number);
  }
};

Asker::Asker(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Asker::~Asker() = default;

Result<std::unique_ptr<Asker>> Asker::make(const AskerOptions& options, Told told)
{
  auto parts = std::make_unique<Parts>();
  parts->told = std::move(told);
  parts->patience = options.patience;
  parts->context.reset(ub_ctx_create());
  ub_ctx* context = parts->context.get();
  if (context == nullptr) {
    return fail(Fault::NotPossible, say("libunbound cannot be started"));
  }
  int wrong = ub_ctx_async(context, 1);
  const auto set = [&](const char* name, const std::string& value) {
    if (wrong == 0) {
      wrong = ub_ctx_set_option(context, name, value.c_str());
    }
  };
  parts->validates =
      !options.trust_anchors.empty() && ::access(options.trust_anchors.c_str(), R_OK) == 0;
  set("module-config:", parts->validates ? "validator iterator" : "iterator");
  set("num-queries-per-thread:", "4096");
  set("outgoing-range:", "4096");
  set("so-rcvbuf:", "0");
  set("msg-cache-size:", "64m");
  set("rrset-cache-size:", "128m");
  set("edns-buffer-size:", "1232");
  // Names of a small internet lie in zones that the library else knows to be nobody's.
  set("do-not-query-localhost:", "no");
  for (const char* zone : {"example.", "test.", "invalid."}) {
    set("local-zone:", std::string(zone) + " nodefault");
  }
  if (!options.root_hints.empty()) {
    set("root-hints:", options.root_hints);
  }
  if (wrong == 0 && parts->validates) {
    wrong = ub_ctx_add_ta_file(context, options.trust_anchors.c_str());
  }
  if (wrong == 0 && !options.resolver.empty()) {
    wrong = ub_ctx_set_fwd(context, options.resolver.c_str());
  }
  if (wrong != 0) {
    return fail(
        Fault::NotPossible,
        say("libunbound cannot be set up: {} (is the resolver an address?)", ub_strerror(wrong)));
  }
  return std::unique_ptr<Asker>(new Asker(std::move(parts)));
}

void Asker::ask(const mail::Question& question)
{
  auto open = std::make_unique<Parts::Open>();
  open->parts = parts_.get();
  open->question = question;
  open->number = parts_->next_number++;
  const auto number = open->number;
  auto& kept = *parts_->open.emplace(number, std::move(open)).first->second;
  constexpr int class_in = 1;
  const int wrong = ub_resolve_async(parts_->context.get(),
                                     question.name.c_str(),
                                     static_cast<int>(question.type),
                                     class_in,
                                     &kept,
                                     Parts::answered,
                                     &kept.id);
  if (wrong != 0) {
    // Names that are none, as records sometimes hold.
    parts_->ready.emplace_back(question, Answer{.outcome = Answer::Outcome::NoName});
    parts_->open.erase(number);
    return;
  }
  parts_->deadlines.emplace_back(steady_clock::now() + parts_->patience, number);
}

int Asker::descriptor() const
{
  return ub_fd(parts_->context.get());
}

bool Asker::validates() const
{
  return parts_->validates;
}

std::size_t Asker::waiting() const
{
  return parts_->open.size() + parts_->ready.size();
}

void Asker::take_answers(steady_clock::time_point now)
{
  ub_process(parts_->context.get());
  while (!parts_->deadlines.empty() && parts_->deadlines.front().first <= now) {
    const auto late = parts_->open.find(parts_->deadlines.front().second);
    parts_->deadlines.pop_front();
    if (late != parts_->open.end() && ub_cancel(parts_->context.get(), late->second->id) == 0) {
      parts_->ready.emplace_back(late->second->question, Answer());
      parts_->open.erase(late);
    }
  }
  while (!parts_->ready.empty()) {
    const auto one = std::move(parts_->ready.front());
    parts_->ready.pop_front();
    parts_->told(one.first, one.second);
  }
}

}  // namespace zonder::collect

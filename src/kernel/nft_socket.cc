// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "kernel/nft_socket.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/translate.hh"

namespace zonder::kernel {
namespace {

constexpr std::size_t smallest_chunk = std::size_t{8} << 10U;
constexpr int patience_ms = 30000;

/// Appends one netlink message for nfnetlink: header, nfgenmsg, attributes.
void append_message(std::vector<std::uint8_t>& out,
                    std::uint16_t type,
                    std::uint16_t flags,
                    std::uint32_t sequence,
                    std::uint8_t family,
                    std::uint16_t resource,
                    const Attributes& body)
{
  const nlmsghdr header = {
      .nlmsg_len = static_cast<std::uint32_t>(sizeof(nlmsghdr) + sizeof(nfgenmsg) + body.size()),
      .nlmsg_type = type,
      .nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags),
      .nlmsg_seq = sequence,
      .nlmsg_pid = 0};
  const nfgenmsg netfilter = {
      .nfgen_family = family, .version = NFNETLINK_V0, .res_id = htons(resource)};
  const auto place = out.size();
  out.resize(place + header.nlmsg_len);
  std::memcpy(&out[place], &header, sizeof header);
  std::memcpy(&out[place + sizeof header], &netfilter, sizeof netfilter);
  if (body.size() != 0) {
    std::memcpy(&out[place + sizeof header + sizeof netfilter], body.bytes().data(), body.size());
  }
}

constexpr std::uint16_t nft_message(std::uint16_t type)
{
  return static_cast<std::uint16_t>((NFNL_SUBSYS_NFTABLES << 8U) | type);
}

/// The messages between the marks of a batch, numbered from `begin`; only the last is answered when
/// all is well.
std::vector<std::uint8_t> batch_of(std::span<const NftTransaction::Message> messages,
                                   std::uint32_t begin)
{
  std::vector<std::uint8_t> bytes;
  std::uint32_t sequence = begin;
  append_message(
      bytes, NFNL_MSG_BATCH_BEGIN, 0, sequence, AF_UNSPEC, NFNL_SUBSYS_NFTABLES, Attributes());
  for (const auto& message : messages) {
    const bool last = &message == &messages.back();
    append_message(bytes,
                   nft_message(message.type),
                   static_cast<std::uint16_t>(message.flags | (last ? NLM_F_ACK : 0)),
                   ++sequence,
                   static_cast<std::uint8_t>(message.family),
                   0,
                   message.body);
  }
  append_message(
      bytes, NFNL_MSG_BATCH_END, 0, ++sequence, AF_UNSPEC, NFNL_SUBSYS_NFTABLES, Attributes());
  return bytes;
}

/// Hands every message that the kernel sends to `is_last`, until that says yes: then 0. Else the
/// errno for which nothing more came.
int read_answers(int fd, const std::function<bool(const nlmsghdr&)>& is_last)
{
  std::vector<std::uint8_t> answer(std::size_t{64} << 10U);
  for (;;) {
    pollfd ready = {.fd = fd, .events = POLLIN, .revents = 0};
    const int count = ::poll(&ready, 1, patience_ms);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    const auto got = count > 0 ? ::recv(fd, answer.data(), answer.size(), MSG_DONTWAIT) : -1;
    if (got < 0) {
      return count > 0 ? errno : ETIMEDOUT;
    }
    int left = static_cast<int>(got);
    for (const auto* message = reinterpret_cast<const nlmsghdr*>(answer.data());
         mnl_nlmsg_ok(message, left);
         message = mnl_nlmsg_next(message, &left)) {
      if (is_last(*message)) {
        return 0;
      }
    }
  }
}

/// The errno in an NLMSG_ERROR; 0: it only says that all is well.
int error_in(const nlmsghdr& message)
{
  return -static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(&message))->error;
}

/// What the kernel says beside the number (NLMSGERR_ATTR_MSG), or nothing.
std::string kernel_words(const nlmsghdr* message)
{
  if ((message->nlmsg_flags & NLM_F_ACK_TLVS) == 0) {
    return {};
  }
  const std::size_t offset = sizeof(nlmsgerr);
  const auto length = mnl_nlmsg_get_payload_len(message);
  if (length < offset) {
    return {};
  }
  std::string words;
  const auto* attributes = static_cast<const char*>(mnl_nlmsg_get_payload(message)) + offset;
  mnl_attr_parse_payload(
      attributes,
      length - offset,
      [](const nlattr* attribute, void* out) {
        if (mnl_attr_get_type(attribute) == NLMSGERR_ATTR_MSG &&
            mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) >= 0) {
          *static_cast<std::string*>(out) = mnl_attr_get_str(attribute);
        }
        return MNL_CB_OK;
      },
      &words);
  return words;
}

/// The attributes of one level by their type; those that are too many are left out.
template <std::size_t Count>
std::array<const nlattr*, Count> attributes_of(const void* start, std::size_t length)
{
  std::array<const nlattr*, Count> found{};
  mnl_attr_parse_payload(
      start,
      length,
      [](const nlattr* attribute, void* out) {
        const auto type = mnl_attr_get_type(attribute);
        if (type < Count) {
          static_cast<decltype(found)*>(out)->at(type) = attribute;
        }
        return MNL_CB_OK;
      },
      &found);
  return found;
}

template <std::size_t Count>
std::array<const nlattr*, Count> attributes_in(const nlattr* nest)
{
  if (nest == nullptr) {
    return {};
  }
  return attributes_of<Count>(mnl_attr_get_payload(nest), mnl_attr_get_payload_len(nest));
}

std::uint64_t number_in(const nlattr* attribute)
{
  if (attribute == nullptr) {
    return 0;
  }
  const auto* bytes = static_cast<const std::uint8_t*>(mnl_attr_get_payload(attribute));
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < mnl_attr_get_payload_len(attribute) && i < 8; ++i) {
    number = number << 8U | bytes[i];
  }
  return number;
}

/// Calls `each` for every element in an answer to NFT_MSG_GETSETELEM.
void for_each_element(const void* start,
                      std::size_t length,
                      const std::function<void(const nlattr*)>& each)
{
  const auto fields = attributes_of<NFTA_SET_ELEM_LIST_MAX + 1>(start, length);
  if (fields[NFTA_SET_ELEM_LIST_ELEMENTS] == nullptr) {
    return;
  }
  mnl_attr_parse_nested(
      fields[NFTA_SET_ELEM_LIST_ELEMENTS],
      [](const nlattr* element, void* data) {
        (*static_cast<const std::function<void(const nlattr*)>*>(data))(element);
        return MNL_CB_OK;
      },
      const_cast<std::function<void(const nlattr*)>*>(&each));  // mnl takes void*, we do not write
}

/// Asks for the elements of one set.
Attributes the_set(const std::string& table, const std::string& set)
{
  Attributes body;
  body.put_text(NFTA_SET_ELEM_LIST_TABLE, table);
  body.put_text(NFTA_SET_ELEM_LIST_SET, set);
  return body;
}

NftCount count_in(const nlattr* data)
{
  const auto fields = attributes_in<NFTA_COUNTER_MAX + 1>(data);
  return {.packets = number_in(fields[NFTA_COUNTER_PACKETS]),
          .bytes = number_in(fields[NFTA_COUNTER_BYTES])};
}

std::uint64_t packets_of(const std::array<const nlattr*, NFTA_SET_ELEM_MAX + 1>& fields)
{
  const auto expression = attributes_in<NFTA_EXPR_MAX + 1>(fields[NFTA_SET_ELEM_EXPR]);
  return count_in(expression[NFTA_EXPR_DATA]).packets;
}

/// The bytes of an element's key; empty when it has another length.
std::span<const std::uint8_t> key_in(const std::array<const nlattr*, NFTA_SET_ELEM_MAX + 1>& fields,
                                     std::size_t length)
{
  const auto key = attributes_in<NFTA_DATA_MAX + 1>(fields[NFTA_SET_ELEM_KEY]);
  const auto* value = key[NFTA_DATA_VALUE];
  if (value == nullptr || mnl_attr_get_payload_len(value) != length) {
    return {};
  }
  return {static_cast<const std::uint8_t*>(mnl_attr_get_payload(value)), length};
}

/// Address, protocol, port, as they lie in a key.
NftDestination destination_in(std::span<const std::uint8_t> key, net::Family family)
{
  const std::size_t after_address = net::width(family) / 8;
  NftDestination destination = {.address = net::Address::from_bytes(family, key.data())};
  destination.protocol = key[after_address];
  destination.port =
      static_cast<std::uint16_t>(key[after_address + 4] << 8U | key[after_address + 5]);
  return destination;
}

std::size_t destination_length(net::Family family)
{
  return net::width(family) / 8 + 8;
}

Error refused(const std::string& what, int error, const std::string& words)
{
  const std::string reason =
      words.empty() ? std::strerror(error) : std::strerror(error) + (" (" + words + ")");
  if (error == EOPNOTSUPP || error == ENOENT || error == EPROTONOSUPPORT) {
    return {.fault = Fault::NotPossible,
            .message = say("the kernel refuses the packet filter's {}: {}; it may lack a part of "
                           "nf_tables (zonder doctor tells which)",
                           what,
                           reason)};
  }
  return {.fault = Fault::NotPossible,
          .message = say("the kernel refuses the packet filter's {}: {}", what, reason)};
}

}  // namespace

Result<Descriptor> NftSocket::open_descriptor()
{
  Descriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER));
  sockaddr_nl own{};
  own.nl_family = AF_NETLINK;
  if (!socket || ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0) {
    return fail(
        Fault::NotPossible,
        say("the kernel offers no netfilter (CONFIG_NETFILTER_NETLINK): {}", std::strerror(errno)));
  }
  return socket;
}

Result<NftSocket> NftSocket::over(Descriptor socket, const MadeNetwork& /*proof*/, int send_buffer)
{
  NftSocket opened(std::move(socket));
  opened.grow_buffers(send_buffer);
  return opened;
}

void NftSocket::grow_buffers(int wanted)
{
  const int fd = socket_.get();
  const int one = 1;
  // Answers without our own message in them, but with the kernel's words.
  ::setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof one);
  ::setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof one);
  if (::setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &wanted, sizeof wanted) != 0) {
    ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &wanted, sizeof wanted);
  }
  int size = 0;
  socklen_t length = sizeof size;
  ::getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, &length);
  // The kernel keeps 32 bytes back.
  chunk_bytes_ =
      std::max(smallest_chunk,
               static_cast<std::size_t>(std::min(std::max(size, 0), largest_send_buffer)) - 4096);
}

Result<void> NftSocket::send_batch(std::span<const NftTransaction::Message> messages, int& error)
{
  error = 0;
  const std::uint32_t begin = sequence_ + 1;
  const std::uint32_t first = begin + 1;
  const auto final = begin + static_cast<std::uint32_t>(messages.size());
  const auto bytes = batch_of(messages, begin);
  sequence_ = final + 1;

  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  ssize_t sent = 0;
  do {
    sent = ::sendto(socket_.get(),
                    bytes.data(),
                    bytes.size(),
                    0,
                    reinterpret_cast<const sockaddr*>(&kernel),
                    sizeof kernel);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) {
    error = errno;
    return fail(refused(messages.front().what, error, {}));
  }

  // Errors come first, each with the number of its message; then the answer to the last one.
  Result<void> outcome;
  const int unheard = read_answers(socket_.get(), [&](const nlmsghdr& message) {
    if (message.nlmsg_type != NLMSG_ERROR || message.nlmsg_seq < begin ||
        message.nlmsg_seq > final || mnl_nlmsg_get_payload_len(&message) < sizeof(nlmsgerr)) {
      return false;  // an answer to an earlier, failed batch
    }
    error = error_in(message);
    if (error != 0) {
      const auto which = message.nlmsg_seq < first ? 0U : message.nlmsg_seq - first;
      outcome = fail(refused(messages[which].what, error, kernel_words(&message)));
    }
    return error != 0 || message.nlmsg_seq == final;
  });
  if (unheard != 0) {
    error = unheard;
    return fail(refused(messages.front().what, error, {}));
  }
  return outcome;
}

Result<void> NftSocket::commit(const NftTransaction& transaction)
{
  if (transaction.messages().empty()) {
    return {};
  }
  int error = 0;
  return send_batch(transaction.messages(), error);
}

Result<void> NftSocket::load_ranges(const std::string& table,
                                    const std::string& set,
                                    std::span<const NftRange> ranges)
{
  // A range takes at most this much: two keys, flags, the counter's name.
  constexpr std::size_t largest_range = 128;
  for (std::size_t done = 0; done < ranges.size();) {
    const auto count = std::min(ranges.size() - done, chunk_bytes_ / largest_range);
    NftTransaction chunk(table);
    chunk.add_ranges(set, ranges.subspan(done, count), done == 0);
    int error = 0;
    const auto result = send_batch(chunk.messages(), error);
    if (result) {
      done += count;
    } else if ((error == EMSGSIZE || error == ENOBUFS) && chunk_bytes_ / 2 >= smallest_chunk) {
      chunk_bytes_ /= 2;
    } else {
      return result;
    }
  }
  return {};
}

Result<void>
NftSocket::dump(std::uint16_t type,
                NftFamily of,
                const Attributes& body,
                const std::function<void(const void* attributes, std::size_t length)>& each)
{
  const auto unreadable = [](int error) {
    return fail(Fault::Internal,
                say("cannot read the packet filter's counters: {}", std::strerror(error)));
  };
  std::vector<std::uint8_t> bytes;
  const std::uint32_t sequence = ++sequence_;
  append_message(
      bytes, nft_message(type), NLM_F_DUMP, sequence, static_cast<std::uint8_t>(of), 0, body);
  if (::send(socket_.get(), bytes.data(), bytes.size(), 0) < 0) {
    return unreadable(errno);
  }
  Result<void> outcome;
  const int unheard = read_answers(socket_.get(), [&](const nlmsghdr& message) {
    if (message.nlmsg_seq != sequence) {
      return false;
    }
    if (message.nlmsg_type == NLMSG_ERROR) {
      outcome = unreadable(error_in(message));
    } else if (message.nlmsg_type != NLMSG_DONE &&
               mnl_nlmsg_get_payload_len(&message) > sizeof(nfgenmsg)) {
      each(static_cast<const std::uint8_t*>(mnl_nlmsg_get_payload(&message)) + sizeof(nfgenmsg),
           mnl_nlmsg_get_payload_len(&message) - sizeof(nfgenmsg));
    }
    return message.nlmsg_type == NLMSG_ERROR || message.nlmsg_type == NLMSG_DONE;
  });
  if (unheard != 0) {
    return unreadable(unheard);
  }
  return outcome;
}

Result<std::map<std::string, NftCount>> NftSocket::read_counters(const std::string& table,
                                                                 NftFamily of)
{
  std::map<std::string, NftCount> counters;
  Attributes body;
  body.put_text(NFTA_OBJ_TABLE, table);
  body.put_u32(NFTA_OBJ_TYPE, NFT_OBJECT_COUNTER);
  ZONDER_TRY(dump(NFT_MSG_GETOBJ, of, body, [&](const void* start, std::size_t length) {
    const auto fields = attributes_of<NFTA_OBJ_MAX + 1>(start, length);
    if (fields[NFTA_OBJ_NAME] != nullptr) {
      counters[mnl_attr_get_str(fields[NFTA_OBJ_NAME])] = count_in(fields[NFTA_OBJ_DATA]);
    }
  }));
  return counters;
}

Result<std::vector<NftDestination>>
NftSocket::read_destinations(const std::string& table, const std::string& set, net::Family family)
{
  std::vector<NftDestination> destinations;
  ZONDER_TRY(dump(NFT_MSG_GETSETELEM,
                  NftFamily::Inet,
                  the_set(table, set),
                  [&](const void* start, std::size_t length) {
                    for_each_element(start, length, [&](const nlattr* element) {
                      const auto fields = attributes_in<NFTA_SET_ELEM_MAX + 1>(element);
                      const auto key = key_in(fields, destination_length(family));
                      if (!key.empty()) {
                        destinations.push_back(destination_in(key, family));
                        destinations.back().packets = packets_of(fields);
                      }
                    });
                  }));
  return destinations;
}

Result<std::vector<NftSent>>
NftSocket::read_senders(const std::string& table, const std::string& set, net::Family family)
{
  constexpr std::size_t sender_length = 8;  // of which six bytes are the address
  std::vector<NftSent> all;
  ZONDER_TRY(
      dump(NFT_MSG_GETSETELEM,
           NftFamily::Inet,
           the_set(table, set),
           [&](const void* start, std::size_t length) {
             for_each_element(start, length, [&](const nlattr* element) {
               const auto fields = attributes_in<NFTA_SET_ELEM_MAX + 1>(element);
               const auto key = key_in(fields, sender_length + destination_length(family));
               if (!key.empty()) {
                 NftSent sent = {.destination = destination_in(key.subspan(sender_length), family)};
                 std::copy_n(key.begin(), sent.sender.bytes.size(), sent.sender.bytes.begin());
                 sent.destination.packets = packets_of(fields);
                 all.push_back(sent);
               }
             });
           }));
  return all;
}

Result<std::vector<NftSeat>> NftSocket::read_seats(const std::string& table,
                                                   const std::string& set,
                                                   net::Family family,
                                                   NftFamily of)
{
  constexpr std::size_t sender_length = 8;  // of which six bytes are the address
  std::vector<NftSeat> all;
  ZONDER_TRY(
      dump(NFT_MSG_GETSETELEM, of, the_set(table, set), [&](const void* start, std::size_t length) {
        for_each_element(start, length, [&](const nlattr* element) {
          const auto fields = attributes_in<NFTA_SET_ELEM_MAX + 1>(element);
          const auto key = key_in(fields, sender_length + net::width(family) / 8);
          if (!key.empty()) {
            NftSeat seat = {.sender = {},
                            .address = net::Address::from_bytes(family, &key[sender_length])};
            std::copy_n(key.begin(), seat.sender.bytes.size(), seat.sender.bytes.begin());
            all.push_back(seat);
          }
        });
      }));
  return all;
}

Result<std::vector<net::MacAddress>>
NftSocket::read_hardware(const std::string& table, const std::string& set, NftFamily of)
{
  std::vector<net::MacAddress> all;
  ZONDER_TRY(
      dump(NFT_MSG_GETSETELEM, of, the_set(table, set), [&](const void* start, std::size_t length) {
        for_each_element(start, length, [&](const nlattr* element) {
          const auto fields = attributes_in<NFTA_SET_ELEM_MAX + 1>(element);
          net::MacAddress hardware;
          const auto key = key_in(fields, hardware.bytes.size());
          if (!key.empty()) {
            std::copy_n(key.begin(), hardware.bytes.size(), hardware.bytes.begin());
            all.push_back(hardware);
          }
        });
      }));
  return all;
}

Result<std::size_t> NftSocket::count_elements(const std::string& table, const std::string& set)
{
  std::size_t count = 0;
  ZONDER_TRY(dump(NFT_MSG_GETSETELEM,
                  NftFamily::Inet,
                  the_set(table, set),
                  [&](const void* start, std::size_t length) {
                    for_each_element(start, length, [&](const nlattr*) { ++count; });
                  }));
  return count;
}

}  // namespace zonder::kernel

// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "collect/inflow.hh"

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <stop_token>
#include <thread>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <unistd.h>

#include "base/translate.hh"

namespace zonder::collect {
namespace {

constexpr std::size_t padding = 64;

}  // namespace

Result<std::size_t> FileInflow::read(std::span<char> into)
{
  for (;;) {
    const auto got = ::read(file_.get(), into.data(), into.size());
    if (got >= 0) {
      const auto size = static_cast<std::size_t>(got);
      if (progress_) {
        progress_(size);
      }
      return size;
    }
    if (errno != EINTR) {
      return fail(Fault::Incomplete, say("{}: {}", path_, std::strerror(errno)));
    }
  }
}

/// Hashes in a thread of its own, beside the reading: on two processors it costs no time.
class Window::Hash {
public:
  Hash() : context_(::EVP_MD_CTX_new())
  {
    (void)::EVP_DigestInit_ex(context_, ::EVP_sha256(), nullptr);
    worker_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
  }
  ~Hash()
  {
    worker_ = std::jthread();
    ::EVP_MD_CTX_free(context_);
  }
  Hash(const Hash&) = delete;
  Hash& operator=(const Hash&) = delete;
  Hash(Hash&&) = delete;
  Hash& operator=(Hash&&) = delete;

  /// These stay as they are until wait().
  void take(std::span<const char> bytes)
  {
    wait();
    {
      const std::lock_guard lock(mutex_);
      next_ = bytes;
    }
    changed_.notify_all();
  }
  void wait()
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return next_.empty(); });
  }
  EVP_MD_CTX* done()
  {
    wait();
    return context_;
  }

private:
  void work(const std::stop_token& stop)
  {
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, stop, [this] { return !next_.empty(); })) {
      const auto bytes = next_;
      lock.unlock();
      (void)::EVP_DigestUpdate(context_, bytes.data(), bytes.size());
      lock.lock();
      next_ = {};
      changed_.notify_all();
    }
  }

  EVP_MD_CTX* context_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::span<const char> next_;  // empty: nothing to do
  std::jthread worker_;
};

Window::Window(Inflow& inflow)
    : inflow_(inflow), buffer_(first_size + padding), hash_(std::make_unique<Hash>())
{
}

Window::~Window() = default;

void Window::fill()
{
  if (ended_) {
    return;
  }
  // What is still wanted goes to the front when there is little room behind it.
  if (buffer_.size() - padding - end_ < first_size / 4) {
    hash_->wait();
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(start_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_),
              buffer_.begin());
    end_ -= start_;
    start_ = 0;
  }
  const auto got = inflow_.read(std::span(buffer_).subspan(end_, buffer_.size() - padding - end_));
  if (!got) {
    trouble_ = got.error();
    ended_ = true;
    return;
  }
  ended_ = *got == 0;
  if (*got > 0) {
    hash_->take(std::span(buffer_).subspan(end_, *got));
  }
  bytes_ += *got;
  end_ += *got;
}

std::string_view Window::ahead(std::size_t size)
{
  size = std::min(size, largest);
  if (size + padding > buffer_.size() - start_ && size + padding > buffer_.size()) {
    hash_->wait();
    buffer_.resize(std::max(size + size / 2, first_size) + padding);
  }
  while (end_ - start_ < size && !ended_) {
    fill();
  }
  return held();
}

std::string_view Window::more()
{
  if (end_ - start_ + first_size / 4 + padding > buffer_.size()) {
    hash_->wait();
    buffer_.resize(buffer_.size() * 2);
  }
  fill();
  return held();
}

void Window::pass(std::size_t size)
{
  start_ += size;
  if (start_ == end_) {
    hash_->wait();
    start_ = 0;
    end_ = 0;
  }
}

void Window::pass_all()
{
  do {
    hash_->wait();
    start_ = 0;
    end_ = 0;
    fill();
  } while (!ended_);
  start_ = 0;
  end_ = 0;
}

std::string Window::digest()
{
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  (void)::EVP_DigestFinal_ex(hash_->done(), bytes.data(), &size);
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += fmt::format("{:02x}", bytes.at(i));
  }
  return text;
}

}  // namespace zonder::collect

// A body is read as HTTP/1.0 has it: to the end of the connection, in one
// piece.
#include "harness/load/seek.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/load/http_messages.h"
#include "harness/load/target.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

using nlohmann::json;

constexpr std::int64_t kPatience = 5'000'000'000;  // nanoseconds
constexpr std::size_t kLargest = 64 << 20;         // bytes of an answer

bool is_word(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0;
}

// Item 1 is no part of item 10.
bool stands_in(const std::string& whole, const std::string& part) {
  for (std::size_t at = 0; (at = whole.find(part, at)) != std::string::npos;
       ++at) {
    std::size_t end = at + part.size();
    bool before = at > 0 && is_word(part.front()) && is_word(whole[at - 1]);
    bool after =
        end < whole.size() && is_word(part.back()) && is_word(whole[end]);
    if (!before && !after) {
      return true;
    }
  }
  return false;
}

// Has `whole` all that `part` has?
bool covers(const json& whole, const json& part) {
  if (!whole.is_object() || !part.is_object()) {
    return whole == part;
  }
  return std::all_of(
      part.items().begin(), part.items().end(), [&](const auto& member) {
        auto found = whole.find(member.key());
        return found != whole.end() && covers(*found, member.value());
      });
}

bool is_in(const json& whole, const json& part) {
  if (covers(whole, part)) {
    return true;
  }
  return whole.is_structured() &&
         std::any_of(whole.begin(), whole.end(),
                     [&](const json& inner) { return is_in(inner, part); });
}

}  // namespace

bool has_content(const std::string& answer, const std::string& content) {
  json part = json::parse(content, nullptr, false);
  json whole = json::parse(answer, nullptr, false);
  if (content.empty() || (!part.is_discarded() && !whole.is_discarded())) {
    return content.empty() || is_in(whole, part);
  }
  for (std::string_view line : lines_of(answer)) {
    json one = json::parse(line, nullptr, false);
    if (!part.is_discarded() && !one.is_discarded() && is_in(one, part)) {
      return true;
    }
  }
  return stands_in(answer, content);
}

// One question and its answer.
class Seeker::Fetch final : public ConnectionUser {
 public:
  Fetch(Seeker& owner, const SoughtWrite& write)
      : owner_(owner),
        begun_ns_(monotonic_ns()),
        connection_(owner.reactor_, owner.at_, *this,
                    {write.tls, host_of(owner, write), ""}) {
    HttpRequest request{"GET", host_of(owner, write), write.path, "", false};
    text_ = text_of(request);
    text_.replace(text_.find(" HTTP/1.1\r\n"), 11, " HTTP/1.0\r\n");
  }

  std::int64_t begun_ns() const { return begun_ns_; }

  void connected(int os_errno) override {
    if (os_errno != 0) {
      owner_.failed("no connection: " + errno_name(os_errno));
    } else {
      connection_.send(text_);
    }
  }
  void sent(int /*os_errno*/) override {}
  void received(std::string_view bytes) override {
    all_ += bytes;
    (void)reply_.feed(bytes);
    if (all_.size() > kLargest) {
      owner_.failed("its answer is longer than 64 MiB");
    }
  }
  void ended(int os_errno) override {
    reply_.end();
    std::size_t body = all_.find("\r\n\r\n");
    if (os_errno != 0 || !reply_.is_http() || body == std::string::npos) {
      owner_.failed(os_errno != 0 ? errno_name(os_errno)
                                  : "it answered without HTTP");
    } else {
      owner_.answered(reply_.status(), all_.substr(body + 4));
    }
  }

 private:
  static std::string host_of(const Seeker& owner, const SoughtWrite& write) {
    return write.host.empty() ? owner.at_.text() : write.host;
  }

  Seeker& owner_;
  std::int64_t begun_ns_;
  std::string text_;
  std::string all_;
  Reply reply_;
  Connection connection_;  // the last: it calls the others
};

Seeker::Seeker(Reactor& reactor, const InetAddress& at,
               const std::vector<SoughtWrite>& writes,
               std::function<void(const DriverNews&)> tell)
    : reactor_(reactor), at_(at), writes_(writes), tell_(std::move(tell)) {}

Seeker::~Seeker() = default;

void Seeker::next() {
  if (at_write_ == writes_.size()) {
    tell_(SeekDone{monotonic_ns(), found_});
    return;
  }
  if (fetch_) {
    done_.push_back(std::move(fetch_));
  }
  fetch_ = std::make_unique<Fetch>(*this, writes_[at_write_]);
  reactor_.at(monotonic_ns() + kPatience,
              [this, write = at_write_] { give_up(write); });
}

// Of one path all are in one answer.
void Seeker::answered(int status, const std::string& body) {
  const std::string path = writes_[at_write_].path;
  while (at_write_ < writes_.size() && writes_[at_write_].path == path) {
    const SoughtWrite& write = writes_[at_write_++];
    bool well = status >= 200 && status < 300;
    if (well && has_content(body, write.content)) {
      ++found_;
    } else {
      tell_(WriteLost{write.n,
                      well ? fmt::format("GET {} has it not", path)
                           : fmt::format("GET {} answers {}", path, status)});
    }
  }
  next();
}

void Seeker::failed(const std::string& why) {
  const SoughtWrite& write = writes_[at_write_++];
  tell_(WriteLost{write.n, fmt::format("GET {}: {}", write.path, why)});
  next();
}

// Who does not answer one question is asked no more.
void Seeker::give_up(std::size_t write) {
  if (write != at_write_ || at_write_ == writes_.size()) {
    return;
  }
  while (at_write_ < writes_.size()) {
    tell_(WriteLost{writes_[at_write_++].n, "no answer within 5 s"});
  }
  next();
}

}  // namespace faultrig

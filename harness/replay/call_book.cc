#include "harness/replay/call_book.h"

#include <algorithm>

namespace faultrig {

namespace {

constexpr std::size_t kMostPlaces = 65536;
constexpr std::size_t kMostFailures = 4096;
constexpr std::size_t kLongNumber = 3;

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

std::string key_of(const std::string& call, const CallPlace& place) {
  return call + '\0' + static_cast<char>(place.kind) + place.text;
}

}  // namespace

std::string path_glob(const std::string& path) {
  std::string rest = path;
  if (rest.starts_with("./")) {
    rest.erase(0, 2);
  }
  if (rest.find("..") != std::string::npos) {
    rest.erase(0, rest.rfind('/') + 1);
  }
  std::string out = rest.starts_with("/") ? "" : "*/";
  for (std::size_t at = 0; at < rest.size();) {
    std::size_t size = 0;
    while (at + size < rest.size() && is_digit(rest[at + size])) {
      ++size;
    }
    if (size >= kLongNumber) {
      out += '*';
    } else if (size > 0) {
      out += rest.substr(at, size);
    } else {
      bool special =
          std::string_view("*?[]\\\x01").find(rest[at]) != std::string::npos;
      out += rest[at] == '\x01' ? '*' : special ? '?' : rest[at];
      size = 1;
    }
    at += size;
  }
  return out;
}

void CallBook::add(const MadeCall& call) {
  std::string key = key_of(call.call, call.place);
  auto count = counts_.find(key);
  if (count == counts_.end() && counts_.size() < kMostPlaces) {
    count = counts_.emplace(key, 0).first;
  }
  overflowed_ = overflowed_ || count == counts_.end();
  std::int64_t number = count == counts_.end() ? 0 : ++count->second;
  if (!call.error.empty()) {
    fail(call, number);
  }
}

void CallBook::fail_last(const MadeCall& call) {
  auto count = counts_.find(key_of(call.call, call.place));
  fail(call, count == counts_.end() ? 0 : count->second);
}

void CallBook::fail(const MadeCall& call, std::int64_t number) {
  std::string key = key_of(call.call, call.place) + '\0' + call.error;
  auto known = failed_.find(key);
  if (known == failed_.end()) {
    if (failed_.size() >= kMostFailures) {
      overflowed_ = true;
      return;
    }
    known = failed_.emplace(key, FailedCalls()).first;
    known->second = {
        call.call, call.error, call.place, call.path,    number,       0,    0,
        0,         call.where, {},         call.program, call.highest, false};
  }
  FailedCalls& failed = known->second;
  ++failed.failed;
  failed.last_at = call.at;
  failed.last = call.where;
  failed.injected = failed.injected || call.injected;
}

std::vector<FailedCalls> CallBook::take() {
  std::vector<FailedCalls> out;
  out.reserve(failed_.size());
  for (auto& [key, failed] : failed_) {
    auto count = counts_.find(key_of(failed.call, failed.place));
    failed.calls = count == counts_.end() ? 0 : count->second;
    out.push_back(std::move(failed));
  }
  std::sort(out.begin(), out.end(),
            [](const FailedCalls& a, const FailedCalls& b) {
              return a.last_at < b.last_at;
            });
  return out;
}

}  // namespace faultrig

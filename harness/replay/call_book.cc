#include "harness/replay/call_book.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/replay/call_words.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostPlaces = 65536;
constexpr std::size_t kMostFailures = 4096;
constexpr std::size_t kMostGlobs = 1024;
constexpr std::size_t kLongNumber = 3;
constexpr std::string_view kReplaced = "\xef\xbf\xbd";  // U+FFFD

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

std::string key_of(const CallPlace& place) {
  bool any = place.kind == CallPlace::Kind::socket;
  return static_cast<char>(place.kind) + (any ? "" : place.text);
}

bool is_glob(const CallPlace& place) {
  return place.kind == CallPlace::Kind::path &&
         place.text.find_first_of("*?") != std::string::npos;
}

// A scenario is UTF-8: what is not is left open, as what strace left out.
std::string without_wrong_bytes(const std::string& path) {
  std::string out = valid_utf8(path);
  std::replace(out.begin(), out.end(), '\0', kLeftOut);
  for (std::size_t at = out.find(kReplaced); at != std::string::npos;
       at = out.find(kReplaced, at)) {
    out.replace(at, kReplaced.size(), 1, kLeftOut);
  }
  return out;
}

}  // namespace

std::string path_glob(const std::string& path) {
  std::string rest = without_wrong_bytes(path);
  while (rest.size() > 1 && rest.ends_with('/')) {
    rest.pop_back();
  }
  if (rest.find("..") != std::string::npos) {
    rest.erase(0, rest.rfind('/') + 1);
  }
  rest = normal_path(rest);
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
          std::string_view("*?[]\\").find(rest[at]) != std::string::npos;
      out += rest[at] == kLeftOut ? '*' : special ? '?' : rest[at];
      size = 1;
    }
    at += size;
  }
  return out;
}

void CallBook::add(const MadeCall& call) {
  Counts& counts = counts_[call.call];
  std::string key = key_of(call.place);
  auto count = counts.at.find(key);
  if (count == counts.at.end() && places_ < kMostPlaces) {
    count = counts.at.emplace(key, 0).first;
    ++places_;
  }
  overflowed_ = overflowed_ || count == counts.at.end();
  counts.all += call.place.kind == CallPlace::Kind::stdio ? 0 : 1;
  if (count != counts.at.end()) {
    ++count->second;
  }
  if (!call.error.empty()) {
    fail(call);
  }
}

std::int64_t CallBook::calls_at(const std::string& call,
                                const CallPlace& place) const {
  auto counts = counts_.find(call);
  if (counts == counts_.end()) {
    return 0;
  }
  const std::unordered_map<std::string, std::int64_t>& at = counts->second.at;
  auto count = at.find(key_of(place));
  if (place.kind == CallPlace::Kind::none || count == at.end()) {
    return place.kind == CallPlace::Kind::none ? counts->second.all : 0;
  }
  if (!is_glob(place)) {
    return count->second;
  }
  std::int64_t sum = 0;
  std::string glob = key_of(place);
  // Most have another end, which is faster to see.
  std::string_view end(place.text);
  end.remove_prefix(end.find_last_of("*?") + 1);
  for (const auto& [key, calls] : at) {
    sum += key.ends_with(end) && glob_match(glob, key) ? calls : 0;
  }
  return sum;
}

// What is no longer counted has no number.
std::int64_t CallBook::number_of(const MadeCall& call) {
  if (!is_glob(call.place)) {
    return calls_at(call.call, call.place);
  }
  overflowed_ = overflowed_ || globs_ >= kMostGlobs;
  return globs_++ < kMostGlobs ? calls_at(call.call, call.place) : 0;
}

void CallBook::fail(const MadeCall& call) {
  std::string key = call.call + '\0' + key_of(call.place) + '\0' +
                    call.place.text + '\0' + call.error;
  auto known = failed_.find(key);
  if (known == failed_.end()) {
    if (failed_.size() >= kMostFailures) {
      overflowed_ = true;
      return;
    }
    known = failed_.emplace(key, FailedCalls()).first;
    known->second = {call.call,
                     call.error,
                     call.place,
                     call.path,
                     number_of(call),
                     0,
                     0,
                     0,
                     call.where,
                     {},
                     call.program,
                     call.highest,
                     false};
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
    failed.calls = failed.nth == 0 ? 0 : calls_at(failed.call, failed.place);
    out.push_back(std::move(failed));
  }
  std::sort(out.begin(), out.end(),
            [](const FailedCalls& a, const FailedCalls& b) {
              return a.last_at < b.last_at;
            });
  return out;
}

}  // namespace faultrig

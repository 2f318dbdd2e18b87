// What a Go program prints as it crashes: `panic: ` or `fatal error: `, what
// else it has to say, an empty line, and goroutines (package runtime, panic.go
// and traceback.go).
#include "harness/replay/log_crashes.h"

#include <algorithm>

namespace faultrig {

namespace {

constexpr std::size_t kMostCrashes = 64;
constexpr std::size_t kMostLines = 40;  // of one
constexpr std::size_t kMostLength = 1000;

// Where it begins in a line; npos: nowhere.
std::size_t headline_in(std::string_view line) {
  std::size_t found = line.npos;
  for (std::string_view word : kHeadlines) {
    std::size_t at = line.find(word);
    bool begins = at == 0 || (at != line.npos && line[at - 1] == ' ');
    found = begins ? std::min(found, at) : found;
  }
  return found;
}

// `panic: boom [recovered, repanicked]`: how it is told that it was differs.
std::string without_recovery(std::string_view headline) {
  return std::string(headline.substr(0, headline.find(" [recovered")));
}

}  // namespace

void LogCrashes::take(std::string_view line, std::int64_t number) {
  std::size_t at = headline_in(line);
  if (at != line.npos) {
    open_ = crashes_.size() < kMostCrashes;
    before_ = at;
  }
  if (!open_) {
    return;
  }
  std::int64_t first = at == line.npos ? crashes_.rbegin()->first : number;
  std::string_view rest = line.substr(std::min(before_, line.size()));
  crashes_[first].emplace_back(rest.substr(0, kMostLength));
  open_ = crashes_[first].size() < kMostLines;
}

ErrorLine LogCrashes::of(const Explanation& explanation) const {
  const std::vector<Quote>& quotes = explanation.quotes;
  auto quote = std::find_if(quotes.begin(), quotes.end(), [](const Quote& one) {
    return is_headline(one.text);
  });
  if (quote == quotes.end()) {
    return {};
  }
  ErrorLine out{without_recovery(quote->text), true, ""};
  auto crash = crashes_.find(quote->line);
  if (crash != crashes_.end()) {
    std::vector<std::string_view> lines(crash->second.begin(),
                                        crash->second.end());
    out.top = error_line_in(lines, "").top;
  }
  return out;
}

}  // namespace faultrig

// A program that logs objects of JSON itself looks the same, line by line. In
// its log go speaks outside of them.
#include "harness/explain/log_wrapping.h"

#include <optional>
#include <utility>

#include "harness/base/text.h"
#include "harness/explain/log_line.h"
#include "harness/explain/log_prefix.h"
#include "harness/judge/log_envelope.h"

namespace faultrig {

namespace {

constexpr std::size_t kLongestLine = 1 << 20;
constexpr std::size_t kMostWriters = 200;

struct Count {
  std::size_t lines = 0;
  std::size_t words = 0;  // of go
  bool many = false;      // of a driver (LogEnvelope)
};

}  // namespace

void LogWrapping::learn(const std::vector<std::string>& sample) {
  std::map<std::string, Count> kept;
  Count plain;
  for (const std::string& line : sample) {
    auto envelope = log_envelope(line);
    Count& count = envelope ? kept[envelope->key] : plain;
    std::string text = envelope ? envelope->text : line;
    count.many = envelope && envelope->many;
    count.lines += text.empty() ? 0 : 1;
    for (std::string_view one : lines_of(text)) {
      count.words += has_word_of_go(without_escapes(one)) ? 1 : 0;
    }
  }
  std::size_t most = 0;
  for (const auto& [key, count] : kept) {
    // `cri` stamps are learnt as any prefix, too: the rest is for its parts. A
    // driver tells of much besides; go speaks in what it tells alone.
    bool fits = count.many
                    ? plain.words == 0
                    : count.lines > plain.lines && count.words > plain.words;
    if (fits && count.words > most) {
      key_ = key;
      most = count.words;
    }
  }
}

std::vector<std::string> LogWrapping::unwrap(std::string_view line) {
  auto envelope = key_.empty() ? std::nullopt : log_envelope(line);
  if (!envelope || envelope->key != key_) {
    return {without_escapes(line)};
  }
  if (parts_.size() >= kMostWriters && !parts_.contains(envelope->writer)) {
    parts_.clear();
  }
  std::string& part = parts_[envelope->writer];
  part += envelope->text;
  if (!envelope->whole && part.size() < kLongestLine) {
    return {};
  }
  std::vector<std::string> out;
  std::string whole = std::exchange(part, "");
  std::string before = envelope->writer.empty() ? "" : envelope->writer + " | ";
  for (std::string_view one : lines_of(whole)) {
    out.push_back(before + without_escapes(one));
  }
  return out.empty() ? std::vector<std::string>{before} : out;
}

}  // namespace faultrig

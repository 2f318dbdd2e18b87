// A service without its database does what it never does otherwise: whatever
// was asked of it then is no answer.
#include "harness/model/lacked_need.h"

#include <algorithm>
#include <array>

#include "harness/base/text.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostQuoted = 500;

bool is_of_second_life(const Observation& seen) {
  constexpr std::array<Fact, 4> kOfIt{Fact::second_ready, Fact::second_unready,
                                      Fact::write_found, Fact::write_lost};
  return std::find(kOfIt.begin(), kOfIt.end(), seen.fact) != kOfIt.end();
}

// The last that it said; of a crash, by its first line.
std::string telling_line(const std::string& text) {
  std::string last;
  for (std::string_view line : lines_of(text)) {
    if (line.starts_with("panic: ") || line.starts_with("fatal error: ")) {
      return std::string(line);
    }
    last = line.find_first_not_of(" \t\r") == line.npos ? last : line;
  }
  return last;
}

std::string last_words(const Evidence& evidence, const std::string& need) {
  std::string words;
  for (const Observation& seen : evidence.trace()) {
    if (seen.fact == Fact::last_output && seen.link == need &&
        (words.empty() || seen.stream == "stderr")) {
      words = telling_line(seen.text);
    }
  }
  return words.empty() ? ""
                       : "; its last output: " +
                             for_one_line(words.substr(0, kMostQuoted));
}

// Two that end together are reaped in no order, one right behind the other.
constexpr std::chrono::milliseconds kTogether{10};

// Was it needed at this point of the trace?
bool was_needed(const Evidence& evidence, std::size_t cite) {
  const ExitChain& chain = evidence.exits();
  auto trace = evidence.trace();
  return chain.empty() ||
         trace[cite].at < trace[chain.back().cite].at + kTogether ||
         std::any_of(trace.begin(), trace.end(), is_of_second_life);
}

LackedNeed lacked(const Evidence& evidence, std::size_t cite) {
  const Observation& seen = evidence.trace()[cite];
  std::string why = describe(seen);
  why += seen.fact == Fact::process_ended ? ", while it was needed" : "";
  return {cite, why + last_words(evidence, seen.link)};
}

}  // namespace

std::optional<LackedNeed> lacked_need(const Evidence& evidence) {
  if (auto unready = evidence.first(Fact::need_unready)) {
    return lacked(evidence, *unready);
  }
  for (const LinkEnd& end : evidence.beside()) {
    bool of_itself =
        end.link == Link::need && (!end.status || end.our_signal == 0);
    if (of_itself && was_needed(evidence, end.cite)) {
      return lacked(evidence, end.cite);
    }
  }
  return std::nullopt;
}

}  // namespace faultrig

#include "harness/model/request.h"

#include <array>
#include <cstddef>

namespace faultrig {

namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 10> kEnds = {
    "answered", "wrong",     "cut",       "reset",  "unsent",
    "refused",  "timed out", "own limit", "closed", "held"};
constexpr std::array<std::string_view, 9> kPlaces = {
    "backlog", "sent, unread", "read, unanswered", "answering",   "half sent",
    "idle",    "gone",         "partly read",      "a stranger's"};

template <typename Enum, std::size_t N>
std::optional<Enum> found_in(const std::array<std::string_view, N>& words,
                             std::string_view word) {
  for (std::size_t i = 0; i < N; ++i) {
    if (words[i] == word) {
      return static_cast<Enum>(i);
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view word_for(RequestEnd end) {
  return kEnds[static_cast<std::size_t>(end)];
}

std::optional<RequestEnd> request_end(std::string_view word) {
  return found_in<RequestEnd>(kEnds, word);
}

std::string_view word_for(InFlight where) {
  return kPlaces[static_cast<std::size_t>(where)];
}

std::optional<InFlight> in_flight(std::string_view word) {
  return found_in<InFlight>(kPlaces, word);
}

}  // namespace faultrig

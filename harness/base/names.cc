#include "harness/base/names.h"

#include <algorithm>
#include <csignal>
#include <cstring>

namespace faultrig {

namespace {

constexpr int kLargestErrno = 133;
constexpr std::size_t kMaxEdits = 2;

// Optimal string alignment distance: Levenshtein with neighbours swapped.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(
      a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1,
                             cost[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

bool one_starts_with_other(std::string_view a, std::string_view b) {
  std::size_t shorter = std::min(a.size(), b.size());
  return shorter >= 3 && a.substr(0, shorter) == b.substr(0, shorter);
}

}  // namespace

std::string signal_name(int signal) {
  if (const char* name = sigabbrev_np(signal)) {
    return std::string("SIG") + name;
  }
  if (signal >= SIGRTMIN && signal <= SIGRTMAX) {
    int above = signal - SIGRTMIN;
    return above == 0 ? "SIGRTMIN" : "SIGRTMIN+" + std::to_string(above);
  }
  return "signal " + std::to_string(signal);
}

bool is_stop_signal(int signal) {
  return signal == SIGTERM || signal == SIGINT || signal == SIGQUIT ||
         signal == SIGKILL;
}

std::optional<int> signal_number(std::string_view name) {
  for (int signal = 1; signal <= SIGRTMAX; ++signal) {
    std::string full = signal_name(signal);
    if (full == name || (full.starts_with("SIG") && full.substr(3) == name)) {
      return signal;
    }
  }
  return std::nullopt;
}

bool can_kill(int signal) {
  static constexpr int kHarmless[] = {SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP,
                                      SIGTTIN, SIGTTOU, SIGURG,  SIGWINCH};
  return std::find(std::begin(kHarmless), std::end(kHarmless), signal) ==
         std::end(kHarmless);
}

std::string errno_name(int number) {
  if (const char* name = strerrorname_np(number)) {
    return name;
  }
  return "errno " + std::to_string(number);
}

std::optional<int> errno_number(std::string_view name) {
  for (int number = 1; number <= kLargestErrno; ++number) {
    if (errno_name(number) == name) {
      return number;
    }
  }
  // Two names share these numbers (errno(3)).
  if (name == "EWOULDBLOCK") {
    return EAGAIN;
  }
  return name == "ENOTSUP" ? std::optional<int>(EOPNOTSUPP) : std::nullopt;
}

std::vector<std::string> signal_names() {
  std::vector<std::string> names;
  for (int signal = 1; signal <= SIGRTMAX; ++signal) {
    if (std::string name = signal_name(signal); name.starts_with("SIG")) {
      names.push_back(name);
    }
  }
  return names;
}

std::vector<std::string> errno_names() {
  std::vector<std::string> names;
  for (int number = 1; number <= kLargestErrno; ++number) {
    if (const char* name = strerrorname_np(number)) {
      names.emplace_back(name);
    }
  }
  return names;
}

std::optional<std::string> nearest(std::string_view word,
                                   std::span<const std::string> candidates) {
  std::optional<std::string> best;
  std::size_t best_cost = kMaxEdits + 1;
  for (const std::string& candidate : candidates) {
    // A word of two letters is near to everything.
    std::size_t allowed = std::min(kMaxEdits, candidate.size() / 2);
    std::size_t cost =
        word.size() > 64 ? kMaxEdits + 1 : edits_between(word, candidate);
    if (cost <= allowed && cost < best_cost) {
      best = candidate;
      best_cost = cost;
    } else if (!best && one_starts_with_other(word, candidate)) {
      best = candidate;
    }
  }
  return best;
}

std::string suggestion(std::string_view word,
                       std::span<const std::string> candidates) {
  if (auto near = nearest(word, candidates)) {
    return " (did you mean '" + *near + "'?)";
  }
  return "";
}

}  // namespace faultrig

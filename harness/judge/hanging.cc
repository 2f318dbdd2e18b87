// Which goroutine is the reason of a hang nobody can prove from stacks, but
// some ways to wait are rarer than others: a server that has nothing to do has
// goroutines in `IO wait`, seldom one in `sync.Mutex.Lock`.
#include "harness/judge/hanging.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "harness/judge/looks.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostKept = 8;

// Of classes of states, as state_class() has them.
constexpr std::array<std::string_view, 9> kReasons{
    "mutex",  "waitgroup", "cond",     "chan send", "chan receive",
    "select", "running",   "runnable", "sleep"};

bool is_own(const GoFrame& frame) { return !is_standard(frame.function); }

// 0 is the likeliest. Behind all others come those without any function of the
// program's, and the one in which a test binary waits for its tests.
std::size_t rank_of(const Observation& seen) {
  const std::vector<GoFrame>& frames = seen.stack->frames;
  auto own = std::find_if(frames.begin(), frames.end(), is_own);
  bool apart = own == frames.end() || own->file.ends_with("_testmain.go");
  const auto* found =
      std::find(kReasons.begin(), kReasons.end(), class_of(seen));
  auto rank = static_cast<std::size_t>(found - kReasons.begin());
  return apart ? kReasons.size() + 1 + rank : rank;
}

JudgedHang judged(const Observation& seen) {
  JudgedHang out{seen.link, seen.number, seen.action, stack_text(*seen.stack)};
  if (out.where.empty() && !seen.stack->frames.empty()) {
    out.where = seen.stack->frames.front().function;
  }
  return out;
}

// Of what led there only the program's own functions are told: others may have
// come the same way.
void add(JudgedHang one, std::vector<JudgedHang>& all) {
  auto same = std::find_if(all.begin(), all.end(), [&](const JudgedHang& it) {
    return it.link == one.link && it.state == one.state &&
           it.where == one.where;
  });
  if (same != all.end()) {
    same->count += one.count;
  } else if (all.size() < kMostKept) {
    all.push_back(std::move(one));
  }
}

}  // namespace

std::vector<JudgedHang> hanging_goroutines(const Evidence& evidence) {
  std::vector<const Observation*> all;
  for (const Observation& seen : evidence.trace()) {
    if (seen.fact == Fact::goroutines_seen && seen.stack != nullptr &&
        seen.number > 0) {
      all.push_back(&seen);
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const auto* a, const auto* b) {
    return rank_of(*a) < rank_of(*b);
  });
  std::vector<JudgedHang> out;
  for (const Observation* seen : all) {
    add(judged(*seen), out);
  }
  return out;
}

}  // namespace faultrig

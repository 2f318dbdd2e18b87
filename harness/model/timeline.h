#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/go_stack.h"

namespace faultrig {

// What Go's execution trace says of one process, summed up (harness/timeline).
// Times are nanoseconds, of CLOCK_MONOTONIC or, if is_old(), since some moment.
struct GoTimeline {
  // All waits of one kind at one place.
  struct Waits {
    std::string on;    // one of kWaitKinds
    std::string word;  // in Go's own words: `chan receive`
    GoStackPtr stack;
    std::int64_t times = 0;
    std::int64_t total = 0;
    std::int64_t longest = 0;
    std::int64_t at = 0;         // when the longest began
    std::int64_t goroutine = 0;  // whose that was
    bool open = false;           // it was not over when the trace ended
    std::int64_t waker = 0;      // the goroutine that ended it; 0: not known
    std::string by;              // the function in which that was
  };
  // Pauses (all goroutines stopped) or cycles of garbage collection.
  struct Collected {
    std::string what;  // pause, cycle
    std::int64_t times = 0;
    std::int64_t total = 0;
    std::int64_t longest = 0;
    std::int64_t at = 0;
  };
  // What a goroutine was seen to do: what it says of itself (`region`, `task`,
  // `log` of runtime/trace, with a name), and any other event that was in a
  // function of the program (`at`).
  struct Step {
    std::string kind;
    std::string name;
    std::string function;  // the innermost one of the program; empty: none
    std::int64_t at = 0;
  };
  struct Steps {
    std::int64_t goroutine = 0;
    bool cut = false;  // there are more
    std::vector<Step> steps;
  };

  int go = 0;  // 26: the form of Go 1.26; 0: it is no trace
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::string cut;           // why the rest is not read; empty: it is whole
  std::vector<Waits> waits;  // the longest first
  std::int64_t more_waits = 0;
  std::int64_t longest_of_more = 0;
  std::vector<Collected> collected;
  std::vector<Steps> steps;  // by goroutine

  // Of Go 1.21 or older: with a clock of its own, without the time that system
  // calls take.
  bool is_old() const { return go <= 21; }
};

// What a goroutine waits for.
inline constexpr const char* kWaitsForCall = "syscall";
inline constexpr const char* kWaitsForOther = "other";  // mostly the runtime
std::vector<std::string_view> wait_kinds();             // `any` first

// `87 ms`, `437 us`: pauses are often shorter than a millisecond.
std::string waited_text(std::int64_t nanoseconds);

// `names` of the facts of a timeline (model/observation.h).
inline constexpr std::size_t kTraceForm = 0;
inline constexpr std::size_t kTraceCut = 1;
inline constexpr std::size_t kTraceNames = 2;
// Of a wait.
inline constexpr std::size_t kWaitTimes = 0;
inline constexpr std::size_t kWaitTotal = 1;
inline constexpr std::size_t kWaitGoroutine = 2;
inline constexpr std::size_t kWaitOpen = 3;
inline constexpr std::size_t kWaitWaker = 4;
inline constexpr std::size_t kWaitBy = 5;
inline constexpr std::size_t kWaitNames = 6;
// Of each step in turn.
inline constexpr std::size_t kStepKind = 0;
inline constexpr std::size_t kStepName = 1;
inline constexpr std::size_t kStepFunction = 2;
inline constexpr std::size_t kStepNames = 3;
// The kind of a step that the program does not tell itself.
inline constexpr const char* kStepSeen = "at";
// `action` of what goes on beyond what is told, and a `names[kWaitOpen]`.
inline constexpr const char* kStepsCut = "cut";
inline constexpr const char* kWaitsOn = "open";

}  // namespace faultrig

#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/adversary/scene.h"
#include "tests/adversary/world.h"

namespace faultrig::adversary {

// What a scene's verdict may be by docs/reference.md, and why. More than one
// where the language leaves it open; `refused` is one that `check` may give.
struct Opinion {
  std::set<std::string> right;
  std::string why;
  // An expectation may not hold either: of what proves nothing none fails.
  bool fails_too = false;
  // What the calls' own results say against the fault: `no effect`, ...
  std::vector<std::string> wrongs;
  // What was met, by which a disagreement is sorted.
  std::set<std::string> traits;
};

// A count that is not always known exactly.
struct Range {
  long low = 0;
  long high = 0;
  void operator+=(const Range& other) {
    low += other.low;
    high += other.high;
  }
};

// What the performer told of a scene, where it ran, and which of its runs with
// faults is meant.
struct Account {
  const act_slot& slot;
  std::string home;
  std::string program;
  int repeat = 0;
};

// Pure: from what the performer told, never from what faultrig says.
Opinion opinion_on(const Scene& scene, const Account& account);

// How often each fault took effect in that run, by its index.
struct Effects {
  std::vector<Range> of;
  std::vector<std::string> wrongs;
  std::set<std::string> traits;
  std::vector<long> picked;  // by call: how many any rule or trigger took
  std::vector<Range> on;     // by call: how many were acted on
  long calls_selected = 0;   // over all rules
};

Effects effects_in(const Scene& scene, const World& world);

// Does it name this call? Nothing but 0, 1 and 2 are left out for
// `spares_stdio`.
bool fits(const Choice& choice, const Call& call, bool spares_stdio);

// Does the first of its paths do?
bool fits_first(const Choice& choice, const Call& call);

// Are all its descriptors 0, 1 or 2?
bool is_on_stdio_alone(const Call& call);

bool is_lethal(const Scene& scene, int signal);

// Is there a call that both name?
bool name_one_call(const Choice& a, const Choice& b);

bool asks_by_fd(const Scene& scene);
bool asks_for_static_calls(const Scene& scene);
bool may_be_refused(const Scene& scene);
// Does it ask twice after one thing, so that the answers may exclude each
// other?
bool may_contradict(const Scene& scene);

}  // namespace faultrig::adversary

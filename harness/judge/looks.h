#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/evidence.h"

namespace faultrig {

// A look at the goroutines of one process, as evidence has it (`observe`, and
// the one before something that hung was ended).
struct JudgedLook {
  std::string link;
  std::int64_t pid = 0;
  std::string moment;  // of the hang: empty
  std::string what;    // the test, or the fault
  std::chrono::nanoseconds at{0};
  bool whole = true;                // nothing of it is missing
  bool failed = false;              // nobody could look: `what` is why
  std::size_t cite = 0;             // its first observation
  std::vector<std::size_t> groups;  // indices of what stood there
};

// All of them, in order of time.
std::vector<JudgedLook> looks_of(const Evidence& evidence);

// Its innermost function that is none of the runtime's, as a dump has it;
// empty: not known.
std::string innermost(const Observation& group);

// The class of its state, as state_class() has them.
std::string_view class_of(const Observation& group);

// `2 goroutines [chan send] in store.fill (db.go:41), made by store.Open`.
std::string group_text(const Observation& group);

// Does one of these names mean a function of its stack, or its creator?
bool is_ignored(const Observation& group,
                const std::vector<std::string>& ignored);

}  // namespace faultrig

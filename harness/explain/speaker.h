#pragma once

#include <string>
#include <string_view>

namespace faultrig {

// Who may have said a line of a log, as far as position and form show it.
enum class Speaker {
  unknown,
  go,       // the go command
  tool,     // what it builds with: compile, link, vet, gcc, ld, pkg-config
  process,  // the test binary, its -exec program, or a child of theirs
  ci,       // the CI system around it
  engine,   // docker and its kin
  shell,
  make,
  kernel,  // the kernel's own log
  runner,  // ginkgo, bazel and other drivers of tests
  witness  // a witness of ours
};

std::string_view speaker_name(Speaker speaker);

// Of a line that stands outside of packages, by its form; unknown if nothing
// in it tells.
Speaker speaker_by_form(std::string_view line);

// Is it the last word of go on a package that failed, as go prints it directly
// before `FAIL`: `exit status 2`, `signal: killed`, `fork/exec ...`?
bool is_closing_word(std::string_view line);

}  // namespace faultrig

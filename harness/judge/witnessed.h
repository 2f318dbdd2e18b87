#pragma once

#include <string>

#include "harness/model/evidence.h"

namespace faultrig {

// How a watched program ended, as people see it.
struct Conclusion {
  enum class Kind {
    clean,   // exited 0 and, a test binary, said PASS; left nothing behind
    noted,   // the same, with something to know
    failed,  // a test failed, and the test binary said so
    broken   // all else: a signal, a crash, another code, a false green
  };
  Kind kind = Kind::clean;
  std::string text;  // `was killed by SIGTERM, ...`; empty when clean
};

// From what a witness saw of one program (docs/witness.md). Pure.
Conclusion conclude(const Evidence& evidence);

// `faultrig: NAME TEXT` on one line of at most 160 characters, safe for a
// terminal, without its end.
std::string conclusion_line(const std::string& name,
                            const Conclusion& conclusion);

}  // namespace faultrig

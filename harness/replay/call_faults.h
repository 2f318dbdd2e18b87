#pragma once

#include <string>

#include "harness/replay/call_book.h"

namespace faultrig {

// `openat of /etc/hostname fails with EMFILE`
std::string words_of(const FailedCalls& failed);
// The fault that makes those calls fail so, in YAML.
std::string fault_of(const FailedCalls& failed);

// What brings such an error about, in place of calls that fail.
struct Mechanism {
  std::string fault;  // in YAML; empty: none is known
  std::string what;
};
Mechanism mechanism_of(const FailedCalls& failed);

}  // namespace faultrig

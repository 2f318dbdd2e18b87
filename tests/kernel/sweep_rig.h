#pragma once

#include "tests/injectors/rig.h"

// Skips a test where no call can be watched with the stack that it came from.
#define SKIP_WITHOUT_CALL_SITES()                       \
  SKIP_WITHOUT_STACKS();                                \
  SKIP_IF_MISSING(                                      \
      "workload: {command: ['true']}\n"                 \
      "expect:\n  - calls: {call: fsync, count: 0}\n"); \
  static_assert(true)

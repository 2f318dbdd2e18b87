#include "harness/inject/call_injector.h"

#include "harness/inject/run.h"

namespace faultrig {

Result<> CallInjector::arm(Run& run) {
  if (!from_start_) {
    run.select_calls(fault_, true);
  }
  return Ok{};
}

Result<> CallInjector::release(Run& run) {
  run.select_calls(fault_, false);
  return Ok{};
}

}  // namespace faultrig

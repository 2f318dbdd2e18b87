#pragma once

#include "harness/inject/injector.h"

namespace faultrig {

// A fault that acts where calls of its link are stopped: what is to be done
// there is planned (prepare), the trigger and the release only say from when
// to when. Without a trigger that is from the start on.
class CallInjector : public Injector {
 public:
  explicit CallInjector(const FaultSpec& spec)
      : fault_(spec.id), from_start_(spec.from_start()) {}

  Result<> arm(Run& run) final;
  bool can_release() const override { return true; }
  Result<> release(Run& run) final;

 private:
  FaultId fault_;
  bool from_start_;
};

}  // namespace faultrig

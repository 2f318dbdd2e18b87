#pragma once

#include <functional>
#include <string>

#include "harness/model/scenario.h"
#include "harness/os/notify.h"

namespace faultrig {

// A connect(2) of the workload that waits for an answer, or a sendto(2) that
// names an address.
struct AskedConnect {
  Notification call;
  std::string name;
  int pid = 0;
  std::string to;  // the address that it names
  std::function<bool()> still_waits;
  // With an errno, or 0; false: its caller has gone.
  std::function<bool(int error)> answer;
  std::function<void()> let_run;
  // It is let run and goes by us: why.
  std::function<void(FaultId, const std::string& why)> doubt;
};

// What becomes of it.
struct ConnectFate {
  enum class What {
    left,     // it is none of ours: it has to run
    taken,    // it has its answer, or will
    refused,  // it failed with ECONNREFUSED, because of `fault`
    gone,     // it never ran: its caller had gone
  } what = What::left;
  FaultId fault = kNoFault;
};

}  // namespace faultrig

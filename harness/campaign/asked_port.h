#pragma once

#include <cstdint>
#include <string>

#include "harness/campaign/shutdown_scenario.h"
#include "harness/model/shutdown_map.h"

namespace faultrig {

// Of a service that was recorded to listen on several ports: the one that is to
// be asked in each try. Which of them is open first differs from try to try.
struct AskedPort {
  std::int64_t port = 0;  // 0: it has one port, or `--url` names one, or none
                          // of them stays the same
  // It is another one than that at which it was ready: first is to be seen
  // whether it answers HTTP too.
  bool other = false;
};

// That at which it was ready, where that one stays, else the lowest that does,
// of a service that answered HTTP. A port stays if the kernel does not choose
// it, or if the command names it.
AskedPort asked_port(const ShutdownAsk& ask, const Recording& recording);

// The same URL at that port; as it is where it names a host, and for 0.
std::string at_port(const std::string& url, std::int64_t port);

}  // namespace faultrig

#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "harness/load/news.h"
#include "harness/os/inet_sockets.h"

namespace faultrig {

// A connection of ours, and how far we are with it.
struct OpenConnection {
  enum class Step {
    quiet,      // nothing is asked on it
    sending,    // not all that we want to send is sent
    asked,      // all is sent
    answering,  // and some of the answer is here
  };
  std::string load;
  std::uint64_t n = 0;
  std::uint64_t connection = 0;
  InetAddress local;  // port 0: not connected yet
  InetAddress remote;
  Step step = Step::quiet;
  // What waits at our end to be read may be something else than its answer.
  bool mixed = false;
  std::uint64_t behind = 0;  // bytes of ours that follow its last one
  std::uint64_t asked = 0;   // bytes of the request on the wire; 0: not known
};

// The inodes of the other ends of these connections, of those that some process
// has.
std::set<std::uint64_t> other_ends(
    const std::vector<OpenConnection>& connections,
    const std::vector<InetSocket>& dump);

// Where each of them stands at the instant of a dump of all TCP sockets of
// their namespace. What a server has done is what its own end of the connection
// says: who has it, and whether bytes wait there to be read. `held`: those of
// other_ends() that processes of the service have; null: all of them.
std::vector<MarkedConnection> whereabouts(
    const std::vector<OpenConnection>& connections,
    const std::vector<InetSocket>& dump,
    const std::set<std::uint64_t>* held = nullptr);

}  // namespace faultrig

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/base/wait_status.h"
#include "harness/model/link.h"
#include "harness/model/observation.h"

namespace faultrig {

// How one process of the chain ended.
struct LinkEnd {
  Link link = Link::command;
  std::string name;  // `test`, `service`; of a need its own
  std::string program;
  std::optional<WaitStatus> status;  // none: never started
  std::string why_not_started;
  int our_signal = 0;    // the last that faultrig sent to end it; 0: none
  bool hung = false;     // it lived on at the deadline, and we ended it
  std::size_t cite = 0;  // index into the trace
};

// Test binaries first (in the order they ended), then go, or the command.
using ExitChain = std::vector<LinkEnd>;

// How the golden run of the workload went.
enum class Golden { none, good, bad };

// The first line of evidence.jsonl.
struct Provenance {
  int format = 1;
  std::string kernel;
  std::string go;
  std::string faultrig;
  std::uint64_t seed = 1;
};

// All observations of a finished run: immutable, storable, judged at will.
class Evidence {
 public:
  struct Parts {
    Provenance provenance;
    std::vector<Observation> trace;
    std::string out;  // stdout as kept
    std::string err;
    Golden golden = Golden::none;
    std::string golden_trouble;            // what the golden run did wrong
    std::vector<std::string> fault_names;  // by FaultId; the author's or the
                                           // injector's name
    std::vector<std::string> injectors;    // by FaultId
    // Files that are kept beside it, by their paths: `crash/3-torn/log`.
    // They are nobody's who reads it again.
    std::map<std::string, std::string> files;
  };
  explicit Evidence(Parts parts);

  // In order of time.
  std::span<const Observation> trace() const { return parts_.trace; }
  const ExitChain& exits() const { return exits_; }
  // Of the services that it needs and of the command of `recover`, in the order
  // in which they ended.
  const ExitChain& beside() const { return beside_; }
  const std::string& out() const { return parts_.out; }
  const std::string& err() const { return parts_.err; }
  const Provenance& provenance() const { return parts_.provenance; }
  const Parts& parts() const { return parts_; }

  bool activated(FaultId fault) const;
  // Index of the first observation of this fact (of this fault, unless -1).
  std::optional<std::size_t> first(Fact fact, FaultId fault = kNoFault) const;
  std::size_t count(Fact fact, FaultId fault = kNoFault) const;
  // The faults that a name in `expect` cites: the one of that `name`, else all
  // of that injector.
  std::vector<FaultId> faults_named(std::string_view name) const;

 private:
  Parts parts_;
  ExitChain exits_;
  ExitChain beside_;
};

}  // namespace faultrig

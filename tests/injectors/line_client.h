#pragma once

#include <string>

namespace faultrig {

// A workload of bash that talks to a LineServer at this port: `dial` connects,
// `ask WORD` sends a line and tells what came back, `bye` closes. It exits 0
// whatever comes.
std::string client(const std::string& port, const std::string& deeds);

// The scenario of such a client whose server is broken: `how` stands beside the
// address, as `does: reset`; `expect` is what follows that word.
std::string broken(const std::string& port, const std::string& deeds,
                   const std::string& how, const std::string& expect);

// It passes, and without its faults the same expectations do not.
void expect_only_by_the_fault(const std::string& yaml);

}  // namespace faultrig

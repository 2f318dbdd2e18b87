#pragma once

#include <string>

#include "harness/model/evidence.h"

namespace faultrig {

// stdout as the programs of the workload wrote it. Of `go test -json` that is
// what its events say they put out, one package behind the other, each in one
// piece, however go cut or mixed them; then the lines that are no event.
std::string printed_text(const Evidence& evidence);

}  // namespace faultrig

#pragma once

namespace faultrig {

// Serves launch orders that arrive on `socket` until faultrig closes it; then,
// as faultrig may have died, kills every descendant and removes the cgroups and
// folders it was told of. Gives the exit code of the shim.
int serve(int socket);

}  // namespace faultrig

#pragma once

#include "harness/base/result.h"

namespace faultrig {

// Can a process of ours have a network of its own (unshare(2)); with `packets`
// one with all that rules for packets need (nft(8))? Tried in a child; nothing
// stays. The error has the errno. Forks; not after fork.
Result<> try_network(bool packets);

}  // namespace faultrig

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/model/site_sweep.h"

namespace faultrig {

// Does this tell of calls that a sweep may make fail, and of how many? 0: it
// does not. A lock that is not let go of is held on: to fail there is no call
// of a sweep.
std::int64_t calls_told(const Observation& seen);

// Of the frames that led to a call, the function that the testing package runs;
// empty: none.
std::string test_of(const Observation& seen);

// The function of the standard library that the program called there, as
// CallSite::entry; empty: it called none, or nobody knows. `seen` has a stack.
std::string entry_of(const Observation& seen);

// The sites of all calls that were told. Behind them are those that share an id
// with one of them and come over other lines (CallSite::first). Of calls
// without a stack there is one site a name, and nobody's. Pure.
std::vector<CallSite> recorded_sites(const Evidence& evidence);

// The peers to which streams were connected, where connect(2) and listen(2)
// were watched: an address each, 127.0.0.1 and ::1 together as localhost. What
// the program listens on itself, its children included, is one, kItself, and
// `other`'s: its ports may be others in each run. Pure.
inline constexpr std::string_view kItself = "itself";
std::vector<CallSite> recorded_peers(const Evidence& evidence);

// The address to which this connected a stream, where it is one and could be
// read; empty: this is no such connection. Calls that were only counted are
// none: of what kind their sockets were, they do not tell.
std::string stream_peer(const Observation& seen);

// What an address of a connect(2) is called as a peer: `localhost:80`.
std::string peer_name(const std::string& address);

}  // namespace faultrig

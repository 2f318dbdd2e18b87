#pragma once

#include <cstddef>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/model/shutdown_map.h"

namespace faultrig {

// What a run of a service that nobody told to stop has shown: the calls of its
// link from its start until it was ready. `trouble` says why it cannot be used.
Recording recording_of(const Evidence& evidence);

// The ports that it was seen to listen on.
std::vector<int> listened_ports(const Recording& recording);

// Why a service that was asked for something in this run is not to be asked
// under load; empty: it answers HTTP. What was silent begins with
// kNeverAnswered.
inline constexpr std::string_view kNeverAnswered = "it never answered HTTP";
std::string unasked_because(const Evidence& evidence);

// The moment before each recorded call, in their order. A call of %network is
// counted among those, which is what stays the same from run to run; any other
// one among those of its name.
std::vector<Instant> call_instants(const Recording& recording);

// Which of them are looked at first, at most so many, as indices: the last of
// every phase, the first, and of the rest some in even steps.
std::vector<std::size_t> first_look(const std::vector<Instant>& line,
                                    std::size_t most);

// The moments that are not before a call: at exec, when it listens and when it
// is ready; with `load` also under load, and told twice. `idle`, the last of
// those without load, is the stop that others are compared with. `brief`: one
// of each kind.
std::vector<Instant> lone_instants(bool load, bool brief = false);

// Its first listen(2); their end: it was recorded to call none.
std::vector<RecordedCall>::const_iterator first_listen(
    const std::vector<RecordedCall>& calls);

// When an instant that is no call's comes, as it was recorded: since exec.
std::chrono::nanoseconds time_of(const Instant& instant,
                                 const Recording& golden);

// The order of a life: within a phase calls as they came, what is tied to
// listen(2) before them, and what is not tied to a call behind.
bool is_earlier(const Instant& a, const Instant& b);

}  // namespace faultrig

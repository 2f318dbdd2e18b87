#pragma once

#include <string>
#include <vector>

#include "harness/model/evidence.h"

namespace faultrig {

// What the loads of a run had due and never sent, and what we could not send:
// limits of the scenario and of ours, of which no answer of the service's
// tells. One sentence for each; none: all was sent. Pure.
std::vector<std::string> not_sent(const Evidence& evidence);

// The first of them: `7 of 20 requests were due and never sent: ...`.
std::string never_sent_text(std::size_t times, std::size_t of);
std::string own_limit_text(std::size_t times, std::size_t of);

}  // namespace faultrig

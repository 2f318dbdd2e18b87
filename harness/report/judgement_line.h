#pragma once

#include <string>

#include "harness/base/result.h"
#include "harness/model/verdict.h"

namespace faultrig {

// A judgement as one line of JSON, for a worker to hand to its parent.
std::string judgement_line(const Judgement& judgement);

// The judgement of such a line; an internal error if it is none.
Result<Judgement> parse_judgement_line(const std::string& line);

}  // namespace faultrig

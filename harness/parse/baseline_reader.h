#pragma once

#include <string_view>
#include <vector>

#include "harness/model/site_sweep.h"
#include "harness/parse/complaint.h"

namespace faultrig {

struct ReadBaseline {
  std::vector<AllowedFinding> allowed;
  std::vector<Complaint> complaints;  // empty: all of it was read
};

// The findings of a sweep that are known: a map with `allow`, a list of {site,
// call, outcome, because}. Takes any bytes; never throws.
ReadBaseline read_baseline(std::string_view text);

}  // namespace faultrig

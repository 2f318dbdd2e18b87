#pragma once

#include <string_view>
#include <vector>

#include "harness/model/cause.h"
#include "harness/parse/complaint.h"

namespace faultrig {

struct ReadCauses {
  std::vector<Cause> causes;          // only if there are no complaints
  std::vector<Complaint> complaints;  // in order of place, at most 20
};

// Reads a file of causes: a map with the one key `causes`, a list of maps.
// Takes any bytes; never throws. Whether ids are unique and scenarios exist is
// not asked here.
ReadCauses read_causes(std::string_view text);

}  // namespace faultrig

#pragma once

#include "harness/model/evidence.h"
#include "harness/model/verdict.h"

namespace faultrig {

// Of a disk that never stood still there may be moments without an image: what
// recover would have found then nobody knows. A pass becomes inconclusive; a
// bad state that was found stays one.
Finding unless_images_are_unseen(Finding finding, const Evidence& evidence);

}  // namespace faultrig

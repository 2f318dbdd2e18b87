#pragma once

#include <string_view>
#include <vector>

#include "harness/os/notify.h"

namespace faultrig {

// The calls of which we can tell from outside that EMFILE is their answer.
std::vector<std::string_view> calls_that_need_descriptors();

// Would the kernel answer this call, which waits, with EMFILE now: are fewer
// numbers free than it needs, and is it sound in all that the kernel looks at
// before that? False in doubt, and for a call that is none of those above.
bool answer_is_emfile(std::string_view name, const Notification& call);

}  // namespace faultrig

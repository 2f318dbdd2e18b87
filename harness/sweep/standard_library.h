#pragma once

#include <optional>
#include <string_view>

#include "harness/model/site_sweep.h"

namespace faultrig {

// What Go's standard library makes of the error of this call by itself.

// It does without the call, on purpose.
bool library_does_without(const CallSite& site);
// It gives the program another error in its place, an errno: os.MkdirAll, which
// could not look, that of the mkdir(2) of what is there.
std::optional<int> library_says_instead(std::string_view entry,
                                        std::string_view call);
// It calls again, or something else, whatever the call gave: that made up for
// nothing.
bool library_goes_on(const CallSite& site);
// Is `other` such a call, made by the same call of the library at the same
// place as `site`?
bool is_of_same_step(const CallSite& site, const CallSite& other);

}  // namespace faultrig

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/judge/looks.h"
#include "harness/model/verdict.h"

namespace faultrig {

// The first kind of goroutine whose number rose from look to look at one moment
// that came again (a test begins, every so often), by the rule of growth.cc:
// what says so. Nothing: none is known to. Those that are ignored do not count.
std::optional<Finding> growth(const Evidence& evidence,
                              const std::vector<JudgedLook>& looks,
                              const std::vector<std::string>& ignored);

// Does none grow? Cannot be told of a program that was looked at too seldom.
Finding none_grows(const Evidence& evidence,
                   const std::vector<std::string>& ignored);

// Does nothing stay behind for ever? Fails where something waits for ever, or
// grows; passes where at its end nothing was left. Between the two it cannot be
// told: what waits at the end may be meant to.
Finding none_leaked(const Evidence& evidence,
                    const std::vector<std::string>& ignored);

}  // namespace faultrig

#pragma once

#include <string>
#include <vector>

#include "harness/explain/explainer.h"

namespace faultrig {

// The whole table of causes, and what explains by it; both live on.
const std::vector<Cause>& all_causes();
const Explainer& explainer();

Explained explained(const std::string& log);

// What it names, in order: `sigkill likely`.
std::vector<std::string> causes_of(const std::string& log);
std::vector<std::string> causes_in(const Explained& explained);

// A line for each package: `m/cart: sigkill likely`.
std::vector<std::string> causes_by_package(const std::string& log);

}  // namespace faultrig

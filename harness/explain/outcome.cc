#include "harness/explain/outcome.h"

#include <algorithm>
#include <set>
#include <string>

namespace faultrig {

namespace {

std::set<std::string> ids_in(const Explanation& one) {
  std::set<std::string> ids;
  for (const Named& named : one.causes) {
    ids.insert(named.cause->id);
  }
  return ids;
}

bool is_among(const Cause& cause, const Explanation& one) {
  return std::any_of(one.among.begin(), one.among.end(),
                     [&](const Cause* other) { return other->id == cause.id; });
}

}  // namespace

std::string outcome(const Cause& cause, const Explained& explained) {
  std::string right;
  std::string others;
  for (const Explanation& one : explained.explanations) {
    std::set<std::string> ids = ids_in(one);
    if (ids.size() == 1 && ids.contains(cause.id)) {
      right = "right";
    } else if (ids.contains(cause.id) || is_among(cause, one)) {
      std::size_t count = std::max(ids.size(), one.among.size());
      right = right.empty() ? "1 of " + std::to_string(count) : right;
    } else {
      others += ids.empty() ? "" : " " + *ids.begin();
    }
  }
  bool mixed = explained.packages > 1;
  if (!others.empty() && (right.empty() || !mixed)) {
    return "wrong:" + others;
  }
  return right.empty() ? "none" : right;
}

}  // namespace faultrig

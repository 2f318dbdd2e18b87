#include "tests/unit/explained_log.h"

#include "harness/campaign/cause_table.h"

namespace faultrig {

namespace {

std::string shown(const Named& named) {
  return named.cause->id + " " + std::string(sure_name(named.sure));
}

}  // namespace

const std::vector<Cause>& all_causes() {
  static const std::vector<Cause> kCauses = cause_table().value();
  return kCauses;
}

const Explainer& explainer() {
  static const Explainer kExplainer(all_causes());
  return kExplainer;
}

Explained explained(const std::string& log) {
  LogExplainer reader(explainer());
  reader.feed(log);
  return reader.finish();
}

std::vector<std::string> causes_in(const Explained& explained) {
  std::vector<std::string> out;
  for (const Explanation& one : explained.explanations) {
    for (const Named& named : one.causes) {
      out.push_back(shown(named));
    }
  }
  return out;
}

std::vector<std::string> causes_of(const std::string& log) {
  return causes_in(explained(log));
}

std::vector<std::string> causes_by_package(const std::string& log) {
  std::vector<std::string> out;
  for (const Explanation& one : explained(log).explanations) {
    std::string text = one.package + ":";
    for (const Named& named : one.causes) {
      text += " " + shown(named);
    }
    out.push_back(text);
  }
  return out;
}

}  // namespace faultrig

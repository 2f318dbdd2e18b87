// A stem is an address: who knows the name of an injector knows where its
// test, its page and its scenarios are.

#include <algorithm>
#include <set>

#include <re2/re2.h>

#include "tests/house/checks.h"

namespace house {
namespace {

std::vector<std::string> registered(const Tree& tree, const std::string& file,
                                    const std::string& macro) {
  const auto found = tree.find(file);
  return found == tree.end()
             ? std::vector<std::string>{}
             : all_matches(found->second, "^" + macro + R"(\((\w+)\))");
}

std::size_t count_scenarios(const Tree& tree, const std::string& pattern) {
  const RE2 expression("(?m)" + pattern);
  return static_cast<std::size_t>(
      std::count_if(tree.begin(), tree.end(), [&](const auto& file) {
        return file.first.starts_with("scenarios/") &&
               file.first.ends_with(".yaml") &&
               RE2::PartialMatch(file.second, expression);
      }));
}

}  // namespace

Complaints check_injectors(const Tree& tree) {
  Complaints complaints;
  const auto names = registered(tree, "injectors/injectors.def", "INJECTOR");
  for (const std::string& name : names) {
    for (const std::string& path :
         {"injectors/" + name + ".cc", "tests/injectors/" + name + "_test.cc",
          "docs/injectors/" + name + ".md"}) {
      if (!tree.contains(path)) {
        complaints.push_back("injector " + name + " lacks " + path);
      }
    }
    const auto stem = "scenarios/" + name + "/";
    const auto scenarios =
        std::count_if(tree.begin(), tree.end(), [&](const auto& file) {
          return file.first.starts_with(stem) && file.first.ends_with(".yaml");
        });
    if (scenarios < 2) {
      complaints.push_back("injector " + name + " lacks two " + stem);
    }
  }
  for (const auto& [path, text] : tree) {
    std::string stem;
    if (RE2::FullMatch(path, R"(injectors/(\w+)\.cc)", &stem) &&
        std::find(names.begin(), names.end(), stem) == names.end()) {
      complaints.push_back(path + " is not in injectors.def");
    }
  }
  return complaints;
}

Complaints check_expectations(const Tree& tree) {
  Complaints complaints;
  for (const std::string& name :
       registered(tree, "harness/judge/expectations.def", "EXPECTATION")) {
    if (count_scenarios(tree, "^\\s*- " + name + ":") == 0) {
      complaints.push_back("expectation " + name + " is in no scenario");
    }
  }
  return complaints;
}

// A fixture that no scenario starts proves nothing.
Complaints check_fixtures(const Tree& tree) {
  std::set<std::string> deeds;
  for (const auto& [path, text] : tree) {
    std::string deed;
    if (RE2::FullMatch(path, R"(c?go_fixtures/(\w+)/\w+_test\.go)", &deed)) {
      deeds.insert(deed);
    }
  }
  Complaints complaints;
  for (const std::string& deed : deeds) {
    if (count_scenarios(tree, "\\./" + deed + "\\b") == 0) {
      complaints.push_back("fixture " + deed + " is in no scenario");
    }
  }
  return complaints;
}

}  // namespace house

#pragma once

#include <string>
#include <vector>

#include "harness/campaign/user_module.h"
#include "harness/model/verdict.h"

namespace faultrig {

// A scenario that is worth to be tried in a module.
struct Draft {
  std::string name;   // of its file, without `.yaml`
  std::string about;  // one sentence
  std::string yaml;   // for a folder directly below the module's
  std::string asks;   // of drafts that ask the same, one is enough
};

// What to try in a module, the best of those that ask the same first. Few,
// however many packages it has.
std::vector<Draft> drafts_for(const UserModule& module);

// Which of them are worth to be kept, given what came of each: those that
// passed, and those that failed though their fault took effect, which says
// something of the module. In their order, one of those that ask the same.
std::vector<std::size_t> worth_keeping(const std::vector<Draft>& drafts,
                                       const std::vector<Judgement>& came);

// The page beside them, in Markdown: what they are, and the stage for GitHub
// and for GitLab.
std::string page_of(const std::vector<Draft>& kept);

}  // namespace faultrig

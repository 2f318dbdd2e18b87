#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/result.h"
#include "harness/run/session.h"

namespace faultrig {

// Asks the user's git, in a session that must outlive it.
class Git {
 public:
  static Result<Git> find(Session& session);

  // What it prints; a usage error with its words.
  Result<std::string> ask(std::vector<std::string> words,
                          const std::filesystem::path& folder);
  // One line.
  Result<std::string> word(const std::vector<std::string>& words,
                           const std::filesystem::path& folder);
  // From now on it is asked with this too: NAME=value.
  void set(std::string variable) {
    environment_.push_back(std::move(variable));
  }

 private:
  Git(Session& session, std::string path);
  Session* session_;
  std::string path_;
  std::vector<std::string> environment_;
};

}  // namespace faultrig

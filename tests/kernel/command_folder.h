#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "tests/kernel/witness_rig.h"

namespace faultrig {

// A test that works in a folder of its own with the program as people start
// it.
class CommandFolder : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((folder() / name).parent_path());
    std::ofstream(folder() / name) << text;
  }

  std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(folder() / name).rdbuf();
    return text.str();
  }

  // `script` in our folder; $faultrig is the program.
  Outcome sh(const std::string& script) const {
    return Program({"/bin/sh", "-c", start(script)}, folder()).end();
  }

  static std::string start(const std::string& script) {
    return "faultrig=" + shell_quote(faultrig_program()) + "\n" + script;
  }

  const std::filesystem::path& folder() const { return rig_.folder(); }

 private:
  WitnessRig rig_;
};

}  // namespace faultrig

#pragma once

#include <map>
#include <string>
#include <string_view>

namespace faultrig {

// Follows what test2json says of the tests of one package after the other, and
// notices what the testing package never says: a test can print testing's lines
// too, mark and all, and test2json believes them.
class TestStory {
 public:
  // An event of a named test: run, pause, cont, pass, fail, skip.
  void take(std::string_view action, const std::string& test);
  // A line that was printed: PASS, FAIL, or of a package's end (`ok  \tpkg`).
  // test2json tells of the end of a test when it has seen
  // what comes behind, which may be these lines.
  void take_line(std::string_view line);
  // No more comes. `alone`: the program has ended, and no go told of it.
  void finish(bool alone = false);

  // The first thing that cannot be; empty: the story holds together.
  const std::string& contradiction() const { return contradiction_; }

 private:
  enum class State { running, paused };
  void start(const std::string& test);
  void end(const std::string& action, const std::string& test);
  void end_package();
  void object(const std::string& why);
  std::string one_open(const std::string& below) const;

  std::map<std::string, State> open_;
  std::string last_end_;    // the test that ended last, if it did not fail
  bool said_word_ = false;  // PASS or FAIL
  bool over_ = false;       // the package is
  std::string contradiction_;
};

}  // namespace faultrig

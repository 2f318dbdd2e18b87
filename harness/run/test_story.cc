// The order in which testing.go speaks: one test at the top level at a time,
// until those that paused go on together when all others have ended; a subtest
// within its test; one end for each run; PASS or FAIL when all have ended. A
// process that ends without that word ends within a test.
#include "harness/run/test_story.h"

#include <algorithm>

namespace faultrig {

namespace {

std::string top_of(const std::string& test) {
  return test.substr(0, test.find('/'));
}

// Of these testing tells a beginning, and mostly no end.
bool is_benchmark(const std::string& test) {
  return test.starts_with("Benchmark");
}

bool ends_package(std::string_view line) {
  return line.starts_with("ok  \t") || line.starts_with("FAIL\t") ||
         line.starts_with("?   \t");
}

}  // namespace

void TestStory::take(std::string_view action, const std::string& test) {
  if (is_benchmark(test)) {
    return;
  }
  if (action == "run") {
    start(test);
  } else if (action == "pause" || action == "cont") {
    auto known = open_.find(test);
    if (known == open_.end()) {
      object(test + " was said to wait or go on, and did not run");
    } else {
      known->second = action == "pause" ? State::paused : State::running;
    }
  } else if (action == "pass" || action == "fail" || action == "skip") {
    end(std::string(action), test);
  }
}

void TestStory::take_line(std::string_view line) {
  // A PASS may end a line that a test left open, before Go 1.20.
  if (line.ends_with("PASS") || line == "FAIL") {
    said_word_ = said_word_ || !over_;  // go ends with a FAIL of its own
    if (line == "PASS" && !open_.empty()) {
      object("PASS was said while " + open_.begin()->first + " ran");
    }
  } else if (ends_package(line)) {
    over_ = true;
  }
}

void TestStory::finish(bool alone) {
  over_ = over_ || alone;
  end_package();
}

void TestStory::end_package() {
  if (over_ && !said_word_ && open_.empty() && !last_end_.empty()) {
    object(last_end_ +
           " was said to have ended, and the program ended, without a PASS or "
           "FAIL, before the next one ran");
  }
  open_.clear();
  last_end_.clear();
  said_word_ = false;
  over_ = false;
}

void TestStory::start(const std::string& test) {
  if (over_) {
    end_package();
  }
  last_end_.clear();
  said_word_ = false;
  if (open_.contains(test)) {
    object(test + " was said to run while it ran");
  }
  std::string top = top_of(test);
  if (top != test && !open_.contains(top)) {
    object(test + " was said to run, and " + top + " did not");
  }
  auto other = std::find_if(open_.begin(), open_.end(), [&](const auto& entry) {
    return entry.second == State::running && top_of(entry.first) != top;
  });
  if (top == test && other != open_.end()) {
    object(test + " was said to run while " + other->first + " ran");
  }
  open_[test] = State::running;
}

void TestStory::end(const std::string& action, const std::string& test) {
  last_end_ = action == "fail" ? "" : test;
  if (open_.erase(test) == 0) {
    object(test + " was said to end, and did not run");
    return;
  }
  std::string inside = one_open(test + "/");
  if (action == "pass" && !inside.empty()) {
    object(test + " was said to pass while " + inside + " ran");
  }
  std::erase_if(open_, [&](const auto& entry) {
    return action == "fail" && entry.first.starts_with(test + "/");
  });
}

std::string TestStory::one_open(const std::string& below) const {
  auto found = open_.lower_bound(below);
  bool inside = found != open_.end() && found->first.starts_with(below);
  return inside ? found->first : "";
}

void TestStory::object(const std::string& why) {
  if (contradiction_.empty()) {
    contradiction_ = why;
  }
}

}  // namespace faultrig

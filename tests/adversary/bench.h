#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/adversary/act_log.h"

namespace faultrig::adversary {

// What is run, and with what.
struct Setup {
  std::string faultrig;
  std::string acts;  // the performer
  std::string jobs = "2";
  std::string seed = "1";
  int repeat = 1;  // each so often, one after the other; at most three times
};

// What faultrig said of one text.
struct Said {
  std::string verdict;  // `refused`: it does not start such a scenario
  std::string observed;
  std::string because;
};

// Some scenarios, run by one faultrig. Everything it makes goes with it.
class Batch {
 public:
  explicit Batch(std::size_t most);
  ~Batch();
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  // Runs the texts, in which @ACTS@ and @HOME@ stand for what belongs to each;
  // at most as many as were said above. Of each, what was said of every run,
  // one behind the other. Throws std::runtime_error when there is no report.
  std::vector<Said> run(const std::vector<std::string>& texts,
                        const Setup& setup);
  // What the performer of a text told.
  const act_slot& slot(std::size_t index) const { return slots_[index]; }
  std::string home(std::size_t index) const;

 private:
  void write(std::size_t index, std::string text, const Setup& setup) const;
  std::vector<std::string> refused(const Setup& setup) const;
  std::string yaml(std::size_t index) const;
  int call(const Setup& setup, const std::vector<std::string>& words) const;

  std::filesystem::path folder_;
  int segment_ = -1;
  act_slot* slots_ = nullptr;
};

}  // namespace faultrig::adversary

#pragma once

#include <optional>
#include <string>

#include "tests/adversary/dice.h"
#include "tests/adversary/scene.h"
#include "tests/adversary/work.h"

namespace faultrig::adversary {

// What is expected of the end of a workload, if no fault comes between.
struct Guess {
  long code = 0;
  long left = 0;  // children that stay
};

// Expectations at random, with numbers from near what the workload counts to.
class Questions {
 public:
  Questions(Dice& dice, const Work& work, const Scene& scene, Guess guess)
      : dice_(dice), work_(work), scene_(scene), guess_(guess) {}

  Expectation next();

 private:
  long expected(const Choice& wanted, const std::optional<Nth>& nth,
                bool spares_stdio) const;
  Number near(long truth);
  Choice choice();
  int some_error() const;
  void ask_count(Expectation& out);
  void ask_sequence(Expectation& out);
  void ask_effect(Expectation& out);
  void ask_end(Expectation& out);
  void ask_output(Expectation& out);

  Dice& dice_;
  const Work& work_;
  const Scene& scene_;
  Guess guess_;
};

// Any file of that name in the folder of any run.
std::string glob_of(const std::string& name);

}  // namespace faultrig::adversary

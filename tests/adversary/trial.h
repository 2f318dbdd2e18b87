#pragma once

#include <string>
#include <vector>

#include "tests/adversary/bench.h"
#include "tests/adversary/oracle.h"
#include "tests/adversary/scene.h"

namespace faultrig::adversary {

// A scene, what is right, and what faultrig said.
struct Trial {
  Scene scene;
  Opinion opinion;
  Said said;

  bool agrees() const;
  // `false pass`, `false fail`, `false void`, `refused`, `error`, `fail of
  // nothing` where the run proves nothing and an expectation fails, or what the
  // calls' results say: `no effect`; empty when it agrees.
  std::string mistake() const;
  // What was met that is easily mistaken.
  std::string met() const;
};

// With the folders and the segment as placeholders.
std::string text_of(const Scene& scene);

// Each as often as the setup repeats it, one behind the other.
std::vector<Trial> try_all(const std::vector<Scene>& scenes,
                           const Setup& setup);

// The smallest scene that is still mistaken in the same way.
Trial shrunk(const Trial& trial, const Setup& setup);

// Of these, how many of so many further tries disagree, each.
std::vector<int> seen_again(const std::vector<Trial>& trials, int tries,
                            const Setup& setup);

}  // namespace faultrig::adversary

#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/house/checks.h"

namespace house {

// A class or a struct, as its source declares it.
struct ClassShape {
  std::string name;
  std::string path;
  int methods = 0;  // those that are written down: neither default nor deleted
  int members = 0;  // not counting constants
  int lines = 0;    // its own, and those of its methods wherever they stand
};

// All of a tree's, in harness/ and injectors/.
std::vector<ClassShape> classes_of(const Tree& tree);

// What is larger than may be, and by how much; it may only get smaller.
struct LargeClass {
  int methods = 0;
  int members = 0;
  int lines = 0;
};
using LargeClasses = std::map<std::string, LargeClass>;

// At most 25 methods, 15 members and 400 lines a class, those in `known` apart.
Complaints check_classes(const Tree& tree, const LargeClasses& known);

// The text without comments and without what stands in quotes.
std::string code_of(const std::string& text);

}  // namespace house

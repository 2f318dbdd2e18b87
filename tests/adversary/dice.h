#pragma once

#include <cstdint>
#include <vector>

namespace faultrig::adversary {

// Numbers at random, the same for the same seed.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  // splitmix64
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
    return mixed ^ (mixed >> 31);
  }
  long below(long most) {
    return static_cast<long>(next() % static_cast<std::uint64_t>(most));
  }
  long between(long least, long most) {
    return least + below(most - least + 1);
  }
  bool percent(int share) { return below(100) < share; }
  template <typename T>
  const T& of(const std::vector<T>& choices) {
    return choices[static_cast<std::size_t>(
        below(static_cast<long>(choices.size())))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace faultrig::adversary

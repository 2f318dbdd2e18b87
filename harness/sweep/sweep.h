#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace faultrig {

// One thing that a sweep tries. Those of one line have an order, in which they
// have neighbours: the calls of a start by their numbers, a limit by its size.
// Line 0 has none: each of its points stands alone.
struct SweepPoint {
  int line = 0;
  std::int64_t position = 0;

  friend bool operator==(const SweepPoint&, const SweepPoint&) = default;
  friend bool operator<(const SweepPoint& a, const SweepPoint& b) {
    return std::pair(a.line, a.position) < std::pair(b.line, b.position);
  }
};

// What is to be tried next, and how often, decided from what came of the rest.
// Each point is tried until `agree` tries say the same, or `times` are done.
// Where two neighbours of a line say different things the middle between them
// is tried too, until nothing is between them. Deterministic: the same outcomes
// in the same order ask for the same tries.
class Sweep {
 public:
  struct Options {
    int times = 5;
    int agree = 3;            // 1 to times
    std::size_t added = 30;   // the most points beyond those it is given
    std::string costly = {};  // of an outcome that takes long one try will do,
                              // once a point has settled on it
    std::set<std::string> plain = {};  // of these one try will do
    // Of these points two tries, if the first comes to `doubted`.
    std::set<SweepPoint> careful = {};
    std::string doubted = {};
  };
  Sweep(const std::vector<SweepPoint>& points, const Options& options);

  // The next try that can be made now. Nothing: none is left, or what is left
  // depends on tries whose outcomes are not in.
  std::optional<SweepPoint> next();
  // What a try came to, in any words; the same words are the same outcome. The
  // empty ones say nothing, and agree with nothing but themselves.
  void learned(const SweepPoint& point, const std::string& outcome);
  // A try that next() gave was not made.
  void take_back(const SweepPoint& point);

  // Tries that are known to be wanted and were not given.
  std::size_t left() const;
  // Its most frequent outcome; nothing while it may still change.
  std::optional<std::string> settled(const SweepPoint& point) const;

 private:
  struct Tried {
    int given = 0;
    std::vector<std::string> outcomes;
  };

  int wanted(const SweepPoint& point, const Tried& tried) const;
  bool is_settled(const SweepPoint& point, const Tried& tried) const;
  void look_between();

  Options options_;
  std::map<SweepPoint, Tried> tried_;
  bool knows_costly_ = false;
};

}  // namespace faultrig

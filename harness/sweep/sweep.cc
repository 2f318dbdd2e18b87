// Round by round: every point once, then every point again. What is stopped
// early has then seen all of it a little, and not a little of it well.
#include "harness/sweep/sweep.h"

#include <algorithm>

namespace faultrig {

namespace {

bool all_alike(const std::vector<std::string>& outcomes) {
  return std::adjacent_find(outcomes.begin(), outcomes.end(),
                            std::not_equal_to<>()) == outcomes.end();
}

// The first in the alphabet of the most frequent ones.
std::string most_frequent(const std::vector<std::string>& outcomes) {
  std::map<std::string, int> counts;
  for (const std::string& outcome : outcomes) {
    ++counts[outcome];
  }
  return std::max_element(
             counts.begin(), counts.end(),
             [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

}  // namespace

Sweep::Sweep(const std::vector<SweepPoint>& points, const Options& options)
    : options_(options) {
  options_.agree = std::clamp(options_.agree, 1, options_.times);
  for (const SweepPoint& point : points) {
    tried_[point];
  }
}

// Tries beyond `agree` are known to be wanted once two outcomes differ.
int Sweep::wanted(const SweepPoint& point, const Tried& tried) const {
  if (!all_alike(tried.outcomes)) {
    return options_.times;
  }
  if (tried.outcomes.empty()) {
    return options_.plain.empty() ? options_.agree : 1;
  }
  const std::string& first = tried.outcomes.front();
  bool costly = knows_costly_ && first == options_.costly;
  if (first == options_.doubted && options_.careful.contains(point)) {
    return std::min(2, options_.times);
  }
  return costly || options_.plain.contains(first) ? 1 : options_.agree;
}

bool Sweep::is_settled(const SweepPoint& point, const Tried& tried) const {
  return static_cast<int>(tried.outcomes.size()) >= wanted(point, tried);
}

std::optional<SweepPoint> Sweep::next() {
  std::pair<const SweepPoint, Tried>* least = nullptr;
  for (auto& row : tried_) {
    bool open = row.second.given < wanted(row.first, row.second);
    if (open && (least == nullptr || row.second.given < least->second.given)) {
      least = &row;
    }
  }
  if (least == nullptr) {
    return std::nullopt;
  }
  ++least->second.given;
  return least->first;
}

void Sweep::learned(const SweepPoint& point, const std::string& outcome) {
  Tried& tried = tried_.at(point);
  tried.outcomes.push_back(outcome);
  if (is_settled(point, tried)) {
    knows_costly_ = knows_costly_ ||
                    (!options_.costly.empty() && all_alike(tried.outcomes) &&
                     outcome == options_.costly);
    look_between();
  }
}

void Sweep::take_back(const SweepPoint& point) { --tried_.at(point).given; }

std::size_t Sweep::left() const {
  std::size_t left = 0;
  for (const auto& [point, tried] : tried_) {
    left += static_cast<std::size_t>(
        std::max(wanted(point, tried) - tried.given, 0));
  }
  return left;
}

std::optional<std::string> Sweep::settled(const SweepPoint& point) const {
  auto found = tried_.find(point);
  return found == tried_.end() || !is_settled(point, found->second)
             ? std::nullopt
             : std::optional(most_frequent(found->second.outcomes));
}

void Sweep::look_between() {
  std::vector<SweepPoint> middles;
  for (auto left = tried_.begin(); left != tried_.end(); ++left) {
    auto right = std::next(left);
    bool neighbours = right != tried_.end() && left->first.line != 0 &&
                      left->first.line == right->first.line;
    if (!neighbours || !is_settled(left->first, left->second) ||
        !is_settled(right->first, right->second)) {
      continue;
    }
    std::string before = most_frequent(left->second.outcomes);
    std::string behind = most_frequent(right->second.outcomes);
    std::int64_t gap = right->first.position - left->first.position;
    if (gap > 1 && before != behind && !before.empty() && !behind.empty()) {
      middles.push_back({left->first.line, left->first.position + gap / 2});
    }
  }
  for (const SweepPoint& middle : middles) {
    if (options_.added > 0) {
      tried_[middle];
      --options_.added;
    }
  }
}

}  // namespace faultrig

// Times of runs are skewed and have outliers: ranks and medians do not mind. A
// significant difference may be a small one, and a large one may be chance:
// both are asked for. The sources: Mann and Whitney, "On a test of whether one
// of two random variables is stochastically larger than the other" (1947);
// Efron, "Bootstrap methods" (1979), the percentile interval.
#include "harness/sweep/latency.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>

#include "harness/base/text.h"

namespace faultrig {

namespace {

constexpr int kDraws = 4000;
constexpr double kSignificant = 0.01;
constexpr double kTail = 0.025;
constexpr std::uint64_t kSeed = 1;
constexpr std::size_t kExact = 25;  // runs a side

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle]
                                : (values[middle - 1] + values[middle]) / 2;
}

// As many as there are, each any of them.
std::vector<double> drawn(const std::vector<double>& from,
                          std::uint64_t& number) {
  std::vector<double> out;
  out.reserve(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    out.push_back(from[mixed(kSeed, number++) % from.size()]);
  }
  return out;
}

// The 95 % interval of the ratio of medians.
std::pair<double, double> interval(const std::vector<double>& first,
                                   const std::vector<double>& second) {
  std::vector<double> ratios;
  ratios.reserve(kDraws);
  std::uint64_t number = 0;
  for (int i = 0; i < kDraws; ++i) {
    double below = median_of(drawn(first, number));
    ratios.push_back(median_of(drawn(second, number)) / below);
  }
  std::sort(ratios.begin(), ratios.end());
  auto at = [&](double share) {
    return ratios[static_cast<std::size_t>(share * (kDraws - 1))];
  };
  return {at(kTail), at(1 - kTail)};
}

std::vector<double> seconds_of(
    const std::vector<std::chrono::nanoseconds>& times) {
  std::vector<double> out;
  out.reserve(times.size());
  for (std::chrono::nanoseconds time : times) {
    // What took no time at all has no ratio.
    out.push_back(std::max(std::chrono::duration<double>(time).count(), 1e-9));
  }
  return out;
}

std::chrono::nanoseconds time_of(double seconds) {
  return std::chrono::nanoseconds(std::llround(seconds * 1e9));
}

// In how many ways so many of one side and so many of the other can be ordered,
// by U: each value of the first side stands above so many of the second.
std::vector<double> ways(std::size_t first, std::size_t second) {
  std::vector<double> out(first * second + 1, 0);
  out[0] = 1;
  // The product of (1 - x^(second + i)) / (1 - x^i).
  for (std::size_t i = 1; i <= first; ++i) {
    for (std::size_t u = out.size(); u-- > second + i;) {
      out[u] -= out[u - second - i];
    }
    for (std::size_t u = i; u < out.size(); ++u) {
      out[u] += out[u - i];
    }
  }
  return out;
}

double exact_p(std::size_t first, std::size_t second, double u) {
  std::vector<double> all = ways(first, second);
  auto away = static_cast<std::size_t>(
      std::min(u, static_cast<double>(first * second) - u));
  double tail = 0;
  double whole = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    whole += all[i];
    tail += i <= away ? all[i] : 0;
  }
  return std::min(1.0, 2 * tail / whole);
}

Latency::Verdict verdict_of(const Latency& seen, double tolerance) {
  double most = 1 + tolerance;
  bool significant = seen.p < kSignificant;
  if (seen.times < kLeastRuns) {
    return Latency::Verdict::cannot_tell;
  }
  if (significant && seen.low > most) {
    return Latency::Verdict::slower;
  }
  if (significant && seen.high < 1 / most) {
    return Latency::Verdict::faster;
  }
  return seen.low >= 1 / most && seen.high <= most
             ? Latency::Verdict::same
             : Latency::Verdict::cannot_tell;
}

}  // namespace

double mann_whitney(const std::vector<double>& first,
                    const std::vector<double>& second) {
  if (first.empty() || second.empty()) {
    return 1;
  }
  std::map<double, std::array<double, 2>> counts;  // equal values, by side
  for (double value : first) {
    ++counts[value][0];
  }
  for (double value : second) {
    ++counts[value][1];
  }
  double rank = 0;  // of those below
  double sum = 0;   // of the first side's ranks
  double ties = 0;
  for (const auto& [value, count] : counts) {
    double equal = count[0] + count[1];
    sum += count[0] * (rank + (equal + 1) / 2);
    rank += equal;
    ties += equal * equal * equal - equal;
  }
  auto n = static_cast<double>(first.size());
  auto m = static_cast<double>(second.size());
  double all = n + m;
  double u = sum - n * (n + 1) / 2;
  if (ties == 0 && std::max(first.size(), second.size()) <= kExact) {
    return exact_p(first.size(), second.size(), u);
  }
  double spread = std::sqrt(n * m / 12 * (all + 1 - ties / (all * (all - 1))));
  double away = std::abs(u - n * m / 2) - 0.5;
  return spread == 0 || away <= 0
             ? 1
             : std::min(1.0, std::erfc(away / spread / std::sqrt(2.0)));
}

Latency latency_of(const std::vector<std::chrono::nanoseconds>& first,
                   const std::vector<std::chrono::nanoseconds>& second,
                   double tolerance) {
  Latency out;
  out.verdict = Latency::Verdict::cannot_tell;
  out.times = static_cast<int>(std::min(first.size(), second.size()));
  if (out.times == 0) {
    return out;
  }
  std::vector<double> a = seconds_of(first);
  std::vector<double> b = seconds_of(second);
  out.first = time_of(median_of(a));
  out.second = time_of(median_of(b));
  out.ratio = median_of(b) / median_of(a);
  std::tie(out.low, out.high) = interval(a, b);
  out.p = mann_whitney(a, b);
  out.verdict = verdict_of(out, tolerance);
  return out;
}

}  // namespace faultrig

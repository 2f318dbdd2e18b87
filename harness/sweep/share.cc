// E. B. Wilson, Probable inference, the law of succession, and statistical
// inference (1927). The plain interval, p +- 1.96 sqrt(pq/n), says of 3 of 3
// that it is always so.
#include "harness/sweep/share.h"

#include <algorithm>
#include <cmath>

namespace faultrig {

Share share_of(int k, int n) {
  if (n <= 0) {
    return {k, n, 0, 1};
  }
  constexpr double kZ = 1.959964;  // the normal distribution at 97.5 %
  double tries = n;
  double rate = k / tries;
  double scale = 1 + kZ * kZ / tries;
  double middle = (rate + kZ * kZ / (2 * tries)) / scale;
  double half =
      kZ / scale *
      std::sqrt(rate * (1 - rate) / tries + kZ * kZ / (4 * tries * tries));
  return {k, n, k == 0 ? 0 : std::max(middle - half, 0.0),
          k == n ? 1 : std::min(middle + half, 1.0)};
}

}  // namespace faultrig

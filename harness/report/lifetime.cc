#include "harness/report/lifetime.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace faultrig {

namespace {

constexpr std::string_view kStart = "process_started";
constexpr std::string_view kEnd = "process_ended";

}  // namespace

bool bounds_a_lifetime(const TimelineRow& row) {
  return row.fact == kStart || row.fact == kEnd;
}

std::vector<Lifetime> lifetimes_of(const Judgement& judgement) {
  std::vector<Lifetime> out;
  std::map<std::int64_t, Lifetime> living;
  if (judgement.details == nullptr) {
    return out;
  }
  for (const TimelineRow& row : judgement.details->rows) {
    auto life = living.find(row.pid);
    if (row.fact == kStart) {
      living[row.pid] = {row.pid, row.link, row.text, "", row.at, row.at};
    } else if (row.fact == kEnd && life != living.end()) {
      life->second.to = row.at;
      life->second.end = row.text;
      out.push_back(life->second);
      living.erase(life);
    }
  }
  for (auto& [pid, life] : living) {
    life.to = std::max(life.from, judgement.took);
    out.push_back(life);
  }
  return out;
}

}  // namespace faultrig

// Chooses what a report shows of a run. A page of ten thousand scenarios has to
// open in a browser: at 60 rows of some 100 bytes a pass costs it about 10 KiB.
#include "harness/judge/run_details.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace faultrig {

namespace {

struct Room {
  std::size_t rows;
  std::size_t bytes;  // of each stream
};

constexpr Room kOfAPass{60, 2048};
constexpr Room kOfTheRest{400, 16384};
constexpr std::size_t kLongestText = 300;

// Of these a run may have very many, and the first few tell what they are.
bool comes_in_masses(Fact fact) {
  return fact == Fact::call_intercepted || fact == Fact::calls_untold ||
         fact == Fact::test_event || fact == Fact::output_line ||
         fact == Fact::request || fact == Fact::path_unread ||
         fact == Fact::signal_passed || fact == Fact::write_lost ||
         fact == Fact::profile_there || fact == Fact::span;
}

std::set<std::size_t> cited(const Judgement& judgement) {
  std::set<std::size_t> out;
  for (const Finding& finding : judgement.findings) {
    out.insert(finding.cites.begin(), finding.cites.end());
  }
  return out;
}

// First what findings cite, then what is rare, then the rest, each from the
// start.
std::vector<std::size_t> chosen(const Evidence& evidence,
                                const Judgement& judgement, std::size_t most) {
  std::set<std::size_t> cites = cited(judgement);
  std::vector<std::size_t> out(evidence.trace().size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = i;
  }
  std::stable_sort(out.begin(), out.end(), [&](std::size_t a, std::size_t b) {
    auto rank = [&](std::size_t index) {
      return cites.count(index) > 0                          ? 0
             : comes_in_masses(evidence.trace()[index].fact) ? 2
                                                             : 1;
    };
    return rank(a) < rank(b);
  });
  out.resize(std::min(out.size(), most));
  std::sort(out.begin(), out.end());
  return out;
}

std::string fault_name(const Evidence& evidence, int fault) {
  const std::vector<std::string>& names = evidence.parts().fault_names;
  bool known = fault >= 0 && static_cast<std::size_t>(fault) < names.size();
  return known ? names[static_cast<std::size_t>(fault)] : "";
}

TimelineRow row_of(const Evidence& evidence, std::size_t index) {
  const Observation& seen = evidence.trace()[index];
  TimelineRow row;
  row.index = index;
  row.at = seen.at;
  row.fact = fact_name(seen.fact);
  row.link = seen.link;
  row.pid = seen.pid;
  row.text = describe(seen, fault_name(evidence, seen.fault));
  if (row.text.size() > kLongestText) {
    row.text.resize(kLongestText);
    row.text += "...";
  }
  return row;
}

StreamEnd end_of(std::string_view stream, std::size_t most) {
  std::size_t left_out = stream.size() - std::min(stream.size(), most);
  return {std::string(stream.substr(left_out)), left_out};
}

}  // namespace

RunDetails details_of(const Scenario& scenario, const Evidence& evidence,
                      const Judgement& judgement) {
  const Room& room = judgement.verdict == Verdict::pass ? kOfAPass : kOfTheRest;
  RunDetails out;
  out.tags = scenario.tags;
  for (std::size_t index : chosen(evidence, judgement, room.rows)) {
    out.rows.push_back(row_of(evidence, index));
  }
  out.rows_left_out = evidence.trace().size() - out.rows.size();
  out.out = end_of(evidence.out(), room.bytes);
  out.err = end_of(evidence.err(), room.bytes);
  return out;
}

}  // namespace faultrig

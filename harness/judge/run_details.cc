// Chooses what a report shows of a run. A page of ten thousand scenarios has to
// open in a browser: at 60 rows of some 100 bytes a pass costs it about 10 KiB.
#include "harness/judge/run_details.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "harness/model/span.h"

namespace faultrig {

namespace {

struct Room {
  std::size_t rows;
  std::size_t bytes;  // of each stream
  std::size_t spans;
};

constexpr Room kOfAPass{60, 2048, 60};
constexpr Room kOfTheRest{400, 16384, 400};
constexpr std::size_t kLongestText = 300;

// Of these a run may have very many, and the first few tell what they are.
bool comes_in_masses(Fact fact) {
  return fact == Fact::call_intercepted || fact == Fact::calls_untold ||
         fact == Fact::test_event || fact == Fact::output_line ||
         fact == Fact::request || fact == Fact::path_unread ||
         fact == Fact::signal_passed || fact == Fact::write_lost ||
         fact == Fact::profile_there || fact == Fact::span ||
         fact == Fact::waited || fact == Fact::steps_taken;
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

SpanRow span_of(const Observation& seen) {
  SpanRow out;
  out.to = seen.at;
  out.from = seen.at - std::chrono::nanoseconds(seen.number);
  out.service = seen.stream;
  out.name = seen.text;
  out.status = seen.action;
  out.pid = seen.pid;
  if (seen.names.size() >= kSpanNames) {
    out.trace = seen.names[0];
    out.id = seen.names[1];
    out.parent = seen.names[2];
    out.kind = seen.names[3];
    out.message = seen.names[kSpanMessage];
  }
  return out;
}

StreamEnd end_of(std::string_view stream, std::size_t most) {
  std::size_t left_out = stream.size() - std::min(stream.size(), most);
  return {std::string(stream.substr(left_out)), left_out};
}

}  // namespace

void add_spans(const Evidence& evidence, std::size_t most, RunDetails& out) {
  out.spans.clear();
  for (const Observation& seen : evidence.trace()) {
    if (seen.fact == Fact::span) {
      out.spans.push_back(span_of(seen));
    }
  }
  std::stable_sort(out.spans.begin(), out.spans.end(),
                   [](const SpanRow& one, const SpanRow& two) {
                     return one.from < two.from;
                   });
  std::size_t kept = std::min(most, out.spans.size());
  out.spans_left_out = out.spans.size() - kept;
  out.spans.resize(kept);
}

RunDetails details_of(const Scenario& scenario, const Evidence& evidence,
                      const Judgement& judgement) {
  const Room& room = judgement.verdict == Verdict::pass ? kOfAPass : kOfTheRest;
  RunDetails out;
  out.tags = scenario.tags;
  for (std::size_t index : chosen(evidence, judgement, room.rows)) {
    out.rows.push_back(row_of(evidence, index));
  }
  out.rows_left_out = evidence.trace().size() - out.rows.size();
  add_spans(evidence, room.spans, out);
  out.out = end_of(evidence.out(), room.bytes);
  out.err = end_of(evidence.err(), room.bytes);
  return out;
}

}  // namespace faultrig

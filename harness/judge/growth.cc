// How many goroutines a program has says little: connections come and go. How
// many stand at one place, made by one function, says more. The rule, which had
// no false alarm of tests of net/http, context and the like: at five looks or
// more at a moment that comes again, the number rose from look to look in four
// of five cases, never fell, and ended higher by half the looks. What was gone
// at the look before the end was only slow to die. A look that comes late (a
// busy machine) sees the next round too, and a rise has steps and dents then:
// what ended as high and rose in its second half too is not told to stand.
#include "harness/judge/growth.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "harness/judge/deadlock.h"
#include "harness/judge/finding.h"
#include "harness/model/observe.h"

namespace faultrig {

namespace {

constexpr std::size_t kLeastLooks = 5;
constexpr std::size_t kMostNamed = 4;

// State, innermost function, creator: without lines, which differ where the
// same is waited for twice.
using Kind = std::tuple<std::string, std::string, std::string>;
using Process = std::pair<std::string, std::int64_t>;

Process process_of(const JudgedLook& look) { return {look.link, look.pid}; }

std::string process_text(const Process& process) {
  return process.first + " (process " + std::to_string(process.second) + ")";
}

struct Number {
  std::int64_t count = 0;
  std::size_t cite = 0;
};

std::map<Kind, Number> kinds_of(const Evidence& evidence,
                                const JudgedLook& look,
                                const std::vector<std::string>& ignored) {
  std::map<Kind, Number> out;
  for (std::size_t index : look.groups) {
    const Observation& group = evidence.trace()[index];
    if (!is_ignored(group, ignored)) {
      Number& number = out[{group.action, innermost(group), group.call}];
      number.count += group.number;
      number.cite = index;
    }
  }
  return out;
}

// The looks at one process at one moment that came again.
using Series = std::vector<const JudgedLook*>;
using AllSeries = std::map<std::pair<Process, std::string>, Series>;

bool comes_again(const JudgedLook& look) {
  return look.moment == kLookEvery ||
         look.moment == look_moment_name(LookMoment::test);
}

AllSeries series_of(const std::vector<JudgedLook>& looks) {
  AllSeries out;
  for (const JudgedLook& look : looks) {
    if (comes_again(look) && !look.failed) {
      std::string moment =
          look.moment + (look.what.empty() ? "" : " " + look.what);
      out[{process_of(look), moment}].push_back(&look);
    }
  }
  return out;
}

enum class Trend { stands, unclear, rises };

Trend trend_of(const std::vector<std::int64_t>& counts) {
  if (counts.size() < kLeastLooks) {
    return Trend::stands;
  }
  std::size_t rose = 0;
  bool fell = false;
  for (std::size_t i = 1; i < counts.size(); ++i) {
    fell = fell || counts[i] < counts[i - 1];
    rose += counts[i] > counts[i - 1] ? 1 : 0;
  }
  auto half = static_cast<std::int64_t>(counts.size() / 2);
  if (counts.back() < counts.front() + half) {
    return Trend::stands;
  }
  if (!fell && rose * 5 >= (counts.size() - 1) * 4) {
    return Trend::rises;
  }
  bool still = counts.back() >= counts[counts.size() / 2] + half / 2;
  return still ? Trend::unclear : Trend::stands;
}

// The last look at this process as it was about to exit; null: there is none.
const JudgedLook* end_of(const Process& process,
                         const std::vector<JudgedLook>& looks) {
  const JudgedLook* end = nullptr;
  for (const JudgedLook& look : looks) {
    bool last = look.moment == look_moment_name(LookMoment::end);
    end = last && process_of(look) == process ? &look : end;
  }
  return end;
}

class Growth {
 public:
  Growth(const Evidence& evidence, const std::vector<JudgedLook>& looks,
         const std::vector<std::string>& ignored)
      : evidence_(evidence), looks_(looks), ignored_(ignored) {}

  // The first kind with this trend.
  std::optional<Finding> first(Trend trend, const AllSeries& all) const {
    for (const auto& [key, series] : all) {
      if (auto found = in(key.first, key.second, series, trend)) {
        return found;
      }
    }
    return std::nullopt;
  }

 private:
  std::optional<Finding> in(const Process& process, const std::string& moment,
                            const Series& series, Trend trend) const {
    std::vector<std::map<Kind, Number>> all;
    for (const JudgedLook* look : series) {
      all.push_back(kinds_of(evidence_, *look, ignored_));
    }
    for (const auto& [kind, last] : all.back()) {
      std::vector<std::int64_t> counts;
      for (const auto& kinds : all) {
        auto found = kinds.find(kind);
        counts.push_back(found == kinds.end() ? 0 : found->second.count);
      }
      if (trend_of(counts) == trend && stays(process, kind, counts)) {
        return told(trend,
                    "from " + std::to_string(counts.front()) + " to " +
                        std::to_string(counts.back()) + " in " +
                        std::to_string(counts.size()) + " looks (" + moment +
                        "): " + group_text(evidence_.trace()[last.cite]),
                    last.cite);
      }
    }
    return std::nullopt;
  }

  Finding told(Trend trend, const std::string& text, std::size_t cite) const {
    return trend == Trend::rises
               ? answer(false, text, evidence_, {cite})
               : cannot_tell(text +
                                 ", but not from look to look: look more "
                                 "often, or on a machine with less to do",
                             {cite});
  }

  bool stays(const Process& process, const Kind& kind,
             const std::vector<std::int64_t>& counts) const {
    const JudgedLook* end = end_of(process, looks_);
    if (end == nullptr || !end->whole) {
      return true;
    }
    auto kinds = kinds_of(evidence_, *end, ignored_);
    auto found = kinds.find(kind);
    std::int64_t left = found == kinds.end() ? 0 : found->second.count;
    return left >=
           counts.front() + static_cast<std::int64_t>(counts.size() / 2);
  }

  const Evidence& evidence_;
  const std::vector<JudgedLook>& looks_;
  const std::vector<std::string>& ignored_;
};

// Test binaries are Go programs, and all others that could be looked at.
std::set<Process> programs(const Evidence& evidence,
                           const std::vector<JudgedLook>& looks) {
  std::set<Process> out;
  for (const JudgedLook& look : looks) {
    out.insert(process_of(look));
  }
  for (const Observation& seen : evidence.trace()) {
    if (seen.fact == Fact::process_started &&
        seen.link == link_name(Link::test)) {
      out.insert({seen.link, seen.pid});
    }
  }
  return out;
}

// Why nobody looked at this process, as far as that is known.
std::string why_unseen(const Process& process,
                       const std::vector<JudgedLook>& looks) {
  for (const JudgedLook& look : looks) {
    if (process_of(look) == process && look.failed) {
      return ": " + look.what;
    }
  }
  return "";
}

Finding nobody_looked() {
  return cannot_tell(
      "nobody looked at goroutines: it is no Go program, or it had ended "
      "before");
}

// Of all its series the one with the most looks.
Series longest_of(const Process& process, const AllSeries& all) {
  Series longest;
  for (const auto& [key, series] : all) {
    if (key.first == process && series.size() > longest.size()) {
      longest = series;
    }
  }
  return longest;
}

bool all_whole(const Series& series) {
  return std::all_of(series.begin(), series.end(),
                     [](const JudgedLook* look) { return look->whole; });
}

// One that exits, or that stands in main.main while another one exits; and the
// one of os/signal, which never ends.
bool belongs_to_the_end(const Observation& group) {
  if (group.stack == nullptr || group.stack->frames.empty()) {
    return group.action == "running" && group.number == 1;
  }
  const std::string& outermost = group.stack->frames.back().function;
  return outermost == "main.main" || outermost == "os/signal.loop";
}

std::optional<Finding> waiting_for_ever(
    const Evidence& evidence, const std::vector<JudgedLook>& looks,
    const std::vector<std::string>& ignored) {
  for (const JudgedLook& look : looks) {
    for (std::size_t index : look.groups) {
      const Observation& group = evidence.trace()[index];
      if (waits_for_ever(group) && !is_ignored(group, ignored)) {
        return answer(false, "it waits for ever: " + group_text(group),
                      evidence, {index});
      }
    }
  }
  return std::nullopt;
}

// What is left at its end; nothing: that nothing is.
std::optional<Finding> left_of(const Process& process, const Evidence& evidence,
                               const std::vector<JudgedLook>& looks,
                               const std::vector<std::string>& ignored) {
  const JudgedLook* end = end_of(process, looks);
  if (end == nullptr || end->failed) {
    return cannot_tell(process_text(process) + " was not looked at as it " +
                       "exited" + why_unseen(process, looks));
  }
  std::vector<std::size_t> left;
  for (std::size_t index : end->groups) {
    const Observation& group = evidence.trace()[index];
    if (!belongs_to_the_end(group) && !is_ignored(group, ignored)) {
      left.push_back(index);
    }
  }
  if (left.empty() && end->whole) {
    return std::nullopt;
  }
  std::string text;
  for (std::size_t i = 0; i < std::min(left.size(), kMostNamed); ++i) {
    text += (text.empty() ? "" : "; ") + group_text(evidence.trace()[left[i]]);
  }
  if (left.size() > kMostNamed) {
    text += "; and others";
  }
  return cannot_tell(
      left.empty()
          ? "not all goroutines of " + process_text(process) + " are known"
          : "as " + process_text(process) + " exited, " + text +
                ": whether these are meant to live on nobody can see; name "
                "them in `ignore`, or have the test run often and ask `grows`",
      left);
}

}  // namespace

std::optional<Finding> growth(const Evidence& evidence,
                              const std::vector<JudgedLook>& looks,
                              const std::vector<std::string>& ignored) {
  return Growth(evidence, looks, ignored).first(Trend::rises, series_of(looks));
}

Finding none_grows(const Evidence& evidence,
                   const std::vector<std::string>& ignored) {
  std::vector<JudgedLook> looks = looks_of(evidence);
  if (auto found = growth(evidence, looks, ignored)) {
    return *found;
  }
  std::set<Process> all = programs(evidence, looks);
  AllSeries series = series_of(looks);
  std::size_t most = 0;
  for (const Process& process : all) {
    Series longest = longest_of(process, series);
    if (longest.size() < kLeastLooks) {
      return cannot_tell(process_text(process) + " was looked at " +
                         std::to_string(longest.size()) +
                         " times at one moment, and " +
                         std::to_string(kLeastLooks) +
                         " tell something: raise `count`, or look more often" +
                         why_unseen(process, looks));
    }
    if (!all_whole(longest)) {
      return cannot_tell("none is known to grow, but not all goroutines of " +
                         process_text(process) + " are known");
    }
    most = std::max(most, longest.size());
  }
  if (auto unclear =
          Growth(evidence, looks, ignored).first(Trend::unclear, series)) {
    return *unclear;
  }
  return all.empty()
             ? nobody_looked()
             : answer(true, "none grew in " + std::to_string(most) + " looks",
                      evidence);
}

Finding none_leaked(const Evidence& evidence,
                    const std::vector<std::string>& ignored) {
  std::vector<JudgedLook> looks = looks_of(evidence);
  if (auto found = waiting_for_ever(evidence, looks, ignored)) {
    return *found;
  }
  if (auto found = growth(evidence, looks, ignored)) {
    return *found;
  }
  std::set<Process> all = programs(evidence, looks);
  for (const Process& process : all) {
    if (auto left = left_of(process, evidence, looks, ignored)) {
      return *left;
    }
  }
  return all.empty() ? nobody_looked()
                     : answer(true, "nothing was left at the end", evidence);
}

}  // namespace faultrig

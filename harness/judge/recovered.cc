// Whether what a fault had stopped comes back once the fault is released, and
// how soon. Only what began after the release shows that.
#include <algorithm>
#include <optional>

#include "harness/base/units.h"
#include "harness/judge/call_patterns.h"
#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"
#include "harness/judge/pattern.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

Section recovered_section() {
  Section section;
  section.name = "recovered";
  section.summary = "what comes back once a fault has been released";
  section.fields = {
      {.key = "after",
       .kind = Kind::text,
       .summary = "the fault that is released: its name, or else the name of "
                  "its injector",
       .required = true},
      {.key = "within",
       .kind = Kind::duration,
       .summary = "the longest time from the release to that; absent: by the "
                  "end"},
      {.key = "output",
       .kind = Kind::regexp,
       .summary = "a line of its output that matches"},
      {.key = "requests",
       .kind = Kind::choice,
       .summary = "answered: a request that is sent after the release is "
                  "answered as asked",
       .choices = {"answered"}},
      {.key = "of",
       .kind = Kind::text,
       .summary = "beside requests: of this load"},
      {.key = "call",
       .kind = Kind::calls,
       .summary = "such a system call is made again, and no fault answers it; "
                  "what the kernel answers is not seen"},
      {.key = "path",
       .kind = Kind::glob,
       .summary = "beside call: only calls on such a path"},
      {.key = "fd",
       .kind = Kind::choice,
       .summary = "beside call: only calls on such a descriptor",
       .choices = {"file", "socket", "pipe", "stdio"}}};
  section.exactly_one_of = {{"output", "requests", "call"}};
  return section;
}

// What came back first, behind the release.
struct Sign {
  std::optional<std::size_t> cite;
  bool perhaps = false;    // what came may be hidden in a sum
  bool not_asked = false;  // in that time nothing was asked that could show it
};

Sign line_behind(std::size_t release, const std::string& pattern,
                 const Evidence& evidence) {
  Pattern wanted(pattern);
  for (std::size_t i = release + 1; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    // The line was seen whole, and is kept in part.
    bool whole = std::find(seen.names.begin(), seen.names.end(), pattern) !=
                 seen.names.end();
    if (seen.fact == Fact::output_line &&
        (whole || wanted.found_in(seen.text))) {
      return {i};
    }
  }
  return {};
}

// The first that was due behind the release of this fault. Requests that end
// out of order tell it late.
std::optional<nanoseconds> first_asked(const Observation& release,
                                       const std::string& load,
                                       const Evidence& evidence) {
  std::optional<nanoseconds> first;
  for (const Observation& seen : evidence.trace()) {
    bool its = seen.fact == Fact::asked_again && seen.fault == release.fault &&
               (load.empty() || seen.stream == load);
    if (its && (!first || seen.at < *first)) {
      first = seen.at;
    }
  }
  return first;
}

Sign request_behind(std::size_t release, const Params& params,
                    const Evidence& evidence) {
  const Observation& released = evidence.trace()[release];
  auto load = params.get_or<std::string>("of", "");
  auto within = params.get_or("within", nanoseconds(0));
  auto asked = first_asked(released, load, evidence);
  bool late = asked && within.count() > 0 && *asked > released.at + within;
  Sign sign;
  sign.not_asked = !asked || late;
  for (std::size_t i = release + 1; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    if (seen.fact == Fact::answered_again && seen.fault == released.fault &&
        (load.empty() || seen.stream == load)) {
      sign.cite = i;
      sign.not_asked = late;
      return sign;
    }
  }
  return sign;
}

Sign call_behind(std::size_t release, const Params& params,
                 const Evidence& evidence) {
  CallFitter fitter(patterns_asked(params).front(), evidence);
  Sign sign;
  for (std::size_t i = release + 1; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    if (fitter.fit(seen) != Fit::yes || seen.error != 0) {
      continue;
    }
    if (seen.fact == Fact::call_intercepted && seen.fault < 0) {
      return {i};
    }
    sign.perhaps = sign.perhaps || seen.fact == Fact::calls_untold;
  }
  return sign;
}

Sign sign_behind(std::size_t release, const Params& params,
                 const Evidence& evidence) {
  if (const auto* pattern = params.find<std::string>("output")) {
    return line_behind(release, *pattern, evidence);
  }
  return params.has("requests") ? request_behind(release, params, evidence)
                                : call_behind(release, params, evidence);
}

std::string expected(const Params& params) {
  auto within = params.get_or("within", nanoseconds(0));
  return "recovered" +
         (within.count() > 0 ? " within " + format_duration(within) : "") +
         " after " + params.get_or<std::string>("after", "");
}

// It ended first: of what it died of, or done.
Finding never_released(const Evidence& evidence) {
  const ExitChain& chain = evidence.exits();
  bool died =
      !chain.empty() && chain.back().status && !chain.back().status->clean();
  bool ours = evidence.first(Fact::deadline_passed).has_value() ||
              (!chain.empty() && chain.back().our_signal != 0);
  if (died && !ours) {
    return answer(false, "it ended before the fault was released", evidence,
                  {chain.back().cite});
  }
  return cannot_tell("the fault was never released");
}

Finding judge_sign(const Sign& sign, std::size_t release, const Params& params,
                   const Evidence& evidence) {
  if (!sign.cite && sign.perhaps) {
    return cannot_tell("such calls may be hidden in what was told in sums",
                       {release});
  }
  if (sign.not_asked) {
    return cannot_tell("no request was due in that time", {release});
  }
  if (!sign.cite) {
    return answer(false, "nothing of that came after the release", evidence,
                  {release});
  }
  auto within = params.get_or("within", nanoseconds(0));
  nanoseconds took =
      evidence.trace()[*sign.cite].at - evidence.trace()[release].at;
  bool holds = within.count() == 0 || took <= within;
  return answer(holds, "it came " + format_elapsed(took) + " after the release",
                evidence, {release, *sign.cite});
}

Finding check(const Params& params, const Evidence& evidence) {
  std::optional<std::size_t> release;
  for (FaultId fault :
       evidence.faults_named(params.get_or<std::string>("after", ""))) {
    // Of several that are called so, the last one ends the harm.
    auto found = evidence.first(Fact::fault_released, fault);
    release = std::max(release, found);
  }
  Finding finding = release
                        ? judge_sign(sign_behind(*release, params, evidence),
                                     *release, params, evidence)
                        : never_released(evidence);
  finding.expected = expected(params);
  return finding;
}

}  // namespace

const ExpectationType& recovered_expectation() {
  static const Section section = recovered_section();
  static const ExpectationType type{&section, check};
  return type;
}

}  // namespace faultrig

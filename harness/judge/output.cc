// What the workload wrote. Only what was kept can be searched: where the
// middle was cut, the absence of a text proves nothing.
#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"
#include "harness/judge/pattern.h"

namespace faultrig {

namespace {

Section output_section() {
  Section section;
  section.name = "output";
  section.summary = "what the workload wrote to stdout and stderr";
  section.needs_any = true;
  section.fields = {
      {.key = "contains",
       .kind = Kind::text,
       .summary = "a text that is there",
       .filled = true},
      {.key = "matches",
       .kind = Kind::regexp,
       .summary = "an expression that matches somewhere; ^ and $ match at "
                  "lines",
       .filled = true},
      {.key = "lacks",
       .kind = Kind::text,
       .summary = "a text that is not there",
       .filled = true},
      {.key = "of",
       .kind = Kind::choice,
       .summary = "the stream; when absent, either may contain, and both "
                  "must lack",
       .choices = {"stdout", "stderr"}}};
  return section;
}

// The streams that a question is put to.
struct Streams {
  const Evidence& evidence;
  std::string of;  // empty: both

  template <typename Found>
  bool any(Found found) const {
    return (of != "stderr" && found(evidence.out())) ||
           (of != "stdout" && found(evidence.err()));
  }
  std::string name() const { return of.empty() ? "stdout or stderr" : of; }
  std::vector<std::size_t> cuts() const {
    std::vector<std::size_t> cuts;
    for (std::size_t index : all_of(evidence, Fact::output_cut)) {
      if (of.empty() || evidence.trace()[index].stream == of) {
        cuts.push_back(index);
      }
    }
    return cuts;
  }
};

Finding absent(const Streams& streams, const std::string& what, bool holds) {
  std::string text = what + " is not in " + streams.name();
  std::vector<std::size_t> cuts = streams.cuts();
  if (!cuts.empty()) {
    text += " as kept, but " + cite_all(streams.evidence, cuts);
    return cannot_tell(text, cuts);
  }
  return answer(holds, text, streams.evidence);
}

Finding present(const Streams& streams, const std::string& what, bool holds) {
  return answer(holds, what + " is in " + streams.name(), streams.evidence);
}

void add(Finding& all, const Finding& one) {
  if (all.because.empty() || one.verdict > all.verdict) {
    all = one;
  } else if (one.verdict == all.verdict) {
    all.because += "; " + one.because;
  }
}

Finding check(const Params& params, const Evidence& evidence) {
  Streams streams{evidence, params.get_or<std::string>("of", "")};
  Finding all;
  auto ask = [&](const std::string& what, bool found, bool wanted) {
    add(all, found ? present(streams, what, wanted)
                   : absent(streams, what, !wanted));
  };
  auto has = [](const std::string& text) {
    return [&text](const std::string& stream) {
      return stream.find(text) != std::string::npos;
    };
  };
  if (const auto* text = params.find<std::string>("contains")) {
    ask(in_quotes(*text), streams.any(has(*text)), true);
  }
  if (const auto* text = params.find<std::string>("matches")) {
    Pattern pattern(*text);
    ask("a match of " + in_quotes(*text),
        streams.any([&](const std::string& stream) {
          return pattern.found_in(stream);
        }),
        true);
  }
  if (const auto* text = params.find<std::string>("lacks")) {
    ask(in_quotes(*text), streams.any(has(*text)), false);
  }
  return all;
}

}  // namespace

const ExpectationType& output_expectation() {
  static const Section section = output_section();
  static const ExpectationType type{&section, check};
  return type;
}

}  // namespace faultrig

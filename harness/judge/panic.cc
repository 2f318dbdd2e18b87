// A Go panic, a fatal error of its runtime, or a signal that it reported,
// with the function at its top. A deadlock is nobody's fault alone: there each
// goroutine's top counts.
#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"
#include "harness/judge/go_output.h"
#include "harness/judge/pattern.h"
#include "harness/judge/printed_text.h"

namespace faultrig {

namespace {

Section panic_section() {
  Section section;
  section.name = "panic";
  section.summary = "a Go panic or fatal error that ended a program";
  section.shorthand = "matches";
  section.needs_any = true;
  section.fields = {
      {.key = "matches",
       .kind = Kind::regexp,
       .summary = "an expression that matches its text",
       .filled = true},
      {.key = "in",
       .kind = Kind::text,
       .summary = "the function at its top, below the runtime and testing: "
                  "TestDeep, stack.TestDeep, or its full name",
       .filled = true}};
  return section;
}

// The function at the top of a crash; nullptr if no goroutine tells.
const Frame* top_of(const GoCrash& crash, const GoOutput& output) {
  for (std::size_t i = crash.first; i < crash.end; ++i) {
    const Frame* frame = top_frame(output.goroutines[i]);
    // SIGQUIT can hit an idle thread, whose goroutine is the runtime's own.
    if (frame != nullptr || crash.kind != CrashKind::signal) {
      return frame;
    }
  }
  return nullptr;
}

bool is_deadlock(const GoCrash& crash) {
  return crash.kind == CrashKind::fatal &&
         crash.text.starts_with("all goroutines are asleep");
}

bool is_in(const GoCrash& crash, const GoOutput& output,
           const std::string& function) {
  std::size_t end = is_deadlock(crash) ? crash.end : crash.first;
  for (std::size_t i = crash.first; i < end; ++i) {
    const Frame* frame = top_frame(output.goroutines[i]);
    if (frame != nullptr && names_function(frame->function, function)) {
      return true;
    }
  }
  const Frame* top = top_of(crash, output);
  return top != nullptr && names_function(top->function, function);
}

std::string describe_crash(const GoCrash& crash, const GoOutput& output) {
  std::string text = in_quotes(crash.headline());
  if (const Frame* top = top_of(crash, output)) {
    text += " in " + in_quotes(top->function);
  }
  return text;
}

struct Search {
  const std::string* function = nullptr;  // nullptr: any
  const Pattern* pattern = nullptr;       // nullptr: any
  bool found = false;
  std::string seen = {};  // what there was, the found one alone

  void look(const std::string& text) {
    GoOutput output = parse_go_output(text);
    for (const GoCrash& crash : output.crashes) {
      if (found) {
        return;
      }
      found = (function == nullptr || is_in(crash, output, *function)) &&
              (pattern == nullptr || pattern->found_in(crash.headline()) ||
               pattern->found_in(crash.text));
      if (found || seen.size() < 400) {
        std::string one = describe_crash(crash, output);
        seen = found || seen.empty() ? one : seen + "; " + one;
      }
    }
  }
};

Finding check(const Params& params, const Evidence& evidence) {
  Pattern pattern(params.get_or<std::string>("matches", ""));
  Search search{params.find<std::string>("in"),
                params.has("matches") ? &pattern : nullptr};
  search.look(printed_text(evidence));
  search.look(evidence.err());
  if (search.seen.empty()) {
    return answer(false, "no Go panic or fatal error in the output", evidence);
  }
  return answer(search.found,
                search.found ? search.seen : "the output has " + search.seen,
                evidence);
}

}  // namespace

const ExpectationType& panic_expectation() {
  static const Section section = panic_section();
  static const ExpectationType type{&section, check};
  return type;
}

}  // namespace faultrig

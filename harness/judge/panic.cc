// A Go panic, a fatal error of its runtime, or a signal that it reported,
// with the function at its top. A deadlock is nobody's fault alone: there each
// goroutine's top counts. What was printed proves nothing by itself: a panic
// that was recovered and logged prints the same, so the end has to fit.
#include <algorithm>

#include "harness/judge/crash_fate.h"
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

// What the kernel said of the programs that could have crashed.
struct Ends {
  bool crashed = false;  // one of them ended as a crash does
  bool failed = false;   // a command failed: what it started is not known
  std::string text;

  explicit Ends(const Evidence& evidence) {
    for (const LinkEnd& end : evidence.exits()) {
      if (end.link == Link::go || !end.status) {
        continue;
      }
      crashed = crashed || is_of_a_crash(*end.status);
      failed = failed || (end.link == Link::command && !end.status->clean());
      if (text.size() < 200) {
        text += (text.empty() ? "" : ", ") + std::string(link_name(end.link)) +
                " " + end.status->text();
      }
    }
  }
};

// What keeps a crash that was printed from having ended a program.
struct Doubt {
  CrashFate fate = CrashFate::ended;
  std::string why = {};
};

Doubt doubt_of(const GoCrash& crash, const Ends& ends) {
  CrashDoubt printed = printed_doubt(crash);
  if (printed.fate == CrashFate::lived) {
    return {printed.fate, std::string(printed.why)};
  }
  if (!crash.ended.empty() && !is_of_a_crash(crash.ended)) {
    return {CrashFate::lived,
            "go said " + in_quotes(crash.ended) + " behind it"};
  }
  bool by_word = ends.failed && is_of_a_crash(crash.ended);
  if (!ends.crashed && !by_word) {
    return {
        ends.failed ? CrashFate::unknown : CrashFate::lived,
        ends.text.empty() ? "no program is known to have ended" : ends.text};
  }
  return {printed.fate, std::string(printed.why)};
}

struct Search {
  const std::string* function = nullptr;  // nullptr: any
  const Pattern* pattern = nullptr;       // nullptr: any
  const Ends& ends;
  bool found = false;
  std::string seen = {};                 // what there was, the found one alone
  Doubt doubt = {CrashFate::lived, ""};  // of those that would do

  void look(const std::string& text) {
    GoOutput output = parse_go_output(text);
    for (const GoCrash& crash : output.crashes) {
      if (found) {
        return;
      }
      look_at(crash, output);
    }
  }

 private:
  void look_at(const GoCrash& crash, const GoOutput& output) {
    bool asked = (function == nullptr || is_in(crash, output, *function)) &&
                 (pattern == nullptr || pattern->found_in(crash.headline()) ||
                  pattern->found_in(crash.text));
    Doubt one = asked ? doubt_of(crash, ends) : Doubt{CrashFate::lived, ""};
    found = asked && one.fate == CrashFate::ended;
    if (asked && (doubt.why.empty() || one.fate == CrashFate::unknown)) {
      doubt = one;
    }
    if (found || seen.size() < 400) {
      std::string text = describe_crash(crash, output);
      seen = found || seen.empty() ? text : seen + "; " + text;
    }
  }
};

Finding check(const Params& params, const Evidence& evidence) {
  Pattern pattern(params.get_or<std::string>("matches", ""));
  Ends ends(evidence);
  Search search{params.find<std::string>("in"),
                params.has("matches") ? &pattern : nullptr, ends};
  search.look(printed_text(evidence));
  search.look(evidence.err());
  if (search.found) {
    return answer(true, search.seen, evidence);
  }
  std::string what = search.seen.empty()
                         ? "no Go panic or fatal error in the output"
                         : "the output has " + search.seen;
  if (!search.doubt.why.empty()) {
    what += ", which ended no program as far as is known: " + search.doubt.why;
  }
  std::vector<std::size_t> cuts = all_of(evidence, Fact::output_cut);
  if (search.doubt.fate == CrashFate::unknown || !cuts.empty()) {
    return cannot_tell(
        what + (cuts.empty() ? "" : ", but " + cite_all(evidence, cuts)), cuts);
  }
  return answer(false, what, evidence);
}

}  // namespace

const ExpectationType& panic_expectation() {
  static const Section section = panic_section();
  static const ExpectationType type{&section, check};
  return type;
}

}  // namespace faultrig

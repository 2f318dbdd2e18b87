// A `run` with a typo selects no test, and go test says ok. The testing package
// warns of it, and go adds `[no tests to run]` to the line of the package; both
// keep silent where benchmarks or fuzz targets were asked for, and where tests
// are only listed, which GOFLAGS and the arguments of the binary can ask for
// too. A benchmark that ran leaves its result.
#include "harness/judge/nothing_ran.h"

#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/judge/printed_text.h"
#include "harness/model/go_words.h"

namespace faultrig {

namespace {

constexpr std::string_view kNone = "no tests to run";

// With -json, the line is within another.
bool is_warning(std::string_view line) {
  return line.find("[no tests to run]") != std::string_view::npos ||
         line.find("testing: warning: no tests to run") !=
             std::string_view::npos;
}

// Of a test, or of a package that had some.
bool is_of_a_test(std::string_view line) {
  static constexpr std::array<std::string_view, 6> kStarts{
      "=== RUN", "--- PASS", "--- FAIL", "--- SKIP", "FAIL", "ok  \t"};
  bool event =
      line.starts_with('{') && line.find("\"Test\":") != std::string_view::npos;
  return event ||
         (!is_warning(line) && std::any_of(kStarts.begin(), kStarts.end(),
                                           [&](std::string_view start) {
                                             return line.starts_with(start);
                                           }));
}

bool mentions_it(const Expectation& expected) {
  for (const char* key : {"contains", "matches"}) {
    const auto* text = expected.params.find<std::string>(key);
    if (text != nullptr && text->find(kNone) != std::string::npos) {
      return true;
    }
  }
  return false;
}

bool ended_well(const Evidence& evidence) {
  const ExitChain& chain = evidence.exits();
  return !chain.empty() &&
         std::all_of(chain.begin(), chain.end(), [](const LinkEnd& end) {
           return end.status && end.status->clean();
         });
}

// Was testing told so, by a key, in GOFLAGS, or by an argument of the binary?
bool was_told(const Scenario& scenario, const Evidence& evidence,
              const std::string& name) {
  const GoTest& test = *scenario.workload.go_test;
  auto started = evidence.first(Fact::run_started);
  std::string goflags = started ? evidence.trace()[*started].action : "";
  return has_flag(test.flags, name) || has_flag(test.args, "test." + name) ||
         has_flag(words_of_goflags(goflags), name);
}

// `BenchmarkB-2   \t 1000\t 12.3 ns/op`.
bool is_result(std::string_view line) {
  return line.starts_with("Benchmark") &&
         line.find(" ns/op") != std::string_view::npos;
}

struct Printed {
  bool warned = false;
  bool tested = false;  // or a package had tests
  bool named = false;   // a test, or the result of a benchmark
  bool usage = false;   // of the test binary
  bool no_fuzz = false;

  explicit Printed(const Evidence& evidence) {
    for (const std::string& text :
         {printed_text(evidence), evidence.out(), evidence.err()}) {
      for (std::string_view line : lines_of(text)) {
        look_at(line);
      }
    }
  }

 private:
  void look_at(std::string_view line) {
    bool package = line.starts_with("ok  \t") || line.starts_with("FAIL");
    warned = warned || is_warning(line);
    tested = tested || is_of_a_test(line);
    named = named || is_result(line) || (is_of_a_test(line) && !package);
    usage = usage || line.starts_with("  -test.bench ");
    no_fuzz = no_fuzz || line.find("no fuzz tests to fuzz") != line.npos;
  }
};

}  // namespace

std::string why_nothing_ran(const Scenario& scenario,
                            const Evidence& evidence) {
  if (!scenario.workload.go_test || !ended_well(evidence) ||
      std::any_of(scenario.expect.begin(), scenario.expect.end(),
                  mentions_it)) {
    return "";
  }
  Printed printed(evidence);
  if (was_told(scenario, evidence, "list")) {
    return "no test ran: with -list they are only named";
  }
  if (printed.usage && !printed.named) {
    return "no test ran: the test binary printed its usage";
  }
  if (printed.warned && !printed.tested) {
    return "no test ran: go test found none to run";
  }
  bool benchmarks = was_told(scenario, evidence, "bench");
  if ((benchmarks || printed.no_fuzz) && !printed.named) {
    return std::string("no ") + (benchmarks ? "benchmark" : "fuzz target") +
           " ran, and nothing shows that a test did: `flags: [-v]` would";
  }
  return "";
}

}  // namespace faultrig

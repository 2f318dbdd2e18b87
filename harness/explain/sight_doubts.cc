// A line that fits a cause may be a remark, a print, of another time or of
// another program. Each such reason bounds how sure the cause is.
#include <algorithm>
#include <utility>

#include <re2/re2.h>

#include "harness/explain/sight_match.h"

namespace faultrig {

namespace {

using Texts = std::vector<std::string>;

// Does a line begin as go itself begins its lines?
bool is_plainly_gos(const std::string& line) {
  static const RE2 kGos(
      R"(^(go: |go |# |package |cmd/|vet: |verifying |pattern |\S+\.go:\d+|)"
      R"(build |\*\*\* |fork/exec |exec: |no |found |-: |faultrig: ))");
  return RE2::PartialMatch(line, kGos);
}

// go names what it could not start; who is not the package's own binary may
// have been started, and missed, by a test.
bool names_another(const Seen& seen, const std::vector<Quote>& quotes) {
  static const RE2 kStarts(R"(^(?:fork/)?exec (?:\S*[/\\])?(\S+): )");
  static const RE2 kEnding(R"(\.(exe|wasm)$)");
  for (const Quote& quote : quotes) {
    std::string name;
    if (RE2::PartialMatch(quote.text, kStarts, &name)) {
      RE2::Replace(&name, kEnding, "");
      return seen.package != "command-line-arguments" &&
             name != binary_of(seen.package);
    }
  }
  return false;
}

// Did the test go on behind what it said there?
bool is_aside(const Seen& seen, const std::vector<Quote>& quotes) {
  return std::any_of(
      seen.failing.begin(), seen.failing.end(), [&](const LogLine& line) {
        return line.aside && std::any_of(quotes.begin(), quotes.end(),
                                         [&](const Quote& quote) {
                                           return quote.line == line.number;
                                         });
      });
}

// Is the line of a message in which a test compares, `X = "signal: killed",
// want ...`? It may quote the words then; one that wants no error does not.
bool is_of_a_comparison(const Seen& seen, const std::vector<Quote>& quotes) {
  static const RE2 kCompares(
      R"((?i:\b(want\w*|got|expect(ed|s|ing)?|actual|should|must|equals?|)"
      R"(mismatch|diff|contains?|match(es)?)\b)|!=|==|)"
      R"((?m:^ +(FAIL|PASS|ok|=== RUN|--- \w+:)(\s|$)))");
  static const RE2 kWantsNone(
      R"((?i:want\w*:? ?(<nil>|nil|no err|none|false|success|ok\b|)"
      R"(%!v\(bool=false)|\b(no|nil) err|unexpected err|)"
      R"(expect(ed)? (<nil>|nil|success)|should (not|never) (fail|err)|)"
      R"(must (succeed|not fail)|not to have occurred))");
  std::int64_t message = 0;
  for (const LogLine& line : seen.failing) {
    bool its = !quotes.empty() && line.number == quotes.front().line;
    message = its ? line.message : message;
  }
  std::string text;
  for (const LogLine& line : seen.failing) {
    bool its = message != 0 ? line.message == message
                            : line.number == quotes.front().line;
    text += its ? line.text + "\n" : "";
  }
  return RE2::PartialMatch(text, kCompares) &&
         !RE2::PartialMatch(text, kWantsNone);
}

// Did the process go on behind the line that is to have ended it? What an
// indent or a form shows to belong to that line does not count.
bool goes_on(const Seen& seen, const std::vector<Quote>& quotes,
             const Pattern& its) {
  static const RE2 kBelongs(
      R"(^(\s|$|=+$|==\d+|SUMMARY: |Direct leak|Indirect leak|Shadow |\[|)"
      R"(goroutine |created by |Usage of |[\w.]+ = |goleak: |SIG[A-Z]+: |)"
      R"(PC=|signal arrived |rax |PASS$|FAIL$|coverage: |\*\*\* |=>|)"
      R"(HINT: |NOTE: |FATAL: |ThreadSanitizer|panic: |runtime|faultrig: |)"
      R"(previously allocated|freed by|allocated by|0x[0-9a-f]+ is |READ |)"
      R"(WRITE |Found \d+ data race|testing: |qemu: |.*: error while loading |)"
      R"(.*\(required by |dyld|abort|Require stack:|)"
      R"(Node\.js v|node:|- /|\}|[a-z0-9]+ +0x|\]$|\S+\(\S*\)$))");
  return std::any_of(
      seen.ending.begin(), seen.ending.end(), [&](const LogLine& line) {
        return !quotes.empty() && line.number > quotes.front().line &&
               !is_closing_word(line.text) && !its.found_in(line.text) &&
               !RE2::PartialMatch(line.text, kBelongs);
      });
}

enum class Behind { nothing, its_end, others };

// Does the job end at this line, as a CI, make or docker say?
bool ends_the_job(const std::string& line) {
  static const RE2 kEnd(
      R"([Ee]xit(ed)? ?(with )?(code|status)?:? [1-9]|Error [1-9]|[Ff]ailed)");
  static const RE2 kIgnored(R"(\(ignored\)|ignored\)$)");
  Speaker speaker = speaker_by_form(line);
  bool around = speaker == Speaker::ci || speaker == Speaker::make ||
                speaker == Speaker::engine;
  return line == "FAIL" || speaker == Speaker::runner ||
         (around && RE2::PartialMatch(line, kEnd) &&
          !RE2::PartialMatch(line, kIgnored));
}

// May the line belong to an error of go, below its first one?
bool belongs_to_error(const std::string& line) {
  static const RE2 kGoesOn(
      R"(^go: (downloading|added|upgraded|downgraded|removed|extracting) )");
  static const RE2 kMore(
      R"(^(\s|$|note: |[Ss]ee |[Rr]un '|usage: |[Uu]sage|[Ff]or more |Confirm )"
      R"(|imports |If |This |The |have intercepted |Perhaps |SECURITY ERROR|)"
      R"(exit status \d+$|collect2: |)"
      R"(compilation terminated|\S*ld: ))");
  return !RE2::PartialMatch(line, kGoesOn) &&
         (is_plainly_gos(line) || RE2::PartialMatch(line, kMore));
}

// Who goes on behind an error of go's was not ended by it.
Behind behind(const Seen& seen, std::int64_t number) {
  if (seen.result.number > number) {
    return Behind::others;
  }
  for (const LogLine& line : seen.printed) {
    if (line.number <= number) {
      continue;
    }
    if (ends_the_job(line.text)) {
      return Behind::its_end;
    }
    if (!belongs_to_error(line.text)) {
      return Behind::others;
    }
  }
  return Behind::nothing;
}

// Before Go 1.21 the compiler is run all the same, and go adds this.
bool wants_newer_go(const Seen& seen) {
  static const RE2 kNote(
      R"(^note: (imported by a )?module (that )?requires [Gg]o )");
  return std::any_of(
      seen.built.begin(), seen.built.end(),
      [](const LogLine& line) { return RE2::PartialMatch(line.text, kNote); });
}

Sure at_most(Sure most, Sure sure) { return std::max(most, sure); }

}  // namespace

Sure SightMatch::sure(const std::vector<Doubt>& doubts) const {
  Sure sure = sight_->sure;
  for (const Doubt& doubt : doubts) {
    sure = at_most(doubt.most, sure);
  }
  return sure;
}

// Whoever said it: it may be of another, of another time, or a remark.
void SightMatch::add_doubts_of_place(const Seen& seen,
                                     const std::vector<Quote>& quotes,
                                     std::vector<Doubt>& out) const {
  auto add = [&](bool holds, std::string_view why) {
    if (holds) {
      out.push_back({Sure::possible, why});
    }
  };
  add(seen.guessed && has("built"), "it may be another package's build");
  add(seen.place.trust == Trust::none,
      "it may be older, or what a test printed");
  add(has("failing") && is_aside(seen, quotes), "the test said more behind it");
  add(has("failing") && is_of_a_comparison(seen, quotes),
      "the test may quote it, where it compares");
  add(has("ending") && !is_of_a_crash() && !seen.witnessed &&
          goes_on(seen, quotes, *patterns_.at("ending")),
      "the process went on behind it");
  // Whoever ends a job has the last word.
  add(has("around") && !quotes.empty() &&
          quotes.front().speaker == speaker_name(Speaker::ci) &&
          seen.last_word > quotes.front().line,
      "a test went on behind it");
}

std::vector<Doubt> SightMatch::doubts(const Seen& seen,
                                      const std::vector<Quote>& quotes) const {
  std::vector<Doubt> out;
  add_doubts_of_place(seen, quotes, out);
  auto add = [&](bool holds, Sure most, std::string_view why) {
    if (holds) {
      out.push_back({most, why});
    }
  };
  add(is_of_a_crash() && seen.crash_sure != Sure::certain, seen.crash_sure,
      "the crash is not whole, or somebody spoke behind it");
  add(may_be_of_another_panic(seen), Sure::likely,
      "a panic of the program's own may have these words");
  bool by_gos_line = has("crash") || has("said") || has("built");
  bool by_any_line = is_of_a_print() || has("around");
  add(has("built") && wants_newer_go(seen), Sure::likely,
      "the module wants a newer Go, which may take it");
  // That a test failed a witness has heard, too.
  bool by_its_word = by_any_line && !by_gos_line && !has("failing");
  add(by_its_word && seen.witnessed && !is_told_by_end(seen), Sure::likely,
      "a child of it may have printed the line");
  if (seen.witnessed) {
    return out;
  }
  // go tells how what it started ended: that may have been an -exec program.
  const auto* ends = sight_->params.find<Texts>("test");
  bool by_end = ends != nullptr && seen.test != "unknown" &&
                seen.test != "never_started" && seen.test != "0";
  // A test binary that runs itself crashes in the same words as its child does.
  bool by_whom = seen.owner == "test" && seen.test != "unknown";
  add(by_end && seen.hearsay, Sure::possible,
      "a test may have printed how it ended");
  add(by_end && !has("crash"), Sure::likely,
      "an -exec program may have ended so");
  add(by_any_line && !by_gos_line, Sure::likely,
      "anything may print such a line");
  add(has("crash") && !by_whom, Sure::likely,
      "no exit status shows whose crash it is");
  add(seen.verdict == "fail" && has("said") && names_another(seen, quotes),
      Sure::possible, "it names another program than the test binary");
  add(true, most_outside(seen, quotes), "the job may have gone on behind it");
  std::erase_if(out,
                [](const Doubt& one) { return one.most == Sure::certain; });
  return out;
}

// Outside of packages: the job may have gone on, and failed of something else.
Sure SightMatch::most_outside(const Seen& seen,
                              const std::vector<Quote>& quotes) const {
  bool of_tools = has("said") || has("built") || has("printed");
  if (seen.verdict != "none" || !seen.package.empty() || seen.go ||
      seen.command || !of_tools || has("crash") || quotes.empty()) {
    return Sure::certain;
  }
  const Quote& quote = quotes.front();
  Behind what = behind(seen, quote.line);
  if (what == Behind::others) {
    // go builds and tests the other packages all the same, and fails at last.
    bool of_a_build =
        has("built") && !seen.guessed && seen.result.number > quote.line;
    return of_a_build ? Sure::likely : Sure::possible;
  }
  bool proven =
      !has("said") || (what == Behind::its_end && is_plainly_gos(quote.text));
  return proven ? Sure::certain : Sure::likely;
}

}  // namespace faultrig

#include "harness/explain/sight_match.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <re2/re2.h>

namespace faultrig {

namespace {

using Texts = std::vector<std::string>;

constexpr const char* kPatternKeys[] = {"argv",    "why",   "crash",   "frame",
                                        "said",    "built", "printed", "ending",
                                        "failing", "around"};

std::string joined(const std::vector<LogLine>& lines) {
  std::string text;
  for (const LogLine& line : lines) {
    text += line.text;
    text += '\n';
  }
  return text;
}

// `3` of `['3 to 125', '200']`.
bool is_among(const std::string& value, const std::string& wanted) {
  static const RE2 kRange(R"((\d+) to (\d+))");
  int first = 0;
  int last = 0;
  if (!RE2::FullMatch(wanted, kRange, &first, &last)) {
    return value == wanted;
  }
  int code = -1;
  auto [end, failed] =
      std::from_chars(value.data(), value.data() + value.size(), code);
  return failed == std::errc() && end == value.data() + value.size() &&
         code >= first && code <= last;
}

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
      R"(.*\(required by |dyld|abort|[a-z0-9]+ +0x|\]$|\S+\(\S*\)$))");
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

// Position decides where form does not.
std::string speaker_in(const std::string& key, const LogLine& line) {
  Speaker speaker = line.speaker;
  if (speaker == Speaker::unknown) {
    speaker = key == "built"  ? Speaker::tool
              : key == "said" ? Speaker::go
                              : Speaker::process;
  }
  return std::string(speaker_name(speaker));
}

bool is_one_of(const Texts& wanted, const std::string& value) {
  return std::any_of(wanted.begin(), wanted.end(),
                     [&](const auto& one) { return is_among(value, one); });
}

const std::string& or_unknown(const std::optional<std::string>& word) {
  static const std::string kUnknown = "unknown";
  return word ? *word : kUnknown;
}

using WordOf = const std::string& (*)(const Seen&);
const std::string& verdict_of(const Seen& seen) { return seen.verdict; }
const std::string& test_of(const Seen& seen) { return seen.test; }
const std::string& finished_of(const Seen& seen) { return seen.finished; }
const std::string& go_of(const Seen& seen) { return or_unknown(seen.go); }
const std::string& command_of(const Seen& seen) {
  return or_unknown(seen.command);
}
constexpr std::pair<const char*, WordOf> kWords[] = {{"verdict", verdict_of},
                                                     {"test", test_of},
                                                     {"finished", finished_of},
                                                     {"go", go_of},
                                                     {"command", command_of}};

using FlagOf = std::optional<bool> (*)(const Seen&);
template <auto member>
std::optional<bool> flag(const Seen& seen) {
  return seen.*member;
}
template <auto member>
std::optional<bool> any(const Seen& seen) {
  return !(seen.*member).empty();
}
constexpr std::pair<const char*, FlagOf> kFlags[] = {
    {"failed", any<&Seen::failed_tests>},
    {"unfinished", any<&Seen::unfinished_tests>},
    {"started", flag<&Seen::started>},
    {"watched", flag<&Seen::watched>},
    {"crashed", any<&Seen::crash>},
    {"witnessed", flag<&Seen::witnessed>},
    {"lone", flag<&Seen::lone>},
    {"retried", flag<&Seen::retried>},
    {"oom", flag<&Seen::oom>},
    {"leftovers", flag<&Seen::leftovers>}};

Sure at_most(Sure most, Sure sure) { return std::max(most, sure); }

// The line in which position `at` of joined(lines) is.
const LogLine& line_at(const std::vector<LogLine>& lines, std::size_t at) {
  auto line = lines.begin();
  for (; line + 1 != lines.end() && at > line->text.size(); ++line) {
    at -= line->text.size() + 1;
  }
  return *line;
}

}  // namespace

SeenText::SeenText(const Seen& seen) : seen_(&seen) {
  std::vector<LogLine> frames;
  for (const std::string& frame : seen.frames) {
    frames.push_back({0, frame});
  }
  for (auto& [key, lines] :
       std::map<std::string, std::vector<LogLine>>{{"crash", seen.crash},
                                                   {"frame", frames},
                                                   {"said", seen.said},
                                                   {"built", seen.built},
                                                   {"printed", seen.printed},
                                                   {"ending", seen.ending},
                                                   {"failing", seen.failing},
                                                   {"around", seen.around}}) {
    parts_[key] = {lines, joined(lines)};
  }
}

SightMatch::SightMatch(const Sight& sight) : sight_(&sight) {
  for (const auto& [key, of] : kWords) {
    if (const auto* wanted = sight.params.find<Texts>(key)) {
      words_.push_back({wanted, of});
    }
  }
  for (const auto& [key, of] : kFlags) {
    if (const auto* wanted = sight.params.find<bool>(key)) {
      flags_.push_back({*wanted, of});
    }
  }
  for (const char* key : kPatternKeys) {
    if (const auto* text = sight.params.find<std::string>(key)) {
      patterns_[key] = std::make_unique<Pattern>(*text);
    }
  }
}

bool SightMatch::has(const char* key) const { return patterns_.contains(key); }

// Another program's crash is not the test's.
bool SightMatch::owner_matches(const Seen& seen) const {
  if (const auto* wanted = sight_->params.find<Texts>("owner")) {
    return is_one_of(*wanted, seen.owner);
  }
  bool of_others = seen.owner == "child" || seen.owner == "tool";
  return !of_others || (!has("crash") && !has("frame"));
}

bool SightMatch::words_match(const Seen& seen) const {
  return std::all_of(words_.begin(), words_.end(), [&](const auto& word) {
    return is_one_of(*word.wanted, word.of(seen));
  });
}

bool SightMatch::flags_match(const Seen& seen) const {
  return std::all_of(flags_.begin(), flags_.end(), [&](const auto& flag) {
    std::optional<bool> value = flag.of(seen);
    return value && *value == flag.wanted;
  });
}

bool SightMatch::text_matches(const std::string& key,
                              const std::string& text) const {
  auto pattern = patterns_.find(key);
  return pattern == patterns_.end() || pattern->second->found_in(text);
}

bool SightMatch::lines_match(const std::string& key, const SeenText& text,
                             std::vector<Quote>& quotes) const {
  auto pattern = patterns_.find(key);
  if (pattern == patterns_.end()) {
    return true;
  }
  const SeenText::Part& part = text.part(key);
  auto at = part.lines.empty() ? std::nullopt
                               : pattern->second->position_in(part.text);
  if (!at) {
    return false;
  }
  const LogLine& line = line_at(part.lines, *at);
  quotes.push_back({line.number, line.text, speaker_in(key, line)});
  return true;
}

std::optional<std::vector<Quote>> SightMatch::match(
    const SeenText& text) const {
  const Seen& seen = text.seen();
  std::vector<Quote> quotes;
  std::vector<Quote> unquoted;
  // What a package prints that passed is no trouble, unless the sight asks for
  // just that.
  bool passed = seen.verdict == "ok" && seen.finished != "FAIL" &&
                (is_of_a_crash() || is_of_a_print()) &&
                sight_->params.find<Texts>("verdict") == nullptr;
  // What was run had been built.
  bool ran = seen.verdict == "fail" || seen.verdict == "ok";
  bool was_built =
      ran && has("built") && sight_->params.find<Texts>("verdict") == nullptr;
  bool matches =
      !was_built && !passed && words_match(seen) && flags_match(seen) &&
      owner_matches(seen) && text_matches("argv", seen.argv) &&
      text_matches("why", seen.why) && lines_match("crash", text, quotes) &&
      lines_match("frame", text, unquoted) &&
      lines_match("said", text, quotes) && lines_match("built", text, quotes) &&
      lines_match("around", text, quotes) &&
      lines_match("failing", text, quotes) &&
      lines_match("ending", text, quotes) &&
      lines_match("printed", text, quotes);
  return matches ? std::optional(std::move(quotes)) : std::nullopt;
}

bool SightMatch::is_of_a_print() const {
  return has("printed") || has("ending") || has("failing");
}

Sure SightMatch::sure(const Seen& seen,
                      const std::vector<Quote>& quotes) const {
  Sure sure = sight_->sure;
  if (seen.guessed && has("built")) {
    sure = Sure::possible;
  }
  bool aside = has("failing") && is_aside(seen, quotes);
  bool gone_on = has("ending") && !is_of_a_crash() && !seen.witnessed &&
                 goes_on(seen, quotes, *patterns_.at("ending"));
  // Whoever ends a job has the last word.
  bool outlived = has("around") && !quotes.empty() &&
                  quotes.front().speaker == speaker_name(Speaker::ci) &&
                  seen.last_word > quotes.front().line;
  bool doubted = seen.trust == Trust::none || aside || gone_on || outlived;
  sure = doubted ? Sure::possible : sure;
  if (is_of_a_crash()) {
    sure = at_most(seen.crash_sure, sure);
  }
  if (seen.witnessed) {
    return sure;
  }
  // go tells how what it started ended: that may have been an -exec program.
  const auto* ends = sight_->params.find<Texts>("test");
  bool by_end = ends != nullptr && seen.test != "unknown" &&
                seen.test != "never_started" && seen.test != "0";
  bool by_gos_line = has("crash") || has("said") || has("built");
  bool by_any_line = is_of_a_print() || has("around");
  // A test binary that runs itself crashes in the same words as its child does.
  bool by_whom = seen.owner == "test" && seen.test != "unknown";
  if (by_end && seen.hearsay) {
    sure = Sure::possible;
  }
  if ((by_end && !has("crash")) || (by_any_line && !by_gos_line) ||
      (has("crash") && !by_whom)) {
    sure = at_most(Sure::likely, sure);
  }
  if (seen.verdict == "fail" && has("said") && names_another(seen, quotes)) {
    sure = Sure::possible;
  }
  return at_most(most_outside(seen, quotes), sure);
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

#include "harness/explain/sight_match.h"

#include <algorithm>
#include <utility>

#include <re2/re2.h>

#include "harness/base/whole_number.h"
#include "harness/judge/dump_line.h"

namespace faultrig {

namespace {

using Texts = std::vector<std::string>;

constexpr const char* kPatternKeys[] = {
    "argv",    "why",    "crash",   "frame",  "said",     "built",
    "printed", "ending", "failing", "around", "raised_by"};

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
  auto code = whole_number<int>(value);
  return code && *code >= first && *code <= last;
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
std::optional<bool> has_started(const Seen& seen) {
  return seen.begun != Begun::unknown;
}
std::optional<bool> has_dumped(const Seen& seen) {
  return std::any_of(
      seen.printed.begin(), seen.printed.end(), [](const LogLine& line) {
        std::string_view text = line.text;
        text.remove_prefix(
            std::min(text.find_first_not_of(" \t"), text.size()));
        Frame frame;
        return read_place(text, frame);
      });
}
constexpr std::pair<const char*, FlagOf> kFlags[] = {
    {"failed", any<&Seen::failed_tests>},
    {"unfinished", any<&Seen::unfinished_tests>},
    {"started", has_started},
    {"watched", flag<&Seen::watched>},
    {"crashed", any<&Seen::crash>},
    {"dumped", has_dumped},
    {"witnessed", flag<&Seen::witnessed>},
    {"lone", flag<&Seen::lone>},
    {"retried", flag<&Seen::retried>},
    {"oom", flag<&Seen::oom>},
    {"leftovers", flag<&Seen::leftovers>}};

// What a diagnostic quotes is the program's text, not the speaker's word:
// `cannot use "no space left on device" ...` tells of no disk, and so does the
// line of the source that gcc shows below its own. As long as before, so that
// positions stay. A name or a path, without a blank, is a word of the
// diagnostic.
std::string without_quotations(std::string text) {
  static const RE2 kEcho(R"(^ *\d* \| )");
  static const RE2 kPlace(R"(^\s*(?:vet: )?\S+\.\w+:\d+(?::\d+)?: )");
  static const RE2 kDirective(
      R"(: (?:error|warning|note): .{0,4}#(?:error|warning|pragma) )");
  constexpr char kBlank = '~';
  if (RE2::PartialMatch(text, kEcho)) {
    return std::string(text.size(), kBlank);
  }
  re2::StringPiece rest(text);
  if (RE2::FindAndConsume(&rest, kDirective)) {
    std::size_t from = text.size() - rest.size();
    text.replace(from, rest.size(), rest.size(), kBlank);
  }
  if (!RE2::PartialMatch(text, kPlace)) {
    return text;
  }
  for (std::size_t open = text.find('"'); open != text.npos;) {
    std::size_t close = text.find('"', open + 1);
    while (close != text.npos && text[close - 1] == '\\') {
      close = text.find('"', close + 1);
    }
    if (close == text.npos) {
      break;
    }
    auto begin = text.begin() + static_cast<std::ptrdiff_t>(open) + 1;
    auto end = text.begin() + static_cast<std::ptrdiff_t>(close);
    if (std::find(begin, end, ' ') != end) {
      std::fill(begin, end, kBlank);
    }
    open = text.find('"', close + 1);
  }
  return text;
}

std::vector<LogLine> without_quotations(std::vector<LogLine> lines) {
  for (LogLine& line : lines) {
    line.text = without_quotations(std::move(line.text));
  }
  return lines;
}

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
    parts_[key] = {lines,
                   joined(key == "built" ? without_quotations(lines) : lines)};
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

// The function that called panic stands below `panic` on the stack, or on top
// where nobody passed the panic on.
bool SightMatch::may_be_of_another_panic(const Seen& seen) const {
  if (!has("raised_by")) {
    return false;
  }
  const std::vector<std::string>& frames = seen.frames;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    bool raiser = i == 0 || frames[i - 1] == "panic";
    if (raiser && text_matches("raised_by", frames[i])) {
      return false;
    }
  }
  return true;
}

// A child that said the same would not have ended the binary so.
bool SightMatch::is_told_by_end(const Seen& seen) const {
  const auto* own = sight_->params.find<Texts>("own_end");
  return own != nullptr && is_one_of(*own, seen.test);
}

bool SightMatch::is_of_a_print() const {
  return has("printed") || has("ending") || has("failing");
}

}  // namespace faultrig

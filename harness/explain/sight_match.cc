#include "harness/explain/sight_match.h"

#include <algorithm>

namespace faultrig {

namespace {

using Texts = std::vector<std::string>;

constexpr const char* kPatternKeys[] = {"argv", "why",   "crash",  "frame",
                                        "said", "built", "printed"};

std::string joined(const std::vector<LogLine>& lines) {
  std::string text;
  for (const LogLine& line : lines) {
    text += line.text;
    text += '\n';
  }
  return text;
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
                                                   {"printed", seen.printed}}) {
    parts_[key] = {lines, joined(lines)};
  }
}

SightMatch::SightMatch(const Sight& sight) : sight_(&sight) {
  for (const char* key : kPatternKeys) {
    if (const auto* text = sight.params.find<std::string>(key)) {
      patterns_[key] = std::make_unique<Pattern>(*text);
    }
  }
}

bool SightMatch::is_one_of(const std::string& key,
                           const std::string& value) const {
  const auto* wanted = sight_->params.find<Texts>(key);
  return wanted == nullptr ||
         std::find(wanted->begin(), wanted->end(), value) != wanted->end();
}

bool SightMatch::flag_is(const std::string& key,
                         std::optional<bool> value) const {
  const auto* wanted = sight_->params.find<bool>(key);
  return wanted == nullptr || (value && *value == *wanted);
}

bool SightMatch::words_match(const Seen& seen) const {
  return is_one_of("verdict", seen.verdict) && is_one_of("test", seen.test) &&
         is_one_of("finished", seen.finished) &&
         is_one_of("go", seen.go.value_or("unknown")) &&
         is_one_of("command", seen.command.value_or("unknown"));
}

bool SightMatch::flags_match(const Seen& seen) const {
  return flag_is("failed", !seen.failed_tests.empty()) &&
         flag_is("unfinished", !seen.unfinished_tests.empty()) &&
         flag_is("started", seen.started) && flag_is("watched", seen.watched) &&
         flag_is("oom", seen.oom) && flag_is("leftovers", seen.leftovers);
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
  quotes.push_back({line.number, line.text});
  return true;
}

std::optional<std::vector<Quote>> SightMatch::match(
    const SeenText& text) const {
  const Seen& seen = text.seen();
  std::vector<Quote> quotes;
  std::vector<Quote> unquoted;
  bool matches =
      words_match(seen) && flags_match(seen) &&
      text_matches("argv", seen.argv) && text_matches("why", seen.why) &&
      lines_match("crash", text, quotes) &&
      lines_match("frame", text, unquoted) &&
      lines_match("said", text, quotes) && lines_match("built", text, quotes) &&
      lines_match("printed", text, quotes);
  return matches ? std::optional(std::move(quotes)) : std::nullopt;
}

}  // namespace faultrig

// No list of CI systems is ever whole. But a log of `go test` holds lines that
// can be recognised wherever they begin, and what stands before them stands
// before the others, too. A test that prints such a line itself is outvoted by
// the real ones.
#include "harness/explain/log_prefix.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include <re2/re2.h>

#include "harness/explain/log_line.h"
#include "harness/explain/package_block.h"
#include "harness/judge/benchmark_name.h"

namespace faultrig {

namespace {

constexpr char kNumber = '\x01';
constexpr char kBlanks = '\x02';
constexpr char kLevel = '\x03';   // of TeamCity
constexpr char kStream = '\x04';  // of GitLab
constexpr std::size_t kLongest = 200;
constexpr std::size_t kMostShapes = 16;

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }
bool is_blank(char byte) { return byte == ' ' || byte == '\t'; }
bool is_letter(char byte) {
  return std::isalpha(static_cast<unsigned char>(byte)) != 0;
}

// The number of `tests-1` belongs to the name; that of `T10:00` to a time.
bool is_of_a_name(std::string_view before) {
  std::size_t last = before.find_last_not_of("-_/.0123456789");
  if (last == std::string_view::npos || !is_letter(before[last])) {
    return false;
  }
  bool time = before[last] == 'T' && last > 0 && is_digit(before[last - 1]);
  bool line = before.ends_with(":L");  // Woodpecker: `[step:L12:3s] `
  return !time && !line;
}

// Where in the line a word of go or of testing begins.
std::optional<std::size_t> word_of_go(std::string_view line) {
  static const RE2 kWord(
      "(?:^|[ \\t|\\]>:+})])("
      "(?:ok  |FAIL|\\?   )\\t[^\\s\\[]\\S*(?:\\t| \\[|$)"
      "|(?:ok|FAIL|\\?) {2,}\\S+ +(?:\\d+\\.\\d+s|\\(cached\\)|\\[)"
      "|FAIL[ \\t]+\\S+ \\[(?:build|setup) failed\\]"
      "|=== (?:RUN|CONT|NAME|PAUSE) +(?:Test|Fuzz|Example|Benchmark)\\S*$"
      "|--- (?:FAIL|PASS|SKIP): \\S+ \\(\\d+\\.\\d+s\\)$"
      "|goroutine \\d+ [^\\[]*\\[[a-z][^\\]]*\\]:$"
      "|=== (?:Failed|Errors|Skipped)$|=== (?:FAIL|SKIP): \\S+ .*\\)$"
      "|DONE (?:\\d+ runs, )?\\d+ tests?\\b.* in "
      "|# [\\w./-]+ \\[[\\w./-]+\\.test\\]$"
      "|={20} Test output for \\S*//"
      "|//\\S+ +(?:\\(cached\\) )?(?:PASSED|FAILED|TIMEOUT) in "
      "|##teamcity\\[test|Ran \\d+ of \\d+ Specs in |FAIL! -- \\d+ Passed"
      "|\\{\"(?:Time|Action|ImportPath)\":\")");
  re2::StringPiece word;
  if (!RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), kWord,
                         &word)) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(word.data() - line.data());
}

// Indented, or what a test logged: no prefix of the log.
bool is_of_a_test(std::string_view prefix) {
  static const RE2 kOfATest(R"(^ *$|\.go:\d+|Benchmark|\{")");
  return prefix.size() > kLongest ||
         RE2::PartialMatch(re2::StringPiece(prefix.data(), prefix.size()),
                           kOfATest);
}

// What log, slog, zap and their kin put before what a program says: if go
// speaks without it, it is a program's.
bool is_of_a_logger(std::string_view prefix) {
  static const RE2 kLogger(
      R"(^[+-]$|^ +$|^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(\.\d+)? |)"
      R"((?i:\b(level=|info|debug|warn(ing)?|error|inf|dbg|wrn|err)\b))");
  return RE2::PartialMatch(re2::StringPiece(prefix.data(), prefix.size()),
                           kLogger);
}

bool is_result(std::string_view word) {
  return word.starts_with("ok") || word.starts_with("FAIL") ||
         word.starts_with("?") || word.starts_with("=== Failed") ||
         word.starts_with("=== FAIL: ") || word.starts_with("DONE ") ||
         word.starts_with("{\"");
}

class Votes {
 public:
  void add(std::string_view line) {
    auto at = word_of_go(line);
    if (!at) {
      return;
    }
    bool whole = *at == 0 || behind_benchmark_name(line).size() < line.size();
    std::string_view prefix = line.substr(0, *at);
    bool blank = prefix.find_first_not_of(' ') == std::string_view::npos;
    bool indented = !whole && blank && is_result(line.substr(*at));
    if (whole || (is_of_a_test(prefix) && !indented)) {
      plain_ += whole ? 1 : 0;
      plain_results_ += *at == 0 && result_line(line) ? 1 : 0;
      return;
    }
    PrefixShape shape(prefix);
    auto known = std::find_if(rows_.begin(), rows_.end(), [&](const Row& row) {
      return row.shape == shape;
    });
    if (known != rows_.end()) {
      ++known->votes;
    } else if (rows_.size() < kMostShapes) {
      rows_.push_back({shape, 1, is_of_a_logger(prefix)});
    }
  }

  bool none() const { return plain_ == 0 && rows_.empty(); }

  std::vector<PrefixShape> shapes() const {
    std::size_t all = 0;
    for (const Row& row : rows_) {
      all += row.votes;
    }
    std::vector<PrefixShape> out;
    for (const Row& row : rows_) {
      // Nor is a diff, or what a test logs, a prefix of the log.
      if (all > plain_ && (plain_results_ == 0 || !row.of_a_program)) {
        out.push_back(row.shape);
      }
    }
    return out;
  }

 private:
  struct Row {
    PrefixShape shape;
    std::size_t votes = 0;
    bool of_a_program = false;
  };
  std::vector<Row> rows_;
  std::size_t plain_ = 0;
  std::size_t plain_results_ = 0;
};

bool mostly_stamped(const std::vector<std::string>& sample) {
  std::size_t lines = 0;
  std::size_t stamped = 0;
  for (std::string line : sample) {
    lines += line.empty() ? 0 : 1;
    stamped += take_stamp(line) ? 1 : 0;
  }
  return stamped > 0 && stamped * 5 >= lines * 4;
}

}  // namespace

PrefixShape::PrefixShape(std::string_view prefix) {
  std::size_t end_of_words = prefix.find_last_not_of(" \t") + 1;
  blanks_ = prefix.size() - end_of_words;
  prefix = prefix.substr(0, end_of_words);
  for (std::size_t at = 0; at < prefix.size();) {
    std::size_t end = at + 1;
    if (is_blank(prefix[at])) {
      while (end < prefix.size() && is_blank(prefix[end])) {
        ++end;
      }
      shape_ += kBlanks;
    } else if (is_digit(prefix[at])) {
      while (end < prefix.size() && is_digit(prefix[end])) {
        ++end;
      }
      bool name = is_of_a_name(prefix.substr(0, at));
      shape_ += name ? std::string(prefix.substr(at, end - at))
                     : std::string(1, kNumber);
    } else {
      shape_ += prefix[at];
    }
    at = end;
  }
  static const RE2 kOfTeamcity("^(\\[(?:\x01:){2}\x01\\])[\x02WEiFD]:");
  static const RE2 kOfGitlab("(Z\x02\x01)[OE]$");
  RE2::Replace(&shape_, kOfTeamcity, "\\1\x03:");
  RE2::Replace(&shape_, kOfGitlab, "\\1\x04");
}

// How many bytes of `rest` stand for that of a shape; nothing if none do.
std::optional<std::size_t> PrefixShape::taken(char shape,
                                              std::string_view rest) {
  auto while_it = [&](auto is) {
    auto end = std::find_if_not(rest.begin(), rest.end(), is);
    return static_cast<std::size_t>(end - rest.begin());
  };
  auto one_of = [&](std::string_view bytes) {
    bool its = !rest.empty() && bytes.find(rest.front()) != bytes.npos;
    return its ? std::optional<std::size_t>(1) : std::nullopt;
  };
  if (shape == kNumber) {
    std::size_t digits = while_it(is_digit);
    return digits > 0 ? std::optional(digits) : std::nullopt;
  }
  if (shape == kBlanks) {
    return while_it(is_blank);
  }
  if (shape == kStream) {
    auto its = one_of("OE");
    // `+` is for a line that goes on.
    return its && rest.substr(1).starts_with('+') ? 2 : its;
  }
  return one_of(shape == kLevel ? " WEiFD" : std::string_view(&shape, 1));
}

std::size_t PrefixShape::match(std::string_view line) const {
  std::size_t at = 0;
  for (char shape : shape_) {
    auto its = taken(shape, line.substr(at));
    if (!its) {
      return 0;
    }
    at += *its;
  }
  // No more than there were: the rest may be the program's own indent.
  std::size_t blanks = at > 0 && line[at - 1] == '+' ? 0 : blanks_;
  for (std::size_t i = 0; i < blanks && at < line.size(); ++i) {
    at += is_blank(line[at]) ? 1 : 0;
  }
  return at;
}

bool has_word_of_go(std::string_view line) {
  return word_of_go(line).has_value();
}

LearntPrefixes learn_prefixes(const std::vector<std::string>& sample) {
  Votes votes;
  for (const std::string& line : sample) {
    votes.add(line);
  }
  LearntPrefixes out;
  out.shapes = votes.shapes();
  out.stamps = votes.none() && mostly_stamped(sample);
  return out;
}

}  // namespace faultrig

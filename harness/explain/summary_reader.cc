// gotestsum runs `go test -json` and prints what it likes of it (its --format);
// its summary is always of one form (testjson/summary.go). With --rerun-fails
// it tells of a test once for each run in which it failed: one that failed in
// the first and is not told of again had passed in the end.
#include "harness/explain/summary_reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <re2/re2.h>

#include "harness/explain/package_block.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostLines = 20'000;
constexpr std::size_t kMostEntries = 2'000;

// `DONE 2 runs, 4 tests, 1 failure in 0.645s`, and how many runs.
bool reads_done(const std::string& text, int& runs) {
  static const RE2 kDone(R"(DONE (?:(\d{1,6}) runs, )?\d+ tests?\b.* in .*)");
  std::string count;
  if (!text.starts_with("DONE ") || !RE2::FullMatch(text, kDone, &count)) {
    return false;
  }
  runs = count.empty() ? 1 : std::stoi(count);
  return true;
}

// Where a panic begins that testing passed on: it ended the process behind the
// word on the test, though the summary shows it below that word.
std::size_t panic_at(const std::vector<LogLine>& lines) {
  for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
    bool passed_on = lines[i].text.starts_with("testing.tRunner.func") &&
                     lines[i - 1].text.starts_with("goroutine ");
    std::size_t from = i;
    while (passed_on && --from > 0) {
      if (lines[from].text.starts_with("panic: ")) {
        return from;
      }
    }
  }
  return lines.size();
}

void say(PackageBlock& block, std::int64_t number, const std::string& text) {
  block.add({number, text});
}

}  // namespace

bool SummaryReader::begins(std::string_view text) {
  if (text == "=== Failed") {
    part_ = Part::failed;
  } else if (text == "=== Errors") {
    part_ = Part::errors;
  } else if (text == "=== Skipped") {
    part_ = Part::other;
  } else {
    return false;
  }
  return true;
}

// `=== FAIL: m/store TestX/a_b (re-run 1) (0.00s)`; no test, and two blanks,
// for what the package said outside of its tests; `(unknown)` for one that has
// no end.
bool SummaryReader::take_head(const LogLine& line) {
  static const RE2 kHead(
      R"(=== (FAIL|SKIP): (\S+) (\S*)(?: \(re-run (\d{1,6})\))? \(([^()]+)\))");
  std::string word;
  std::string run;
  std::string time;
  Entry entry;
  if (!RE2::FullMatch(line.text, kHead, &word, &entry.package, &entry.test,
                      &run, &time)) {
    return false;
  }
  part_ = word == "FAIL" ? Part::failed : Part::other;
  entry.ended = !entry.test.empty() && time != "unknown";
  entry.run = run.empty() ? 0 : std::stoi(run);
  entry.lines.push_back(line);
  if (part_ == Part::failed && entries_.size() < kMostEntries) {
    entries_.push_back(std::move(entry));
  }
  return true;
}

bool SummaryReader::take(const LogLine& line) {
  int runs = 1;
  if (reads_done(line.text, runs)) {
    done_ = part_ != Part::none;
    part_ = Part::none;
    runs_ = runs;
    return done_;
  }
  if (begins(line.text)) {
    return true;
  }
  if (part_ == Part::none) {
    return false;
  }
  if (take_head(line)) {
    return true;
  }
  bool none_yet = part_ != Part::errors && entries_.empty();
  if (none_yet || ++lines_ > kMostLines) {
    part_ = Part::none;
    return false;
  }
  if (part_ == Part::errors) {
    errors_.push_back(line);
  } else if (part_ == Part::failed && !entries_.empty()) {
    entries_.back().lines.push_back(line);
  }
  return true;
}

bool SummaryReader::passed_later(const Entry& entry) const {
  bool again =
      std::any_of(entries_.begin(), entries_.end(), [&](const Entry& other) {
        return other.package == entry.package && other.test == entry.test &&
               other.run > entry.run;
      });
  return entry.ended && entry.run + 1 < runs_ && !again;
}

// As the package itself would have said it: what has an end first, then what
// ended the process.
Seen SummaryReader::seen_of(const std::string& package,
                            const Entries& entries) const {
  PackageBlock block;
  std::string name = package;
  std::string verdict = "fail";
  LogLine result = entries.front()->lines.front();
  for (const Entry* entry : entries) {
    if (!entry->test.empty()) {
      say(block, entry->lines.front().number, "=== RUN   " + entry->test);
    }
    std::size_t panic = panic_at(entry->lines);
    for (std::size_t i = 1; entry->ended && i < panic; ++i) {
      block.add(entry->lines[i]);
    }
    if (entry->ended) {
      say(block, entry->lines[panic - 1].number,
          "--- FAIL: " + entry->test + " (0.00s)");
    }
  }
  for (const Entry* entry : entries) {
    for (std::size_t i = panic_at(entry->lines);
         entry->ended && i < entry->lines.size(); ++i) {
      block.add(entry->lines[i]);
    }
  }
  bool all =
      std::all_of(entries.begin(), entries.end(), [](const Entry* entry) {
        return entry->ended && panic_at(entry->lines) == entry->lines.size();
      });
  if (all) {
    say(block, entries.back()->lines.back().number, "FAIL");
  }
  for (const Entry* entry : entries) {
    for (std::size_t i = 1; !entry->ended && i < entry->lines.size(); ++i) {
      if (auto found = result_line(entry->lines[i].text)) {
        name = found->package;
        verdict = found->verdict;
        result = entry->lines[i];
      } else {
        block.add(entry->lines[i]);
      }
    }
  }
  Seen seen = block.seen(verdict);
  seen.package = name;
  seen.verdict = verdict;
  seen.result = result;
  return seen;
}

// They name no package; a file's folder does, if it can be told.
void SummaryReader::add_errors(std::vector<Seen>& all) const {
  std::vector<Seen*> refused;
  for (Seen& seen : all) {
    if (seen.verdict == "build_failed" || seen.verdict == "setup_failed") {
      refused.push_back(&seen);
    }
  }
  for (Seen* seen : refused) {
    std::string folder =
        seen->package.substr(seen->package.rfind('/') + 1) + "/";
    auto is_its = [&](const LogLine& line) {
      return refused.size() == 1 || line.text.find(folder) != std::string::npos;
    };
    std::copy_if(errors_.begin(), errors_.end(),
                 std::back_inserter(seen->built), is_its);
    seen->guessed = refused.size() > 1 && seen->built.empty();
    if (seen->guessed) {
      seen->built = errors_;
    }
  }
}

std::vector<Seen> SummaryReader::finish() {
  std::vector<std::string> order;
  std::map<std::string, Entries> packages;
  for (const Entry& entry : entries_) {
    if (!packages.contains(entry.package)) {
      order.push_back(entry.package);
    }
    packages[entry.package].push_back(&entry);
  }
  std::vector<Seen> out;
  for (const std::string& package : order) {
    Entries& entries = packages[package];
    auto later = [&](const Entry* entry) { return passed_later(*entry); };
    bool green = std::all_of(entries.begin(), entries.end(), later);
    if (!green) {
      std::erase_if(entries, later);
    }
    out.push_back(seen_of(package, entries));
    out.back().summed_up = true;
    out.back().retried = green;
    out.back().verdict = green ? "ok" : out.back().verdict;
  }
  add_errors(out);
  *this = SummaryReader();
  return out;
}

}  // namespace faultrig

// The witness (docs/witness.md) prints one line a binary. Its first words are
// what counts; the rest is for people.
#include "harness/explain/seen_words.h"

#include <algorithm>

#include <re2/re2.h>

#include "harness/explain/crash_text.h"

namespace faultrig {

namespace {

constexpr std::size_t kLongestName = 2000;

// 128 and a signal: of what a shell ran, or of itself.
bool is_of_a_shell(const std::string& test) {
  bool number = test.find_first_not_of("0123456789") == std::string::npos;
  return number && test.size() == 3 && test > "128";
}

void read_killed(const std::string& signal, const std::string& rest,
                 Seen& seen) {
  seen.test = signal;
  // It names another sender than somebody outside, or says that it cannot.
  bool unknown = rest.find("whether for memory is unknown") != rest.npos ||
                 rest.find("likely from the kernel") != rest.npos;
  bool memory = rest.find("from the kernel, for memory") != rest.npos;
  seen.oom =
      signal == "SIGKILL" && unknown ? std::nullopt : std::optional(memory);
}

// False if the words are none of the witness's.
bool read_words(const std::string& words, Seen& seen) {
  static const RE2 kExited(R"(exited (\d{1,3})(?:[ :;,].*)?)");
  static const RE2 kKilled(R"(was killed by (SIG[A-Z0-9+]+)(.*))");
  std::string first;
  std::string rest;
  if (RE2::FullMatch(words, kExited, &first)) {
    bool silent = words.find("never said PASS") != words.npos;
    seen.watched = silent || seen.watched;
    // Of a shell in between, which says 128 and the signal of what it ran.
    bool memory = words.find("the kernel killed processes of it for memory") !=
                  words.npos;
    seen.oom = memory;
    seen.test = memory && first == "137" ? "SIGKILL" : first;
  } else if (RE2::FullMatch(words, kKilled, &first, &rest)) {
    read_killed(first, rest, seen);
  } else if (words.starts_with("was OOM-killed")) {
    seen.test = "SIGKILL";
    seen.oom = true;
  } else if (words.starts_with("never started: ")) {
    seen.test = "never_started";
    seen.why = words.substr(words.find(": ") + 2);
  } else {
    return false;
  }
  return true;
}

// What looks like a crash did not end a process that is known to have ended
// otherwise.
void drop_crash_of_another(Seen& seen) {
  if (seen.witnessed && !fits_crash(seen.test, seen.owner)) {
    seen.crash.clear();
    seen.frames.clear();
  }
}

}  // namespace

void give_to_tools(Seen& seen) {
  seen.test = "never_started";
  seen.built.insert(seen.built.end(), seen.printed.begin(), seen.printed.end());
  seen.said.insert(seen.said.end(), seen.printed.begin(), seen.printed.end());
  seen.crash.clear();
  seen.frames.clear();
  seen.hearsay = false;
}

void settle_owner(Seen& seen) {
  bool nobody = seen.package.empty() || seen.verdict == "none";
  if (seen.owner == "child" && nobody) {
    seen.owner = "program";
    return;
  }
  if (seen.owner != "unknown" || seen.package.empty()) {
    return;
  }
  bool its = std::any_of(seen.frames.begin(), seen.frames.end(),
                         [&](const std::string& frame) {
                           return frame.size() < kLongestName &&
                                  (frame.starts_with(seen.package + ".") ||
                                   frame.starts_with(seen.package + "_test."));
                         });
  seen.owner = its ? "test" : "unknown";
}

void hear_witness(Seen& seen) {
  // `store.test exited 1`, or, of an -exec program, `sh (store) exited 137`.
  static const RE2 kLine(R"(faultrig: (\S+) (?:\((\S+)\) )?(.*))");
  std::string binary = seen.package.empty() ? "" : binary_of(seen.package);
  for (auto line = seen.printed.rbegin(); line != seen.printed.rend(); ++line) {
    std::string name;
    std::string wrapped;
    std::string words;
    // It speaks when the binary has ended: what a test printed stands before,
    // and only go's word on it behind.
    bool gos = line->text.empty() || is_closing_word(line->text);
    if (line->number <= seen.last_word) {
      return;
    }
    if (!RE2::FullMatch(line->text, kLine, &name, &wrapped, &words)) {
      if (!gos) {
        return;
      }
      continue;
    }
    if (!wrapped.empty()) {
      name = wrapped;
      name += ".test";
    }
    std::string last = name.substr(name.rfind('/') + 1);
    bool its = binary.empty() ? last.ends_with(".test") : last == binary;
    if (its && read_words(words, seen)) {
      line->speaker = Speaker::witness;
      seen.witnessed = wrapped.empty() || !is_of_a_shell(seen.test);
      seen.hearsay = false;
      seen.said.insert(seen.said.begin(), *line);
      drop_crash_of_another(seen);
      return;
    }
  }
}

}  // namespace faultrig

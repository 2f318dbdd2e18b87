#include "harness/explain/evidence_seen.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <re2/re2.h>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/explain/log_reader.h"

namespace faultrig {

namespace {

std::string status_word(const LinkEnd& end) {
  if (!end.status) {
    return "never_started";
  }
  return end.status->killed() ? signal_name(end.status->signal())
                              : std::to_string(end.status->exit_code());
}

const LinkEnd* end_of(const Evidence& evidence, Link link,
                      std::string_view program = {}) {
  for (const LinkEnd& end : evidence.exits()) {
    if (end.link == link && (program.empty() || end.program == program)) {
      return &end;
    }
  }
  return nullptr;
}

std::string command_line(const Evidence& evidence) {
  auto started = evidence.first(Fact::run_started);
  return started ? evidence.trace()[*started].text : "";
}

void add_kernel(const Evidence& evidence, Seen& seen) {
  seen.argv = command_line(evidence);
  seen.leftovers = evidence.first(Fact::leftover).has_value();
  bool killed = seen.test == "SIGKILL" || seen.command == "SIGKILL";
  bool counted = evidence.first(Fact::oom_kill).has_value();
  // The counter is the whole run's: it speaks for whoever was killed.
  seen.oom = counted && (killed || seen.test == "unknown");
}

std::vector<Seen> read_log(const std::string& text) {
  std::vector<Seen> out;
  LogReader reader([&](Seen seen) { out.push_back(std::move(seen)); });
  reader.feed(text);
  reader.finish();
  return out;
}

// What a witness heard last of the process that ended so.
void add_last_word(const Evidence& evidence, const LinkEnd& end, Seen& seen) {
  // What lists its tests runs none, and says no word.
  if (command_line(evidence).find("-list") != std::string::npos) {
    return;
  }
  std::int64_t pid = evidence.trace()[end.cite].pid;
  for (const Observation& heard : evidence.trace()) {
    bool its = heard.pid == pid || heard.pid == 0;
    if (heard.fact == Fact::last_word && its) {
      seen.watched = true;
      seen.finished = heard.text.empty() ? "none" : heard.text;
    }
  }
}

// What go prints of a package does not say how the binary ended; the witness
// does.
void add_witness(const Evidence& evidence, Seen& seen) {
  if (seen.package.empty() || seen.verdict == "build_failed" ||
      seen.verdict == "setup_failed") {
    return;
  }
  if (const LinkEnd* end =
          end_of(evidence, Link::test, binary_of(seen.package))) {
    seen.test = status_word(*end);
    seen.why = end->why_not_started;
    seen.hearsay = false;
    add_last_word(evidence, *end, seen);
  } else if (end_of(evidence, Link::test) == nullptr && !seen.cached) {
    seen.test = "never_started";
  }
}

// The one test binary that ended, if it is only one.
const LinkEnd* only_test(const Evidence& evidence) {
  const LinkEnd* found = nullptr;
  for (const LinkEnd& end : evidence.exits()) {
    if (end.link == Link::test) {
      if (found != nullptr) {
        return nullptr;
      }
      found = &end;
    }
  }
  return found;
}

// A go that was stopped itself may say nothing of a package at all.
void add_silent_package(const Evidence& evidence, std::vector<Seen>& all) {
  const LinkEnd* end = only_test(evidence);
  if (end == nullptr || all.size() != 1 || !all.front().package.empty()) {
    return;
  }
  all.front().test = status_word(*end);
  all.front().why = end->why_not_started;
  add_last_word(evidence, *end, all.front());
}

bool is_red(const Seen& seen) {
  bool said = !seen.printed.empty() || !seen.built.empty();
  return seen.verdict == "none" ? seen.package.empty() && said
                                : !seen.is_green();
}

// Why go failed is told by any package that did, or by what it printed itself.
void add_lone(std::vector<Seen>& all) {
  auto red = std::count_if(all.begin(), all.end(), is_red);
  for (Seen& seen : all) {
    seen.lone = red == (is_red(seen) ? 1 : 0);
  }
}

std::vector<Seen> seen_in_chain(const Evidence& evidence, const LinkEnd& go) {
  std::vector<Seen> out = read_log(evidence.err() + "\n" + evidence.out());
  if (out.empty()) {
    out.emplace_back();
  }
  add_silent_package(evidence, out);
  add_lone(out);
  for (Seen& seen : out) {
    seen.witnessed = true;
    add_witness(evidence, seen);
    seen.go = status_word(go);
    add_kernel(evidence, seen);
  }
  return out;
}

Seen seen_alone(const Evidence& evidence, const LinkEnd& end) {
  PackageBlock block;
  std::int64_t number = 0;
  for (const std::string* text : {&evidence.out(), &evidence.err()}) {
    for (std::string_view line : lines_of(*text)) {
      ++number;
      for (std::string& one : at_marks(without_escapes(line))) {
        take_marks(one);
        block.add({number, std::move(one)});
      }
    }
  }
  Seen out = block.seen();
  std::string status = status_word(end);
  (end.link == Link::test ? out.test : out.command.emplace()) = status;
  out.package = end.program.substr(end.program.rfind('/') + 1);
  out.hearsay = false;
  out.witnessed = true;
  out.owner = out.owner == "tool" ? "tool" : "program";
  add_last_word(evidence, end, out);
  out.why = end.why_not_started;
  add_kernel(evidence, out);
  return out;
}

// What a command that ran go test, or a driver of tests, said of packages that
// failed: `make test`.
void add_packages(const Evidence& evidence, std::vector<Seen>& all) {
  bool asked =
      std::any_of(evidence.exits().begin(), evidence.exits().end(),
                  [](const LinkEnd& end) { return end.link == Link::command; });
  if (!asked) {
    return;
  }
  for (Seen& seen : read_log(evidence.err() + "\n" + evidence.out())) {
    bool red = !seen.package.empty() && !seen.is_green();
    if (seen.summed_up || red) {
      all.push_back(std::move(seen));
    }
  }
}

}  // namespace

std::vector<Seen> seen_in(const Evidence& evidence) {
  if (const LinkEnd* go = end_of(evidence, Link::go)) {
    return seen_in_chain(evidence, *go);
  }
  std::vector<Seen> out;
  for (const LinkEnd& end : evidence.exits()) {
    out.push_back(seen_alone(evidence, end));
  }
  add_packages(evidence, out);
  return out;
}

}  // namespace faultrig

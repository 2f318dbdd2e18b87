// How a run ended is what the kernel saw; what its output says of it only
// explains that: a test prints what it likes.
#include "harness/sweep/site_run.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <set>
#include <utility>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/judge/crash_fate.h"
#include "harness/judge/go_output.h"
#include "harness/judge/hanging.h"
#include "harness/model/call_errors.h"
#include "harness/model/dependency.h"
#include "harness/sweep/recorded_sites.h"
#include "harness/sweep/request_trouble.h"
#include "harness/sweep/site_words.h"
#include "harness/sweep/standard_library.h"
#include "harness/sweep/test_lines.h"

namespace faultrig {

namespace {

using End = SiteRun::End;

constexpr std::size_t kOutputKept = 64 << 10;
// A path that short stands in many a line.
constexpr std::size_t kTellingPath = 5;

// What our own part of the run did not see, or did not do.
std::string trouble_of(const Evidence& evidence) {
  for (const Observation& seen : evidence.trace()) {
    bool ours = seen.fact == Fact::trouble ||
                seen.fact == Fact::supervision_lost ||
                seen.fact == Fact::never_started;
    if (ours) {
      return describe(seen);
    }
  }
  return "";
}

// The link that the faults hit: the first of the chain that was watched.
const LinkEnd* main_end(const Evidence& evidence) {
  for (const LinkEnd& end : evidence.exits()) {
    if (end.status) {
      return &end;
    }
  }
  return nullptr;
}

std::string all_output(const Evidence& evidence) {
  return evidence.out() + "\n" + evidence.err();
}

// A binary of tests tells its verdict; a command has none but its code.
bool has_verdict(const LinkEnd& end, const std::string& output) {
  if (end.link != Link::test) {
    return true;
  }
  for (std::string_view line : lines_of(output)) {
    if (line == "FAIL" || line.starts_with("--- FAIL: ") ||
        line.starts_with("panic: test timed out")) {
      return true;
    }
  }
  return false;
}

bool is_of_test(const Frame& frame) { return frame.file.ends_with("_test.go"); }

std::string place_of(const Frame& frame) {
  std::size_t slash = frame.file.rfind('/');
  std::string file =
      slash == std::string::npos ? frame.file : frame.file.substr(slash + 1);
  return frame.function +
         (file.empty() ? ""
                       : " (" + file + ":" + std::to_string(frame.line) + ")");
}

bool is_test_main(const Goroutine& goroutine) {
  return std::any_of(
      goroutine.frames.begin(), goroutine.frames.end(),
      [](const Frame& one) { return one.file.ends_with("_testmain.go"); });
}

// The goroutine that tells most of a hang: the first with a frame that is not
// Go's own, waiting for something.
const Goroutine* telling(const GoOutput& output, std::size_t first,
                         std::size_t end) {
  const Goroutine* any = nullptr;
  for (std::size_t i = first; i < end; ++i) {
    const Goroutine& one = output.goroutines[i];
    const Frame* top = top_frame(one);
    if (top == nullptr || is_test_main(one)) {
      continue;
    }
    any = any == nullptr ? &one : any;
    bool locked = one.state_class == "mutex" ||
                  one.state_class == "waitgroup" || one.state_class == "cond";
    if (locked && !is_standard(top->function)) {
      return &one;
    }
  }
  return any;
}

const Frame* first_own(const Goroutine& goroutine) {
  for (const Frame& frame : goroutine.frames) {
    if (!is_standard(frame.function) && !is_machinery(frame.function)) {
      return &frame;
    }
  }
  return top_frame(goroutine);
}

void tell_top(const GoOutput& output, std::size_t first, std::size_t end,
              SiteRun& run) {
  const Goroutine* goroutine = telling(output, first, end);
  const Frame* frame = goroutine == nullptr ? nullptr : first_own(*goroutine);
  if (frame != nullptr) {
    run.top = place_of(*frame) + ", " + goroutine->state;
  }
}

// A method of a nil that a test went on with is the test's fault: it had seen
// the error, and did not stop.
bool called_by_test(const Goroutine& goroutine, const Frame& top) {
  auto behind =
      std::find_if(goroutine.frames.begin(), goroutine.frames.end(),
                   [&](const Frame& frame) { return &frame == &top; });
  behind = std::find_if(
      behind + 1, goroutine.frames.end(),
      [](const Frame& frame) { return !is_standard(frame.function); });
  return behind != goroutine.frames.end() && is_of_test(*behind);
}

void tell_crash(const GoCrash& crash, const GoOutput& output, SiteRun& run) {
  run.end = crash.kind == CrashKind::panic   ? End::panicked
            : crash.kind == CrashKind::fatal ? End::fatal
                                             : End::killed;
  run.end_text = crash.headline();
  bool of_nil = crash.text.find("nil pointer dereference") != std::string::npos;
  for (std::size_t i = crash.first; i < crash.end; ++i) {
    const Goroutine& one = output.goroutines[i];
    const Frame* top = first_own(one);
    if (top == nullptr || is_standard(top->function)) {
      continue;
    }
    run.top = place_of(*top);
    run.top_is_test = is_of_test(*top) || (of_nil && called_by_test(one, *top));
    return;
  }
}

// The crash that ended it, if one did.
const GoCrash* crash_of(const GoOutput& output) {
  for (const GoCrash& crash : output.crashes) {
    if (!crash.by_program && printed_doubt(crash).fate == CrashFate::ended) {
      return &crash;
    }
  }
  return nullptr;
}

// Where a test binary waits for its tests nobody is to blame.
bool waits_for_tests(std::string_view place) {
  return place.find("_testmain.go:") != std::string_view::npos;
}

// Those that hang, as they were seen from outside: a dump has no order of its
// own, may be cut, and is not there where the signal was caught.
void tell_place(const Evidence& evidence, SiteRun& run) {
  constexpr std::size_t kMostTold = 3;
  std::vector<std::string> told;
  for (const JudgedHang& one : hanging_goroutines(evidence)) {
    if (told.size() < kMostTold && !waits_for_tests(one.where)) {
      told.push_back(one.text());
    }
  }
  run.top = told.empty() ? run.top : join(told, "; ");
}

void tell_end(const Evidence& evidence, SiteRun& run) {
  const LinkEnd* end = main_end(evidence);
  std::string output = all_output(evidence);
  GoOutput go = parse_go_output(output);
  bool late = evidence.first(Fact::deadline_passed).has_value();
  if (late || (end != nullptr && end->hung)) {
    run.end = End::hung;
    run.end_text = late ? "had not ended at its deadline"
                   : evidence.first(Fact::service_unready)
                       ? "did not get ready"
                       : "had not ended when its grace was over";
    tell_top(go, 0, go.goroutines.size(), run);
    tell_place(evidence, run);
    return;
  }
  if (end == nullptr) {
    run.trouble = "nobody saw how it ended";
    return;
  }
  run.end_text = end->status->text();
  const GoCrash* crash = is_of_a_crash(*end->status) ? crash_of(go) : nullptr;
  if (end->status->clean()) {
    run.end = End::passed;
  } else if (crash != nullptr) {
    tell_crash(*crash, go, run);
  } else if (end->status->killed()) {
    run.end = End::killed;
  } else {
    run.end = has_verdict(*end, output) ? End::failed : End::exited;
  }
}

SiteRun run_of(const Evidence& evidence) {
  SiteRun run;
  run.trouble = trouble_of(evidence);
  if (!run.trouble.empty()) {
    return run;
  }
  tell_end(evidence, run);
  run.tests.requests = request_trouble(evidence);
  for (const Observation& seen : evidence.trace()) {
    if (seen.fact == Fact::leftover) {
      run.left.push_back(seen.text);
    }
    if (seen.fact == Fact::run_ended) {
      run.took = seen.at;
    }
  }
  return run;
}

void add_hit(SiteRun& run, int fault) {
  if (std::find(run.hit.begin(), run.hit.end(), fault) == run.hit.end()) {
    run.hit.push_back(fault);
  }
}

void add_error(int error, ErrorNames& names) {
  for (const std::string& words : error_words(error)) {
    names.texts.insert(words);
  }
  names.words.insert(in_small_letters(errno_name(error)));
}

void add_lateness(ErrorNames& names) {
  names.texts.insert({"deadline exceeded", "timeout", "timed out"});
}

// What a program may say of a peer that did this: a connection that was refused
// or reset may be known by the error of the write or read that came next.
void add_deed(const DependencyDeed& deed, ErrorNames& names) {
  using Mode = DependencyMode;
  switch (deed.mode) {
    case Mode::refuse:
    case Mode::connections:
      add_error(ECONNREFUSED, names);
      [[fallthrough]];
    case Mode::reset:
      add_error(ECONNRESET, names);
      add_error(EPIPE, names);
      [[fallthrough]];
    case Mode::cut:
      names.words.insert("eof");
      break;
    case Mode::answer:
      names.words.insert(std::to_string(deed.number));
      break;
    case Mode::hang:
    case Mode::slow:
    case Mode::bandwidth:
      add_lateness(names);
  }
}

ErrorNames names_of(const Evidence& evidence, const TriedFault& fault) {
  ErrorNames names;
  if (!fault.peer.empty()) {
    add_deed(fault.deed, names);
    names.paths = {in_small_letters(fault.peer)};
    for (const std::string& address : dependency_peers(fault.peer)) {
      names.paths.insert(in_small_letters(address));
    }
  } else if (fault.error != 0) {
    add_error(fault.error, names);
  } else if (fault.late) {
    add_lateness(names);
  }
  for (const Observation& seen : evidence.trace()) {
    bool hit = seen.fact == Fact::call_intercepted && seen.fault != kNoFault;
    if (hit && seen.path.size() >= kTellingPath) {
      names.paths.insert(in_small_letters(seen.path));
    }
    auto instead = hit && seen.stack != nullptr
                       ? library_says_instead(entry_of(seen), seen.call)
                       : std::nullopt;
    if (instead) {
      add_error(*instead, names);
    }
  }
  return names;
}

// Is it of one of the faults that are tried?
bool is_of(const Observation& seen, const TriedFault& fault) {
  return seen.fault != kNoFault &&
         (fault.faults == 0 || seen.fault < fault.faults);
}

// Nobody knows whether the fault was meant for what went past it.
std::string doubt_of(const Evidence& evidence, const TriedFault& fault) {
  for (const Observation& seen : evidence.trace()) {
    if (is_of(seen, fault) && seen.fact == Fact::path_unread) {
      return describe(seen);
    }
  }
  return "";
}

bool is_there(const Observation& seen, const TriedFault& fault) {
  if (fault.peer.empty()) {
    return seen.call == fault.call && seen.site.starts_with(fault.site);
  }
  std::string address = stream_peer(seen);
  return !address.empty() && peer_name(address) == fault.peer;
}

void tell_failing(const Evidence& evidence, const ErrorNames& names,
                  SiteRun& run) {
  const LinkEnd* end = main_end(evidence);
  if (end != nullptr && end->link == Link::test) {
    run.tests.failing = failing_tests(all_output(evidence), names);
  }
}

}  // namespace

std::vector<CallSite> sites_of(const Evidence& evidence, Recorded what) {
  return what == Recorded::sites ? recorded_sites(evidence)
                                 : recorded_peers(evidence);
}

SiteRun recorded_run(const Evidence& evidence, Recorded what) {
  SiteRun run = run_of(evidence);
  std::string output = all_output(evidence);
  run.output =
      output.substr(output.size() - std::min(output.size(), kOutputKept));
  run.sites = sites_of(evidence, what);
  tell_failing(evidence, {}, run);
  return run;
}

SiteRun tried_run(const Evidence& evidence, const TriedFault& fault) {
  SiteRun run = run_of(evidence);
  for (const Observation& seen : evidence.trace()) {
    bool of_fault = is_of(seen, fault);
    if (of_fault && seen.fact == Fact::fault_activated) {
      ++run.effects;
      add_hit(run, seen.fault);
    }
    if (of_fault && seen.fact == Fact::effects_untold) {
      run.effects += seen.number;
    }
    if (of_fault && seen.fact == Fact::call_intercepted) {
      run.tests.hit.insert(test_of(seen));
    }
    std::int64_t there = is_there(seen, fault) ? calls_told(seen) : 0;
    run.calls += there;
    if (there > 0 && seen.fact == Fact::call_intercepted) {
      ++run.tests.calls[test_of(seen)];
    }
  }
  if (run.effects == 0 && run.trouble.empty()) {
    run.trouble = doubt_of(evidence, fault);
  }
  ErrorNames names = names_of(evidence, fault);
  tell_failing(evidence, names, run);
  tell_lines(all_output(evidence), names, run);
  return run;
}

}  // namespace faultrig

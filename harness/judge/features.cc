// What is the same in run after run was measured, and is little: not whole
// stacks, not counts, not times. A wait is known by the function of the program
// that asked for it, a call by its name and the error by its path. What only Go
// itself does comes and goes with the load of the machine, and is left out.
#include "harness/judge/features.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "harness/base/names.h"
#include "harness/judge/finding.h"
#include "harness/model/call_errors.h"
#include "harness/model/go_stack.h"
#include "harness/model/leads_nowhere.h"
#include "harness/model/observe.h"
#include "harness/model/syscalls.h"

namespace faultrig {

namespace {

using Kind = FeatureKind;

// `example.com/shop/v2/store.Put` without `/v2`: another version of a module
// has another path, and the same functions.
std::string without_version(std::string_view function) {
  std::string out;
  for (std::size_t at = 0; at < function.size();) {
    std::size_t end = at;
    if (function.substr(at).starts_with("/v")) {
      end = at + 2;
      while (end < function.size() && function[end] >= '0' &&
             function[end] <= '9') {
        ++end;
      }
    }
    bool version = end > at + 2 && end < function.size() &&
                   (function[end] == '/' || function[end] == '.');
    if (version) {
      at = end;
    } else {
      out += function[at++];
    }
  }
  return out;
}

// What `go test` writes around a package's tests.
bool is_test_main(const GoFrame& frame) {
  return frame.function == "main.main" && frame.file.ends_with("_testmain.go");
}

bool is_program(const GoFrame& frame) {
  return !is_standard(frame.function) && !is_test_main(frame);
}

// The innermost function of the program or its tests on a stack.
const GoFrame* program_frame(const GoStack& stack) {
  auto found =
      std::find_if(stack.frames.begin(), stack.frames.end(), is_program);
  return found == stack.frames.end() ? nullptr : &*found;
}

bool is_primitive(const GoFrame& frame) {
  constexpr std::array<std::string_view, 4> kPackages{"runtime.", "runtime/",
                                                      "sync.", "internal/"};
  return std::any_of(kPackages.begin(), kPackages.end(),
                     [&](std::string_view package) {
                       return frame.function.starts_with(package);
                     });
}

struct Wait {
  std::string primitive;  // the outermost function of it; empty: its own code
  std::string function;
};
// Of a wait that the program itself asks for; what a library does between is
// the library's.
std::optional<Wait> own_wait(const GoStack& stack) {
  auto caller =
      std::find_if_not(stack.frames.begin(), stack.frames.end(), is_primitive);
  if (caller == stack.frames.end() || !is_program(*caller)) {
    return std::nullopt;
  }
  return Wait{caller == stack.frames.begin() ? "" : std::prev(caller)->function,
              without_version(caller->function)};
}

void replace_all(std::string& text, const std::string& what,
                 std::string_view by) {
  for (std::size_t at = what.size() < 2 ? text.npos : text.find(what);
       at != text.npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

class Looking {
 public:
  Looking(const Evidence& evidence, bool calls_asked)
      : evidence_(evidence), calls_asked_(calls_asked) {
    if (auto start = evidence.first(Fact::run_started)) {
      const Observation& begun = evidence.trace()[*start];
      folder_ = begun.path.substr(0, begun.path.find_last_not_of('/') + 1);
      tmpdir_ = begun.names.empty() ? "" : begun.names.front();
    }
  }

  RunFeatures look() && {
    look_at_ends(evidence_.exits());
    look_at_ends(evidence_.beside());
    for (std::size_t i = 0; i < evidence_.trace().size(); ++i) {
      take(evidence_.trace()[i]);
    }
    tell_unseen();
    return std::move(out_);
  }

 private:
  void add(Kind kind, std::string_view what, std::string_view site) {
    out_.seen.insert(feature(kind, what, site));
  }
  void miss(Kind kind, const std::string& why) {
    out_.unseen.try_emplace(kind, why);
  }

  void look_at_ends(const ExitChain& ends) {
    for (const LinkEnd& end : ends) {
      std::string how = end.hung     ? "hung"
                        : end.status ? end.status->text()
                                     : "never started";
      add(Kind::exit, how, end.name);
    }
  }

  std::string place(std::string path) const {
    replace_all(path, tmpdir_, "$TMPDIR");
    replace_all(path, folder_, ".");
    return path.starts_with("/tmp/") ? "$TMPDIR" + path.substr(4) : path;
  }

  void take(const Observation& seen) {
    switch (seen.fact) {
      case Fact::go_crash:
        add(Kind::crash, seen.text, without_version(seen.call));
        break;
      case Fact::test_event:
        take_test(seen);
        break;
      case Fact::call_intercepted:
      case Fact::calls_untold:
        take_call(seen);
        break;
      case Fact::profile_kept:
        blocks_ = blocks_ || seen.action == kBlock;
        break;
      case Fact::profile_there:
        take_block(seen);
        break;
      case Fact::goroutine_look:
        take_look(seen);
        break;
      case Fact::goroutines_there:
        take_goroutines(seen);
        break;
      case Fact::span:
        spans_ = true;
        add(Kind::span, seen.text + " " + seen.action, seen.stream);
        break;
      default:
        take_loss(seen);
    }
  }

  void take_loss(const Observation& seen) {
    if (seen.fact == Fact::profile_lost && seen.action == kBlock) {
      miss(Kind::block, "lost: " + seen.text);
    } else if (seen.fact == Fact::spans_lost) {
      miss(Kind::span, "lost: " + seen.text);
    } else if (seen.fact == Fact::goroutines_unseen &&
               seen.action == look_moment_name(LookMoment::end)) {
      miss(Kind::created, seen.text);
      miss(Kind::wait, seen.text);
    } else if (seen.fact == Fact::supervision_lost) {
      miss(Kind::call, seen.text);
      miss(Kind::error, seen.text);
    }
  }

  void take_test(const Observation& seen) {
    bool ends =
        seen.action == "pass" || seen.action == "fail" || seen.action == "skip";
    tests_ = tests_ || ends;
    if (ends) {
      add(Kind::test, seen.action, seen.text);
    }
  }

  // Calls of Go itself are left out; those of what is no Go are the program's.
  void take_call(const Observation& seen) {
    const GoFrame* frame =
        seen.stack == nullptr ? nullptr : program_frame(*seen.stack);
    bool of_go = seen.stack != nullptr && !seen.stack->frames.empty();
    if (seen.call.empty() || (of_go && frame == nullptr)) {
      return;
    }
    std::string site = frame == nullptr ? "" : without_version(frame->function);
    add(Kind::call, seen.call, "");
    std::string error = seen.error != 0 ? errno_name(seen.error) : "";
    if (seen.text.starts_with(kLeadsNowhere)) {
      error = seen.text.substr(kLeadsNowhere.size());
    }
    if (!error.empty()) {
      add(Kind::error, seen.call + " " + error + " " + place(seen.path), site);
    }
    // Of sums it is not told whether their files were there.
    if (seen.fact == Fact::calls_untold) {
      miss(Kind::error, "more calls than are told one by one");
    }
  }

  void take_block(const Observation& seen) {
    if (seen.action != kBlock || seen.stack == nullptr) {
      return;
    }
    if (auto wait = own_wait(*seen.stack)) {
      add(Kind::block, wait->primitive, wait->function);
    }
  }

  void take_look(const Observation& seen) {
    at_end_ = seen.action == look_moment_name(LookMoment::end);
    if (!at_end_) {
      return;
    }
    looked_ = true;
    if (seen.number == 0) {
      miss(Kind::created, seen.text);
      miss(Kind::wait, seen.text);
    }
  }

  void take_goroutines(const Observation& seen) {
    if (!at_end_) {
      return;
    }
    if (!seen.call.empty() && !is_standard(seen.call)) {
      add(Kind::created, without_version(seen.call), "");
    }
    std::string state = seen.action.substr(0, seen.action.find(','));
    bool waits = !state.starts_with("run") && state != "preempted" &&
                 !state.starts_with("GC") && !state.starts_with("sys");
    auto wait = seen.stack == nullptr ? std::nullopt : own_wait(*seen.stack);
    if (waits && wait) {
      add(Kind::wait, state, wait->function);
    }
  }

  void tell_unseen() {
    if (!tests_) {
      miss(Kind::test, "no test said how it ended");
    }
    if (!blocks_) {
      miss(Kind::block, "no block profile was kept");
    }
    if (!looked_) {
      miss(Kind::created, "its goroutines were not looked at as it ended");
      miss(Kind::wait, "its goroutines were not looked at as it ended");
    }
    if (!spans_) {
      miss(Kind::span, "no span was received");
    }
    if (!calls_asked_) {
      miss(Kind::call, "its calls were not watched");
      miss(Kind::error, "its calls were not watched");
    } else if (auto hidden = hidden_calls(evidence_, {})) {
      miss(Kind::call, describe(evidence_.trace()[*hidden]));
      miss(Kind::error, describe(evidence_.trace()[*hidden]));
    }
    std::erase_if(out_.seen, [this](const Feature& one) {
      return out_.unseen.contains(one.kind);
    });
  }

  static constexpr std::string_view kBlock = "block";

  const Evidence& evidence_;
  bool calls_asked_;
  std::string folder_;
  std::string tmpdir_;
  RunFeatures out_;
  bool tests_ = false;
  bool blocks_ = false;
  bool looked_ = false;
  bool at_end_ = false;  // the look that is told is that at the end
  bool spans_ = false;
};

}  // namespace

RunFeatures features_of(const Evidence& evidence, bool calls_asked) {
  return Looking(evidence, calls_asked).look();
}

std::vector<std::string> calls_for_snapshots() {
  std::vector<std::string> calls = expand_call("%file");
  std::erase_if(calls, [](const std::string& call) {
    return call.starts_with("execve");  // how that ends the exit chain says
  });
  for (const CallErrors& row : swept_calls()) {
    if (std::find(calls.begin(), calls.end(), row.call) == calls.end()) {
      calls.emplace_back(row.call);
    }
  }
  return calls;
}

}  // namespace faultrig

#include "tests/adversary/questions.h"

#include <algorithm>

#include "tests/adversary/oracle.h"

namespace faultrig::adversary {

std::string glob_of(const std::string& name) {
  return name == "memfd:acts" ? "/memfd:*" : "*/r*/" + name;
}

// How many calls of the workload it will take, if nothing comes between.
long Questions::expected(const Choice& wanted, const std::optional<Nth>& nth,
                         bool spares_stdio) const {
  long matches = 0;
  long selected = 0;
  for (const Planned& one : work_.planned) {
    Call call;
    call.name = one.call;
    if (!one.kind.empty()) {
      call.kinds = {one.kind};
    }
    for (const std::string& path : one.paths) {
      call.paths.push_back("/w/r0/" + path);
    }
    call.first_paths = call.paths.size();
    if (!fits(wanted, call, spares_stdio)) {
      continue;
    }
    for (long i = 0; i < one.times; ++i) {
      ++matches;
      selected += !nth || nth->selects(matches) ? 1 : 0;
    }
  }
  return selected;
}

Number Questions::near(long truth) {
  Number out;
  out.value = std::max(0L, truth + dice_.of<long>({-1, 0, 0, 0, 0, 1}));
  out.op = dice_.of<Number::Op>({Number::Op::equal, Number::Op::equal,
                                 Number::Op::at_least, Number::Op::at_most,
                                 Number::Op::unequal});
  return out;
}

Expectation Questions::next() {
  Expectation out;
  long turn = dice_.below(100);
  if (turn < 25) {
    ask_end(out);
  } else if (turn < 62) {
    ask_count(out);
  } else if (turn < 72) {
    ask_sequence(out);
  } else if (turn < 88) {
    ask_effect(out);
  } else if (turn < 97) {
    ask_output(out);
  } else {
    out.kind = Expectation::Kind::leftovers;
    out.number = near(guess_.left);
  }
  return out;
}

Choice Questions::choice() {
  const Planned& one = dice_.of(work_.planned);
  Choice out;
  out.calls = {one.call};
  if (!scene_.faults.empty() && dice_.percent(60) &&
      !scene_.faults.back().choice.calls.empty()) {
    out.calls = scene_.faults.back().choice.calls;
  }
  if (dice_.percent(8) && !one.paths.empty()) {
    out.calls.clear();  // any call on it
    out.path = glob_of(dice_.of(one.paths));
    return out;
  }
  bool same = out.calls.front() == one.call;
  if (dice_.percent(35) && !one.paths.empty() && same) {
    out.path = glob_of(dice_.of(one.paths));
  } else if (!one.kind.empty() && one.kind != "other" && same &&
             dice_.percent(20)) {
    out.fd = one.kind;
  }
  return out;
}

int Questions::some_error() const {
  for (const Fault& fault : scene_.faults) {
    if (fault.injector == "syscall" && fault.doing == Doing::error) {
      return static_cast<int>(fault.value);
    }
  }
  return 0;
}

void Questions::ask_count(Expectation& out) {
  out.kind = Expectation::Kind::calls;
  out.pattern.choice = choice();
  long truth = expected(out.pattern.choice, std::nullopt, false);
  bool named = !out.pattern.choice.calls.empty();
  int error = named && dice_.percent(20) ? some_error() : 0;
  if (error != 0) {
    out.pattern.error = error;
    const Fault& fault = scene_.faults.front();
    truth = expected(fault.choice, fault.nth, true);
  }
  if (dice_.percent(85)) {
    out.number = near(truth);
  }
}

void Questions::ask_sequence(Expectation& out) {
  out.kind = Expectation::Kind::sequence;
  for (long i = dice_.between(2, 3); i > 0; --i) {
    Pattern pattern;
    pattern.choice = choice();
    bool named = !pattern.choice.calls.empty();
    pattern.error = named && dice_.percent(20) ? some_error() : 0;
    out.sequence.push_back(pattern);
  }
  if (dice_.percent(20)) {
    out.pattern.choice = choice();
    out.number = near(expected(out.pattern.choice, std::nullopt, false));
  }
}

void Questions::ask_effect(Expectation& out) {
  out.kind = Expectation::Kind::took_effect;
  const Fault& fault = dice_.of(scene_.faults);
  out.text = fault.name.empty() ? fault.injector : fault.name;
  if (dice_.percent(70)) {
    out.number = near(fault.injector == "syscall"
                          ? expected(fault.choice, fault.nth, true)
                          : 1);
  }
}

void Questions::ask_end(Expectation& out) {
  using Kind = Expectation::Kind;
  long signal = 0;
  for (const Fault& fault : scene_.faults) {
    bool sends = fault.injector == "signal" || fault.doing == Doing::signal;
    signal = sends ? fault.value : signal;
  }
  if (signal != 0 && dice_.percent(60)) {
    out.kind = Kind::killed_by;
    out.signal = static_cast<int>(signal);
  } else {
    out.kind = dice_.percent(80) ? Kind::exited : Kind::shell;
    out.number = near(dice_.percent(70) ? guess_.code : 1);
  }
}

void Questions::ask_output(Expectation& out) {
  out.kind = Expectation::Kind::output;
  out.text = work_.said.empty() || dice_.percent(20)
                 ? dice_.of<std::string>({"one", "two"})
                 : dice_.of(work_.said);
  out.lacks = dice_.percent(40);
  out.of = dice_.of<std::string>({"", "", "stdout", "stderr"});
}

}  // namespace faultrig::adversary

#include "harness/run/triggers.h"

#include <algorithm>
#include <utility>

#include <re2/re2.h>

#include "harness/base/units.h"

namespace faultrig {

Triggers::Triggers(Loop& loop, const std::vector<Fault>& faults, Events events)
    : loop_(loop), faults_(faults), events_(std::move(events)) {
  for (std::size_t i = 0; i < faults.size(); ++i) {
    add(static_cast<FaultId>(i), faults[i].when, false);
  }
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (faults[i].until) {
      add(static_cast<FaultId>(i), *faults[i].until, true);
    }
  }
}

Triggers::~Triggers() = default;

void Triggers::add(FaultId fault, const Trigger& when, bool ends) {
  Wait wait;
  wait.fault = fault;
  wait.when = &when;
  wait.ends = ends;
  wait.awake = !ends;
  std::vector<When> parts = when.parts();
  wait.awaited = {parts.begin(), parts.end()};
  if (when.waits_for(When::output)) {
    wait.pattern = std::make_unique<RE2>(when.params.get<std::string>("output"),
                                         RE2::Quiet);
  }
  wants_lines_ =
      wants_lines_ || wait.pattern != nullptr || when.waits_for(When::test);
  waits_.push_back(std::move(wait));
}

bool Triggers::awaits(const Wait& wait, When part) {
  return wait.awake && wait.awaited.contains(part);
}

void Triggers::fire_once(Wait& wait) {
  if (wait.lost || std::exchange(wait.fired, true)) {
    return;
  }
  if (wait.ends) {
    events_.release(wait.fault, wait.why);
    released(wait.fault);
  } else {
    events_.fire(wait.fault, wait.why);
  }
}

void Triggers::come(Wait& wait, When part, const std::string& why) {
  if (!wait.awake || wait.awaited.erase(part) == 0) {
    return;
  }
  wait.why += (wait.why.empty() ? "" : ", ") + why;
  came_close(wait);
}

void Triggers::came_close(Wait& wait) {
  if (wait.awaited.empty()) {
    moment(wait);
  } else if (wait.awaited == std::set<When>{When::call}) {
    events_.await_call(wait.fault, wait.ends);
  }
}

void Triggers::moment(Wait& wait) {
  wait.counting = true;
  auto delay = wait.when->delay();
  if (delay.count() == 0) {
    fire_once(wait);
    return;
  }
  wait.why +=
      (wait.why.empty() ? "after " : ", after ") + format_duration(delay);
  loop_.after(delay, [this, &wait] { fire_once(wait); });
}

void Triggers::armed(FaultId fault) {
  for (Wait& wait : waits_) {
    if (wait.fault == fault && wait.ends && !std::exchange(wait.awake, true)) {
      wait.answered_before = answered_;
      wait.woke_at = lines_;
      came_close(wait);
    }
  }
}

void Triggers::released(FaultId fault) {
  waits_[static_cast<std::size_t>(fault)].over = true;
  for (Wait& wait : waits_) {
    if (!awaits(wait, When::release)) {
      continue;
    }
    const auto& name = wait.when->params.get<std::string>("release");
    auto called = faults_called(faults_, name, wait.fault);
    if (std::find(called.begin(), called.end(), fault) != called.end()) {
      come(wait, When::release,
           "fault '" + fault_of(fault).name + "' was released");
    }
  }
}

void Triggers::ready() {
  for (Wait& wait : waits_) {
    come(wait, When::ready, "the service is ready");
  }
}

void Triggers::reached(When part, std::int64_t count, const std::string& what) {
  for (Wait& wait : waits_) {
    std::int64_t own =
        part == When::answered ? count - wait.answered_before : count;
    if (awaits(wait, part) &&
        wait.when->params.get<std::int64_t>(what) <= own) {
      come(wait, part, std::to_string(own) + " requests " + what);
    }
  }
}

void Triggers::in_flight(std::int64_t count) {
  reached(When::in_flight, count, "in_flight");
}

void Triggers::answered(std::int64_t count) {
  answered_ = count;
  reached(When::answered, count, "answered");
}

void Triggers::look_at_effects(
    const std::function<std::int64_t(FaultId)>& effects) {
  for (Wait& wait : waits_) {
    if (awaits(wait, When::effects)) {
      std::int64_t count = effects(wait.fault);
      if (count >= wait.when->params.get<std::int64_t>("effects")) {
        come(wait, When::effects, std::to_string(count) + " effects");
      }
    }
    if (!awaits(wait, When::fault)) {
      continue;
    }
    const auto& name = wait.when->params.get<std::string>("fault");
    for (FaultId other : faults_called(faults_, name, wait.fault)) {
      if (effects(other) > 0) {
        come(wait, When::fault,
             "fault '" + fault_of(other).name + "' took effect");
      }
    }
  }
}

void Triggers::link_started(Link link) {
  for (Wait& wait : waits_) {
    if (!wait.ends && fault_of(wait.fault).at == link &&
        wait.when->parts().empty() && !wait.counting) {
      wait.why = wait.when->when == When::start ? "start" : "";
      moment(wait);
    }
  }
}

bool Triggers::line(std::string_view line, bool is_stdout, TestLines lines) {
  bool waited_for = false;
  std::string printed(line);
  if (lines == TestLines::marked) {
    printed = without_marks(std::move(printed));
  }
  ++lines_;
  for (Wait& wait : waits_) {
    if (wait.woke_at == lines_) {
      continue;  // this very line has begun its fault
    }
    if (is_stdout && awaits(wait, When::test)) {
      const auto& test = wait.when->params.get<std::string>("test");
      if (tells_start(line, lines, test)) {
        waited_for = true;
        come(wait, When::test, "test " + test + " runs");
      }
    }
    if (awaits(wait, When::output) &&
        RE2::PartialMatch(printed, *wait.pattern)) {
      waited_for = true;
      come(wait, When::output, "output matches " + wait.pattern->pattern());
    }
  }
  return waited_for;
}

void Triggers::call_seen(const CallRule& rule) {
  for (Wait& wait : waits_) {
    if (wait.fault != rule.fault ||
        wait.ends != (rule.role == CallRole::ends)) {
      continue;
    }
    if (rule.moment == CallMoment::accepted) {
      wait.accepted += wait.awake ? 1 : 0;
      if (wait.accepted >= rule.number) {
        come(wait, When::accepted,
             std::to_string(rule.number) + " connections accepted");
      }
    } else {
      bool listening = rule.moment == CallMoment::listening;
      come(wait, listening ? When::listening : When::call,
           "the call it waits for");
    }
  }
}

std::string Triggers::why_lost(
    const Wait& wait, When part, bool output,
    const std::function<bool(Link)>& may_call) const {
  switch (part) {
    case When::output:
    case When::test:
      return output ? "" : "since all output has been closed";
    case When::call:
    case When::listening:
    case When::accepted:
      return may_call(fault_of(wait.fault).at)
                 ? ""
                 : "since nobody is left to make that call";
    case When::fault:
      return waits_for_lost(wait, "fault")
                 ? "since the fault it waits for cannot come"
                 : "";
    case When::release:
      return waits_for_lost(wait, "release")
                 ? "since the fault it waits for cannot be released"
                 : "";
    case When::in_flight:
    case When::answered:
      return load_over_ ? "since nothing more is asked of the service" : "";
    case When::start:
    case When::after:
    case When::effects:
    // ServiceLife tells what never got ready.
    case When::ready:
      break;
  }
  return "";
}

std::vector<LostTrigger> Triggers::lost(
    bool output, const std::function<bool(Link)>& may_call) {
  std::vector<LostTrigger> out;
  for (Wait& wait : waits_) {
    for (When part : wait.awaited) {
      std::string why = wait.lost || !wait.awake
                            ? ""
                            : why_lost(wait, part, output, may_call);
      if (!why.empty()) {
        wait.lost = true;
        out.push_back({wait.fault, wait.ends, std::move(why)});
      }
    }
  }
  return out;
}

bool Triggers::all_settled() const {
  return std::all_of(waits_.begin(), waits_.end(), [this](const Wait& wait) {
    // A release waits for nothing where its fault cannot come.
    const Wait& begin = waits_[static_cast<std::size_t>(wait.fault)];
    const Fault& fault = fault_of(wait.fault);
    if (wait.fired && fault.is_released() && !fault.until && !wait.over) {
      return false;
    }
    return wait.fired || wait.lost || begin.lost;
  });
}

bool Triggers::waits_for_lost(const Wait& wait, const std::string& key) const {
  auto of = faults_called(faults_, wait.when->params.get<std::string>(key),
                          wait.fault);
  return std::all_of(of.begin(), of.end(), [this, &key](FaultId other) {
    return std::any_of(waits_.begin(), waits_.end(), [&](const Wait& one) {
      bool asked = !one.ends || key == "release";
      return one.fault == other && asked && one.lost;
    });
  });
}

}  // namespace faultrig

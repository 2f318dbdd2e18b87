#include "harness/run/triggers.h"

#include <algorithm>

#include <re2/re2.h>

#include "harness/base/units.h"

namespace faultrig {

struct Triggers::Pattern {
  FaultId fault;
  RE2 expression;
  std::string why;
};

Triggers::Triggers(Loop& loop, const std::vector<Fault>& faults, Fire fire)
    : loop_(loop), faults_(faults), fire_(std::move(fire)) {
  RE2::Options quiet;
  quiet.set_log_errors(false);
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const Trigger& when = faults[i].when;
    auto fault = static_cast<FaultId>(i);
    if (when.when == Trigger::When::output) {
      const auto& text = when.params.get<std::string>("output");
      patterns_.push_back(std::unique_ptr<Pattern>(
          new Pattern{fault, RE2(text, quiet), "output matches " + text}));
    } else if (when.when == Trigger::When::test) {
      tests_[fault] = when.params.get<std::string>("test");
    }
  }
}

Triggers::~Triggers() = default;

void Triggers::fire_once(FaultId fault, const std::string& why) {
  if (fired_.insert(fault).second) {
    fire_(fault, why);
  }
}

void Triggers::moment(FaultId fault, const std::string& why) {
  if (fired_.contains(fault) || !counting_.insert(fault).second) {
    return;
  }
  auto delay = faults_[static_cast<std::size_t>(fault)].when.delay();
  if (delay.count() == 0) {
    fire_once(fault, why);
    return;
  }
  std::string later = "after " + format_duration(delay);
  loop_.after(delay,
              [this, fault, why = why.empty() ? later : why + ", " + later] {
                fire_once(fault, why);
              });
}

void Triggers::ready() {
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    if (faults_[i].when.when == Trigger::When::ready) {
      moment(static_cast<FaultId>(i), "the service is ready");
    }
  }
}

void Triggers::reached(Trigger::When when, const char* key,
                       std::int64_t count) {
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    const Trigger& wanted = faults_[i].when;
    if (wanted.when == when && wanted.params.get<std::int64_t>(key) <= count) {
      moment(static_cast<FaultId>(i),
             std::to_string(count) + " requests " + key);
    }
  }
}

void Triggers::in_flight(std::int64_t count) {
  reached(Trigger::When::in_flight, "in_flight", count);
}

void Triggers::answered(std::int64_t count) {
  reached(Trigger::When::answered, "answered", count);
}

void Triggers::look_at_effects(
    const std::function<bool(FaultId)>& took_effect) {
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    const Trigger& when = faults_[i].when;
    auto fault = static_cast<FaultId>(i);
    if (when.when != Trigger::When::fault || counting_.contains(fault)) {
      continue;
    }
    const auto& name = when.params.get<std::string>("fault");
    for (FaultId other : faults_called(faults_, name, fault)) {
      if (took_effect(other)) {
        moment(fault, "fault '" +
                          faults_[static_cast<std::size_t>(other)].name +
                          "' took effect");
      }
    }
  }
}

void Triggers::link_started(Link link) {
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    auto fault = static_cast<FaultId>(i);
    const Fault& wanted = faults_[i];
    if (wanted.at != link) {
      continue;
    }
    if (wanted.when.when == Trigger::When::start) {
      fire_once(fault, "start");
    } else if (wanted.when.when == Trigger::When::after) {
      moment(fault, "");
    }
  }
}

bool Triggers::line(std::string_view line, bool is_stdout, TestLines lines) {
  bool waited_for = false;
  for (const auto& [fault, test] : tests_) {
    if (is_stdout && !fired_.contains(fault) &&
        tells_start(line, lines, test)) {
      waited_for = true;
      moment(fault, "test " + test + " runs");
    }
  }
  std::string printed(line);
  if (lines == TestLines::marked) {
    printed = without_marks(std::move(printed));
  }
  for (const auto& pattern : patterns_) {
    re2::StringPiece text(printed);
    if (!fired_.contains(pattern->fault) &&
        RE2::PartialMatch(text, pattern->expression)) {
      waited_for = true;
      moment(pattern->fault, pattern->why);
    }
  }
  return waited_for;
}

std::vector<LostTrigger> Triggers::lost(
    bool output, const std::function<bool(Link)>& may_call) {
  std::vector<LostTrigger> out;
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    auto fault = static_cast<FaultId>(i);
    if (counting_.contains(fault) || fired_.contains(fault) ||
        lost_.contains(fault)) {
      continue;
    }
    switch (faults_[i].when.when) {
      case Trigger::When::output:
      case Trigger::When::test:
        if (!output) {
          out.push_back({fault, "since all output has been closed"});
        }
        break;
      case Trigger::When::call:
      case Trigger::When::listening:
        if (!may_call(faults_[i].at)) {
          out.push_back({fault, "since nobody is left to make that call"});
        }
        break;
      case Trigger::When::fault:
        if (waits_for_lost(fault)) {
          out.push_back({fault, "since the fault it waits for cannot come"});
        }
        break;
      case Trigger::When::start:
      case Trigger::When::after:
      // ServiceLife tells what never got ready.
      case Trigger::When::ready:
      case Trigger::When::in_flight:
      case Trigger::When::answered:
        break;
    }
  }
  for (const LostTrigger& one : out) {
    lost_.insert(one.fault);
  }
  return out;
}

bool Triggers::waits_for_lost(FaultId fault) const {
  const Trigger& when = faults_[static_cast<std::size_t>(fault)].when;
  auto of =
      faults_called(faults_, when.params.get<std::string>("fault"), fault);
  return std::all_of(of.begin(), of.end(),
                     [this](FaultId other) { return lost_.contains(other); });
}

void Triggers::call_seen(FaultId fault, const std::string& why) {
  moment(fault, why);
}

}  // namespace faultrig

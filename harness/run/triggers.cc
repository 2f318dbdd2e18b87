#include "harness/run/triggers.h"

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

void Triggers::link_started(Link link) {
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    auto fault = static_cast<FaultId>(i);
    const Fault& wanted = faults_[i];
    if (wanted.at != link) {
      continue;
    }
    if (wanted.when.when == Trigger::When::start) {
      fire_once(fault, "start");
    } else if (wanted.when.when == Trigger::When::after &&
               counting_.insert(fault).second) {
      auto delay = wanted.when.params.get<std::chrono::nanoseconds>("after");
      loop_.after(delay, [this, fault, delay] {
        fire_once(fault, "after " + format_duration(delay));
      });
    }
  }
}

bool Triggers::line(std::string_view line, bool is_stdout, TestLines lines) {
  bool waited_for = false;
  for (const auto& [fault, test] : tests_) {
    if (is_stdout && !fired_.contains(fault) &&
        tells_start(line, lines, test)) {
      waited_for = true;
      fire_once(fault, "test " + test + " runs");
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
      fire_once(pattern->fault, pattern->why);
    }
  }
  return waited_for;
}

std::vector<LostTrigger> Triggers::lost(
    bool output, const std::function<bool(Link)>& may_call) {
  std::vector<LostTrigger> out;
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    auto fault = static_cast<FaultId>(i);
    if (fired_.contains(fault) || lost_.contains(fault)) {
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
      case Trigger::When::start:
      case Trigger::When::after:
        break;
    }
  }
  for (const LostTrigger& one : out) {
    lost_.insert(one.fault);
  }
  return out;
}

void Triggers::call_seen(FaultId fault, const std::string& why) {
  fire_once(fault, why);
}

}  // namespace faultrig

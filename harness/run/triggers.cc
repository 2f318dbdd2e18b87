#include "harness/run/triggers.h"

#include <algorithm>

#include <re2/re2.h>

#include "harness/base/units.h"

namespace faultrig {

using When = Trigger::When;

struct Triggers::Pattern {
  FaultId fault;
  RE2 expression;
  std::string why;
};

Triggers::Triggers(Loop& loop, const std::vector<Fault>& faults, Events events)
    : loop_(loop),
      faults_(faults),
      events_(std::move(events)),
      progress_(faults.size()) {
  RE2::Options quiet;
  quiet.set_log_errors(false);
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const Trigger& when = faults[i].when;
    std::vector<When> parts = when.parts();
    progress_[i].awaited = {parts.begin(), parts.end()};
    auto fault = static_cast<FaultId>(i);
    if (when.waits_for(When::output)) {
      const auto& text = when.params.get<std::string>("output");
      patterns_.push_back(std::unique_ptr<Pattern>(
          new Pattern{fault, RE2(text, quiet), "output matches " + text}));
    }
    if (when.waits_for(When::test)) {
      tests_[fault] = when.params.get<std::string>("test");
    }
  }
}

Triggers::~Triggers() = default;

bool Triggers::awaits(FaultId fault, When part) const {
  return progress_[static_cast<std::size_t>(fault)].awaited.contains(part);
}

void Triggers::fire_once(FaultId fault) {
  Progress& progress = progress_[static_cast<std::size_t>(fault)];
  if (!std::exchange(progress.fired, true)) {
    ++settled_;
    events_.fire(fault, progress.why);
  }
}

void Triggers::come(FaultId fault, When part, const std::string& why) {
  Progress& progress = progress_[static_cast<std::size_t>(fault)];
  if (progress.awaited.erase(part) == 0) {
    return;
  }
  progress.why += (progress.why.empty() ? "" : ", ") + why;
  if (progress.awaited.empty()) {
    moment(fault);
  } else if (progress.awaited == std::set<When>{When::call}) {
    events_.await_call(fault);
  }
}

void Triggers::moment(FaultId fault) {
  Progress& progress = progress_[static_cast<std::size_t>(fault)];
  progress.counting = true;
  auto delay = fault_of(fault).when.delay();
  if (delay.count() == 0) {
    fire_once(fault);
    return;
  }
  progress.why +=
      (progress.why.empty() ? "after " : ", after ") + format_duration(delay);
  loop_.after(delay, [this, fault] { fire_once(fault); });
}

void Triggers::ready() {
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    come(static_cast<FaultId>(i), When::ready, "the service is ready");
  }
}

void Triggers::reached(When part, const char* key, std::int64_t count) {
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    auto fault = static_cast<FaultId>(i);
    if (awaits(fault, part) &&
        faults_[i].when.params.get<std::int64_t>(key) <= count) {
      come(fault, part, std::to_string(count) + " requests " + key);
    }
  }
}

void Triggers::in_flight(std::int64_t count) {
  reached(When::in_flight, "in_flight", count);
}

void Triggers::answered(std::int64_t count) {
  reached(When::answered, "answered", count);
}

void Triggers::look_at_effects(
    const std::function<bool(FaultId)>& took_effect) {
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    auto fault = static_cast<FaultId>(i);
    if (!awaits(fault, When::fault)) {
      continue;
    }
    const auto& name = faults_[i].when.params.get<std::string>("fault");
    for (FaultId other : faults_called(faults_, name, fault)) {
      if (took_effect(other)) {
        come(fault, When::fault,
             "fault '" + fault_of(other).name + "' took effect");
      }
    }
  }
}

void Triggers::link_started(Link link) {
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    if (faults_[i].at == link && faults_[i].when.parts().empty() &&
        !progress_[i].counting) {
      progress_[i].why = faults_[i].when.when == When::start ? "start" : "";
      moment(static_cast<FaultId>(i));
    }
  }
}

bool Triggers::line(std::string_view line, bool is_stdout, TestLines lines) {
  bool waited_for = false;
  for (const auto& [fault, test] : tests_) {
    if (is_stdout && awaits(fault, When::test) &&
        tells_start(line, lines, test)) {
      waited_for = true;
      come(fault, When::test, "test " + test + " runs");
    }
  }
  std::string printed(line);
  if (lines == TestLines::marked) {
    printed = without_marks(std::move(printed));
  }
  for (const auto& pattern : patterns_) {
    re2::StringPiece text(printed);
    if (awaits(pattern->fault, When::output) &&
        RE2::PartialMatch(text, pattern->expression)) {
      waited_for = true;
      come(pattern->fault, When::output, pattern->why);
    }
  }
  return waited_for;
}

void Triggers::call_seen(FaultId fault, CallMoment moment) {
  const Params& params = fault_of(fault).when.params;
  if (moment == CallMoment::accepted) {
    come(fault, When::accepted,
         std::to_string(params.get<std::int64_t>("accepted")) +
             " connections accepted");
  } else {
    bool listening = moment == CallMoment::listening;
    come(fault, listening ? When::listening : When::call,
         "the call it waits for");
  }
}

std::string Triggers::why_lost(
    FaultId fault, When part, bool output,
    const std::function<bool(Link)>& may_call) const {
  switch (part) {
    case When::output:
    case When::test:
      return output ? "" : "since all output has been closed";
    case When::call:
    case When::listening:
    case When::accepted:
      return may_call(fault_of(fault).at)
                 ? ""
                 : "since nobody is left to make that call";
    case When::fault:
      return waits_for_lost(fault) ? "since the fault it waits for cannot come"
                                   : "";
    case When::in_flight:
    case When::answered:
      return load_over_ ? "since nothing more is asked of the service" : "";
    case When::start:
    case When::after:
    // ServiceLife tells what never got ready.
    case When::ready:
      break;
  }
  return "";
}

std::vector<LostTrigger> Triggers::lost(
    bool output, const std::function<bool(Link)>& may_call) {
  std::vector<LostTrigger> out;
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    auto fault = static_cast<FaultId>(i);
    for (When part : progress_[i].awaited) {
      std::string why =
          progress_[i].lost ? "" : why_lost(fault, part, output, may_call);
      if (!why.empty()) {
        progress_[i].lost = true;
        ++settled_;
        out.push_back({fault, std::move(why)});
      }
    }
  }
  return out;
}

bool Triggers::waits_for_lost(FaultId fault) const {
  const Trigger& when = fault_of(fault).when;
  auto of =
      faults_called(faults_, when.params.get<std::string>("fault"), fault);
  return std::all_of(of.begin(), of.end(), [this](FaultId other) {
    return progress_[static_cast<std::size_t>(other)].lost;
  });
}

}  // namespace faultrig

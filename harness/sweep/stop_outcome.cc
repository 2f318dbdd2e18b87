// The same wait status may stand for opposite truths; what tells them apart is
// in judge/service_facts, which the expectation `service` asks too.
#include "harness/sweep/stop_outcome.h"

#include <algorithm>
#include <span>

#include "harness/judge/hanging.h"
#include "harness/judge/service_facts.h"
#include "harness/sweep/request_sums.h"

namespace faultrig {

namespace {

using End = StopOutcome::End;

// When the first of the faults has sent its signal, and when the last has.
struct Told {
  std::optional<std::chrono::nanoseconds> first;
  std::optional<std::chrono::nanoseconds> last;
};

Told when_told(const Evidence& evidence, FaultId faults) {
  Told out;
  for (FaultId fault = 0; fault < faults; ++fault) {
    auto sent = evidence.first(Fact::signal_sent, fault);
    out.last = sent ? std::optional(evidence.trace()[*sent].at) : std::nullopt;
    out.first = fault == 0 ? out.last : out.first;
  }
  return out;
}

StopOutcome because(End end, std::string why) {
  StopOutcome out;
  out.end = end;
  out.why = std::move(why);
  return out;
}

// What our own part of the run did not see, or did not do.
std::string trouble_of(const Evidence& evidence) {
  for (const Observation& seen : evidence.trace()) {
    if (seen.fact == Fact::trouble || seen.fact == Fact::supervision_lost ||
        seen.fact == Fact::never_started) {
      return describe(seen);
    }
  }
  return "";
}

const LinkEnd* end_of_service(const Evidence& evidence) {
  for (const LinkEnd& end : evidence.exits()) {
    if (end.link == Link::service && end.status) {
      return &end;
    }
  }
  return nullptr;
}

// Why no signal came.
StopOutcome not_told(const Evidence& evidence) {
  const LinkEnd* end = end_of_service(evidence);
  if (auto unready = evidence.first(Fact::service_unready)) {
    StopOutcome late =
        because(End::unknown, describe(evidence.trace()[*unready]));
    late.unready = true;
    return late;
  }
  bool of_itself = end != nullptr && end->our_signal == 0 &&
                   !evidence.first(Fact::service_stopped);
  if (of_itself) {
    StopOutcome early =
        because(End::unknown, "before it was told, the service " +
                                  end->status->text() + lived_on(evidence));
    early.by_itself = true;
    return early;
  }
  auto lost = evidence.first(Fact::trigger_lost);
  return because(End::never, lost ? evidence.trace()[*lost].text
                                  : "the moment did not come");
}

void set_end(StopOutcome& out, const ServiceEnd& end, const WaitStatus status) {
  switch (end.how) {
    case ServiceEnd::How::exited:
      out.end = End::exited;
      out.number = end.code;
      break;
    case ServiceEnd::How::by_own_hand:
      out.end = End::own_hand;
      break;
    case ServiceEnd::How::raised:
      out.end = End::raised;
      break;
    case ServiceEnd::How::by_own_process:
      out.end = End::own_process;
      break;
    case ServiceEnd::How::unhandled:
      out.end = End::unhandled;
      break;
    case ServiceEnd::How::hung:
      out.end = End::hung;
      break;
    case ServiceEnd::How::other:
      out.end = status.killed() ? End::killed : End::unknown;
      out.number = status.killed() ? status.signal() : 0;
      out.why = status.killed() ? "" : "it ended as it was told: " + end.words;
      break;
  }
}

bool had_listened(const Evidence& evidence, std::chrono::nanoseconds told) {
  auto trace = evidence.trace();
  return std::any_of(trace.begin(), trace.end(), [told](const auto& seen) {
    return seen.fact == Fact::call_intercepted && seen.call == "listen" &&
           seen.at < told;
  });
}

void set_hanging(StopOutcome& out, const Evidence& evidence) {
  constexpr std::size_t kMostKept = 4;
  for (const JudgedHang& hang : hanging_goroutines(evidence)) {
    if (out.hanging.size() < kMostKept) {
      out.hanging.push_back(hang.text());
    }
  }
}

void set_left(StopOutcome& out, const Evidence& evidence) {
  bool by_itself = out.end == End::exited || out.end == End::own_hand;
  for (const Observation& seen : evidence.trace()) {
    if (seen.fact == Fact::leftover) {
      out.left.push_back(seen.text);
    }
    if (seen.fact == Fact::files_seen && seen.action == kFileLeft &&
        by_itself) {
      out.left_files.push_back(seen.text + " " + seen.path);
    }
  }
}

// Those that nobody named have the name of their injector; several of one are
// counted, `dependency 1`.
std::string own_name(std::span<const std::string> names, std::size_t index) {
  const std::string& name = names[index];
  auto all = std::count(names.begin(), names.end(), name);
  auto before = names.first(index);
  auto number = std::count(before.begin(), before.end(), name) + 1;
  return all > 1 ? name + " " + std::to_string(number) : name;
}

// Of the faults behind the first ones, those that took no effect.
std::vector<std::string> without_effect(const Evidence& evidence,
                                        std::size_t first) {
  std::span<const std::string> all = evidence.parts().fault_names;
  auto names = all.subspan(std::min(first, all.size()));
  std::vector<std::string> out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!evidence.activated(static_cast<FaultId>(first + i))) {
      out.push_back(own_name(names, i));
    }
  }
  return out;
}

}  // namespace

StopOutcome stop_outcome(const Evidence& evidence, std::size_t told_by) {
  auto telling = static_cast<FaultId>(told_by);
  if (std::string why = trouble_of(evidence); !why.empty()) {
    return because(End::unknown, std::move(why));
  }
  Told told = when_told(evidence, telling);
  if (!told.first) {
    return not_told(evidence);
  }
  auto end = service_end(evidence);
  const LinkEnd* link = end_of_service(evidence);
  if (!end || link == nullptr) {
    return because(End::unknown, "nobody saw how the service ended");
  }
  if (!told.last && end->how != ServiceEnd::How::hung) {
    return because(End::never, "it had ended before it was told again");
  }
  // Told twice, it may lose what it likes.
  if (telling == 1 && lost_requests(evidence).empty() &&
      !doubtful_requests(evidence).empty()) {
    return because(End::unknown,
                   "whether each request that it had read was answered whole");
  }
  StopOutcome out;
  set_end(out, *end, *link->status);
  out.took = evidence.trace()[link->cite].at - told.last.value_or(*told.first);
  out.listened = had_listened(evidence, *told.first);
  out.requests = request_sums(evidence);
  set_left(out, evidence);
  out.without = without_effect(evidence, told_by);
  if (out.end == End::hung) {
    set_hanging(out, evidence);
  }
  return out;
}

StopOutcome in_its_phase(const Instant& instant, const StopOutcome& outcome) {
  if (!outcome.is_told()) {
    return outcome;
  }
  bool listening = instant.phase == Phase::listening;
  bool by_call = instant.tie == Instant::Tie::call && instant.call != "listen";
  if (by_call && outcome.listened != listening) {
    return because(End::never, listening ? "it came before listen(2) that time"
                                         : "it came after listen(2) that time");
  }
  bool loaded =
      instant.phase == Phase::loaded || instant.phase == Phase::draining;
  const RequestCounts& requests = outcome.requests;
  return loaded && requests.asked_before + requests.under_way == 0
             ? because(End::never, "no request had been asked by then")
             : outcome;
}

}  // namespace faultrig

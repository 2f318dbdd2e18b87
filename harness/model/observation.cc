#include "harness/model/observation.h"

#include <fmt/format.h>

#include "harness/base/names.h"
#include "harness/base/units.h"
#include "harness/base/wait_status.h"
#include "harness/model/said_words.h"
#include "harness/model/shown_text.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

std::string fault_of(const Observation& observation, std::string_view name) {
  return name.empty() ? fmt::format("fault {}", observation.fault)
                      : fmt::format("fault '{}'", shown(name));
}

std::string describe_call(const Observation& observation) {
  std::string line = shown(observation.call);
  if (!observation.path.empty()) {
    line += fmt::format(" '{}'", shown(observation.path));
  }
  if (observation.number > 0) {
    line += fmt::format(" (number {})", observation.number);
  }
  if (observation.error != 0) {
    line += " failed with " + errno_name(observation.error);
  }
  if (!observation.unread.empty()) {
    line += ", its path unread (" + shown(observation.unread) + ")";
  }
  line = with_text(line, observation);
  std::string where =
      observation.stack == nullptr ? "" : stack_text(*observation.stack);
  return where.empty() ? line : line + ", in " + shown(where);
}

std::string describe_untold(const Observation& observation) {
  std::string line = fmt::format("{} more calls", observation.number);
  Observation one = observation;
  one.number = 0;
  return observation.call.empty() ? line : line + ": " + describe_call(one);
}

std::string describe_process(const Observation& observation) {
  std::string link = link_of(observation);
  switch (observation.fact) {
    case Fact::process_started:
      return with_text(link + " started", observation);
    case Fact::process_ended:
      return link + " " +
             WaitStatus(static_cast<int>(observation.number)).text();
    case Fact::never_started:
      return with_text(link + " never started", observation);
    case Fact::signal_sent:
      return fmt::format("{} sent to {}",
                         signal_name(static_cast<int>(observation.number)),
                         link);
    case Fact::oom_kill:
      return fmt::format("{} oom kill{} in {}", observation.number,
                         observation.number == 1 ? "" : "s", link);
    case Fact::peak_memory:
      return fmt::format("peak memory of {}: {} bytes", link,
                         observation.number);
    case Fact::leftover:
      return with_text(
          fmt::format("process {} outlived the workload", observation.pid),
          observation);
    default:
      return with_text(link + " met a limit", observation);
  }
}

std::string sender_of(const Observation& observation) {
  std::string who = observation.text.empty() ? "" : shown(observation.text);
  if (observation.pid > 0) {
    who = fmt::format("{} (pid {})", who.empty() ? "a process" : who,
                      observation.pid);
  }
  return who.empty() ? "the kernel" : who;
}

std::string describe_older(const Observation& observation) {
  return fmt::format(
      "a filter that was there before ours, such as a container's, {} {} of "
      "{}: faultrig does not hear of it",
      observation.text.empty() ? "answers" : "may answer",
      shown(observation.call), link_of(observation));
}

// What a witness saw (docs/witness.md).
std::string describe_seen(const Observation& observation) {
  std::string link = link_of(observation);
  auto number = observation.number;
  switch (observation.fact) {
    case Fact::limit_installed:
      return fmt::format("{} of {} capped at {}", shown(observation.text), link,
                         number);
    case Fact::signal_passed:
      return fmt::format("{} from {} passed on to {}",
                         signal_name(static_cast<int>(number)),
                         sender_of(observation), link);
    case Fact::signal_from:
      return fmt::format("{} that killed {}: from {}",
                         signal_name(static_cast<int>(number)), link,
                         sender_of(observation));
    case Fact::user_time:
    case Fact::system_time:
      return fmt::format(
          "{} time of {}: {}",
          observation.fact == Fact::user_time ? "user" : "system", link,
          format_elapsed(nanoseconds(number)));
    case Fact::largest_process:
      return fmt::format("largest process of {}: {} bytes", link, number);
    case Fact::last_word:
      return link + (observation.text.empty()
                         ? " said neither PASS nor FAIL"
                         : " said " + shown(observation.text));
    case Fact::go_crash:
      return link + " crashed: " + shown(observation.text);
    case Fact::last_output:
      return with_text("the last lines of " + shown(observation.stream),
                       observation);
    case Fact::not_known:
      return with_text("not known", observation);
    case Fact::call_refused:
      return with_text(fmt::format("faultrig refused {} of {} with {}",
                                   shown(observation.call), link,
                                   errno_name(observation.error)),
                       observation);
    case Fact::calls_hidden:
      return fmt::format("{} {} by {}: faultrig may not hear of calls after it",
                         link, shown(observation.text),
                         shown(observation.call));
    case Fact::answered_before:
      return with_text(describe_older(observation), observation);
    case Fact::mount_removed:
      return "a mount was left at '" + shown(observation.path) +
             "' and taken off";
    case Fact::our_signal:
      return with_text(fmt::format("faultrig sent {} to {}",
                                   signal_name(static_cast<int>(number)), link),
                       observation);
    default:
      break;
  }
  std::string what(fact_name(observation.fact).substr(5));
  return fmt::format("{} of {} at once, at most: {}", what, link, number);
}

std::string describe_request(const Observation& observation) {
  std::string line = "a request of " + shown(observation.stream);
  if (!observation.text.empty()) {
    line += " (" + shown(observation.text) + ")";
  }
  line += ": " + shown(observation.action);
  if (observation.fact == Fact::requests_untold) {
    return fmt::format("{} more: {}", observation.number, line);
  }
  if (observation.number > 0) {
    line += fmt::format(", status {}", observation.number);
  }
  if (!observation.call.empty()) {
    line += ", " + shown(observation.call);
  }
  return observation.error == 0 ? line
                                : line + ", " + errno_name(observation.error);
}

// What is watched of a service because somebody asks for it.
std::string describe_watched(const Observation& observation) {
  std::string link = link_of(observation);
  std::string load = shown(observation.stream);
  switch (observation.fact) {
    case Fact::stop_begun:
      return with_text(link + " is to stop", observation);
    case Fact::listens_at:
      return observation.text.empty()
                 ? link + " listens no more"
                 : link + " listens on " + shown(observation.text);
    case Fact::health:
      return observation.error != 0
                 ? fmt::format("{} is not asked for its health: {}", link,
                               errno_name(observation.error))
                 : fmt::format("{} answers {} for its health", link,
                               observation.number);
    case Fact::files_seen:
      return with_text(
          fmt::format("{} file{} '{}' at the {}", observation.number,
                      observation.number == 1 ? "" : "s",
                      shown(observation.path), shown(observation.action)),
          observation);
    case Fact::longest_request:
      return fmt::format("the longest request of {} ({}, {}) took {}", load,
                         shown(observation.text), shown(observation.action),
                         format_elapsed(nanoseconds(observation.number)));
    case Fact::second_ready:
      return fmt::format("{} was ready again after {}", link,
                         format_elapsed(nanoseconds(observation.number)));
    case Fact::second_unready:
      return with_text(link + " did not get ready again", observation);
    case Fact::write_found:
      return fmt::format("{} acknowledged writes of {} were found again",
                         observation.number, load);
    default:
      return with_text(
          fmt::format("write {} of {} is not there", observation.number, load),
          observation);
  }
}

// The life of a service.
std::string describe_service(const Observation& observation) {
  std::string link = link_of(observation);
  switch (observation.fact) {
    case Fact::service_ready:
    case Fact::need_ready:
      link += " was ready";
      link += observation.number > 0
                  ? fmt::format(" on port {}", observation.number)
                  : "";
      return with_text(link, observation);
    case Fact::service_unready:
    case Fact::need_unready:
      return with_text(link + " did not get ready", observation);
    case Fact::service_stopped:
      return with_text(
          fmt::format("faultrig stopped {} with {}", link,
                      signal_name(static_cast<int>(observation.number))),
          observation);
    case Fact::grace_passed:
      return fmt::format("the grace of {} passed: {}", link,
                         format_elapsed(nanoseconds(observation.number)));
    case Fact::load_ended:
      return with_text(
          fmt::format("load '{}' ended, {} requests planned",
                      shown(observation.stream), observation.number),
          observation);
    default:
      return describe_request(observation);
  }
}

std::string describe_goroutines(const Observation& observation) {
  std::string link = link_of(observation);
  if (observation.fact == Fact::goroutines_unseen) {
    std::string which = observation.number == 0
                            ? "the"
                            : fmt::format("{} more", observation.number);
    return with_text(
        fmt::format("{} goroutines of {} are not known", which, link),
        observation);
  }
  if (observation.fact == Fact::goroutine_look) {
    return with_text(
        observation.number == 0
            ? fmt::format("{} could not be looked at ({})", link,
                          shown(observation.action))
            : fmt::format("{} goroutines of {} at a look ({})",
                          observation.number, link, shown(observation.action)),
        observation);
  }
  std::string line = fmt::format(
      "{} goroutine{} of {} [{}]", observation.number,
      observation.number == 1 ? "" : "s", link, shown(observation.action));
  std::string where =
      observation.stack == nullptr ? "" : stack_text(*observation.stack);
  return with_text(where.empty() ? line : line + " in " + shown(where),
                   observation);
}

std::string describe_fault(const Observation& observation,
                           std::string_view name) {
  std::string fault = fault_of(observation, name);
  switch (observation.fact) {
    case Fact::fault_installed:
      return with_text(fault + " installed", observation);
    case Fact::fault_activated:
      return with_text(fault + " took effect", observation);
    case Fact::path_unread:
      return with_text(
          fmt::format("was {} of {} meant by {}", shown(observation.call),
                      link_of(observation),
                      observation.fault < 0 ? "an expectation" : fault),
          observation);
    case Fact::trigger_lost:
      return with_text("the trigger of " + fault + " can no longer fire",
                       observation);
    case Fact::fault_released:
      return with_text(fault + " was released", observation);
    case Fact::release_lost:
      return with_text(fault + " can no longer be released", observation);
    case Fact::asked_again:
      return fmt::format("a request of {} was due after {} was released",
                         shown(observation.stream), fault);
    case Fact::answered_again:
      return fmt::format(
          "a request of {}, sent after {} was released, was "
          "answered in {}",
          shown(observation.stream), fault,
          format_elapsed(nanoseconds(observation.number)));
    default:
      return with_text("trigger of " + fault + " fired", observation);
  }
}

}  // namespace

std::string describe(const Observation& observation,
                     std::string_view fault_name) {
  switch (observation.fact) {
    case Fact::fault_installed:
    case Fact::fault_activated:
    case Fact::trigger_fired:
    case Fact::path_unread:
    case Fact::trigger_lost:
    case Fact::fault_released:
    case Fact::release_lost:
    case Fact::answered_again:
    case Fact::asked_again:
      return describe_fault(observation, fault_name);
    case Fact::call_intercepted:
      return describe_call(observation);
    case Fact::test_event:
      return fmt::format("{}: {}", shown(observation.text),
                         shown(observation.action));
    case Fact::output_line:
      return with_text("a line of " + shown(observation.stream), observation);
    case Fact::output_cut:
      return fmt::format("{} bytes of {} left out", observation.number,
                         shown(observation.stream));
    case Fact::deadline_passed:
      return with_text(
          fmt::format("the deadline of {} passed",
                      format_elapsed(nanoseconds(observation.number))),
          observation);
    case Fact::run_started:
      return with_text("run started", observation);
    case Fact::supervision_lost:
      return with_text("supervision lost", observation);
    case Fact::trouble:
      return with_text("trouble", observation);
    case Fact::calls_untold:
      return describe_untold(observation);
    case Fact::effects_untold:
      return fmt::format("{} took effect {} more times",
                         fault_of(observation, fault_name), observation.number);
    case Fact::run_ended:
      return "run ended";
    case Fact::need_ready:
    case Fact::need_unready:
      return describe_service(observation);
    case Fact::goroutines_seen:
    case Fact::goroutines_unseen:
    case Fact::goroutine_look:
    case Fact::goroutines_there:
      return describe_goroutines(observation);
    default:
      return observation.fact >= Fact::recover_said
                 ? said_words(observation, fault_of(observation, fault_name))
             : observation.fact >= Fact::stop_begun
                 ? describe_watched(observation)
             : observation.fact >= Fact::service_ready
                 ? describe_service(observation)
             : observation.fact > Fact::run_ended
                 ? describe_seen(observation)
                 : describe_process(observation);
  }
}

}  // namespace faultrig

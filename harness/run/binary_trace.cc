// A trace of Go 1.22 or newer is written in parts, each whole for itself: what
// ends the process takes only the last part along (measured: Go 1.22 to 1.26).
// An older one says at its end how its times are counted: without that nobody
// can read it. It is read by a process of ours, which limits itself: the
// program may have written anything into that file.
#include "harness/run/binary_trace.h"

#include <algorithm>
#include <cerrno>
#include <set>
#include <string_view>

#include "harness/base/fd.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/model/link.h"
#include "harness/model/observe.h"
#include "harness/model/timeline.h"
#include "harness/run/command.h"
#include "harness/run/variables.h"
#include "harness/timeline/timeline_lines.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;
using std::chrono::nanoseconds;

constexpr std::chrono::minutes kLongestReading{2};
// Told one by one; what is beyond them is told in one sum.
constexpr std::size_t kMostWaits = 256;
constexpr std::string_view kPeriodSetting = "traceadvanceperiod";

Observation about(Fact fact, const ObservedBinary& binary) {
  Observation out;
  out.source = Source::go;
  out.fact = fact;
  out.link = link_name(Link::test);
  out.pid = binary.pid;
  return out;
}

void tell_lost(const ObservedBinary& binary, const std::string& why,
               Recorder& recorder) {
  Observation lost = about(Fact::trace_lost, binary);
  lost.text = why;
  recorder.add(std::move(lost));
}

// What is told of one trace.
class Telling {
 public:
  Telling(const ObservedBinary& binary, const GoTimeline& timeline,
          Recorder& recorder)
      : binary_(binary), timeline_(timeline), recorder_(recorder) {}

  void tell(const std::string& path) {
    Observation kept = about(Fact::trace_kept, binary_);
    kept.path = path;
    kept.number = timeline_.to - timeline_.from;
    kept.text = binary_.program;
    kept.names = {std::to_string(timeline_.go), why_cut()};
    recorder_.add(std::move(kept));
    tell_waits();
    for (const GoTimeline::Collected& one : timeline_.collected) {
      Observation told = about(Fact::collected, binary_);
      told.at = moment(one.at);
      told.action = one.what;
      told.number = one.longest;
      told.names = {std::to_string(one.times), std::to_string(one.total)};
      recorder_.add(std::move(told));
    }
    tell_steps();
  }

 private:
  // An old trace that can be read is all of it.
  std::string why_cut() const {
    std::string by = timeline_.is_old() ? "" : binary_.cut_short();
    if (by.empty() || !binary_.end) {
      return by.empty() ? timeline_.cut : by;
    }
    nanoseconds missing(binary_.end->at_ns - timeline_.to);
    bool known = missing.count() >= 0 && missing <= binary_.to - binary_.from;
    return by + (known ? ", " + format_elapsed(missing) +
                             " behind the last "
                             "part of it"
                       : "");
  }

  // Of an old trace only how far from its start is known.
  nanoseconds moment(std::int64_t at) const {
    nanoseconds out = timeline_.is_old()
                          ? binary_.from + nanoseconds(at - timeline_.from)
                          : recorder_.since_launch(at);
    return std::clamp(out, binary_.from, std::max(binary_.from, binary_.to));
  }

  void tell_waits() {
    std::int64_t more = timeline_.more_waits;
    std::int64_t longest = timeline_.longest_of_more;
    for (std::size_t i = 0; i < timeline_.waits.size(); ++i) {
      const GoTimeline::Waits& one = timeline_.waits[i];
      if (i >= kMostWaits) {
        more += one.times;
        longest = std::max(longest, one.longest);
        continue;
      }
      Observation told = about(Fact::waited, binary_);
      told.at = moment(one.at);
      told.action = one.on;
      told.text = one.word;
      told.number = one.longest;
      told.stack = one.stack;
      told.names = {std::to_string(one.times),     std::to_string(one.total),
                    std::to_string(one.goroutine), one.open ? kWaitsOn : "",
                    std::to_string(one.waker),     one.by};
      recorder_.add(std::move(told));
    }
    if (more > 0) {
      tell_untold(Fact::waited, more, std::to_string(longest));
    }
  }

  // Goroutines that did the same are told once.
  void tell_steps() {
    std::map<std::vector<std::string>, Observation> all;
    for (const GoTimeline::Steps& one : timeline_.steps) {
      std::vector<std::string> names;
      for (const GoTimeline::Step& step : one.steps) {
        names.insert(names.end(), {step.kind, step.name, step.function});
      }
      names.emplace_back(one.cut ? kStepsCut : "");
      auto [told, fresh] =
          all.try_emplace(names, about(Fact::steps_taken, binary_));
      if (fresh) {
        told->second.action = one.cut ? kStepsCut : "";
        told->second.text = "goroutine " + std::to_string(one.goroutine);
      }
      ++told->second.number;
    }
    for (auto& [names, told] : all) {
      told.names = {names.begin(), names.end() - 1};
      recorder_.add(std::move(told));
    }
  }

  void tell_untold(Fact of, std::int64_t count, const std::string& longest) {
    Observation untold = about(Fact::timeline_untold, binary_);
    untold.action = fact_name(of);
    untold.number = count;
    untold.names = {longest};
    recorder_.add(std::move(untold));
  }

  const ObservedBinary& binary_;
  const GoTimeline& timeline_;
  Recorder& recorder_;
};

Result<GoTimeline> read_trace(Session& session, const ObservedBinary& binary) {
  TRY_ASSIGN(fs::path reader, find_trace_reader());
  ToolCommand command;
  command.argv = {reader.string(), trace_file(binary).string()};
  command.deadline = kLongestReading;
  TRY_ASSIGN(CommandOutcome outcome, run_tool(session, command));
  if (!outcome.status.clean()) {
    std::vector<std::string_view> said = lines_of(outcome.err);
    return usage_error(
        "its reader " + outcome.status.text() +
        (said.empty() ? "" : ": " + valid_utf8(said.front().substr(0, 200))));
  }
  return read_timeline(outcome.out);
}

// Why nothing can be read of it.
std::string why_none(const ObservedBinary& binary, const std::string& trouble) {
  std::string by = binary.cut_short();
  return by.empty() || !binary.end
             ? (by.empty() ? trouble : by)
             : by + " before a part of the trace is written";
}

}  // namespace

fs::path trace_file(const ObservedBinary& binary) {
  return binary.folder / "trace.out";
}

std::vector<std::string> with_trace_period(std::vector<std::string> env,
                                           nanoseconds period) {
  std::string given(value_in(env, "GODEBUG"));
  if (given.find(kPeriodSetting) == given.npos) {
    set_in(env, "GODEBUG",
           given + (given.empty() ? "" : ",") + std::string(kPeriodSetting) +
               "=" + std::to_string(period.count()));
  }
  return env;
}

std::map<std::string, std::string> tell_trace(Session& session,
                                              const ObservedBinary& binary,
                                              Recorder& recorder) {
  auto bytes = read_start_of_file(trace_file(binary).string(), kLargestTrace);
  if (!bytes || bytes->empty()) {
    tell_lost(binary,
              why_none(binary, bytes ? "it is empty"
                               : bytes.error().os_errno == ENOENT
                                   ? "it ended in order, and wrote no file"
                                   : bytes.error().what),
              recorder);
    return {};
  }
  auto timeline = read_trace(session, binary);
  if (!timeline || timeline->to <= timeline->from) {
    tell_lost(
        binary,
        timeline ? why_none(binary, timeline->cut) : timeline.error().what,
        recorder);
    return {};
  }
  fs::path folder = fs::path(kTimelineFolder) / binary.name;
  std::string path = (folder / "trace.out").string();
  Telling(binary, *timeline, recorder).tell(path);
  return {{path, *std::move(bytes)},
          {(folder / "timeline.json").string(), chrome_trace(*timeline)}};
}

}  // namespace faultrig

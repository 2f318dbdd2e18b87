// What a service has acknowledged it must have, however it ended. Only another
// life can show it: a program that runs has it in its memory.
#include "harness/run/second_life.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "harness/base/go_heading.h"
#include "harness/base/text.h"
#include "harness/model/golden_plan.h"
#include "harness/run/trace_end.h"

namespace faultrig {

namespace {

Observation about(Fact fact) {
  Observation out;
  out.fact = fact;
  out.link = link_name(Link::service);
  return out;
}

std::string with_number(std::string text, std::uint64_t n) {
  constexpr std::string_view kNumber = "${n}";
  std::string number = std::to_string(n);
  for (std::size_t at = 0;
       (at = text.find(kNumber, at)) != std::string::npos;) {
    text.replace(at, kNumber.size(), number);
    at += number.size();
  }
  return text;
}

std::vector<SoughtWrite> sought(const Service& service, const SecondLife& life,
                                std::vector<std::uint64_t> acknowledged) {
  std::vector<SoughtWrite> writes;
  std::sort(acknowledged.begin(), acknowledged.end());
  for (const Load& load : service.load) {
    if (load.name != life.finds) {
      continue;
    }
    const std::string& path = load.find.empty() ? load.path : load.find;
    for (std::uint64_t n : acknowledged) {
      writes.push_back({n, load.host, load.tls, with_number(path, n),
                        with_number(load.body, n)});
    }
  }
  return writes;
}

Plan plan_of_second(const Plan& plan, const ServiceFolder& folder) {
  Plan second = without_faults(plan);
  Workload& workload = second.scenario.workload;
  workload.cwd = folder.path();
  workload.service->load.clear();
  workload.service->ready_within = plan.launch.watch.again->ready_within;
  second.scenario.observe.spans.reset();
  second.launch = Launch();
  return second;
}

std::optional<std::chrono::nanoseconds> time_of(
    const std::vector<Observation>& trace, Fact fact) {
  auto found = std::find_if(trace.begin(), trace.end(), [&](const auto& seen) {
    return seen.fact == fact;
  });
  return found == trace.end() ? std::nullopt : std::optional(found->at);
}

// Why it did not get ready, in the words of what was seen of it.
Observation unready(const LiveRun::Yield& yield, const Result<>& done) {
  Observation out = about(Fact::second_unready);
  for (const Observation& seen : yield.trace) {
    bool tells = seen.fact == Fact::service_unready ||
                 seen.fact == Fact::process_ended || seen.fact == Fact::trouble;
    out.text = tells && out.text.empty() ? describe(seen) : out.text;
  }
  out.text = done ? out.text : done.error().what;
  std::string words = first_telling_line(yield.err);
  words = words.empty() ? first_telling_line(yield.out) : words;
  out.text += words.empty() ? "" : ": " + for_one_line(words.substr(0, 200));
  return out;
}

std::vector<Observation> told(LiveRun::Yield yield, const Result<>& done,
                              const SecondLife& life) {
  std::vector<Observation> facts;
  auto started = time_of(yield.trace, Fact::process_started);
  auto ready = time_of(yield.trace, Fact::service_ready);
  if (!started || !ready) {
    return {unready(yield, done)};
  }
  facts.push_back(about(Fact::second_ready));
  facts.back().number = (*ready - *started).count();
  for (Observation& seen : yield.trace) {
    if (seen.fact == Fact::write_lost || seen.fact == Fact::write_found) {
      seen.stream = life.finds;
      facts.push_back(std::move(seen));
    }
  }
  return facts;
}

std::vector<Observation> second_life(Session& session, const Plan& plan,
                                     FirstLife first, ServiceFolder& folder) {
  const auto& life = plan.launch.watch.again;
  if (!life || session.stopped()) {
    return {};
  }
  if (auto renewed = folder.renew(session); !renewed) {
    Observation out = about(Fact::second_unready);
    out.text = renewed.error().what;
    return {out};
  }
  Plan second = plan_of_second(plan, folder);
  first.link.folder = folder.path().string();
  LiveRun run(session, second, first.needs);
  Result<> done = run.prepare(sought(*plan.scenario.workload.service, *life,
                                     std::move(first.acknowledged)));
  if (done) {
    done = run.execute(first.link);
  }
  return told(run.take_yield(), done, *life);
}

}  // namespace

void add_second_life(Session& session, const Plan& plan, const FirstLife& first,
                     ServiceFolder& folder, std::vector<Observation>& trace) {
  add_at_end(trace, second_life(session, plan, first, folder));
}

}  // namespace faultrig

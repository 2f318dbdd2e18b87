// An order is the YAML of one run, as for a shutdown map: what `--write` writes
// is what was run.
#include "harness/campaign/site_deed.h"

#include <utility>
#include <vector>

#include "harness/base/text.h"
#include "harness/campaign/base_scenario.h"
#include "harness/campaign/catalogue.h"
#include "harness/campaign/frame.h"
#include "harness/campaign/own_places.h"
#include "harness/judge/expectation.h"
#include "harness/model/dependency.h"
#include "harness/model/floors.h"
#include "harness/plan/planner.h"
#include "harness/report/sweep_report.h"
#include "harness/run/runner.h"
#include "harness/store/secrets.h"
#include "harness/sweep/site_run.h"
#include "harness/sweep/site_words.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

// What is known of a run that was not made.
SiteRun unknown_run(const Error& why) {
  SiteRun run;
  run.trouble = why.what;
  return run;
}

Result<Plan> plan_of(const std::string& yaml) {
  TRY_ASSIGN(Scenario scenario, scenario_from(yaml, "sweep", "sweep.yaml"));
  TRY_ASSIGN(Plan plan, plan_or_trouble(scenario));
  plan.fresh_folder = true;
  return plan;
}

// The TMPDIR and the folder of this try have other names in each.
void name_own(const Learnt& learnt, SiteRun& run) {
  std::vector<std::string*> texts{&run.end_text, &run.output, &run.lost};
  for (std::string& line : run.said) {
    texts.push_back(&line);
  }
  for (std::string* text : texts) {
    name_own_places(learnt, kOwnFolder, kOwnTmp, *text);
  }
}

SiteRun masked(SiteRun run, const Mask& mask) {
  for (std::string* text :
       {&run.trouble, &run.end_text, &run.top, &run.output, &run.lost}) {
    *text = mask.text(*text);
  }
  for (std::string& line : run.said) {
    line = mask.text(line);
  }
  for (std::string& line : run.left) {
    line = mask.text(line);
  }
  for (CallSite& site : run.sites) {
    site.path = mask.text(site.path);
    for (GoFrame& frame : site.frames) {
      frame.file = mask.text(frame.file);
    }
  }
  return run;
}

TriedFault fault_of(const Plan& plan, std::size_t faults) {
  const Fault& first = plan.scenario.faults.at(0);
  const Params& params = first.params;
  if (const Limit* limit = limit_named(first.injector)) {
    return {"", "", limit->error, limit->error == 0, static_cast<int>(faults)};
  }
  const auto* error = params.find<std::int64_t>("error");
  return {params.get<std::vector<std::string>>("call").front(),
          params.get_or<std::string>("site", ""),
          error == nullptr ? 0 : static_cast<int>(*error),
          params.find<nanoseconds>("delay") != nullptr,
          static_cast<int>(faults)};
}

TriedFault peer_fault_of(const Plan& plan) {
  const Params& params = plan.scenario.faults.at(0).params;
  TriedFault fault{"connect"};
  fault.faults = 1;
  fault.peer = params.get<std::string>("to");
  fault.deed = deed_of(params);
  return fault;
}

std::string last_line(const std::string& output) {
  std::string last;
  for (std::string_view line : lines_of(output)) {
    last = line.empty() ? last : std::string(line);
  }
  return last;
}

// In the folders of the run before, with its environment: what is kept there?
// Gives what the command said against it.
Result<std::string> look_for_loss(Session& session, const Plan& run,
                                  const std::string& yaml) {
  TRY_ASSIGN(Plan plan, plan_of(yaml));
  plan.fresh_folder = false;
  Workload& workload = plan.scenario.workload;
  const Learnt& learnt = session.learnt();
  workload.env = run.scenario.workload.env;
  workload.env["TMPDIR"] = learnt.tmp.path().string();
  workload.cwd = run.has_go() ? learnt.folder : run.scenario.workload.cwd;
  TRY_ASSIGN(Evidence evidence, run_plan(session, plan, {Golden::good, ""}));
  SiteRun seen = recorded_run(evidence);
  if (!seen.trouble.empty()) {
    return internal_error("the recover command: " + seen.trouble);
  }
  std::string said = last_line(seen.output);
  return seen.end == SiteRun::End::passed
             ? ""
             : seen.end_text + (said.empty() ? "" : ": " + said);
}

// What the scenario's own command of `recover` said against it.
std::string lost_in(const Evidence& evidence) {
  for (const LinkEnd& end : evidence.beside()) {
    if (end.link == Link::recover && !(end.status && end.status->clean())) {
      return end.status ? end.status->text() : "was not started";
    }
  }
  return "";
}

SiteRun seen_in(const Evidence& evidence, const Plan& plan,
                const Order& order) {
  bool peers = order.kind == RunKind::peers || order.kind == RunKind::peer;
  Recorded what = peers ? Recorded::peers : Recorded::sites;
  bool recording =
      order.kind == RunKind::recording || order.kind == RunKind::peers;
  SiteRun run = recording
                    ? recorded_run(evidence, what)
                    : tried_run(evidence, peers ? peer_fault_of(plan)
                                                : fault_of(plan, order.faults));
  if (order.kind == RunKind::wide || order.kind == RunKind::peer) {
    run.sites = sites_of(evidence, what);
  }
  run.lost = lost_in(evidence);
  return run;
}

Result<std::string> do_run(Session& session, const Order& order) {
  TRY_ASSIGN(Plan plan, plan_of(order.yaml));
  bool peers = order.kind == RunKind::peers || order.kind == RunKind::peer;
  TRY(session.can_run(plan));
  TRY_ASSIGN(
      Evidence evidence,
      run_plan(session, plan, {Golden::good, ""},
               peers || order.judged ? CallDetail::full : CallDetail::brief));
  SiteRun run = seen_in(evidence, plan, order);
  if (run.trouble.empty() && !order.recover.empty()) {
    TRY_ASSIGN(run.lost, look_for_loss(session, plan, order.recover));
  }
  if (plan.fresh_folder && plan.has_go()) {
    name_own(session.learnt(), run);
  }
  Mask mask(plan.scenario.workload, session.options().environment, order.yaml);
  JudgedRun out{site_run_line(masked(std::move(run), mask)), {}};
  if (order.judged) {
    out.judgement = with_numbers(mask.judgement(judge(plan.scenario, evidence)),
                                 plan.scenario);
  }
  return judged_text(out);
}

Result<Order> parse_order(const std::string& text) {
  TRY_ASSIGN(FramedText frame, parse_frame(text, 4));
  auto size = static_cast<std::size_t>(frame.words[1]);
  if (size > frame.rest.size()) {
    return internal_error("an order of a sweep that is too short");
  }
  return Order{static_cast<RunKind>(frame.words[0]), frame.rest.substr(0, size),
               frame.rest.substr(size),
               static_cast<std::size_t>(frame.words[2]), frame.words[3] == 1};
}

}  // namespace

SiteAnswer read_answer(const Result<std::string>& answer) {
  auto read =
      answer ? parse_judged(*answer) : Result<JudgedRun>(answer.error());
  if (!read) {
    return {unknown_run(read.error()), {}};
  }
  auto run = parse_site_run_line(read->line);
  return {run ? *std::move(run) : unknown_run(run.error()), unmet_in(*read)};
}

// The second word is how long the scenario is, behind which that of the recover
// command stands.
std::string order_text(const Order& order) {
  return frame_text(
      {{static_cast<std::int64_t>(order.kind),
        static_cast<std::int64_t>(order.yaml.size()),
        static_cast<std::int64_t>(order.faults), order.judged ? 1 : 0},
       order.yaml + order.recover});
}

Deed site_deed() {
  return [](Result<Session>& session,
            const std::string& order) -> Result<std::string> {
    TRY_ASSIGN(Order asked, parse_order(order));
    if (!session) {
      return site_run_line(unknown_run(session.error()));
    }
    auto run = do_run(*session, asked);
    return run ? *run : site_run_line(unknown_run(run.error()));
  };
}

}  // namespace faultrig

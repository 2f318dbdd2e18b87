// An order says which deed is meant; an answer whether this machine can do it
// at all, so that what it cannot is skipped and not inconclusive.
#include "harness/campaign/sweep_turn.h"

#include <array>
#include <utility>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/campaign/base_scenario.h"
#include "harness/campaign/frame.h"
#include "harness/campaign/scenario_task.h"
#include "harness/model/scenario_sweep.h"

namespace faultrig {

namespace {

using Over = ScenarioSweep::Over;

// The first words of an order: of scenario_task.cc they are 0 and 1.
constexpr std::int64_t kSweep = 2;
constexpr std::string_view kSweepOrder = "2 ";
// The first words of an answer.
constexpr std::int64_t kDone = 0;
constexpr std::int64_t kCannot = 1;

SiteAsk ask_for_sites(const Entry& entry, const std::string& base) {
  const Scenario& scenario = entry.plan.scenario;
  SiteAsk ask;
  ask.target.base = base;
  ask.target.link = link_name(scenario.workload.main_link());
  ask.asked = asked_by(*scenario.sweep);
  ask.asked.what = scenario.name;
  ask.allowed = scenario.sweep->allowed;
  ask.most = scenario.workload.deadline;
  return ask;
}

FloorAsk ask_for_floors(const Entry& entry, const std::string& base) {
  const Scenario& scenario = entry.plan.scenario;
  FloorAsk ask;
  ask.what = scenario.name;
  ask.target.base = base;
  ask.target.link = link_name(scenario.workload.main_link());
  ask.limits = scenario.sweep->limits();
  ask.most = scenario.workload.deadline;
  return ask;
}

ShutdownAsk ask_for_stops(const Entry& entry, const std::string& base) {
  const Scenario& scenario = entry.plan.scenario;
  const ScenarioSweep& sweep = *scenario.sweep;
  ShutdownAsk ask;
  ask.base = base;
  ask.deadline = scenario.workload.deadline;
  ask.asked.command = scenario.workload.command;
  for (const Fault& fault : scenario.faults) {
    ask.asked.faults.push_back(fault.name);
  }
  ask.asked.signal =
      signal_name(static_cast<int>(sweep.params.get<std::int64_t>("signal")));
  ask.asked.times = static_cast<int>(sweep.params.get<std::int64_t>("times"));
  ask.steps = static_cast<std::size_t>(sweep.params.get<std::int64_t>("steps"));
  if (const auto& service = scenario.workload.service) {
    ask.grace = service->grace;
    ask.ready_within = service->ready_within;
    ask.loads = !service->load.empty();
  }
  ask.cwd = scenario.workload.cwd;
  ask.over.calls = sweep.instants.get_or<std::vector<std::string>>("calls", {});
  ask.over.until_listening = sweep.until.has("listening");
  if (const auto* time =
          sweep.instants.find<std::chrono::nanoseconds>("time")) {
    ask.over.time = *time;
  }
  return ask;
}

// While a stop is tried a moment that does not come is not waited for.
class PatienceOf {
 public:
  PatienceOf(Result<Session>& session, std::int64_t over) {
    if (session && over == static_cast<std::int64_t>(Over::stop)) {
      session_ = &*session;
      before_ = session_->options().patience;
      session_->be_patient(kStopPatience);
    }
  }
  ~PatienceOf() {
    if (session_ != nullptr) {
      session_->be_patient(before_);
    }
  }
  PatienceOf(const PatienceOf&) = delete;
  PatienceOf& operator=(const PatienceOf&) = delete;

 private:
  Session* session_ = nullptr;
  std::optional<std::chrono::nanoseconds> before_;
};

}  // namespace

template <typename Made>
class SweepTurn::Told : public Sink<Made> {
 public:
  explicit Told(std::function<void(const std::string&)> progress)
      : progress_(std::move(progress)) {}
  void progress(const std::string& what) override { progress_(what); }
  void result(const Made&) override {}

 private:
  std::function<void(const std::string&)> progress_;
};

SweepTurn::SweepTurn(const Entry& entry, std::size_t number,
                     std::function<void(const std::string&)> progress)
    : entry_(entry), number_(number), start_(std::chrono::steady_clock::now()) {
  if (auto begun = begin(std::move(progress)); !begun) {
    cannot_ = begun.error();
  }
}

SweepTurn::~SweepTurn() = default;

Result<> SweepTurn::begin(std::function<void(const std::string&)> progress) {
  TRY_ASSIGN(std::string base, base_yaml(entry_));
  Over over = entry_.plan.scenario.sweep->over;
  if (over == Over::calls || over == Over::dependencies) {
    site_ask_ = ask_for_sites(entry_, base);
    site_sink_ = std::make_unique<Told<SiteOutcome>>(std::move(progress));
    sites_ = std::make_unique<SiteSource>(site_ask_, *site_sink_);
    source_ = sites_.get();
    return Ok{};
  }
  if (over == Over::limits) {
    floors_ = std::make_unique<FloorSource>(ask_for_floors(entry_, base), false,
                                            std::move(progress));
    source_ = floors_.get();
    return Ok{};
  }
  stop_sink_ = std::make_unique<Told<StopOutcome>>(std::move(progress));
  stops_ = std::make_unique<ShutdownSource>(ask_for_stops(entry_, base),
                                            *stop_sink_);
  source_ = stops_.get();
  return Ok{};
}

std::optional<Task> SweepTurn::next() {
  auto task = cannot_ ? std::nullopt : source_->next();
  dry_ = !task;
  if (!task) {
    return std::nullopt;
  }
  ++given_;
  auto over = static_cast<std::int64_t>(entry_.plan.scenario.sweep->over);
  return Task{task->number,
              frame_text({{kSweep, static_cast<std::int64_t>(number_), over},
                          task->order})};
}

void SweepTurn::learned(const Task& task, const Result<std::string>& answer) {
  --given_;
  dry_ = false;
  auto frame =
      answer ? parse_frame(*answer, 1) : Result<FramedText>(answer.error());
  if (frame && frame->words[0] == kCannot) {
    cannot_ = unsupported_error(frame->rest);
    return;
  }
  source_->learned(task, frame ? Result<std::string>(std::move(frame->rest))
                               : Result<std::string>(frame.error()));
}

void SweepTurn::take_back(const Task& task) {
  --given_;
  dry_ = false;
  source_->take_back(task);
}

std::size_t SweepTurn::left() const { return cannot_ ? 0 : source_->left(); }

bool SweepTurn::ended() const { return given_ == 0 && (cannot_ || dry_); }

SweptPoints SweepTurn::swept() const {
  if (sites_) {
    return swept_points(sites_->sweep());
  }
  if (floors_) {
    return swept_points(floors_->map());
  }
  SweptPoints out = swept_points(stops_->map(false), stops_->unmet());
  if (stops_->cannot()) {
    out.trouble = stops_->cannot()->what;
  }
  return out;
}

Judgement SweepTurn::judgement() const {
  const Scenario& scenario = entry_.plan.scenario;
  Judgement out = cannot_ ? judgement_without_run(entry_.plan, *cannot_, 0)
                          : judge_sweep(scenario, swept());
  out.took = std::chrono::steady_clock::now() - start_;
  return out;
}

Deed with_sweeps(const std::vector<Entry>& entries, Deed others) {
  std::array<Deed, 4> deeds{site_deed(), shutdown_deed(), site_deed(),
                            site_deed()};  // by Over
  return [&entries, others = std::move(others), deeds = std::move(deeds)](
             Result<Session>& session,
             const std::string& order) -> Result<std::string> {
    if (!order.starts_with(kSweepOrder)) {
      return others(session, order);
    }
    TRY_ASSIGN(FramedText frame, parse_frame(order, 3));
    auto entry = static_cast<std::size_t>(frame.words[1]);
    auto over = static_cast<std::size_t>(frame.words[2]);
    if (entry >= entries.size() || over >= deeds.size()) {
      return internal_error("no such sweep");
    }
    if (session) {
      auto can = session->can_run(entries[entry].plan);
      if (!can && can.error().kind == ErrorKind::unsupported) {
        return frame_text({{kCannot}, can.error().what});
      }
    }
    PatienceOf patience(session, frame.words[2]);
    TRY_ASSIGN(std::string answer, deeds.at(over)(session, frame.rest));
    return frame_text({{kDone}, answer});
  };
}

}  // namespace faultrig

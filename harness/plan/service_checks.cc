#include "harness/plan/service_checks.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace faultrig {

namespace {

using When = Trigger::When;
using Texts = std::vector<std::string>;

// What only a service can be asked, and why nothing else can.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kAsked{
    {{"requests", "no service is asked for anything"},
     {"drain", "only a service drains"},
     {"listener", "only of a service it is seen when it listens no more"},
     {"readiness", "only a service gets ready"},
     {"connections", "no service is asked for anything"},
     {"files", "only of a service it is seen which files it leaves"},
     {"again", "only a service has a second life"}}};

class Checks {
 public:
  explicit Checks(const Scenario& scenario)
      : scenario_(scenario), service_(scenario.workload.service) {}

  std::vector<PlanTrouble> find() {
    for (const Fault& fault : scenario_.faults) {
      look_at(fault);
    }
    for (const Expectation& expected : scenario_.expect) {
      look_at(expected);
    }
    return std::move(troubles_);
  }

 private:
  void trouble(Place place, std::string_view what) {
    troubles_.push_back({place, std::string(what)});
  }

  void look_at(const Fault& fault) {
    for (const Trigger* trigger : fault.triggers()) {
      look_at(fault, *trigger);
    }
  }

  void look_at(const Fault& fault, const Trigger& when) {
    if (!when.of_service()) {
      return;
    }
    bool load =
        when.waits_for(When::in_flight) || when.waits_for(When::answered);
    if (!service_) {
      trouble(fault.place, "only a service gets ready and is asked");
    } else if (load && service_->load.empty()) {
      trouble(fault.place, "no service is asked for anything");
    } else if (when.waits_for(When::in_flight)) {
      look_at_in_flight(when.params);
    }
  }

  // More than all loads together have can never be unanswered at once. On what
  // is
  // held, such as a silent connection, nothing is asked.
  void look_at_in_flight(const Params& params) {
    std::int64_t most = 0;
    for (const Load& load : service_->load) {
      most +=
          load.is_held() ? 0 : std::int64_t{load.connections} * load.streams;
    }
    auto wanted = params.get_or("in_flight", std::int64_t{0});
    if (wanted > most) {
      trouble(params.place("in_flight"), "its loads have at most " +
                                             std::to_string(most) +
                                             " requests in flight at once");
    }
  }

  void look_at(const Expectation& expected) {
    auto row = std::find_if(kAsked.begin(), kAsked.end(), [&](const auto& one) {
      return one.first == expected.type;
    });
    if (row == kAsked.end()) {
      return;
    }
    bool of_load =
        expected.type == "requests" || expected.type == "connections";
    if (!service_ || (of_load && service_->load.empty())) {
      trouble(expected.place, row->second);
      return;
    }
    for (const char* key : {"of", "finds"}) {
      look_for_load(expected.params, key);
    }
    look_at_its_kind(expected);
  }

  void look_for_load(const Params& params, const std::string& key) {
    const auto* name = params.find<std::string>(key);
    if (name != nullptr && !load_named(*name)) {
      trouble(params.place(key), "no load has the name '" + *name + "'");
    }
  }

  const Load* load_named(const std::string& name) const {
    auto found =
        std::find_if(service_->load.begin(), service_->load.end(),
                     [&](const Load& load) { return load.name == name; });
    return found == service_->load.end() ? nullptr : &*found;
  }

  void look_at_its_kind(const Expectation& expected) {
    if (expected.type == "readiness" &&
        service_->ready.kind != Ready::Kind::http) {
      trouble(expected.place,
              "readiness is what the URL of `ready: {http: ...}` answers");
    }
    bool idle = std::any_of(
        service_->load.begin(), service_->load.end(),
        [](const Load& load) { return load.kind == Load::Kind::idle; });
    if (expected.params.has("idle") && !idle) {
      trouble(expected.place, "no load opens connections that idle");
    }
    look_at_frame(expected.params);
    const auto* finds = expected.params.find<std::string>("finds");
    const Load* load = finds == nullptr ? nullptr : load_named(*finds);
    if (load != nullptr && load->method != "POST" && load->method != "PUT") {
      trouble(expected.params.place("finds"),
              "load '" + *finds + "' writes nothing: it is no post or put");
    }
  }

  // RFC 6455, section 7.4: what a close frame can say.
  void look_at_frame(const Params& params) {
    using Frame = std::map<std::string, std::string>;
    const auto* frame = params.find<Frame>("websocket");
    if (frame == nullptr) {
      return;
    }
    auto code = frame->find("close");
    bool number =
        code != frame->end() &&
        (code->second == "none" ||
         (code->second.size() == 4 &&
          code->second.find_first_not_of("0123456789") == std::string::npos &&
          code->second.front() != '0' && code->second.front() < '5'));
    if (frame->size() != 1 || !number) {
      trouble(params.place("websocket"),
              "expected a code such as {close: 1001}, from 1000 to 4999, or "
              "{close: none}");
    }
    bool any = std::any_of(
        service_->load.begin(), service_->load.end(),
        [](const Load& load) { return load.kind == Load::Kind::websocket; });
    if (!any) {
      trouble(params.place("websocket"), "no load opens a WebSocket");
    }
  }

  const Scenario& scenario_;
  const std::optional<Service>& service_;
  std::vector<PlanTrouble> troubles_;
};

}  // namespace

std::vector<PlanTrouble> service_troubles(const Scenario& scenario) {
  return Checks(scenario).find();
}

ServiceWatch watch_for(const Scenario& scenario) {
  ServiceWatch watch;
  // What was reached before the fault does not count, so that more than ever
  // before may never come.
  watch.each_ask = std::any_of(
      scenario.faults.begin(), scenario.faults.end(), [](const Fault& fault) {
        return fault.until && fault.until->waits_for(Trigger::When::in_flight);
      });
  for (const Expectation& expected : scenario.expect) {
    const Params& params = expected.params;
    watch.health = watch.health || expected.type == "readiness";
    for (const char* key : {"gone", "left"}) {
      Texts globs = params.get_or<Texts>(key, {});
      bool files = expected.type == "files";
      watch.files.insert(watch.files.end(), globs.begin(),
                         files ? globs.end() : globs.begin());
    }
    if (expected.type == "again") {
      watch.again.emplace();
      watch.again->ready_within =
          params.get_or("ready_within", watch.again->ready_within);
      watch.again->finds = params.get_or<std::string>("finds", "");
    }
  }
  return watch;
}

}  // namespace faultrig

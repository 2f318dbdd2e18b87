#include "harness/model/scenario.h"

#include <algorithm>
#include <array>
#include <utility>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/model/call_origin.h"

namespace faultrig {

namespace {

// Parts of a key are counted, so that no text can imitate another's border.
class Key {
 public:
  void add(std::string_view part) {
    text_ += std::to_string(part.size()) + ":";
    text_ += part;
  }
  void add(const std::vector<std::string>& parts) {
    text_ += std::to_string(parts.size()) + "[";
    for (const std::string& part : parts) {
      add(part);
    }
  }
  void add(std::int64_t number) { add(std::to_string(number)); }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void add_go_test(Key& key, const GoTest& go) {
  key.add(go.dir.string());
  key.add(go.packages);
  key.add(go.run);
  key.add(go.skip);
  key.add(go.count);
  key.add(go.flags);
  key.add(go.args);
  key.add(go.timeout);
  key.add(go.exec);
  key.add(go.go);
  key.add(go.mode == GoTest::Mode::chain ? "chain" : "binary");
}

// `openat, nth 3, path /etc/*`.
std::string call_text(const Params& params) {
  std::string text =
      join(params.get_or<std::vector<std::string>>("call", {}), "|");
  if (const Nth* nth = params.find<Nth>("nth")) {
    text += ", nth " + nth->text();
  }
  for (std::string_view beside : kBesideCall) {
    std::string key(beside);
    const std::string* value = params.find<std::string>(key);
    if (value != nullptr && params.written(key)) {
      text += ", " + key + " " + *value;
    }
  }
  return text;
}

void add_ready(Key& key, const Ready& ready) {
  key.add(static_cast<std::int64_t>(ready.kind));
  key.add(ready.text);
  key.add(ready.tls ? "tls" : "");
  key.add(ready.host);
  key.add(ready.port);
  key.add(ready.status);
}

void add_build(Key& key, const std::optional<GoBuild>& build) {
  if (build) {
    key.add(build->dir.string());
    key.add(build->package);
    key.add(build->flags);
  }
}

void add_environment(Key& key, const std::map<std::string, std::string>& env) {
  for (const auto& [name, value] : env) {
    key.add(name);
    key.add(value);
  }
}

void add_need(Key& key, const Need& need) {
  key.add(need.name);
  key.add(need.command);
  add_build(key, need.build);
  add_environment(key, need.env);
  key.add(need.cwd.string());
  add_ready(key, need.ready);
  key.add(need.ready_within.count());
  key.add(need.grace.count());
  key.add(need.needs);
}

void add_service(Key& key, const Service& service) {
  add_build(key, service.build);
  add_ready(key, service.ready);
  key.add(service.ready_within.count());
  key.add(service.grace.count());
  key.add(service.own_network ? "own" : "shared");
  key.add(service.pid1 ? "pid1" : "");
  key.add(service.keep);
  for (const Load& load : service.load) {
    key.add(static_cast<std::int64_t>(load.kind));
    key.add(load.method);
    key.add(load.path);
    key.add(load.host);
    key.add(load.port);
    key.add(load.body);
    key.add(load.status.value_or(0));
    key.add(std::to_string(load.rate));
    key.add(load.connections);
    key.add(load.keep_alive ? "kept" : "new");
  }
  for (const Need& need : service.needs) {
    add_need(key, need);
  }
}

using When = Trigger::When;

// In the order in which they are told.
constexpr std::array<std::pair<std::string_view, When>, 11> kParts{
    {{"listening", When::listening},
     {"accepted", When::accepted},
     {"ready", When::ready},
     {"in_flight", When::in_flight},
     {"answered", When::answered},
     {"fault", When::fault},
     {"release", When::release},
     {"effects", When::effects},
     {"output", When::output},
     {"test", When::test},
     {"call", When::call}}};

std::string key_of(When part) {
  for (const auto& [key, when] : kParts) {
    if (when == part) {
      return std::string(key);
    }
  }
  return "";
}

std::string part_text(When part, const Params& params) {
  std::string key = key_of(part);
  switch (part) {
    case When::start:
    case When::after:
      return "";
    case When::call:
      return key + " " + call_text(params);
    case When::listening: {
      auto port = params.get_or(key, std::int64_t{0});
      return port == 0 ? key : key + " " + std::to_string(port);
    }
    case When::ready:
      return key;
    case When::accepted:
    case When::in_flight:
    case When::answered:
    case When::effects:
      return key + " " + std::to_string(params.get_or(key, std::int64_t{0}));
    case When::output:
    case When::test:
    case When::fault:
    case When::release:
      break;
  }
  return key + " " + params.get_or<std::string>(key, "");
}

}  // namespace

Link Workload::main_link() const {
  return go_test ? Link::test : service ? Link::service : Link::command;
}

std::string Workload::key() const {
  Key key;
  key.add(go_test ? "go_test" : service ? "service" : "command");
  if (go_test) {
    add_go_test(key, *go_test);
  }
  key.add(command);
  key.add(recover);
  if (service) {
    add_service(key, *service);
  }
  add_environment(key, env);
  key.add(clean_env ? "clean" : "whole");
  key.add(keep_env);
  key.add(cwd.string());
  key.add(deadline.count());
  key.add(compile_within.count());
  return key.take();
}

std::int64_t Fault::most_effects() const {
  if (const auto* times = params.find<std::int64_t>("times")) {
    return *times;
  }
  const auto* nth = params.find<Nth>("nth");
  bool bounded = nth != nullptr && nth->last;
  return bounded ? (*nth->last - nth->first) / nth->step + 1 : kNoBound;
}

std::string Fault::target() const {
  return child.empty() ? std::string(link_name(at)) : "child " + child;
}

std::vector<const Trigger*> Fault::triggers() const {
  std::vector<const Trigger*> all{&when};
  if (until) {
    all.push_back(&*until);
  }
  return all;
}

std::vector<FaultId> faults_called(const std::vector<Fault>& faults,
                                   std::string_view name, FaultId but) {
  std::vector<FaultId> called;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    auto id = static_cast<FaultId>(i);
    if (id != but && (faults[i].name == name || faults[i].injector == name)) {
      called.push_back(id);
    }
  }
  return called;
}

Trigger Trigger::of(Params keys) {
  Trigger trigger{When::start, std::move(keys)};
  std::vector<When> all = trigger.parts();
  trigger.when = !all.empty()                  ? all.back()
                 : trigger.params.has("after") ? When::after
                                               : When::start;
  return trigger;
}

std::vector<Trigger::When> Trigger::parts() const {
  std::vector<When> all;
  for (const auto& [key, part] : kParts) {
    if (part == when || params.has(std::string(key))) {
      all.push_back(part);
    }
  }
  return all;
}

bool Trigger::waits_for(When part) const {
  std::vector<When> all = parts();
  return std::find(all.begin(), all.end(), part) != all.end();
}

bool Trigger::of_service() const {
  return waits_for(When::ready) || waits_for(When::in_flight) ||
         waits_for(When::answered);
}

std::chrono::nanoseconds Trigger::delay() const {
  return params.get_or("after", std::chrono::nanoseconds(0));
}

std::string Trigger::text() const {
  if (when == When::start) {
    return "start";
  }
  std::vector<std::string> told;
  for (When part : parts()) {
    told.push_back(part_text(part, params));
  }
  if (delay().count() > 0 || told.empty()) {
    told.push_back("after " + format_duration(delay()));
  }
  return join(told, ", ");
}

}  // namespace faultrig

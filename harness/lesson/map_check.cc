#include "harness/lesson/map_check.h"

#include <chrono>
#include <system_error>
#include <utility>

#include "harness/campaign/aside.h"
#include "harness/campaign/pool.h"
#include "harness/campaign/shutdown_source.h"
#include "harness/lesson/lesson_plan.h"
#include "harness/os/find_program.h"
#include "harness/run/go_tool.h"

namespace faultrig {

namespace fs = std::filesystem;

namespace {

constexpr const char* kProgram = "a.server";
constexpr std::size_t kSteps = 12;
constexpr int kTries = 3;
constexpr int kWorkers = 2;
// As of `faultrig shutdown`: for a moment that may not come.
constexpr std::chrono::seconds kPatience{1};

class Silent : public Sink<StopOutcome> {
 public:
  void result(const StopOutcome&) override {}
};

Result<std::string> build(Session& session, const LessonMap& map,
                          const fs::path& folder) {
  const std::vector<std::string>& env = session.options().environment;
  TRY_ASSIGN(std::string go, find_program("go", env));
  return output_of_go(
      session, {{go, "build", "-o", kProgram, map.package}, env, folder, {}});
}

ShutdownAsk ask_for(const LessonMap& map, const fs::path& folder) {
  ShutdownAsk ask;
  ask.asked.command = {(folder / kProgram).string()};
  ask.asked.times = kTries;
  ask.cwd = folder;
  ask.url = map.url;
  ask.steps = kSteps;
  return ask;
}

}  // namespace

Result<MapCheck> check_map(const LessonMap& map, const fs::path& folder,
                           Session::Options options, const Fd& signals) {
  std::error_code failed;
  fs::path whole = fs::canonical(folder, failed);
  if (failed) {
    return system_error("find " + folder.string(), failed.value());
  }
  options.environment = lesson_environment(options.environment);
  options.patience = kPatience;
  TRY_ASSIGN(std::string built, do_aside(options, [&](Session& session) {
               return build(session, map, whole);
             }));
  Silent nobody;
  ShutdownSource source(ask_for(map, whole), nobody);
  Deed deed = shutdown_deed();
  Pool pool(source, kWorkers,
            [&](int socket) { return work(socket, options, deed); });
  TRY_ASSIGN(int signal, pool.run(signals));
  if (source.cannot()) {
    return *source.cannot();
  }
  ShutdownMap drawn = source.map(signal != 0);
  MapCheck out{{}, signal, pool.all_gone()};
  if (drawn.verdict != ShutdownMap::Verdict::clean) {
    out.findings.push_back(drawn.because);
  }
  return out;
}

}  // namespace faultrig

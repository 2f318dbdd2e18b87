#include "harness/run/run_observers.h"

namespace faultrig {

RunObservers::RunObservers(const Plan& plan, const GoroutineLooks::Tools& tools)
    : recorder_(tools.recorder),
      main_link_(plan.scenario.workload.main_link()),
      looks_(plan.scenario, tools),
      profiles_(plan.scenario.observe, tools.loop, tools.programs),
      spans_(plan, tools.loop, tools.recorder) {}

Result<> RunObservers::open(const std::filesystem::path& scratch) {
  profiles_.use_folder(scratch);
  return spans_.open();
}

void RunObservers::started(const RunProcess& process,
                           std::chrono::nanoseconds at) {
  if (process.link == main_link_) {
    profiles_.started(
        {process.link, process.witness, process.pid, process.program, at});
  }
  spans_.started(process.link, process.pid);
}

void RunObservers::ready(Link link) {
  profiles_.ready(link);
  looks_.started(link);
}

void RunObservers::ended(Link link, const Ended& told,
                         std::chrono::nanoseconds at) {
  profiles_.ended(told, at);
  spans_.ended(link, told);
}

void RunObservers::tell(Session& session) {
  profiles_.tell(session, recorder_);
  spans_.tell();
}

}  // namespace faultrig

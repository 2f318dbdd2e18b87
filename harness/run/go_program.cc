#include "harness/run/go_program.h"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/run/go_tool.h"

namespace faultrig {

Result<GoProgram> build_program(Session& session, const GoBuild& build,
                                const std::vector<std::string>& env,
                                std::chrono::nanoseconds within) {
  std::string& known =
      session.learnt()
          .words["program|" + build.dir.string() + "|" + build.package + "|" +
                 join(build.flags, "|") + "|" + join(env, "|")];
  if (!known.empty()) {
    return GoProgram{known, ""};
  }
  namespace fs = std::filesystem;
  TRY_ASSIGN(fs::path place, folder_to_build_in(session));
  // A folder as the target: go names the program as it would itself.
  ToolCommand command;
  TRY_ASSIGN(std::string go, find_program("go", env));
  command.argv = {go, "build", "-o", place.string() + "/"};
  command.argv.insert(command.argv.end(), build.flags.begin(),
                      build.flags.end());
  command.argv.push_back(build.package);
  command.env = env;
  command.cwd = build.dir;
  command.deadline = within;
  auto outcome = run_tool(session, command);
  if (!outcome && outcome.error().os_errno == ETIMEDOUT) {
    return GoProgram{"",
                     "go build had not ended after " + format_duration(within)};
  }
  if (!outcome) {
    return outcome.error();
  }
  if (!outcome->status.clean()) {
    return GoProgram{"", trouble_of_go(command, *outcome)};
  }
  std::error_code failed;
  fs::directory_iterator made(place, failed);
  if (failed || made == fs::directory_iterator()) {
    return GoProgram{"", "go build made no program: is " + build.package +
                             " a package main?"};
  }
  known = made->path().string();
  return GoProgram{known, ""};
}

}  // namespace faultrig

#include "harness/campaign/git.h"

#include <string_view>

#include "harness/base/text.h"
#include "harness/run/command.h"

namespace faultrig {

namespace fs = std::filesystem;

Git::Git(Session& session, std::string path)
    : session_(&session),
      path_(std::move(path)),
      environment_(session.options().environment) {}

Result<Git> Git::find(Session& session) {
  TRY_ASSIGN(std::string path,
             find_program("git", session.options().environment));
  return Git(session, path);
}

Result<std::string> Git::ask(std::vector<std::string> words,
                             const fs::path& folder) {
  words.insert(words.begin(), path_);
  TRY_ASSIGN(CommandOutcome outcome,
             run_tool(*session_, {words, environment_, folder, {}}));
  if (!outcome.status.clean()) {
    std::vector<std::string_view> said = lines_of(outcome.err);
    return usage_error("git " + words[1] + ": " +
                       for_one_line(said.empty() ? outcome.status.text()
                                                 : std::string(said[0])));
  }
  return outcome.out;
}

Result<std::string> Git::word(const std::vector<std::string>& words,
                              const fs::path& folder) {
  TRY_ASSIGN(std::string out, ask(words, folder));
  while (out.ends_with('\n')) {
    out.pop_back();
  }
  return out;
}

}  // namespace faultrig

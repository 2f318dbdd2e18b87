// A work tree of git's own (git-worktree(1)) would be noted in the repository,
// and left there by a faultrig that is killed. An index of ours, and files
// written from it, need no note.
#include "harness/campaign/checked_out.h"

#include "harness/base/text.h"
#include "harness/campaign/aside.h"
#include "harness/campaign/git.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

Result<std::string> commit_of(Git& git, const std::string& name) {
  auto commit = git.word({"rev-parse", "--verify", "--quiet",
                          "--end-of-options", name + "^{commit}"},
                         "");
  return commit ? commit
                : usage_error("git knows no revision " + for_one_line(name) +
                              ", and there is no file or folder so called");
}

// A line for where we are, then one for each commit.
Result<std::string> write_all(Session& session,
                              const std::vector<std::string>& revisions,
                              const fs::path& folder) {
  TRY_ASSIGN(Git git, Git::find(session));
  TRY_ASSIGN(std::string top, git.word({"rev-parse", "--show-toplevel"}, ""));
  TRY_ASSIGN(std::string out, git.word({"rev-parse", "--show-prefix"}, ""));
  git.set("GIT_INDEX_FILE=" + (folder / "index").string());
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    TRY_ASSIGN(std::string commit, commit_of(git, revisions[i]));
    fs::path tree = folder / std::to_string(i) / "";
    TRY(git.ask({"read-tree", commit}, top));
    TRY(git.ask({"checkout-index", "--all", "--prefix=" + tree.string()}, top));
    out += "\n" + commit;
  }
  return out;
}

}  // namespace

Result<CheckedOut> check_out(const std::vector<std::string>& revisions,
                             const fs::path& folder,
                             const Session::Options& options) {
  TRY_ASSIGN(std::string told, do_aside(options, [&](Session& session) {
               return write_all(session, revisions, folder);
             }));
  std::vector<std::string_view> lines = lines_of(told);
  if (lines.size() != revisions.size() + 1) {
    return internal_error("git told of other revisions than it was asked for");
  }
  CheckedOut out;
  out.below = lines[0];
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    out.commits.emplace_back(lines[i + 1]);
    out.tops.push_back(folder / std::to_string(i));
  }
  return out;
}

}  // namespace faultrig

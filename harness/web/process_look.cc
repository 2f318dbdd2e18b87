// /proc/PID/task/TID/children has what each thread started (proc(5)), which is
// few files where /proc has many; /proc/PID/cmdline has the words. Where the
// kernel has no such files, nothing is seen. The compiler of go is many short
// processes below go's own folder of tools.
#include "harness/web/process_look.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>
#include <system_error>
#include <utility>

#include "harness/base/fd.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

constexpr std::array<std::string_view, 6> kRoles{"shell", "go",   "compiler",
                                                 "exec",  "test", "other"};

constexpr std::array<std::pair<std::string_view, Role>, 15> kPrograms{{
    {"sh", Role::shell},
    {"bash", Role::shell},
    {"dash", Role::shell},
    {"go", Role::go},
    {"compile", Role::compiler},
    {"asm", Role::compiler},
    {"link", Role::compiler},
    {"vet", Role::compiler},
    {"cgo", Role::compiler},
    {"gcc", Role::compiler},
    {"cc1", Role::compiler},
    {"as", Role::compiler},
    {"collect2", Role::compiler},
    {"ld", Role::compiler},
    {"buildid", Role::compiler},
}};

std::string_view first_word(std::string_view& rest) {
  std::size_t end = std::min(rest.find(' '), rest.size());
  std::string_view word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

Role role_of(std::string_view program) {
  const auto* found =
      std::find_if(kPrograms.begin(), kPrograms.end(),
                   [&](const auto& row) { return row.first == program; });
  bool test = program.ends_with(".test");
  return found != kPrograms.end() ? found->second
         : test                   ? Role::test
                                  : Role::other;
}

// A tree is deeper only while somebody forks on purpose.
constexpr int kDeepest = 32;
constexpr std::size_t kMost = 64;

std::vector<int> children_of(int pid) {
  std::vector<int> out;
  std::string tasks = "/proc/" + std::to_string(pid) + "/task";
  std::error_code failed;
  for (std::filesystem::directory_iterator at(tasks, failed), end;
       !failed && at != end; at.increment(failed)) {
    auto text = read_file(AT_FDCWD, (at->path() / "children").string());
    std::istringstream pids(text.value_or(""));
    for (int child = 0; pids >> child;) {
      out.push_back(child);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

void add_below(int pid, bool below_go, int depth,
               std::vector<SeenProcess>& out) {
  for (int child : children_of(pid)) {
    if (out.size() >= kMost) {
      return;
    }
    auto seen = seen_in(child, command_of(child), below_go);
    if (seen) {
      out.push_back(*seen);
    }
    bool go = below_go || (seen && seen->role == Role::go);
    if (depth < kDeepest) {
      add_below(child, go, depth + 1, out);
    }
  }
}

}  // namespace

std::string_view role_name(Role role) {
  return kRoles.at(static_cast<std::size_t>(role));
}

std::optional<SeenProcess> seen_in(int pid, std::string_view command,
                                   bool below_go) {
  std::string_view rest = command;
  std::string_view path = first_word(rest);
  std::string_view program = path.substr(path.rfind('/') + 1);
  if (program.starts_with('[') && program.ends_with(']')) {  // on its way out
    program = program.substr(1, program.size() - 2);
  }
  if (program.empty()) {
    return std::nullopt;
  }
  std::string_view second = first_word(rest);
  if (program == "faultrig" || program == "faultrig-shim") {
    return second == "witness" ? std::optional(SeenProcess{
                                     pid, Role::exec, std::string(program)})
                               : std::nullopt;
  }
  Role role = role_of(program);
  bool unknown = role == Role::shell || role == Role::other;
  return SeenProcess{pid, below_go && unknown ? Role::exec : role,
                     std::string(program)};
}

std::vector<SeenProcess> look_below() {
  std::vector<SeenProcess> out;
  add_below(getpid(), false, 0, out);
  return out;
}

}  // namespace faultrig

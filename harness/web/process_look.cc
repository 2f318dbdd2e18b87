// /proc/*/stat has the parents, /proc/PID/cmdline the words (proc(5)). The
// compiler of go is many short processes below go's own folder of tools.
#include "harness/web/process_look.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

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

}  // namespace

std::string_view role_name(Role role) {
  return kRoles.at(static_cast<std::size_t>(role));
}

std::vector<SeenProcess> seen_in(int pid, std::string_view command) {
  std::string_view rest = command;
  std::string_view path = first_word(rest);
  std::string_view program = path.substr(path.rfind('/') + 1);
  if (program.starts_with('[') && program.ends_with(']')) {  // on its way out
    program = program.substr(1, program.size() - 2);
  }
  if (program.empty()) {
    return {};
  }
  std::string_view second = first_word(rest);
  if (program == "faultrig" || program == "faultrig-shim") {
    bool witness = second == "witness";
    return witness ? std::vector<SeenProcess>{{pid, Role::exec,
                                               std::string(program)}}
                   : std::vector<SeenProcess>{};
  }
  return {{pid, role_of(program), std::string(program)}};
}

std::vector<SeenProcess> look_below() {
  std::vector<SeenProcess> out;
  std::vector<int> pids = descendants_of(getpid());
  std::sort(pids.begin(), pids.end());
  for (int pid : pids) {
    for (SeenProcess& one : seen_in(pid, command_of(pid))) {
      out.push_back(std::move(one));
    }
  }
  return out;
}

}  // namespace faultrig

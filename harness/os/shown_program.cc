// posix_spawn(3) sets what fork and exec between them would: the folder
// (posix_spawn_file_actions_addchdir_np), no blocked signal, and SIGPIPE as a
// program expects it, which we ignore (signal(7)).
#include "harness/os/shown_program.h"

#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "harness/os/signals.h"

namespace faultrig {

namespace {

struct Spawning {
  Spawning() {
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawnattr_init(&attributes);
  }
  ~Spawning() {
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attributes);
  }
  Spawning(const Spawning&) = delete;
  Spawning& operator=(const Spawning&) = delete;

  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

void as_from_a_shell(Spawning& spawning) {
  sigset_t none;
  sigset_t ignored;
  sigemptyset(&none);
  sigemptyset(&ignored);
  sigaddset(&ignored, SIGPIPE);
  (void)posix_spawnattr_setsigmask(&spawning.attributes, &none);
  (void)posix_spawnattr_setsigdefault(&spawning.attributes, &ignored);
  (void)posix_spawnattr_setflags(
      &spawning.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

Result<pid_t> spawn(const std::vector<std::string>& argv,
                    const std::filesystem::path& folder) {
  Spawning spawning;
  as_from_a_shell(spawning);
  int failed =
      posix_spawn_file_actions_addchdir_np(&spawning.actions, folder.c_str());
  std::vector<std::string> words = argv;
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  pid_t pid = -1;
  failed = failed != 0
               ? failed
               : posix_spawnp(&pid, pointers[0], &spawning.actions,
                              &spawning.attributes, pointers.data(), environ);
  return failed == 0 ? Result<pid_t>(pid)
                     : system_error("start " + argv[0], failed);
}

}  // namespace

Result<ShownEnd> show_program(const std::vector<std::string>& argv,
                              const std::filesystem::path& folder) {
  TRY_ASSIGN(Fd signals, take_ending_signals());
  TRY_ASSIGN(pid_t pid, spawn(argv, folder));
  ShownEnd out;
  int raw = 0;
  while (waitpid(pid, &raw, WNOHANG) == 0) {
    pollfd wait{signals.get(), POLLIN, 0};
    (void)poll(&wait, 1, -1);
    while (auto signal = next_signal(signals)) {
      bool ends = *signal != SIGCHLD;
      out.signal = ends ? *signal : out.signal;
      if (*signal == SIGTERM || *signal == SIGHUP) {
        (void)kill(pid, *signal);
      }
    }
  }
  out.status = WaitStatus(raw);
  return out;
}

}  // namespace faultrig

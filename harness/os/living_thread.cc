// The first thread of a process may end before the others, by pthread_exit(3)
// or because another one calls execve(2): then it is a zombie whose descriptors
// and namespaces nobody can read (proc_pid_task(5)).
#include "harness/os/living_thread.h"

#include <dirent.h>
#include <fcntl.h>

#include <cstdlib>
#include <memory>

#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

bool lives(int tid) {
  auto stat = stat_of(tid);
  return stat && stat->state != 'Z' && stat->state != 'X';
}

// A thread of it that is no zombie, as a path; empty: none.
std::string found_thread(int pid) {
  std::string process = "/proc/" + std::to_string(pid);
  if (lives(pid)) {
    return process;
  }
  std::string tasks = process + "/task";
  std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(tasks.c_str()), closedir);
  while (folder != nullptr) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): a stream of our own
    const dirent* entry = readdir(folder.get());
    if (entry == nullptr) {
      break;
    }
    int tid =
        atoi(static_cast<const char*>(entry->d_name));  // NOLINT: 0 is none
    if (tid > 0 && lives(tid)) {
      return tasks + "/" + std::to_string(tid);
    }
  }
  return "";
}

}  // namespace

std::string living_thread(int pid) {
  std::string found = found_thread(pid);
  return found.empty() ? "/proc/" + std::to_string(pid) : found;
}

bool has_living_thread(int pid) { return !found_thread(pid).empty(); }

Result<Fd> network_of(int pid) {
  return open_file(AT_FDCWD, living_thread(pid) + "/ns/net", O_RDONLY);
}

}  // namespace faultrig

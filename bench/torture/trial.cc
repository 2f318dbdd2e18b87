#include "bench/torture/trial.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "harness/base/folder_paths.h"
#include "harness/base/text.h"
#include "harness/os/shim_processes.h"
#include "tests/kernel/patience.h"

namespace faultrig::torture {

namespace fs = std::filesystem;

namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
int bad = 0;

std::string slurp(const std::string& path) {
  return read_file(AT_FDCWD, path, 64 << 20).value_or("");
}

}  // namespace

double now() {
  return std::chrono::duration<double>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::string program_beside(const std::string& name) {
  return (fs::read_symlink("/proc/self/exe").parent_path() / name).string();
}

std::string faultrig_program() { return program_beside("faultrig"); }

void row(const std::string& what, const std::string& seen, bool good) {
  bad += good ? 0 : 1;
  std::printf("| %s | %s | %s |\n", what.c_str(), seen.c_str(),
              good ? "yes" : "**NO**");
  std::fflush(stdout);
}

void skipped(const std::string& what, const std::string& needs) {
  std::printf("| %s | skipped: needs %s | - |\n", what.c_str(), needs.c_str());
  std::fflush(stdout);
}

int bad_rows() { return bad; }

std::string Outcome::verdict_of(const std::string& scenario) const {
  for (std::string_view line : lines_of(said)) {
    std::size_t blank = line.find(' ');
    std::size_t name = line.find_first_not_of(' ', blank);
    if (blank == 0 || name == std::string_view::npos) {
      continue;
    }
    if (line.substr(name).starts_with(scenario + " ")) {
      return std::string(line.substr(0, blank));
    }
  }
  return "";
}

bool Outcome::says(const std::string& text) const {
  // Reports break lines between words.
  std::string flat;
  for (char byte : said) {
    bool blank = byte == ' ' || byte == '\n';
    if (!blank || (!flat.empty() && flat.back() != ' ')) {
      flat += blank ? ' ' : byte;
    }
  }
  return flat.find(text) != std::string::npos;
}

std::string Outcome::text() const { return hung ? "hung" : end.text(); }

Yard::Yard()
    : folder_(make_scratch(owner_name() + ".torture").value()),
      mark_("TORTURE_MARK=" + folder_.path().string()),
      places_(find_cgroup_places()) {
  fs::permissions(folder_.path(), fs::perms(0755));
}

Yard::~Yard() {
  for (int pid : alive()) {
    kill(pid, SIGKILL);
  }
}

std::string Yard::scenario(const std::string& name, const std::string& yaml) {
  fs::path path = folder_.path() / (name + ".yaml");
  fs::create_directories(path.parent_path());
  std::ofstream(path) << yaml;
  return path.string();
}

std::string Yard::folder(const std::string& name) {
  fs::path path = folder_.path() / name;
  fs::create_directories(path);
  fs::permissions(path, fs::perms(0777));
  return path.string();
}

pid_t Yard::start(const Start& start) {
  std::vector<std::string> words = start.wrapper;
  words.push_back(faultrig_program());
  words.insert(words.end(), start.args.begin(), start.args.end());
  std::vector<char*> argv;
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  std::vector<char*> env{mark_.data()};
  for (char** entry = environ; *entry != nullptr; ++entry) {
    env.push_back(*entry);
  }
  env.push_back(nullptr);
  std::string output =
      (folder_.path() / ("said-" + std::to_string(++started_))).string();
  Fd file(
      open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  pid_t pid = fork();
  if (pid == 0) {
    if (start.own_group) {
      setpgid(0, 0);
    }
    dup2(start.out < 0 ? file.get() : start.out, STDOUT_FILENO);
    dup2(file.get(), STDERR_FILENO);
    execvpe(argv[0], argv.data(), env.data());
    _exit(127);
  }
  outputs_[pid] = output;
  return pid;
}

Outcome Yard::end_of(pid_t pid, double seconds) {
  Outcome out;
  double begin = now();
  Fd pidfd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!wait_ended(pidfd.get(), static_cast<int>(seconds * 1000) * slowness())) {
    out.hung = true;
    kill(pid, SIGKILL);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  out.end = WaitStatus(status);
  out.seconds = now() - begin;
  out.said = slurp(outputs_[pid]);
  unlink(outputs_[pid].c_str());
  outputs_.erase(pid);
  return out;
}

Outcome Yard::run(const Start& start, double seconds) {
  return end_of(this->start(start), seconds);
}

std::set<int> Yard::alive() const {
  std::set<int> out;
  for (fs::directory_iterator at("/proc"), end; at != end; ++at) {
    int pid = std::atoi(at->path().filename().c_str());
    if (pid <= 0 || pid == getpid()) {
      continue;
    }
    std::string environment = slurp(at->path().string() + "/environ");
    if (environment.find(mark_) == std::string::npos) {
      continue;
    }
    auto stat = stat_of(pid);
    if (stat && stat->state != 'Z' && stat->state != 'X') {
      out.insert(pid);
    }
  }
  return out;
}

double Yard::until_nobody(double seconds) const {
  double begin = now();
  while (!alive().empty()) {
    if (now() - begin > seconds * slowness()) {
      return -1;
    }
    usleep(2000);
  }
  return now() - begin;
}

std::vector<std::string> Yard::litter() const {
  std::vector<std::string> out;
  std::vector<std::string> folders = places_.folders();
  folders.insert(folders.end(), {"/dev/shm", "/tmp"});
  for (const std::string& place : folders) {
    std::error_code failed;
    for (fs::directory_iterator at(place, failed), end; !failed && at != end;
         at.increment(failed)) {
      if (is_stale(at->path().filename().string())) {
        out.push_back(at->path().string());
      }
    }
  }
  for (const fs::path& device :
       paths_in("/sys/block").value_or(std::vector<fs::path>())) {
    // `/memfd:NAME (deleted)`
    std::string file = slurp((device / "loop/backing_file").string());
    std::string name = file.substr(std::min(file.find(':') + 1, file.size()));
    if (is_stale(name.substr(0, name.find(' ')))) {
      out.push_back(device.string());
    }
  }
  return out;
}

std::size_t Yard::mounts() {
  std::string mountinfo = slurp("/proc/self/mountinfo");
  return lines_of(mountinfo).size();
}

}  // namespace faultrig::torture

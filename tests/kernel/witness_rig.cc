#include "tests/kernel/witness_rig.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>

#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "harness/os/cgroup.h"
#include "tests/source_dir.h"

namespace faultrig {

namespace fs = std::filesystem;

namespace {

constexpr int kPatience = 60'000;

// False at the end.
bool read_some(const Fd& pipe, std::string& into) {
  char buffer[65536];
  ssize_t got = read(pipe.get(), buffer, sizeof buffer);
  into.append(buffer, static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return got > 0;
}

}  // namespace

Program::Program(const std::vector<std::string>& argv, const fs::path& cwd,
                 const std::function<void()>& before)
    : out_(make_pipe(false).value()), err_(make_pipe(false).value()) {
  std::vector<char*> words;
  for (const std::string& word : argv) {
    words.push_back(const_cast<char*>(word.c_str()));
  }
  words.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    // Tests that run scenarios in this process block some.
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    dup2(out_.write.get(), STDOUT_FILENO);
    dup2(err_.write.get(), STDERR_FILENO);
    if (chdir(cwd.c_str()) != 0) {
      _exit(99);
    }
    if (before) {
      before();
    }
    execvp(words[0], words.data());
    _exit(98);
  }
  out_.write.reset();
  err_.write.reset();
}

std::string Program::await(const std::string& text) {
  while (seen_.find(text) == std::string::npos) {
    pollfd wait{out_.read.get(), POLLIN, 0};
    if (poll(&wait, 1, kPatience) != 1 || !read_some(out_.read, seen_)) {
      ADD_FAILURE() << "no '" << text << "' in '" << seen_ << "'";
      break;
    }
  }
  return seen_;
}

Outcome Program::end() {
  Outcome outcome;
  bool out_open = true;
  bool err_open = true;
  while (out_open || err_open) {
    pollfd waits[2] = {{out_open ? out_.read.get() : -1, POLLIN, 0},
                       {err_open ? err_.read.get() : -1, POLLIN, 0}};
    if (poll(waits, 2, kPatience) <= 0) {
      ADD_FAILURE() << "still printing: " << seen_;
      kill(pid_, SIGKILL);
      break;
    }
    out_open = waits[0].revents == 0 ? out_open : read_some(out_.read, seen_);
    err_open =
        waits[1].revents == 0 ? err_open : read_some(err_.read, outcome.err);
  }
  int status = 0;
  waitpid(pid_, &status, 0);
  outcome.status = WaitStatus(status);
  outcome.out = std::move(seen_);
  return outcome;
}

WitnessRig::WitnessRig() {
  static std::atomic<int> made = 0;
  folder_ =
      make_scratch(owner_name() + ".witness" + std::to_string(made++)).value();
}

std::vector<std::string> WitnessRig::witness(
    const std::vector<std::string>& program,
    const std::vector<std::string>& options) const {
  std::vector<std::string> argv{faultrig_program(), "witness", "--out",
                                out().string()};
  argv.insert(argv.end(), options.begin(), options.end());
  argv.emplace_back("--");
  argv.insert(argv.end(), program.begin(), program.end());
  return argv;
}

Outcome WitnessRig::run(const std::vector<std::string>& program,
                        const std::vector<std::string>& options) const {
  return Program(witness(program, options), folder()).end();
}

std::vector<std::string> WitnessRig::go_test(
    const std::vector<std::string>& flags,
    const std::vector<std::string>& options) const {
  std::vector<std::string> argv{"go", "test", "-exec",
                                shell_line(witness({}, options))};
  argv.insert(argv.end(), flags.begin(), flags.end());
  return argv;
}

Evidence WitnessRig::record(const std::string& name) const {
  auto kept = read_evidence(out() / name);
  EXPECT_TRUE(kept) << (kept ? "" : kept.error().what);
  return Evidence(kept ? std::move(kept->parts) : Evidence::Parts{});
}

std::string faultrig_program() {
  return (fs::read_symlink("/proc/self/exe").parent_path() / "faultrig")
      .string();
}

fs::path fixtures_folder() { return fs::path(source_dir()) / "go_fixtures"; }

std::string go_test_of(const std::string& package, const std::string& test,
                       const std::string& more) {
  return "workload:\n  go_test: {dir: " + fixtures_folder().string() +
         ", packages: ./" + package + ", run: ^" + test + "$" + more + "}\n";
}

Observation first_of(const Evidence& evidence, Fact fact) {
  auto index = evidence.first(fact);
  EXPECT_TRUE(index) << "no " << fact_name(fact);
  return index ? evidence.trace()[*index] : Observation{};
}

std::vector<std::string> witness_groups() {
  CgroupPlaces places = find_cgroup_places();
  std::vector<std::string> groups;
  for (const std::string& place : places.folders()) {
    std::error_code failed;
    for (fs::directory_iterator at(place, failed), end; !failed && at != end;
         at.increment(failed)) {
      if (at->path().filename().string().starts_with("faultrig-")) {
        groups.push_back(at->path().string());
      }
    }
  }
  return groups;
}

}  // namespace faultrig

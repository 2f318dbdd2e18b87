// What is measured on the whole program, as people start it.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <thread>

#include "bench/bench.h"
#include "harness/os/scratch.h"
#include "harness/run/command.h"
#include "tests/source_dir.h"

namespace faultrig::bench {

namespace {

constexpr int kExactRuns = 1000;
constexpr int kThroughputRuns = 400;

std::string fixtures() { return source_dir() + "/go_fixtures"; }

std::string scenario_file(const TempDir& folder, const std::string& yaml) {
  std::string path = (folder.path() / "bench.yaml").string();
  std::ofstream(path) << yaml;
  return path;
}

TempDir folder() { return make_scratch(owner_name() + ".bench").value(); }

std::string test_binary(const TempDir& place, const std::string& package) {
  std::string path = (place.path() / "x.test").string();
  spawn({"sh", "-c",
         "cd " + fixtures() + " && go test -c -o " + path + " ./" + package},
        false);
  return path;
}

// The largest resident set of argv and all that it waited for, KiB.
long peak_kib(const std::vector<std::string>& argv) {
  std::vector<char*> words;
  for (const std::string& word : argv) {
    words.push_back(const_cast<char*>(word.c_str()));
  }
  words.push_back(nullptr);
  pid_t pid = vfork();
  if (pid == 0) {
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(null, 1);
    execv(words[0], words.data());
    _exit(127);
  }
  rusage used{};
  int status = 0;
  wait4(pid, &status, 0, &used);
  return used.ru_maxrss;
}

std::size_t count_of(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != std::string::npos;
       at = text.find(word, at + 1)) {
    ++count;
  }
  return count;
}

}  // namespace

void exactness() {
  TempDir place = folder();
  std::string file = scenario_file(
      place, "workload:\n  go_test: {dir: " + fixtures() +
                 ", packages: ./calls_parallel, mode: binary}\nfaults:\n"
                 "  - syscall: {call: openat, path: '*/crowd', error: EIO, "
                 "nth: 7}\nexpect:\n"
                 "  - took_effect: {fault: syscall, times: 1}\n"
                 "  - output: {contains: '1 '}\n");
  std::string told = spawn({beside_us("faultrig"), "run", file, "--repeat",
                            std::to_string(kExactRuns), "-j", "2"},
                           true);
  std::size_t passed = count_of("\n" + told, "\nok ");
  row("nth: 7 over four threads fires exactly once, of 1000",
      std::to_string(passed), "1000");
}

void flood() {
  TempDir place = folder();
  std::string binary = test_binary(place, "prints_much");
  std::string file =
      scenario_file(place, "workload:\n  command: [" + binary +
                               "]\n  env: {FIXTURE_MIB: '1024'}\n"
                               "expect:\n  - command: {exited: 0}\n");
  std::string piped = "FIXTURE_MIB=1024 " + binary + " | cat >/dev/null";
  std::vector<double> ratios;
  long peak = 0;
  for (int i = 0; i < 5; ++i) {
    double base = time_of([&] { spawn({"sh", "-c", piped}, false); });
    ratios.push_back(
        time_of([&] {
          peak = std::max(peak, peak_kib({beside_us("faultrig"), "run", file}));
        }) /
        base);
  }
  row("1 GiB printed: wall over `| cat >/dev/null`", ratio_text(median(ratios)),
      "x1");
  row("1 GiB printed: peak of any process of ours",
      std::to_string(peak / 1024) + " MiB", "< 64 MiB");
}

void throughput() {
  TempDir place = folder();
  std::string binary = test_binary(place, "passes");
  std::string file =
      scenario_file(place, "workload:\n  go_test: {dir: " + fixtures() +
                               ", packages: ./passes, mode: binary}\n"
                               "expect:\n  - test: {exited: 0}\n");
  for (int jobs : {1, 2}) {
    std::vector<double> ratios;
    for (int round = 0; round < 5; ++round) {
      double bare = time_of([&] {
        std::vector<std::thread> workers;
        for (int j = 0; j < jobs; ++j) {
          workers.emplace_back([&] {
            for (int i = 0; i < kThroughputRuns / jobs; ++i) {
              spawn({binary}, false);
            }
          });
        }
        for (std::thread& worker : workers) {
          worker.join();
        }
      });
      auto ours = [&](int runs) {
        return time_of([&] {
          spawn({beside_us("faultrig"), "run", file, "-j", std::to_string(jobs),
                 "--repeat", std::to_string(runs)},
                false);
        });
      };
      // Start and compilation are in both, and cancel.
      double many = ours(kThroughputRuns + 10) - ours(10);
      ratios.push_back(bare / many);
    }
    row("runs a second, -j " + std::to_string(jobs) + ", over bare spawning",
        ratio_text(median(ratios)), ">= x0.95");
  }
}

}  // namespace faultrig::bench

// The whole catalogue, many times, while other programs want the processors:
// every scenario has the same verdict each time.
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "bench/torture/trial.h"
#include "harness/base/text.h"
#include "tests/source_dir.h"

namespace faultrig::torture {

namespace {

using Verdicts = std::map<std::string, std::string>;

// One process for each processor, which does nothing but want it.
class Load {
 public:
  explicit Load(long count) {
    pid_t parent = getpid();
    for (long i = 0; i < count; ++i) {
      pid_t pid = fork();
      if (pid == 0) {
        // Looks up now and then, so as not to outlive who started it.
        for (unsigned turns = 1; turns % 4096 != 0 || getppid() == parent;
             ++turns) {
        }
        _exit(0);
      }
      pids_.push_back(pid);
    }
  }
  ~Load() {
    for (pid_t pid : pids_) {
      kill(pid, SIGKILL);
      waitpid(pid, nullptr, 0);
    }
  }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

 private:
  std::vector<pid_t> pids_;
};

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_usec) / 1e6;
}

// What our ended descendants used, in seconds of a processor.
double used_by_us() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

// What the machine's processors were busy for, by proc_stat(5): all but idle
// and iowait.
double used_by_all() {
  std::ifstream stat("/proc/stat");
  std::string word;
  stat >> word;
  double busy = 0;
  double ticks = 0;
  for (int field = 0; field < 8 && stat >> ticks; ++field) {
    busy += field == 3 || field == 4 ? 0 : ticks;
  }
  return busy / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// `ok    memory/killed_by_oom  412 ms`: what is indented is why.
Verdicts verdicts_in(const std::string& said) {
  Verdicts out;
  for (std::string_view line : lines_of(said)) {
    std::string word(line.substr(0, line.find(' ')));
    std::size_t name = line.find_first_not_of(' ', word.size());
    bool verdict = word == "ok" || word == "FAIL" || word == "ERROR" ||
                   word == "VOID" || word == "skip";
    if (verdict && name != std::string_view::npos) {
      std::size_t end = line.find(' ', name);
      out[std::string(line.substr(name, end - name))] = word;
    }
  }
  return out;
}

// How many verdicts are not the one that their scenario had most often.
int differing(const std::vector<Verdicts>& runs) {
  std::map<std::string, std::map<std::string, int>> counts;
  for (const Verdicts& run : runs) {
    for (const auto& [name, verdict] : run) {
      ++counts[name][verdict];
    }
  }
  int differ = 0;
  for (const auto& [name, verdicts] : counts) {
    int most = 0;
    for (const auto& [verdict, count] : verdicts) {
      most = std::max(most, count);
      if (verdicts.size() > 1) {
        std::fprintf(stderr, "%s: %s %d times\n", name.c_str(), verdict.c_str(),
                     count);
      }
    }
    differ += static_cast<int>(runs.size()) - most;
  }
  return differ;
}

}  // namespace

// FAULTRIG_TORTURE_LOAD=0: something else keeps the processors busy. The row
// says how much that was, whatever it came from.
void alike(bool brief) {
  const char* wish = std::getenv("FAULTRIG_TORTURE_LOAD");  // NOLINT: alone
  bool own = wish == nullptr || std::strcmp(wish, "0") != 0;
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  Yard yard;
  std::string scenarios = source_dir() + "/scenarios";
  scenarios += brief ? "/fds" : "";
  int wanted = brief ? 3 : 50;
  Load load(own ? processors : 0);
  double all = used_by_all();
  double us = used_by_us();
  double begin = now();
  std::vector<Verdicts> runs;
  for (int i = 0; i < wanted; ++i) {
    Outcome outcome = yard.run({{"run", "-j", "2", scenarios}}, 1800);
    runs.push_back(verdicts_in(outcome.said));
    std::fprintf(stderr, "%d: %s in %.0f s\n", i + 1, outcome.text().c_str(),
                 outcome.seconds);
    if (outcome.text() != "exited 0") {
      std::fprintf(stderr, "%s\n", outcome.said.c_str());
    }
  }
  int differ = differing(runs);
  double share = ((used_by_all() - all) - (used_by_us() - us)) /
                 (now() - begin) / static_cast<double>(processors);
  char text[200];
  std::snprintf(text, sizeof text,
                "%zu scenarios; %d verdicts differ; others had %.0f %% of %ld "
                "CPUs",
                runs[0].size(), differ, share * 100, processors);
  row("the catalogue " + std::to_string(wanted) +
          " times, -j 2, on a busy machine",
      text, differ == 0 && !runs[0].empty() && yard.litter().empty());
}

}  // namespace faultrig::torture

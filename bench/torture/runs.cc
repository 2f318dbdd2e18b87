// Very many short runs in a row: what faultrig holds does not grow with them.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <sstream>

#include "bench/torture/trial.h"
#include "harness/base/fd.h"
#include "harness/base/text.h"
#include "harness/os/shim_processes.h"

namespace faultrig::torture {

namespace {

namespace fs = std::filesystem;

// What the processes of one faultrig hold, and what stands outside for them.
struct Held {
  long descriptors = 0;
  long kib = 0;      // resident
  long outside = 0;  // cgroups and temp folders, with all below them
};

long count_below(const fs::path& place, const std::string& owner) {
  long count = 0;
  std::error_code failed;
  for (fs::directory_iterator at(place, failed), end; !failed && at != end;
       at.increment(failed)) {
    std::string name = at->path().filename().string();
    if (name.starts_with("faultrig-") && name.find(owner) != name.npos) {
      for (fs::recursive_directory_iterator in(at->path(), failed), stop;
           !failed && in != stop; in.increment(failed)) {
        count += in->is_directory(failed) ? 1 : 0;
      }
      ++count;
    }
  }
  return count;
}

long resident_kib(int pid) {
  auto status = read_file(AT_FDCWD, "/proc/" + std::to_string(pid) + "/status");
  std::size_t at = status ? status->find("VmRSS:") : std::string::npos;
  return at == std::string::npos ? 0 : std::atol(status->c_str() + at + 6);
}

Held held_by(pid_t faultrig, const CgroupPlaces& places) {
  Held held;
  std::vector<int> ours = descendants_of(faultrig);
  ours.push_back(faultrig);
  for (int pid : ours) {
    if (!command_of(pid).starts_with(faultrig_program())) {
      continue;
    }
    std::error_code failed;
    fs::directory_iterator files("/proc/" + std::to_string(pid) + "/fd",
                                 failed);
    held.descriptors += failed ? 0 : std::distance(files, {});
    held.kib += resident_kib(pid);
    std::string owner = "-" + std::to_string(pid) + "-";
    for (const std::string& place :
         {places.memory, places.kill, std::string("/dev/shm"),
          std::string("/tmp")}) {
      held.outside += place.empty() ? 0 : count_below(place, owner);
    }
  }
  return held;
}

// Verdicts `ok` in a text report.
long passes_in(const std::string& path) {
  std::string text = read_file(AT_FDCWD, path, 64 << 20).value_or("");
  long passes = 0;
  for (std::string_view line : lines_of(text)) {
    passes += line.starts_with("ok ") ? 1 : 0;
  }
  return passes;
}

constexpr Held kMost{1 << 20, 1 << 30, 1 << 20};

Held least(const Held& a, const Held& b) {
  return {std::min(a.descriptors, b.descriptors), std::min(a.kib, b.kib),
          std::min(a.outside, b.outside)};
}

std::string shown(const Held& held) {
  return std::to_string(held.descriptors) + " descriptors, " +
         std::to_string(held.kib / 1024) + " MiB, " +
         std::to_string(held.outside) + " cgroups and folders";
}

}  // namespace

void runs(bool brief) {
  Yard yard;
  CgroupPlaces places = find_cgroup_places();
  long wanted = brief ? 500 : 20'000;
  std::string file = yard.scenario("short",
                                   "workload: {command: [/bin/true]}\nexpect:\n"
                                   "  - command: {exited: 0}\n");
  std::string list = yard.folder("said") + "/list";
  pid_t pid = yard.start({{"run", file, "--repeat", std::to_string(wanted),
                           "-j", "2", "--report", "text"},
                          {"sh", "-c", "exec \"$@\" >" + list, "sh"}});
  // Pools and buffers have their size after a fifth, and both workers are
  // there, also where a machine is slow to start one. A run in flight holds
  // some descriptors: the least of many looks is what stays.
  Held early = kMost;
  Held late = kMost;
  double begin = now();
  for (long done = 0; done < wanted * 19 / 20; done = passes_in(list)) {
    Held held = held_by(pid, places);
    if (done >= wanted / 5 && done < wanted / 2) {
      early = least(early, held);
    } else if (done >= wanted / 2) {
      late = least(late, held);
    }
    if (now() - begin > 600) {
      break;
    }
    usleep(brief ? 10'000 : 100'000);
  }
  Outcome outcome = yard.end_of(pid, 60);
  long passed = passes_in(list);
  bool clean = yard.until_nobody(1) >= 0 && yard.litter().empty();
  bool flat = late.descriptors <= early.descriptors + (brief ? 12 : 4) &&
              late.outside <= early.outside + 4;
  // faultrig keeps each judgement for the report: that is what may grow.
  long grown = (late.kib - early.kib) * 1024 / (wanted * 4 / 10);
  row(std::to_string(wanted) + " short runs in a row",
      std::to_string(passed) + " passed; least held in the first half " +
          shown(early) + "; in the second " + shown(late) + "; " +
          std::to_string(grown) + " bytes a run; afterwards " +
          (clean ? "nothing" : "something") + " is left",
      outcome.text() == "exited 0" && passed == wanted && flat && clean &&
          grown < 8192);
}

}  // namespace faultrig::torture

// Workloads that work against their supervision. Each row has the verdicts that
// tell the truth of it.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "bench/torture/trial.h"
#include "harness/base/text.h"
#include "tests/kernel/patience.h"

namespace faultrig::torture {

namespace {

namespace fs = std::filesystem;

struct Deed {
  std::string what;
  std::string words;
  std::string rest;          // of the scenario, below `workload`
  std::string wrapper = "";  // shell, before exec
  std::string verdict = "ok";
  std::string says = "";
  double within = 15;  // seconds
};

// 200 processes that want one processor leave little of it for faultrig. In a
// guest, where all is slower, a timer of 4 s was heard after 40 s, and what the
// failed forks had left to a kernel that never rested was once all its memory:
// 50 are enough there.
constexpr double kBombed = 60;
int bombed() { return slowness() > 1 ? 50 : 200; }

const char* const kExited3 = "expect:\n  - command: {exited: 3}\n";

// As an ordinary user, with at most so many processes.
std::string as_user(int uid, int processes) {
  std::string id = std::to_string(uid);
  return "ulimit -p " + std::to_string(processes) + "; exec setpriv --reuid " +
         id + " --regid " + id + " --clear-groups \"$@\"";
}

std::vector<Deed> deeds(bool brief) {
  std::string soon = "  deadline: 1s\n";
  std::string bomb =
      "a fork bomb of " + std::to_string(bombed()) + " processes, ";
  std::string bombs = soon +
                      "expect:\n  - command: {killed_by: SIGQUIT}\n"
                      "  - leftovers: {at_least: " +
                      std::to_string(bombed() / 4) + "}\n";
  std::string capped = "faults:\n  - memory: {max: 64MiB}\ngolden: false\n";
  return {
      {bomb + "cgroups at hand", "bomb", bombs,
       "ulimit -p " + std::to_string(bombed()) +
           "; exec setpriv --reuid 64993 --inh-caps=-all --bounding-set -all "
           "\"$@\"",
       "ok", "", kBombed},
      {bomb + "ordinary user", "bomb", bombs, as_user(64994, bombed()), "ok",
       "", kBombed},
      {"double fork and setsid, every descriptor closed", "daemonize",
       "expect:\n  - leftovers: 1\n"},
      {"stops itself, is continued by its child", "stop, '0'", kExited3},
      {"stops its parent, the shim", "stop, '1'", kExited3},
      {"stops the parent of that, the worker", "stop, '2'", kExited3},
      {"stops faultrig itself", "stop, '3'", kExited3},
      {"kills its parent and leaves a daemon", "kill_parent", kExited3, "",
       "ERROR", "the shim is gone"},
      {"traces a child of its own", "trace",
       "expect:\n  - command: {exited: 7}\n"},
      {"takes the shim's socket and writes to it, root", "steal", kExited3, "",
       "ERROR", "malformed"},
      {"the same, ordinary user: takes nothing", "steal",
       kExited3 + std::string("  - output: {contains: 'took 0 descriptors'}\n"),
       as_user(64995, 200)},
      {"closes every descriptor", "close_all", kExited3},
      {"sets all its limits to 0", "limits", kExited3},
      {"moves to the root cgroup, a memory fault", "leave", capped + kExited3,
       "", "ERROR", "has left the memory cgroup"},
      {"moves to the root cgroup, leaves a daemon", "leave, daemon",
       kExited3 + std::string("  - leftovers: 1\n")},
      {brief ? "prints 256 MiB" : "prints 10 GiB",
       brief ? "flood, '256'" : "flood, '10240'",
       "  deadline: 300s\n" + std::string(kExited3), "", "ok", "", 400},
  };
}

void try_deed(Yard& yard, const Deed& deed) {
  bool needs_root = !deed.wrapper.empty() || deed.words.starts_with("leave") ||
                    deed.words == "steal";
  if (needs_root && geteuid() != 0) {
    skipped(deed.what, "root");
    return;
  }
  std::string yaml = "workload:\n  command: [" +
                     program_beside("torture_deeds") + ", " + deed.words +
                     "]\n";
  bool own_deadline = deed.rest.starts_with("  deadline");
  yaml += (own_deadline ? "" : "  deadline: 8s\n") + deed.rest;
  std::string file = yard.scenario("deed", yaml);
  Start start{{"run", file}};
  if (!deed.wrapper.empty()) {
    start.wrapper = {"sh", "-c", deed.wrapper + "; exec \"$@\"", "sh"};
  }
  Outcome outcome = yard.run(start, deed.within);
  double gone = yard.until_nobody(1);
  std::string verdict = outcome.hung ? "hung" : outcome.verdict_of("deed");
  // Processes that fork, or a guest that stands still when we are stopped, may
  // keep faultrig from running, which it tells.
  bool may_starve = deed.words == "bomb" || slowness() > 1;
  bool starved = may_starve && verdict == "ERROR" &&
                 outcome.says("faultrig itself stood still");
  bool told = verdict == deed.verdict && outcome.says(deed.says);
  bool good = (told || starved) && gone >= 0 && yard.litter().empty();
  verdict += starved ? ": faultrig did not get to run" : "";
  row(deed.what,
      verdict + (gone < 0 ? "; " + std::to_string(yard.alive().size()) +
                                " processes live on"
                          : ""),
      good);
  if (!good) {
    std::fprintf(stderr, "%s:\n%s\n", deed.what.c_str(), outcome.said.c_str());
  }
}

// A copy of the deeds that runs as root whoever starts it.
void setuid_program(Yard& yard) {
  std::string what = "execs a setuid program, ordinary user";
  fs::path copy = fs::path(yard.folder("suid")) / "deeds";
  fs::copy_file(program_beside("torture_deeds"), copy);
  std::string after = "; exec \"$@\"";
  std::string user = as_user(64996, 200);
  if (geteuid() != 0 || chmod(copy.c_str(), 04755) != 0) {
    skipped(what, "root, to make one");
    return;
  }
  struct Case {
    const char* what;
    std::string script;
    const char* says;
  };
  std::string said = copy.string() + ".said";
  std::string lives =
      copy.string() + " become " + std::to_string(4000 * slowness());
  for (const Case& one :
       {Case{", as its only process", "exec " + lives,
             "did not end when it was killed"},
        Case{", and lets it live on",
             "setsid " + lives + " >" + said + " & until [ -s " + said +
                 " ]; do sleep 0.02; done",
             "cannot be killed and lives on"}}) {
    std::string file =
        yard.scenario("deed", "workload:\n  command: [sh, -c, '" + one.script +
                                  "']\n  deadline: 500ms\nexpect:\n"
                                  "  - command: {exited: 0}\n");
    Outcome outcome =
        yard.run({{"run", file}, {"sh", "-c", user + after, "sh"}});
    bool good = outcome.verdict_of("deed") == "ERROR" && outcome.says(one.says);
    row(what + one.what, outcome.verdict_of("deed"), good);
    if (!good) {
      std::fprintf(stderr, "%s\n", outcome.said.c_str());
    }
    yard.until_nobody(10);
  }
}

// Only a chain has a door: a test starts the deed.
void door(Yard& yard) {
  std::string what = "connects to the door of the witnesses";
  std::string file = yard.scenario(
      "deed", "workload:\n  go_test: {dir: " + yard.folder("module") +
                  "}\n  deadline: 60s\nexpect:\n  - test: {exited: 0}\n");
  yard.scenario("module/x", "");
  auto write = [&](const std::string& name, const std::string& text) {
    auto out = open_file(AT_FDCWD, yard.folder("module") + "/" + name,
                         O_WRONLY | O_CREAT, 0644);
    (void)!::write(out->get(), text.data(), text.size());
  };
  write("go.mod", "module torture.example\n\ngo 1.19\n");
  write("x_test.go",
        "package torture\n\nimport (\n\t\"os\"\n\t\"syscall\"\n\t\"testing\"\n"
        ")\n\nfunc TestKnock(t *testing.T) {\n\tp := \"" +
            program_beside("torture_deeds") +
            "\"\n\tt.Log(syscall.Exec(p, []string{p, \"knock\"}, os.Environ()))"
            "\n}\n");
  Outcome outcome = yard.run({{"run", file}}, 90);
  bool good = outcome.verdict_of("deed") == "ERROR" &&
              outcome.says("is no witness, and spoke to faultrig");
  row(what, outcome.verdict_of("deed"), good);
  if (!good) {
    std::fprintf(stderr, "%s\n", outcome.said.c_str());
  }
}

}  // namespace

void hostile(bool brief) {
  Yard yard;
  for (const Deed& deed : deeds(brief)) {
    try_deed(yard, deed);
  }
  setuid_program(yard);
  door(yard);
}

}  // namespace faultrig::torture

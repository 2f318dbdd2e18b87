// What anybody may ask of a Go module that nobody has told us about: is a
// killed test red in the end, is a disk that is full noticed, does a server
// stop when it is told to. Each is tried before it is kept, so a guess that is
// wrong costs a run, and stands in no file.
#include "harness/campaign/first_scenarios.h"

#include <algorithm>
#include <cctype>
#include <set>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/base/yaml_word.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostTested = 3;
constexpr std::size_t kMostMains = 3;

constexpr const char* kStage = R"(
## The stage

Both programs of faultrig must be on PATH. `faultrig run scenarios` is all of
it; what follows shows where a failure is read.

GitHub, in a file of `.github/workflows`:

```yaml
on: [push]
jobs:
  chaos:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-go@v5
        with: {go-version-file: go.mod}
      - run: faultrig run scenarios --report github --report junit:report.xml
```

GitLab, in `.gitlab-ci.yml`:

```yaml
chaos:
  script: faultrig run scenarios --report gitlab --report junit:report.xml
  artifacts:
    when: always
    reports: {junit: report.xml}
```
)";

// `./cmd/web` is cmd_web; `.` is module.
std::string stem_of(const std::string& path) {
  std::string out;
  for (char letter : path.substr(path.starts_with("./") ? 2 : 0)) {
    bool plain = std::isalnum(static_cast<unsigned char>(letter)) != 0;
    out += plain ? letter : '_';
  }
  return path == "." ? "module" : out;
}

std::string file_of(const std::string& about, const std::string& rest) {
  return "# Written and tried by faultrig init; yours to change.\nabout: >-\n "
         " " +
         about + "\n\n" + rest;
}

std::string go_test(const ModulePackage& package,
                    const std::vector<std::string>& exec) {
  std::vector<std::string> words;
  words.reserve(exec.size());
  for (const std::string& word : exec) {
    words.push_back(yaml_word(word));
  }
  return fmt::format(
      "workload:\n  go_test:\n    dir: ..\n    packages: [{}]\n{}",
      yaml_word(package.path),
      exec.empty() ? ""
                   : "    # As the Makefile has it.\n    exec: [" +
                         join(words, ", ") + "]\n");
}

Draft killed(const ModulePackage& package,
             const std::vector<std::string>& exec) {
  std::string about =
      "A test that the kernel kills, as it does when memory runs out, is red.";
  return {stem_of(package.path) +
              (exec.empty() ? "_is_killed" : "_is_killed_with_exec"),
          about,
          file_of(about,
                  go_test(package, exec) +
                      "\nfaults:\n  - signal: {send: SIGKILL}\n\nexpect:\n"
                      "  - test: {killed_by: SIGKILL}\n"
                      "  # All that go test tells of it, whatever the cause.\n"
                      "  - go: {exited: 1}\n"),
          "killed"};
}

Draft disk_full(const ModulePackage& package) {
  std::string about = "A disk that is full is noticed by the tests of " +
                      for_one_line(package.path) + ".";
  return {stem_of(package.path) + "_disk_is_full", about,
          file_of(about,
                  go_test(package, {}) +
                      "\nfaults:\n"
                      "  # Every write to a file; pipes and sockets work.\n"
                      "  - syscall: {call: write, fd: file, error: ENOSPC}\n\n"
                      "expect:\n  - test: {exited: 1}\n"),
          "full " + package.path};
}

Draft stops(const ModulePackage& package, bool asked) {
  std::string about =
      asked ? "Told to stop while it is asked, " + for_one_line(package.path) +
                  " answers what it has read and exits 0."
            : "Told to stop, " + for_one_line(package.path) + " exits 0.";
  std::string load = asked ? "  load:\n    - http: {get: /}\n" : "";
  std::string when = asked ? "{answered: 10}" : "{ready: true}";
  return {
      stem_of(package.path) + (asked ? "_stops_while_asked" : "_stops"), about,
      file_of(
          about,
          fmt::format("workload:\n  service:\n    go_build: {{dir: .., "
                      "package: {}}}\n{}\nfaults:\n"
                      "  - signal: {{send: SIGTERM, when: {}}}\n\n"
                      "expect:\n  # It handles the signal, answers what it has "
                      "read, exits 0.\n  - service: {{graceful: zero}}\n",
                      yaml_word(package.path), load, when)),
      "stops " + package.path};
}

void add_tests(const UserModule& module, std::vector<Draft>& out) {
  std::vector<Draft> full;
  std::size_t count = 0;
  for (const ModulePackage& package : module.packages) {
    if (!package.tested || count++ >= kMostTested) {
      continue;
    }
    if (!module.exec.empty()) {
      out.push_back(killed(package, module.exec));
    }
    full.push_back(disk_full(package));
  }
  count = 0;
  for (const ModulePackage& package : module.packages) {
    if (package.tested && count++ < kMostTested) {
      out.push_back(killed(package, {}));
    }
  }
  out.insert(out.end(), full.begin(), full.end());
}

}  // namespace

std::vector<Draft> drafts_for(const UserModule& module) {
  std::vector<Draft> out;
  add_tests(module, out);
  std::size_t count = 0;
  for (const ModulePackage& package : module.packages) {
    if (package.main && package.networks && count++ < kMostMains) {
      out.push_back(stops(package, true));
      out.push_back(stops(package, false));
    }
  }
  std::set<std::string> names;
  std::erase_if(out, [&](const Draft& draft) {
    return !names.insert(draft.name).second;
  });
  return out;
}

std::vector<std::size_t> worth_keeping(const std::vector<Draft>& drafts,
                                       const std::vector<Judgement>& came) {
  std::vector<std::size_t> out;
  std::set<std::string> answered;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    auto judgement = std::find_if(
        came.begin(), came.end(),
        [&](const Judgement& one) { return one.scenario == drafts[i].name; });
    bool tells =
        judgement != came.end() && (judgement->verdict == Verdict::pass ||
                                    judgement->verdict == Verdict::fail);
    if (tells && answered.insert(drafts[i].asks).second) {
      out.push_back(i);
    }
  }
  return out;
}

std::string page_of(const std::vector<Draft>& kept) {
  std::string out =
      "# Scenarios\n\nWritten by `faultrig init`, which has tried each; they "
      "are yours now.\n\n    faultrig run scenarios\n\n";
  for (const Draft& draft : kept) {
    out += fmt::format("- `{}`: {}\n", draft.name, draft.about);
  }
  return out + kStage;
}

}  // namespace faultrig

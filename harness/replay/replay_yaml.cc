#include "harness/replay/replay_yaml.h"

#include <vector>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/base/yaml_word.h"
#include "harness/replay/failure_text.h"

namespace faultrig {

namespace {

std::string word(const std::string& text) {
  return yaml_word(valid_utf8(text));
}

std::string list(const std::vector<std::string>& words) {
  return valid_utf8(yaml_list(words));
}

std::string workload_yaml(const ReplayWorkload& workload) {
  std::string out = "workload:\n";
  if (!workload.command.empty()) {
    return out + "  command: " + list(workload.command) +
           "\n  cwd: " + word(workload.dir) + "\n";
  }
  out += "  go_test:\n    dir: " + word(workload.dir) +
         "\n    packages: " + list(workload.packages) + "\n";
  out += workload.run.empty() ? "" : "    run: " + word(workload.run) + "\n";
  return out + (workload.flags.empty()
                    ? ""
                    : "    flags: " + list(workload.flags) + "\n");
}

std::string end_yaml(const ReplayFailure& failure) {
  if (!failure.killed_by.empty()) {
    return "{killed_by: " + failure.killed_by + "}";
  }
  return failure.exited.empty() ? "{exited: {not: 0}}"
                                : "{exited: " + failure.exited + "}";
}

std::string words_yaml(const ReplayFailure& failure) {
  if (failure.error_line.empty()) {
    return "";
  }
  if (!failure.panics) {
    return "- output: {matches: " + word(pattern_of(failure.error_line)) +
           "}\n";
  }
  std::string text =
      failure.error_line.substr(failure.error_line.find(": ") + 2);
  return "- panic: {matches: " + word(pattern_of(text)) +
         (failure.top.empty() ? "" : ", in: " + word(failure.top)) + "}\n";
}

}  // namespace

std::string replay_yaml(const Replayed& replayed,
                        const ReplayCandidate& candidate) {
  std::string out;
  for (const ReplayLine& line : candidate.rests_on) {
    std::string file = line.file.empty() ? replayed.file : line.file;
    out += fmt::format("# {}:{}: {}\n", for_one_line(file), line.line,
                       for_one_line(line.text));
  }
  bool command = !replayed.workload.command.empty();
  return out + "about: " +
         word(for_one_line(candidate.what + ", as in " + replayed.file)) +
         "\ntags: [replay]\n" + workload_yaml(replayed.workload) +
         "faults:\n- " + valid_utf8(candidate.fault) + "\nexpect:\n- " +
         (command ? "command: " : "test: ") + end_yaml(replayed.failure) +
         "\n" + words_yaml(replayed.failure);
}

}  // namespace faultrig

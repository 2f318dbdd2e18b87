// A line has no sender. Its form often shows one: what is listed here are the
// words of programs that stand around go, as their sources print them.
#include "harness/explain/speaker.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include <re2/re2.h>
#include <re2/set.h>

namespace faultrig {

namespace {

using Form = std::pair<Speaker, const char*>;

constexpr std::array kForms{
    Form{Speaker::witness, "^faultrig: \\S+ "},
    Form{Speaker::ci, "^(Error: )?Process completed with exit code"},
    Form{Speaker::ci, "^(Error: )?The runner has received a shutdown signal"},
    Form{Speaker::ci, "^(Error: )?The operation was canceled"},
    Form{Speaker::ci, "^(Error: )?The (hosted|self-hosted) runner"},
    Form{Speaker::ci, "^Received request to deprovision"},
    Form{Speaker::ci,
         "^(Error: )?The job (running on|has exceeded|was canceled)"},
    Form{Speaker::ci, "^(Error: )?The action .* has timed out"},
    Form{Speaker::ci, "^Canceling since"},
    Form{Speaker::ci,
         "^(ERROR|WARNING): (Job failed|step_script|script canceled|job "
         "canceled|Received signal)"},
    Form{Speaker::ci, "Too long with no output"},
    Form{Speaker::ci, "No output has been received in the last"},
    Form{Speaker::ci, "exceeded the maximum (time limit|log length)"},
    Form{Speaker::ci, "Your build has been (stopped|terminated)"},
    Form{Speaker::ci,
         "^(Build timed out|Build was aborted|Aborted by |Cancelling nested "
         "steps)"},
    Form{Speaker::ci, "^Sending interrupt signal to process"},
    Form{Speaker::ci, "^script returned exit code"},
    Form{Speaker::ci, "Timeout (has been exceeded|set to expire in)"},
    Form{Speaker::ci, "^# Received cancellation signal"},
    Form{Speaker::ci,
         "^(\\W+ )?(Error: )?(The command )?[Ee]xited with (status|code)"},
    Form{Speaker::ci, "The command .* exited with "},
    Form{Speaker::ci, "Error: The command exited with status"},
    Form{Speaker::ci, "Entrypoint received interrupt"},
    Form{Speaker::ci,
         "Process (did not finish before|gracefully exited before)"},
    Form{Speaker::ci, "wrapper script does not seem to be touching"},
    Form{Speaker::ci, "^Build step .* marked build as"},
    Form{Speaker::ci, "agent (was|is) (stopped|lost)"},
    Form{Speaker::ci, "Agent lost|[Ll]ost communication with"},
    Form{Speaker::ci, "^Cannot contact \\S+: "},
    Form{Speaker::ci, "Error waiting for container"},
    Form{Speaker::ci, "^Received .(killed|aborted|terminated).* signal"},
    Form{Speaker::ci, "^(Exited with code|Task .* failed with exit code)"},
    Form{Speaker::ci, "^ERROR: context deadline exceeded"},
    Form{Speaker::ci, "^(TIMEOUT|ERROR): build step"},
    Form{Speaker::ci, "^(TIMEOUT|CANCELLED|ERROR: context canceled)$"},
    Form{Speaker::ci, "^\\[Container\\] \\d{4}/\\d\\d/\\d\\d "},
    // AWS CodeBuild, API reference: BuildPhase, in JSON and in the console.
    Form{Speaker::ci, "\"(build|phase)Status\": ?\"(TIMED_OUT|STOPPED)\""},
    Form{Speaker::ci, "^BUILD_TIMED_OUT: "},
    Form{Speaker::ci, "ran longer than the maximum time of"},
    Form{Speaker::ci, "We stopped hearing from agent"},
    Form{Speaker::ci, "OOMKilled"},
    Form{Speaker::ci, "The node was low on resource"},
    Form{Speaker::ci, "^(\\S+: )?exit code 1(37|43)$"},
    Form{Speaker::ci, "^Container \\S+ exceeded memory limit"},
    Form{Speaker::ci, "^(Bash|PowerShell|Script) exited with code '"},
    Form{Speaker::ci, "^The log length has exceeded the limit"},
    Form{Speaker::ci, "^(Task|Pipeline)Run \\S+ was cancelled"},
    Form{Speaker::ci, "^The build #.* has been running for more than"},
    Form{Speaker::ci, "^Process exited with code \\d+ \\(Step: "},
    Form{Speaker::ci, "^Job was active longer than specified deadline"},
    Form{Speaker::ci, "^(The build e|E)xceeded (the maximum|build) time limit"},
    Form{Speaker::ci, "(Task|Pipeline)Run \\S+ failed to finish within"},
    Form{Speaker::ci, "^Build execution time has reached the maximum"},
    Form{Speaker::ci, "^(Timed out!|timeout exceeded)$"},
    Form{Speaker::ci, "^Finished: ABORTED$"},
    Form{Speaker::ci, "Build (was )?(canceled|cancelled|timed out)"},
    Form{Speaker::engine, "^(docker|podman|nerdctl|buildah): "},
    Form{Speaker::engine, "^Error response from daemon"},
    Form{Speaker::engine, "^command terminated with exit code \\d"},
    Form{Speaker::engine, "^(ERROR: )?failed to solve"},
    Form{Speaker::engine, "^(#\\d+ )?(ERROR: )?process .* did not complete"},
    Form{Speaker::engine, "^The command '/bin/sh"},
    Form{Speaker::engine, "^OCI runtime "},
    Form{Speaker::engine, "^Unable to find image"},
    Form{Speaker::engine, "^\\S+ exited with code \\d"},
    Form{Speaker::engine,
         "^Error: (initializing source|creating container|unable to)"},
    Form{Speaker::engine, "^toomanyrequests"},
    Form{Speaker::shell,
         "^\\S+: (line )?\\d+: .*(Killed|Terminated|Segmentation "
         "fault|Aborted|Hangup)"},
    Form{Speaker::shell,
         "^(Killed|Terminated|Segmentation fault|Aborted|Bus "
         "error|Hangup|Quit)( \\(core dumped\\))?$"},
    Form{Speaker::shell, "^(\\S*/)?(ba|z|k|da|a)?sh: "},
    Form{Speaker::make, "^(\\S*/)?(g|mingw32-)?make(\\[\\d+\\])?: "},
    Form{Speaker::make, "^(task: Failed|error: Recipe `|ninja: )"},
    Form{Speaker::kernel, "oom-kill:constraint="},
    Form{Speaker::kernel, "[Oo]ut of memory: Kill"},
    Form{Speaker::kernel, "invoked oom-killer"},
    Form{Speaker::kernel, "oom_reaper: reaped"},
    Form{Speaker::runner, "^-- Test timed out at"},
    Form{Speaker::runner, "^(TIMEOUT|FAILED): //"},
    Form{Speaker::runner, "^//\\S+ +(FAILED|TIMEOUT|NO STATUS|PASSED)"},
    Form{Speaker::runner, "^Test Suite (Failed|Passed)"},
    Form{Speaker::runner, "^Ginkgo ran \\d+ suite"},
    Form{Speaker::runner, "^Ran \\d+ of \\d+ Specs"},
    Form{Speaker::runner, "^FAIL! -- "},
    Form{Speaker::runner, "^Summarizing \\d+ Failure"},
    Form{Speaker::runner, "^DONE \\d+ tests"},
    Form{Speaker::runner, "^ +\\[(FAIL|PANICKED!?)\\]"},
};

const RE2::Set& forms() {
  static const std::unique_ptr<RE2::Set> set = [] {
    RE2::Options options;
    options.set_log_errors(false);
    auto out = std::make_unique<RE2::Set>(options, RE2::UNANCHORED);
    for (const auto& [speaker, form] : kForms) {
      out->Add(form, nullptr);
    }
    out->Compile();
    return out;
  }();
  return *set;
}

}  // namespace

std::string_view speaker_name(Speaker speaker) {
  static constexpr std::array<std::string_view, 11> kNames{
      "unknown", "go",   "tool",   "process", "ci",     "engine",
      "shell",   "make", "kernel", "runner",  "witness"};
  return kNames.at(static_cast<std::size_t>(speaker));
}

Speaker speaker_by_form(std::string_view line) {
  // What t.Log puts before a line: whatever it says, the test does.
  constexpr std::size_t kLongestName = 100;
  if (line.starts_with("    ") && line.find("_test.go:") < kLongestName) {
    return Speaker::unknown;
  }
  std::vector<int> found;
  if (!forms().Match(re2::StringPiece(line.data(), line.size()), &found) ||
      found.empty()) {
    return Speaker::unknown;
  }
  int first = *std::min_element(found.begin(), found.end());
  return kForms.at(static_cast<std::size_t>(first)).first;
}

bool is_closing_word(std::string_view line) {
  static const RE2 kClosing(
      R"(exit status (\d{1,3}|-?\d+|0x[0-9a-f]+)|signal: [a-zA-Z0-9/ ()]+|)"
      R"(\*\*\* Test (killed|I/O incomplete).*|)"
      R"(exec: (".*": .*|WaitDelay expired before I/O complete)|)"
      R"((fork/exec|open|chdir) \S+: .*)");
  return RE2::FullMatch(re2::StringPiece(line.data(), line.size()), kClosing);
}

}  // namespace faultrig

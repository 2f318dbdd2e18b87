#include "harness/run/interpreter_proof.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/model/go_words.h"

namespace faultrig {

namespace {

bool is_proved(FaultId fault, const std::vector<Observation>& trace) {
  return std::any_of(trace.begin(), trace.end(), [fault](const auto& seen) {
    return seen.fact == Fact::fault_activated && seen.fault == fault;
  });
}

// The kernel's answer to execve(2) of it, as go, and for the atlas as a shell,
// tells of it.
std::vector<std::string> refusals(const std::string& kind) {
  if (kind == "missing" || kind == "bad_shebang") {
    return {"no such file or directory", "not found"};
  }
  if (kind == "not_executable" || kind == "directory" || kind == "denied") {
    return {"permission denied", "Permission denied"};
  }
  if (kind == "wrong_format") {
    return {"exec format error", "Exec format error"};
  }
  return {"text file busy", "Text file busy"};
}

// `fork/exec PATH: permission denied`, alone on its line or in an event; a
// shell puts its own name before it. go names the path in other lines too (-n,
// -x).
bool tells_of_refusal(std::string_view line, const Plan& plan,
                      const std::string& path) {
  bool of_go =
      plan.wrapper == Wrapper::go_test || plan.wrapper == Wrapper::go_run;
  for (const std::string& refusal : refusals(plan.launch.interpreter->kind)) {
    std::string told = join({path, refusal}, ": ");
    std::string by_go = join({"fork/exec", told}, " ");
    std::string in_event = join({"\"Output\":\"", by_go, "\\n\""}, "");
    if (line == by_go || (!of_go && line.ends_with(": " + told)) ||
        (asks_json(plan) && line.find(in_event) != line.npos)) {
      return true;
    }
  }
  return false;
}

}  // namespace

// A broken -exec program that never ran: go tells why, and names its path,
// which belongs to this run alone.
void prove_interpreter(const Plan& plan, const std::filesystem::path& scratch,
                       Evidence::Parts& parts) {
  const auto& broken = plan.launch.interpreter;
  if (!broken || is_proved(broken->fault, parts.trace)) {
    return;
  }
  std::string path = (scratch / "broken-interpreter").string();
  for (const std::string* text : {&parts.err, &parts.out}) {
    for (std::string_view line : lines_of(*text)) {
      if (!tells_of_refusal(line, plan, path)) {
        continue;
      }
      Observation proof;
      proof.at = parts.trace.back().at;
      proof.source = Source::go;
      proof.fact = Fact::fault_activated;
      proof.fault = broken->fault;
      proof.text = "go said: " + valid_utf8(line.substr(0, 500));
      parts.trace.push_back(proof);
      return;
    }
  }
}

}  // namespace faultrig

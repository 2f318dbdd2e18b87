#include "harness/cli/printing.h"

#include <cstdio>

#include "harness/base/text.h"

namespace faultrig {

bool print(const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
         std::fflush(stdout) == 0;
}

bool print_text(const std::string& text) {
  std::string out = text;
  for (const char* command : {"##[", "##vso["}) {
    for (std::size_t at = out.find(command); at != std::string::npos;
         at = out.find(command, at)) {
      out.insert(at + 1, " ");
    }
  }
  return print(out);
}

void write_stderr(const std::string& text) {
  (void)std::fwrite(text.data(), 1, text.size(), stderr);
  (void)std::fflush(stderr);
}

void complain(const std::string& text) { write_stderr(for_terminal(text)); }

int tell(const Error& error) {
  complain("faultrig: " + error.what + "\n");
  return error.kind == ErrorKind::usage ? kUsage : kTrouble;
}

int tell_interrupted(int signal, bool all_gone) {
  complain(all_gone ? "faultrig: interrupted; cleaned up\n"
                    : "faultrig: interrupted; some of what was started cannot "
                      "be killed and lives on\n");
  return 128 + signal;
}

}  // namespace faultrig

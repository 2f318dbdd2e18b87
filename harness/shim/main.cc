// The shim: `serve` as the child of a worker, `witness` as the -exec program of
// `go test`, `announce` from a broken -exec program.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/shim/server.h"
#include "harness/shim/witness.h"

namespace {

int usage() {
  (void)std::fputs(
      "usage: faultrig-shim serve          (socket on stdin)\n"
      "       faultrig-shim witness SOCKET PROGRAM [ARGS...]\n"
      "       faultrig-shim announce SOCKET FAULT\n"
      "started by faultrig, not by people\n",
      stderr);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  faultrig::hold_standard_numbers();
  std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() == 1 && words[0] == "serve") {
    return faultrig::serve(STDIN_FILENO);
  }
  if (words.size() >= 3 && words[0] == "witness") {
    return faultrig::witness(words[1], {words.begin() + 2, words.end()});
  }
  if (words.size() == 3 && words[0] == "announce") {
    return faultrig::announce(words[1], std::atoi(words[2].c_str()));
  }
  return usage();
}

// Two faults of one link at once, each with its own proof: a disk of its own
// beside what stops the same calls, and beside a network of its own.
#include <string>

#include <gtest/gtest.h>

#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

// Writes four lines of two bytes each, and then more than fits.
std::string writes(const std::string& more_faults, const std::string& expect) {
  return "workload:\n  command:\n    - bash\n    - -c\n"
         "    - 'for i in 1 2 3 4; do echo $i || echo refused $i >&2; done "
         ">$TMPDIR/lines; head -c 100000 /dev/zero >$TMPDIR/much; date +%Y; "
         "true'\n"
         "faults:\n  - disk: {path: $TMPDIR, size: 16KiB}\n" +
         more_faults + "expect:\n  - took_effect: disk\n" + expect;
}

TEST(TwoFaults, ADiskIsFullWhileAnErrorIsInjected) {
  expect_pass(
      writes("  - syscall: {call: write, error: EIO, nth: 2, fd: stdio, path: "
             "'*/lines'}\n",
             "  - took_effect: {fault: syscall, times: 1}\n"
             "  - output: {contains: refused 2}\n"
             "  - output: {contains: No space left on device}\n"));
}

TEST(TwoFaults, ADiskIsFullWhileCallsAreLate) {
  expect_pass(
      writes("  - syscall: {call: write, delay: 1ms, fd: stdio, path: "
             "'*/much'}\n",
             "  - took_effect: syscall\n"
             "  - output: {contains: No space left on device}\n"));
}

// What there is no room for is refused, and told of the disk, not cut by us.
TEST(TwoFaults, ADiskIsFullWhileWritesAreShort) {
  expect_pass(writes(
      "  - syscall: {call: write, short: 4096, fd: stdio, path: '*/much'}\n",
      "  - took_effect: syscall\n"
      "  - output: {contains: No space left on device}\n"));
}

TEST(TwoFaults, ADiskIsFullWhileTheClockIsWrong) {
  expect_pass(writes("  - clock: {jump: 87600h}\n",
                     "  - took_effect: clock\n"
                     "  - output: {contains: No space left on device}\n"));
}

TEST(TwoFaults, ADiskIsFullWhereTheNetworkIsGone) {
  std::string yaml = writes("  - network: {none: true}\n",
                            "  - took_effect: network\n"
                            "  - output: {contains: unreachable}\n");
  yaml.replace(yaml.find("date +%Y"), 8, "(exec 3<>/dev/tcp/192.0.2.1/9) 2>&1");
  expect_pass(yaml);
}

TEST(TwoFaults, ADiskIsFullWhileADependencyHangs) {
  std::string yaml =
      writes("  - dependency: {to: '127.0.0.1:18471', does: hang}\n",
             "  - took_effect: dependency\n"
             "  - output: {contains: silence}\n");
  yaml.replace(yaml.find("date +%Y"), 8,
               "(exec 3<>/dev/tcp/127.0.0.1/18471 && echo a >&3 && ! read -t "
               "0.1 <&3 && echo silence)");
  expect_pass(yaml);
}

// A fault of the disk that nobody meets is not proved by its neighbour.
TEST(TwoFaults, EachIsProvedByItself) {
  std::string yaml = writes(
      "  - syscall: {call: write, error: EIO, nth: 2, fd: stdio, "
      "path: '*/lines'}\n",
      "  - took_effect: syscall\n");
  yaml.replace(yaml.find("16KiB"), 5, "16MiB");
  expect_inconclusive(yaml, "'disk' was installed but never");
}

}  // namespace
}  // namespace faultrig

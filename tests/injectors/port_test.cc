// A port that somebody else has.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/injectors/rig.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

std::string listens(const std::string& test, const std::string& fault,
                    const std::string& expect) {
  return "workload:\n  go_test: {dir: " + source_dir() +
         "/go_fixtures, packages: ./listens_at, run: ^" + test +
         "$, mode: binary}\nfaults:\n  - port: " + fault + "\nexpect:\n" +
         expect;
}

TEST(Port, IsTakenWhereAProgramBindsIt) {
  expect_pass(listens("TestListens", "{taken: 18467}",
                      "  - tests: {TestListens: fail}\n"
                      "  - output: {contains: address already in use}\n"
                      "  - took_effect: {fault: port, times: 1}\n"));
}

TEST(Port, IsFreeAgainBehindItsRelease) {
  expect_pass(listens("TestTriesAgain", "{taken: 18467, until: {effects: 2}}",
                      "  - test: {exited: 0}\n"
                      "  - took_effect: {fault: port, times: 2}\n"
                      "  - recovered: {after: port, output: ^listens$}\n"));
}

TEST(Port, ThatNobodyBindsProvesNothing) {
  const std::string yaml =
      listens("TestListens", "{taken: 8467}", "  - test: {exited: 0}\n");
  expect_verdict(yaml, Verdict::inconclusive);
}

// Others at other ports and addresses: the number alone counts, whole.
TEST(Port, OfAnyAddressIsMeantAndNoOtherPort) {
  const std::string binds =
      "workload:\n  command:\n    - perl\n    - -MSocket\n    - -e\n    - |\n"
      "      for (['127.0.0.1', 8467], ['0.0.0.0', 8467], ['127.0.0.1', 18467],"
      " ['127.0.0.1', 84]) {\n"
      "        socket(my $s, PF_INET, SOCK_STREAM, 0);\n"
      "        setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1);\n"
      "        print bind($s, pack_sockaddr_in($$_[1], inet_aton($$_[0]))) ? "
      "'bound ' : $! + 0 . ' ';\n"
      "      }\n";
  expect_pass(binds +
              "faults:\n  - port: 8467\nexpect:\n"
              "  - output: {contains: 98 98 bound}\n"
              "  - took_effect: {fault: port, times: 2}\n");
}

TEST(Port, OfNoNumberIsRefused) {
  const std::string command = "workload: {command: ['true']}\nfaults:\n";
  const std::string expect = "expect:\n  - command: {exited: 0}\n";
  EXPECT_THAT(Rig::complaints(command + "  - port: {taken: 70000}\n" + expect),
              HasSubstr("there is no port above 65535"));
  EXPECT_THAT(Rig::complaints(command + "  - port: {taken: 0}\n" + expect),
              HasSubstr("3:19: "));
  EXPECT_THAT(Rig::complaints(command + "  - port: {taken: http}\n" + expect),
              HasSubstr("3:19: "));
}

}  // namespace
}  // namespace faultrig

// Of all filters the kernel takes the most restrictive answer: ERRNO, TRAP and
// KILL of a program's own go before our question (seccomp(2)). Dispatch to user
// space (PR_SET_SYSCALL_USER_DISPATCH in prctl(2)) and a tracer's
// PTRACE_SYSEMU (ptrace(2)) come before all filters; a tracer that sets
// registers can take a call away, or give it another result. What counts calls
// must know that it does not hear of all.
//
// The surprise: libseccomp and others ask with no program at all, to learn from
// EFAULT which flags there are.
#include "harness/os/own_answers.h"

#include <linux/prctl.h>
#include <linux/seccomp.h>
#include <sys/ptrace.h>

#include <algorithm>
#include <array>

namespace faultrig {

namespace {

constexpr std::uint64_t kInt = 0xffffffff;  // the kernel looks at no more
constexpr std::uint64_t kLong = ~std::uint64_t{0};
// Newer than the headers of Debian 12.
constexpr std::uint64_t kSetDispatch = 0x4210;  // PTRACE_SET_SYSCALL_USER_...
constexpr std::uint64_t kSetCall = 0x4212;      // PTRACE_SET_SYSCALL_INFO

constexpr const char* kFilter = "asked for a seccomp filter of its own";
constexpr const char* kEmulates = "answers the calls of a process it traces";
constexpr const char* kRegisters =
    "sets registers of a process it traces, which may answer its calls";

constexpr std::array<OwnAnswer, 11> kAll{
    {{"seccomp", {0, kInt, SECCOMP_SET_MODE_STRICT}, kFilter},
     {"seccomp", {0, kInt, SECCOMP_SET_MODE_FILTER}, kFilter},
     {"prctl", {0, kInt, PR_SET_SECCOMP}, kFilter},
     {"prctl",
      {0, kInt, PR_SET_SYSCALL_USER_DISPATCH},
      "asked for the dispatch of its calls to itself"},
     {"ptrace", {0, kLong, PTRACE_SYSEMU}, kEmulates},
     {"ptrace", {0, kLong, PTRACE_SYSEMU_SINGLESTEP}, kEmulates},
     {"ptrace", {0, kLong, kSetDispatch}, kEmulates},
     {"ptrace", {0, kLong, kSetCall}, kEmulates},
     {"ptrace", {0, kLong, PTRACE_POKEUSER}, kRegisters},
     {"ptrace", {0, kLong, PTRACE_SETREGS}, kRegisters},
     {"ptrace", {0, kLong, PTRACE_SETREGSET}, kRegisters}}};

bool sets_filter(const std::string& call, const std::uint64_t* args) {
  return call == "seccomp" &&
         (args[0] & kInt) == std::uint64_t{SECCOMP_SET_MODE_FILTER};
}

// It fails, or takes back what was asked for before.
bool asks_for_nothing(const std::string& call, const std::uint64_t* args) {
  if (call == "seccomp") {
    return sets_filter(call, args) && args[2] == 0;
  }
  if (call != "prctl") {
    return false;
  }
  bool filters = (args[0] & kInt) == std::uint64_t{PR_SET_SECCOMP};
  return filters ? args[1] == SECCOMP_MODE_FILTER && args[2] == 0
                 : args[1] == PR_SYS_DISPATCH_OFF;
}

}  // namespace

std::span<const OwnAnswer> own_answers() { return kAll; }

std::string own_answer_of(const std::string& call, const std::uint64_t* args) {
  auto found = std::find_if(kAll.begin(), kAll.end(), [&](const auto& one) {
    return call == one.call &&
           (args[one.test.argument] & one.test.mask) == one.test.value;
  });
  bool none = found == kAll.end() || asks_for_nothing(call, args) ||
              asks_for_listener(call, args);
  return none ? "" : found->what;
}

bool asks_for_listener(const std::string& call, const std::uint64_t* args) {
  return sets_filter(call, args) &&
         (args[1] & SECCOMP_FILTER_FLAG_NEW_LISTENER) != 0;
}

}  // namespace faultrig

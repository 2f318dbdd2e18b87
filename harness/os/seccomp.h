#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/os/shim_wire.h"

namespace faultrig {

// What the kernel is to do with one system call.
struct FilterRule {
  std::string call;
  // Fails with this errno in the kernel; none: the listener is asked.
  std::optional<int> kernel_error;
  // Only calls whose argument number `fd_argument` is (not) 0, 1 or 2.
  int fd_argument = -1;
  enum class Stdio { either, only, never } stdio = Stdio::either;
  // Only calls whose arguments, all 64 bits of them, are (not) these. Several
  // rules of one call may have such tests; one without them asks for all of it.
  struct Test {
    unsigned argument = 0;
    enum class Is { equal, other } is = Is::equal;
    std::uint64_t value = 0;
  };
  std::vector<Test> tests = {};
};

// One rule for each of these calls: the listener is asked about all of it.
std::vector<FilterRule> rules_for(const std::vector<std::string>& calls);

// Compiles rules to a filter for InstallFilter (libseccomp; the shim loads it
// with seccomp(2)). At most one rule a call, or several with tests. A listener
// is also asked about what would get round the rules, io_uring and calls of
// other architectures (is_foreign()), whatever descriptors a rule names, and
// about calls that install what answers others (own_answers.h); once it is gone
// the kernel answers ENOSYS. Without `listener`, for rules that the kernel
// answers alone, all that is let run: nobody would hear of it. Unsupported if
// libseccomp or the kernel lacks what a rule needs, or the call has no number
// here.
Result<InstallFilter> compile_filter(const std::vector<FilterRule>& rules,
                                     bool listener = true);

// The name of a call number of an architecture (AUDIT_ARCH_*), or `syscall
// 999`.
std::string call_name(std::uint32_t architecture, int number);

// Its number here; nothing if this machine has no such call.
std::optional<int> call_number(const std::string& name);

// What gets round a filter: io_uring's calls, for what is done through a ring
// no filter sees; and calls of other architectures (i386, x32), which have
// other numbers.
bool is_ring_call(const std::string& name);
bool is_foreign(std::uint32_t architecture, int number);

// Does this kernel have filters, for us?
Result<> try_filters();

// Does this kernel have user notification, for us (a listener can be opened)?
// Tried for real, in a child process; nothing stays.
Result<> try_notification();

}  // namespace faultrig

// libseccomp compiles, the shim loads: libseccomp 2.5.4 cannot ask for
// SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, without which every signal that a Go
// runtime sends itself restarts the call and counts it twice.
#include "harness/os/seccomp.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include <seccomp.h>

#include "harness/base/fd.h"
#include "harness/base/text.h"
#include "harness/base/wait_status.h"
#include "harness/os/own_answers.h"
#include "harness/os/shim_launch.h"

namespace faultrig {

namespace {

// BPF_MAXINSNS of 8 bytes each.
constexpr std::size_t kLongestFilter = std::size_t{4096} * 8;

struct Release {
  void operator()(void* context) const { seccomp_release(context); }
};
using Context = std::unique_ptr<void, Release>;

Result<Context> new_context(bool listener) {
  Context context(seccomp_init(SCMP_ACT_ALLOW));
  if (!context) {
    return internal_error("make a seccomp context");
  }
  // The shim decides on no_new_privs, by what it may do without.
  seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_NNP, 0);
  seccomp_attr_set(context.get(), SCMP_FLTATR_ACT_BADARCH,
                   listener ? SCMP_ACT_NOTIFY : SCMP_ACT_ALLOW);
  return context;
}

// x32 has the architecture of x86_64, and this bit in the call's number
// (__X32_SYSCALL_BIT in asm/unistd.h).
constexpr int kX32 = 0x40000000;

// A ring does what calls do, and no filter sees it; it need not be of one's own
// making, so that its setup is not the only gate (io_uring(7)).
constexpr std::array<const char*, 3> kRings{"io_uring_setup", "io_uring_enter",
                                            "io_uring_register"};

std::vector<scmp_arg_cmp> comparisons(const FilterRule& rule) {
  std::vector<scmp_arg_cmp> out;
  for (const FilterRule::Test& test : rule.tests) {
    bool equal = test.is == FilterRule::Test::Is::equal;
    out.push_back(
        {test.argument, equal ? SCMP_CMP_EQ : SCMP_CMP_NE, test.value, 0});
  }
  return out;
}

Result<> add(const Context& context, const FilterRule& rule) {
  int number = seccomp_syscall_resolve_name(rule.call.c_str());
  if (number < 0) {
    return unsupported_error("this machine has no system call '" + rule.call +
                             "'");
  }
  std::uint32_t action =
      rule.kernel_error ? SCMP_ACT_ERRNO(*rule.kernel_error) : SCMP_ACT_NOTIFY;
  auto argument = static_cast<unsigned>(rule.fd_argument);
  int failed = 0;
  if (!rule.tests.empty()) {
    std::vector<scmp_arg_cmp> tests = comparisons(rule);
    failed = seccomp_rule_add_array(context.get(), action, number,
                                    static_cast<unsigned>(tests.size()),
                                    tests.data());
    return failed == 0
               ? Result<>(Ok{})
               : system_error("add a seccomp rule for " + rule.call, -failed);
  }
  bool any_fd = rule.fd_argument < 0 || is_ring_call(rule.call) ||
                rule.stdio == FilterRule::Stdio::either;
  if (any_fd) {
    failed = seccomp_rule_add_array(context.get(), action, number, 0, nullptr);
  } else {
    scmp_compare op =
        rule.stdio == FilterRule::Stdio::only ? SCMP_CMP_LE : SCMP_CMP_GT;
    scmp_arg_cmp test{argument, op, STDERR_FILENO, 0};
    failed = seccomp_rule_add_array(context.get(), action, number, 1, &test);
  }
  if (failed != 0) {
    return system_error("add a seccomp rule for " + rule.call, -failed);
  }
  return Ok{};
}

// Where it asks for what answers calls in our place; of a call that a rule
// names we hear anyway, or the kernel answers it.
Result<> add_own_answers(const Context& context,
                         const std::vector<FilterRule>& rules) {
  for (const OwnAnswer& own : own_answers()) {
    bool named = std::any_of(rules.begin(), rules.end(), [&](const auto& rule) {
      return rule.call == own.call;
    });
    int number = seccomp_syscall_resolve_name(own.call);
    scmp_arg_cmp test{own.test.argument, SCMP_CMP_MASKED_EQ, own.test.mask,
                      own.test.value};
    int failed = named ? 0
                       : seccomp_rule_add_array(context.get(), SCMP_ACT_NOTIFY,
                                                number, 1, &test);
    if (failed != 0) {
      return system_error(join({"add a seccomp rule for", own.call}, " "),
                          -failed);
    }
  }
  return Ok{};
}

// A pipe holds what a user's limit on the size of files (RLIMIT_FSIZE) would
// keep from a file. One that it fills may have been cut (F_SETPIPE_SZ in
// fcntl(2): a user of very many pipes gets small ones).
Result<std::string> exported(const Context& context) {
  TRY_ASSIGN(PipeEnds pipe, make_pipe(true));
  fcntl(pipe.write.get(), F_SETFL, O_NONBLOCK);
  int failed = seccomp_export_bpf(context.get(), pipe.write.get());
  if (failed != 0) {
    return system_error("compile the seccomp filter", -failed);
  }
  std::string program(kLongestFilter, '\0');
  ssize_t size = read(pipe.read.get(), program.data(), program.size());
  if (size <= 0 || size >= fcntl(pipe.read.get(), F_GETPIPE_SZ)) {
    return system_error("read the seccomp filter", EIO);
  }
  program.resize(static_cast<std::size_t>(size));
  return program;
}

bool may_filter_without_no_new_privs() {
  // CAP_SYS_ADMIN is bit 21 of CapEff (capabilities(7), proc(5)).
  constexpr unsigned long long kSysAdmin = 1ULL << 21;
  auto status = read_file(AT_FDCWD, "/proc/self/status");
  std::size_t at = status ? status->find("CapEff:") : std::string::npos;
  return at != std::string::npos &&
         (strtoull(status->c_str() + at + 7, nullptr, 16) & kSysAdmin) != 0;
}

}  // namespace

std::vector<FilterRule> rules_for(const std::vector<std::string>& calls) {
  std::vector<FilterRule> rules;
  rules.reserve(calls.size());
  for (const std::string& call : calls) {
    rules.emplace_back().call = call;
  }
  return rules;
}

Result<InstallFilter> compile_filter(const std::vector<FilterRule>& rules,
                                     bool listener) {
  TRY_ASSIGN(Context context, new_context(listener));
  InstallFilter filter;
  filter.no_new_privs = !may_filter_without_no_new_privs();
  filter.listener = listener;
  std::vector<std::string> rings;
  if (listener) {
    rings.assign(kRings.begin(), kRings.end());
  }
  for (const FilterRule& rule : rules) {
    TRY(add(context, rule));
    std::erase(rings, rule.call);
    // The call by which the shim starts a program, and no other.
    filter.stops_exec = filter.stops_exec || rule.call == "execve";
  }
  for (const std::string& ring : rings) {
    TRY(add(context, {ring, std::nullopt, -1, FilterRule::Stdio::either}));
  }
  if (listener) {
    TRY(add_own_answers(context, rules));
  }
  TRY_ASSIGN(filter.program, exported(context));
  return filter;
}

std::string call_name(std::uint32_t architecture, int number) {
  bool x32 = architecture == AUDIT_ARCH_X86_64 && (number & kX32) != 0;
  char* name = seccomp_syscall_resolve_num_arch(
      x32 ? SCMP_ARCH_X32 : architecture, number);
  std::string out =
      name != nullptr ? name : "syscall " + std::to_string(number);
  free(name);
  return out;
}

std::optional<int> call_number(const std::string& name) {
  int number = seccomp_syscall_resolve_name(name.c_str());
  return number < 0 ? std::nullopt : std::optional(number);
}

bool is_ring_call(const std::string& name) {
  return std::find(kRings.begin(), kRings.end(), name) != kRings.end();
}

bool is_foreign(std::uint32_t architecture, int number) {
  return architecture != AUDIT_ARCH_X86_64 || (number & kX32) != 0;
}

Result<> try_filters() {
  std::uint32_t action = SECCOMP_RET_ERRNO;
  if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) != 0) {
    return system_error("call seccomp(2)", errno);
  }
  return Ok{};
}

Result<> try_notification() {
  TRY(try_filters());
  FilterRule rule{"getppid", std::nullopt, -1, FilterRule::Stdio::either};
  TRY_ASSIGN(InstallFilter filter, compile_filter({rule}));
  // No program is sure to be there. A folder is none: where the exec is what
  // fails, the filter, which goes before it, was taken.
  ChildOrder order{{"/"}, {}, {filter}, 0};
  auto launched = launch_child(order, {});
  while (waitpid(-1, nullptr, WNOHANG) > 0) {
  }
  auto* failed = std::get_if<LaunchError>(&launched);
  bool taken = failed == nullptr || failed->step == "exec";
  return taken ? Result<>(Ok{}) : system_error(failed->step, failed->os_errno);
}

}  // namespace faultrig

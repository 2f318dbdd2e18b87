// The code that we put there is assembled with this file and copied. It stands
// behind its word: what is added, an even number, and one more where the read
// is to be told: then its call has another third argument, which the kernel
// ignores and a filter sees. It is written while threads run, in one store, and
// read once for each read of the clock: what is seen to be stepped is told.
#include "harness/os/vdso_clock.h"

#include <asm/prctl.h>
#include <elf.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/fd.h"
#include "harness/os/proc_path.h"
#include "harness/os/program_file.h"
#include "harness/os/tried_in_child.h"
#include "harness/os/vdso_image.h"

// Registers as a call of the C ABI may leave them: all of these are the
// callee's to use (System V ABI, AMD64 supplement, 3.2.3).
asm(R"(
  .pushsection .rodata
  .balign 16
  .globl kFaultrigClockBegin, kFaultrigClockGettime
  .globl kFaultrigClockGettimeofday, kFaultrigClockTime, kFaultrigClockEnd
kFaultrigClockBegin:
1:.quad 0

2:mov 1b(%rip), %r8           # makes the call eax; r8: what is added then
  mov %r8d, %edx
  and $1, %edx
  sub %rdx, %r8
  movabs $0x6661756c74726966, %rcx
  add %rcx, %rdx
  syscall
  test %eax, %eax
  ret

  .balign 16
kFaultrigClockGettime:        # edi: which clock, rsi: struct timespec
3:mov $228, %eax
  call 2b
  jnz 5f
  test %edi, %edi              # CLOCK_REALTIME
  jz 4f
  cmp $5, %edi                 # CLOCK_REALTIME_COARSE
  jne 5f
4:imul $1000000000, (%rsi), %rax
  add 8(%rsi), %rax
  add %r8, %rax
  mov $1000000000, %ecx
8:cqo                          # rax, of rcx a second, to the two words at rsi
  idiv %rcx
  test %rdx, %rdx              # before 1970 the rest is below zero
  jns 6f
  add %rcx, %rdx
  dec %rax
6:mov %rax, (%rsi)
  mov %rdx, 8(%rsi)
  xor %eax, %eax
5:ret

  .balign 16
kFaultrigClockGettimeofday:   # rdi: struct timeval, rsi: struct timezone
  mov $96, %eax
  call 2b
  jnz 7f
  test %rdi, %rdi
  jz 7f
  mov %r8, %rax
  mov $1000, %ecx
  cqo
  idiv %rcx
  imul $1000000, (%rdi), %rcx
  add %rcx, %rax
  add 8(%rdi), %rax
  mov $1000000, %ecx
  mov %rdi, %rsi
  jmp 8b
7:ret

  .balign 16
kFaultrigClockTime:           # rdi: time_t, or nothing
  push %rdi
  sub $16, %rsp
  mov $5, %edi
  mov %rsp, %rsi
  call 3b
  mov (%rsp), %rax
  add $16, %rsp
  pop %rdi
  test %rdi, %rdi
  jz 9f
  mov %rax, (%rdi)
9:ret
kFaultrigClockEnd:
  .popsection
)");

extern "C" {
extern const char kFaultrigClockBegin[];
extern const char kFaultrigClockGettime[];
extern const char kFaultrigClockGettimeofday[];
extern const char kFaultrigClockTime[];
extern const char kFaultrigClockEnd[];
}

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

// Third arguments that nobody passes by chance, "faultrif" and the next: our
// code makes the second one of the first.
constexpr std::uint64_t kFast = 0x666175'6c747269'66;
constexpr std::uint64_t kAsk = kFast + 1;
constexpr std::uint64_t kWord = 8;
constexpr std::size_t kHeader = sizeof(Elf64_Ehdr);
// Pages of a vDSO: two since it has had gettimeofday.
constexpr std::size_t kLongestImage = std::size_t{4} * 4096;
constexpr std::size_t kPage = 4096;

std::string our_code() {
  return {kFaultrigClockBegin,
          static_cast<std::size_t>(kFaultrigClockEnd - kFaultrigClockBegin)};
}

std::uint64_t in_code(const char* place) {
  return static_cast<std::uint64_t>(place - kFaultrigClockBegin);
}

std::string word(std::uint64_t value) {
  std::string out(kWord, '\0');
  std::memcpy(out.data(), &value, kWord);
  return out;
}

std::uint64_t even(nanoseconds shift) {
  return static_cast<std::uint64_t>(shift.count()) & ~1ULL;
}

// Where the image lies; 0: it has none.
Result<std::uint64_t> vdso_of(int pid) {
  return auxiliary_value(pid, AT_SYSINFO_EHDR);
}

// As far as it is mapped.
std::string read_image(int pid, std::uint64_t base) {
  std::string image;
  while (image.size() < kLongestImage) {
    auto page = read_memory(pid, base + image.size(), kPage);
    if (!page || page->size() != kPage) {
      break;
    }
    image += *page;
  }
  return image;
}

Result<> force_write(int pid, std::uint64_t address, const std::string& bytes) {
  TRY_ASSIGN(Fd memory, open_file(AT_FDCWD, proc_path(pid, "mem"), O_WRONLY));
  ssize_t put = pwrite(memory.get(), bytes.data(), bytes.size(),
                       static_cast<off_t>(address));
  if (put != static_cast<ssize_t>(bytes.size())) {
    return system_error("write to the code of process " + std::to_string(pid),
                        put < 0 ? errno : EIO);
  }
  return Ok{};
}

// Where our word stands in this process; nothing: our code is not there.
std::optional<std::uint64_t> place_of_word(int pid) {
  auto base = vdso_of(pid);
  auto header = base && *base != 0 ? read_memory(pid, *base, kHeader)
                                   : Result<std::string>(std::string());
  auto room =
      header ? room_of_vdso(*header) : Result<VdsoPlaces>(header.error());
  if (!room) {
    return std::nullopt;
  }
  std::string code = our_code();
  auto there = read_memory(pid, *base + room->room, code.size());
  bool ours = there && there->size() == code.size() &&
              there->compare(kWord, std::string::npos, code, kWord) == 0;
  return ours ? std::optional(*base + room->room) : std::nullopt;
}

FilterRule asked_unless_fast(const char* call) {
  FilterRule rule;
  rule.call = call;
  rule.tests = {{2, FilterRule::Test::Is::other, kFast}};
  return rule;
}

}  // namespace

bool begins_program(const std::string& name, const Notification& call) {
  return name == "arch_prctl" && call.args[0] == ARCH_SET_FS;
}

FilterRule program_begin_rule() {
  FilterRule begin;
  begin.call = "arch_prctl";
  begin.tests = {{0, FilterRule::Test::Is::equal, ARCH_SET_FS}};
  return begin;
}

std::vector<FilterRule> clock_filter_rules() {
  std::vector<FilterRule> rules{program_begin_rule()};
  for (std::uint64_t clock : {CLOCK_REALTIME, CLOCK_REALTIME_COARSE}) {
    FilterRule rule = asked_unless_fast("clock_gettime");
    rule.tests.push_back({0, FilterRule::Test::Is::equal, clock});
    rules.push_back(rule);
  }
  rules.push_back(asked_unless_fast("gettimeofday"));
  FilterRule plain;
  plain.call = "time";
  rules.push_back(plain);
  return rules;
}

bool reads_wall_clock(const std::string& name, const Notification& call) {
  auto clock = static_cast<clockid_t>(call.args[0]);
  return name == "gettimeofday" || name == "time" ||
         (name == "clock_gettime" &&
          (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE));
}

bool asks_by_our_code(const Notification& call) { return call.args[2] == kAsk; }

// Its register r8 is the fifth argument of a call (syscall(2)).
bool will_add(const Notification& call, nanoseconds shift) {
  return call.args[4] == even(shift);
}

Result<> take_clock(int pid) {
  if (place_of_word(pid)) {
    return Ok{};
  }
  TRY_ASSIGN(std::uint64_t base, vdso_of(pid));
  if (base == 0) {
    return unsupported_error("it has no vDSO");
  }
  std::string image = read_image(pid, base);
  TRY_ASSIGN(VdsoPlaces places, places_of_vdso(image));
  std::string code = our_code();
  if (code.size() > places.room_size) {
    return unsupported_error("the vDSO of this kernel has no room");
  }
  TRY(force_write(pid, base + places.room, code));
  const std::array<std::pair<std::uint64_t, const char*>, 3> entries{
      {{places.clock_gettime, kFaultrigClockGettime},
       {places.gettimeofday, kFaultrigClockGettimeofday},
       {places.time, kFaultrigClockTime}}};
  for (auto [from, to] : entries) {
    TRY(force_write(pid, base + from,
                    jump_between(from, places.room + in_code(to))));
  }
  return Ok{};
}

// A program that is being replaced (execve(2)) takes nothing for a moment, and
// has other code then.
Result<bool> set_clock(int pid, nanoseconds shift, bool ask) {
  constexpr int kTries = 50;
  Result<> written = Ok{};
  for (int i = 0; i < kTries; ++i) {
    auto place = place_of_word(pid);
    if (!place) {
      return false;
    }
    written = force_write(pid, *place, word(even(shift) + (ask ? 1 : 0)));
    if (written) {
      return true;
    }
  }
  return written.error();
}

Result<std::int64_t> answer_read(const std::string& name,
                                 const Notification& call, nanoseconds shift) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  constexpr std::int64_t kMicrosecond = 1000;
  auto clock = name == "clock_gettime" ? static_cast<clockid_t>(call.args[0])
                                       : CLOCK_REALTIME;
  timespec now{};
  clock_gettime(clock, &now);
  std::int64_t at = now.tv_sec * kSecond + now.tv_nsec + shift.count();
  std::int64_t rest = (at % kSecond + kSecond) % kSecond;
  std::int64_t seconds = (at - rest) / kSecond;
  std::uint64_t where = call.args[name == "clock_gettime" ? 1 : 0];
  std::string told = word(static_cast<std::uint64_t>(seconds));
  if (name != "time") {
    told += word(static_cast<std::uint64_t>(
        name == "gettimeofday" ? rest / kMicrosecond : rest));
  }
  if (where != 0) {
    TRY(write_memory(call.tid, where, told));
  }
  return name == "time" ? seconds : 0;
}

// In a child, since faultrig itself lets nobody write to it.
Result<> try_forced_write() {
  static const char kConstant[] = "what a program may not write to itself";
  return tried_in_child("write to the code of a child", [] {
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    auto written =
        force_write(getpid(), reinterpret_cast<std::uint64_t>(kConstant),
                    {kConstant, sizeof kConstant});
    return written ? 0 : written.error().os_errno;
  });
}

}  // namespace faultrig

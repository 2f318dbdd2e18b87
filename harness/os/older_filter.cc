// The question is put to the kernel itself: a thread whose filter hands every
// call in question to a listener makes them one by one. What the listener does
// not hear of was answered by a filter that is older, whose errno has the
// higher precedence, or which killed the thread (seccomp(2)).
#include "harness/os/older_filter.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <thread>

#include "harness/base/fd.h"
#include "harness/os/seccomp.h"

namespace faultrig {

namespace {

// By this call, so marked, the listener learns that all others were made.
constexpr int kLast = SYS_getppid;
constexpr long kMark = 0x5eed;
// It hears of the next call within microseconds; a killed thread is never
// heard of again.
constexpr int kPatience = 2000;  // ms
// More than there are calls.
constexpr std::size_t kMost = 1024;

// Shared with the child that tries.
struct Trial {
  std::atomic<int> listener;  // its descriptor; a negative errno; 0: not yet
  std::atomic<std::size_t> made;  // so many were made, or are being made
  bool over;                      // all were
  bool heard[kMost];
};

struct Unmap {
  void operator()(Trial* trial) const { munmap(trial, sizeof *trial); }
};

// Hands these calls to a listener, for the calling thread alone.
int listen_to(const std::vector<int>& numbers) {
  std::vector<sock_filter> code;
  code.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                          static_cast<unsigned>(offsetof(seccomp_data, nr))));
  auto hand_over = [&](int number) {
    code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                            static_cast<unsigned>(number), 0, 1));
    code.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF));
  };
  for (int number : numbers) {
    hand_over(number);
  }
  hand_over(kLast);
  code.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
  long listener = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
                      ? -1
                      : syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                                SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
  return listener < 0 ? -errno : static_cast<int>(listener);
}

// Behind its filter it does nothing but the calls: any other might be one.
void make_calls(const std::vector<int>& numbers, Trial& trial) {
  int listener = listen_to(numbers);
  trial.listener = listener;
  for (std::size_t i = trial.made; listener > 0 && i < numbers.size(); ++i) {
    trial.made = i + 1;
    syscall(numbers[i], -1L, -1L, -1L, -1L, -1L, -1L);
  }
  syscall(kLast, kMark);
}

// Hears of them, and lets none run.
void hear_calls(Trial& trial) {
  while (trial.listener == 0) {
    sched_yield();
  }
  pollfd ready{trial.listener, POLLIN, 0};
  while (poll(&ready, 1, kPatience) == 1 && (ready.revents & POLLIN) != 0) {
    seccomp_notif call{};
    if (ioctl(ready.fd, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0) {
      continue;
    }
    if (call.data.nr == kLast && call.data.args[0] == kMark) {
      trial.over = true;
      return;
    }
    trial.heard[trial.made - 1] = true;
    seccomp_notif_resp answer{};
    answer.id = call.id;
    answer.error = -ENOSYS;
    ioctl(ready.fd, SECCOMP_IOCTL_NOTIF_SEND, &answer);
  }
}

// In a child, from the first that was not yet made. Nothing more is done in it
// than this: what a killed thread leaves is left to its end.
void try_from(const std::vector<int>& numbers, Trial& trial) {
  trial.listener = 0;
  pid_t child = fork();
  if (child == 0) {
    std::thread([&] { make_calls(numbers, trial); }).detach();
    hear_calls(trial);
    _exit(0);
  }
  while (child > 0 && waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

bool is_filtered() {
  auto status = read_file(AT_FDCWD, "/proc/self/status");
  return status && status->find("\nSeccomp:\t2") != std::string::npos;
}

Result<std::vector<std::string>> answered_before_us(
    const std::vector<std::string>& calls) {
  std::vector<std::string> known;
  std::vector<int> numbers;
  for (const std::string& call : calls) {
    if (auto number = call_number(call)) {
      known.push_back(call);
      numbers.push_back(*number);
    }
  }
  void* shared = mmap(nullptr, sizeof(Trial), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED || known.size() > kMost) {
    return system_error("try which calls are refused", ENOMEM);
  }
  std::unique_ptr<Trial, Unmap> trial(new (shared) Trial{});
  // Each turn makes one call at least: the one by which a child ended.
  for (std::size_t turn = 0; turn <= known.size() && !trial->over; ++turn) {
    std::size_t before = trial->made;
    try_from(numbers, *trial);
    if (trial->made == before && !trial->over) {
      return system_error("try which calls are refused",
                          trial->listener < 0 ? -trial->listener : EIO);
    }
  }
  std::vector<std::string> answered;
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (!trial->heard[i]) {
      answered.push_back(known[i]);
    }
  }
  return answered;
}

}  // namespace faultrig

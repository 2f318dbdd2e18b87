// What hostile workloads do, one deed a word. Static and small: few calls of
// its own, so that a filter above meets those of faultrig.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int nothing(char** words) {
  (void)words;
  return 0;
}

static int waits(char** words) {
  while (words != NULL) {
    pause();
  }
  return 0;
}

// Goes on forking until it may not; the caller has set a limit.
static int bomb(char** words) {
  while (words != NULL) {
    if (fork() < 0) {
      usleep(1000);
    }
  }
  return 0;
}

static int daemonize(char** words) {
  if (fork() == 0) {
    setsid();
    if (fork() == 0) {
      for (int fd = 0; fd < 64; ++fd) {
        close(fd);
      }
      return waits(words);
    }
    _exit(0);
  }
  wait(NULL);
  return 0;
}

static int parent_of(int pid) {
  char path[64];
  char text[512] = "";
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  int fd = open(path, O_RDONLY);
  if (fd < 0 || read(fd, text, sizeof text - 1) <= 0) {
    return 0;
  }
  close(fd);
  char* end = strrchr(text, ')');
  return end == NULL ? 0 : atoi(end + 4);
}

// `stop 1`: our parent, `stop 2`: its parent; `stop 0`: ourselves, after a
// child has been told to let us go on.
static int stop(char** words) {
  int levels = atoi(words[0]);
  int pid = getpid();
  for (int i = 0; i < levels; ++i) {
    pid = parent_of(pid);
  }
  if (levels == 0 && fork() == 0) {
    usleep(100000);
    kill(pid, SIGCONT);
    _exit(0);
  }
  kill(pid, SIGSTOP);
  return 3;
}

static int kill_parent(char** words) {
  if (fork() == 0) {
    setsid();
    return waits(words);
  }
  kill(getppid(), SIGKILL);
  return waits(words);
}

static int trace(char** words) {
  (void)words;
  int child = fork();
  if (child == 0) {
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    raise(SIGSTOP);
    _exit(7);
  }
  int status = 0;
  waitpid(child, &status, 0);
  while (WIFSTOPPED(status)) {
    ptrace(PTRACE_CONT, child, NULL, NULL);
    waitpid(child, &status, 0);
  }
  return WEXITSTATUS(status);
}

// Takes descriptors of the shim, its socket to faultrig among them, and writes.
static int steal(char** words) {
  (void)words;
  int shim = (int)syscall(SYS_pidfd_open, getppid(), 0);
  int taken = 0;
  for (int fd = 0; fd < 128; ++fd) {
    int copy = (int)syscall(SYS_pidfd_getfd, shim, fd, 0);
    if (copy >= 0) {
      ++taken;
      send(copy, "lies", 4, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
  }
  printf("took %d descriptors\n", taken);
  return 3;
}

static int connect_to_door(const char* path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%.100s", path);
  int door = socket(AF_UNIX, SOCK_SEQPACKET, 0);
  return connect(door, (struct sockaddr*)&address, sizeof address);
}

// The door of the witnesses is a word of our parent's command line.
static int knock(char** words) {
  (void)words;
  char path[64];
  char text[4096] = "";
  snprintf(path, sizeof path, "/proc/%d/cmdline", getppid());
  int fd = open(path, O_RDONLY);
  ssize_t size = read(fd, text, sizeof text - 1);
  for (char* word = text; word < text + size; word += strlen(word) + 1) {
    if (strstr(word, "/door") != NULL) {
      printf("knocked: %d\n", connect_to_door(word));
    }
  }
  usleep(100000);
  return 0;
}

static int close_all(char** words) {
  (void)words;
  syscall(SYS_close_range, 0, ~0U, 0);
  return 3;
}

static int limits(char** words) {
  (void)words;
  for (int resource = 0; resource < RLIM_NLIMITS; ++resource) {
    struct rlimit least = {0, 0};
    if (resource != RLIMIT_CPU) {
      setrlimit(resource, &least);
    }
  }
  return 3;
}

// Writes itself into the root of every hierarchy that is mounted there.
static int leave(char** words) {
  static const char* const kPlaces[] = {
      "/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/memory/cgroup.procs",
      "/sys/fs/cgroup/freezer/cgroup.procs",
      "/sys/fs/cgroup/unified/cgroup.procs"};
  for (int i = 0; i < 4; ++i) {
    int fd = open(kPlaces[i], O_WRONLY);
    if (fd >= 0) {
      dprintf(fd, "0");
      close(fd);
    }
  }
  if (words[0] != NULL && fork() == 0) {
    setsid();
    return waits(words);
  }
  usleep(300000);
  return 3;
}

// As a setuid program: becomes its owner, whom nobody else may signal, and says
// so.
static int become(char** words) {
  if (setreuid(geteuid(), geteuid()) != 0 || write(1, "done\n", 5) != 5) {
    return 9;
  }
  close(0);
  close(1);
  close(2);
  usleep((useconds_t)atoi(words[0]) * 1000);
  return 3;
}

static int flood(char** words) {
  static char block[1 << 16];
  memset(block, 'x', sizeof block);
  for (long left = atol(words[0]) << 20; left > 0;) {
    ssize_t put = write(1, block, sizeof block);
    left -= put > 0 ? put : left;
  }
  return 3;
}

int main(int argc, char** argv) {
  static const struct {
    const char* name;
    int (*act)(char** words);
  } kDeeds[] = {{"nothing", nothing}, {"waits", waits},
                {"bomb", bomb},       {"daemonize", daemonize},
                {"stop", stop},       {"kill_parent", kill_parent},
                {"trace", trace},     {"steal", steal},
                {"knock", knock},     {"close_all", close_all},
                {"limits", limits},   {"leave", leave},
                {"become", become},   {"flood", flood}};
  for (unsigned i = 0; argc > 1 && i < sizeof kDeeds / sizeof *kDeeds; ++i) {
    if (strcmp(argv[1], kDeeds[i].name) == 0) {
      return kDeeds[i].act(argv + 2);
    }
  }
  return 64;
}

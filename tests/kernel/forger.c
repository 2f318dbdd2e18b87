// What a test could try to have faultrig believe: that it ended with 0 and a
// PASS, when it ends with 1. The test becomes this program (execve(2)), with the
// way to try in FORGE. It finds the socket
// of the witnesses where any process of the same user can: in the command line
// of the witness above it.
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char door[108];
static char shim[8192];
static int test, witness, worker;

static int parent_of(int pid) {
  char path[64], text[512] = "";
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t size = read(fd, text, sizeof text - 1);
  close(fd);
  char* end = size > 0 ? strrchr(text, ')') : NULL;
  return end == NULL ? 0 : atoi(end + 4);
}

// `.../faultrig-shim witness DOOR PROGRAM ...`
static int find_witness(void) {
  test = getpid();
  for (int pid = getppid(); pid > 1; pid = parent_of(pid)) {
    char path[64], text[8192] = "";
    snprintf(path, sizeof path, "/proc/%d/cmdline", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = read(fd, text, sizeof text - 1);
    close(fd);
    const char* word = text + strlen(text) + 1;
    if (size > 0 && strstr(text, "faultrig-shim") != NULL &&
        strcmp(word, "witness") == 0) {
      snprintf(shim, sizeof shim, "%s", text);
      snprintf(door, sizeof door, "%s", word + strlen(word) + 1);
      witness = pid;
      worker = parent_of(parent_of(parent_of(pid)));
      return 1;
    }
  }
  return 0;
}

static int connected(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strcpy(address.sun_path, door);
  int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
  return connect(fd, (struct sockaddr*)&address, sizeof address) == 0 ? fd : -1;
}

// A message as harness/os/shim_wire.h has it.
static char message[4096];
static size_t length;

static void put(const void* bytes, size_t size) {
  memcpy(message + length, bytes, size);
  length += size;
}
static void begin(int kind) {
  char head[2] = {'i', (char)kind};
  length = 0;
  put(head, 2);
}
static void number(int value) { put(&value, 4); }
static void large(long value) { put(&value, 8); }
static void text(const char* value) {
  number((int)strlen(value));
  put(value, strlen(value));
}

static void send_it(int socket, int passed) {
  struct iovec part = {message, length};
  char control[CMSG_SPACE(sizeof(int))] = "";
  struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
  if (passed >= 0) {
    header.msg_control = control;
    header.msg_controllen = sizeof control;
    struct cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(rights), &passed, sizeof passed);
  }
  (void)!sendmsg(socket, &header, MSG_NOSIGNAL);
}

static void hello(int socket) {
  begin(3);
  number(getpid());
  text("o.test");
  send_it(socket, -1);
}
static void ended_well(int socket) {
  begin(7);
  number(test);
  number(0);
  put("\1", 1);
  text("PASS");
  number(0);
  large(1);
  send_it(socket, -1);
}
static void lie(int socket) {
  char answer[65536];
  hello(socket);
  (void)!recv(socket, answer, sizeof answer, 0);
  begin(5);
  number(test);
  large(1);
  send_it(socket, (int)syscall(SYS_pidfd_open, test, 0));
  ended_well(socket);
}

static int be_the_shim(const char* role, const char* last) {
  execl(shim, shim, role, door, last, (char*)NULL);
  return 9;
}

// ---- The ways.

static int knock(void) {
  connected();
  usleep(300000);
  return 1;
}

// Who connected is gone before anybody looks; its child has the socket.
static int gone(void) {
  kill(worker, SIGSTOP);
  pid_t first = fork();
  if (first == 0) {
    int socket = connected();
    if (fork() == 0) {
      waitpid(-1, NULL, 0);
      lie(socket);
    }
    _exit(0);
  }
  waitpid(first, NULL, 0);
  kill(worker, SIGCONT);
  usleep(300000);
  return 1;
}

// Who connected lives; its child speaks.
static int handed(void) {
  int socket = connected();
  pid_t child = fork();
  if (child == 0) {
    lie(socket);
    _exit(0);
  }
  waitpid(child, NULL, 0);
  return 1;
}

static int child(void) {
  pid_t made = fork();
  if (made == 0) {
    _exit(be_the_shim("witness", "/bin/true"));
  }
  waitpid(made, NULL, 0);
  return 1;
}

static int orphan(void) {
  pid_t first = fork();
  if (first == 0) {
    pid_t parent = getpid();
    if (fork() == 0) {
      while (getppid() == parent) {
        usleep(1000);
      }
      _exit(be_the_shim("witness", "/bin/true"));
    }
    _exit(0);
  }
  waitpid(first, NULL, 0);
  usleep(300000);
  return 1;
}

// A child of the test's own parent, the witness: no test is above it.
static int sibling(void) {
  long made = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
  if (made == 0) {
    _exit(be_the_shim("witness", "/bin/true"));
  }
  usleep(300000);
  return 1;
}

static int announce(void) {
  pid_t made = fork();
  if (made == 0) {
    _exit(be_the_shim("announce", "0"));
  }
  waitpid(made, NULL, 0);
  return 1;
}

// The witness's own connection, copied (pidfd_getfd(2)): needs root.
static int steal(void) {
  int pidfd = (int)syscall(SYS_pidfd_open, witness, 0);
  for (int number = 3; number < 128; ++number) {
    int copy = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);
    if (copy >= 0) {
      ended_well(copy);
      close(copy);
    }
  }
  return 1;
}

// As an ordinary user of the same name nothing may be taken.
static int steal_in_vain(void) {
  int pidfd = (int)syscall(SYS_pidfd_open, witness, 0);
  for (int number = 0; number < 128; ++number) {
    if (syscall(SYS_pidfd_getfd, pidfd, number, 0) >= 0) {
      return 1;
    }
  }
  return ptrace(PTRACE_ATTACH, witness, 0, 0) == 0;
}

// A tracer of the witness that outlives the test: needs root.
static int trace(void) {
  int ready[2];
  (void)!pipe(ready);
  if (fork() == 0) {
    setsid();
    (void)!write(ready[1], ptrace(PTRACE_SEIZE, witness, 0, 0) == 0 ? "y" : "n",
                 1);
    sleep(1);
    _exit(0);
  }
  char done = 'n';
  (void)!read(ready[0], &done, 1);
  return 1;
}

static int replace(void) {
  char other[128];
  snprintf(other, sizeof other, "%s.old", door);
  rename(door, other);
  return 1;
}

// It would be killed with its witness, had it not asked not to be.
static int kill_witness(void) {
  prctl(PR_SET_PDEATHSIG, 0);
  kill(witness, SIGKILL);
  usleep(300000);
  return 0;
}

int main(void) {
  static const struct {
    const char* name;
    int (*act)(void);
  } kWays[] = {{"knock", knock},       {"gone", gone},
               {"handed", handed},     {"child", child},
               {"orphan", orphan},     {"sibling", sibling},
               {"announce", announce}, {"steal", steal},
               {"trace", trace},       {"replace", replace},
               {"kill", kill_witness}, {"steal_in_vain", steal_in_vain}};
  const char* way = getenv("FORGE");
  if (way == NULL || !find_witness()) {
    return 64;
  }
  for (unsigned i = 0; i < sizeof kWays / sizeof *kWays; ++i) {
    if (strcmp(way, kWays[i].name) == 0) {
      return kWays[i].act();
    }
  }
  return 64;
}

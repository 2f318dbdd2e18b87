// A service that listens, waits for SIGTERM, closes its socket, and then ends
// itself by SIGTERM in the way that its first argument names. `handler`: its
// handler does all that. `open`: it does not close its socket. `child`, `group`:
// a child of its own sends the signal to it, or to its group. `never`: it
// handles nothing.
#define _GNU_SOURCE
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int listener;

static void by_raise(void) { raise(SIGTERM); }
static void by_kill(void) { kill(getpid(), SIGTERM); }
static void by_thread(void) { pthread_kill(pthread_self(), SIGTERM); }
static void by_tkill(void) { syscall(SYS_tkill, gettid(), SIGTERM); }
static void by_pidfd(void) {
  int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
  syscall(SYS_pidfd_send_signal, self, SIGTERM, NULL, 0);
}
static void by_queue(void) {
  union sigval value = {0};
  sigqueue(getpid(), SIGTERM, value);
}
static void by_thread_queue(void) {
  union sigval value = {0};
  pthread_sigqueue(pthread_self(), SIGTERM, value);
}

static void* raises(void* unused) {
  raise(SIGTERM);
  return unused;
}
static void by_other_thread(void) {
  pthread_t other;
  pthread_create(&other, NULL, raises, NULL);
  pthread_join(other, NULL);
}

static void by_child_to(pid_t target) {
  if (fork() == 0) {
    kill(target, SIGTERM);
    _exit(0);
  }
  for (;;) {
    pause();
  }
}
static void by_child(void) { by_child_to(getpid()); }
static void by_group(void) { by_child_to(0); }

static const struct Way {
  const char* name;
  void (*end)(void);
} ways[] = {{"raise", by_raise},
            {"kill", by_kill},
            {"pthread_kill", by_thread},
            {"tkill", by_tkill},
            {"pidfd", by_pidfd},
            {"sigqueue", by_queue},
            {"pthread_sigqueue", by_thread_queue},
            {"thread", by_other_thread},
            {"open", by_raise},
            {"child", by_child},
            {"group", by_group}};

// The handler of a program that was told how in a manual: it cleans up, and
// raises the signal again, whose disposition is the default one by then.
static void cleans_up(int number) {
  close(listener);
  signal(number, SIG_DFL);
  raise(number);
}

static int listens(void) {
  struct sockaddr_in any = {.sin_family = AF_INET};
  any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  return bind(listener, (struct sockaddr*)&any, sizeof any) == 0 &&
         listen(listener, 8) == 0;
}

static void* answers(void* unused) {
  static const char answer[] =
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
  for (;;) {
    char request[4096];
    int one = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (one < 0) {
      return unused;
    }
    if (read(one, request, sizeof request) > 0) {
      send(one, answer, sizeof answer - 1, MSG_NOSIGNAL);
    }
    close(one);
  }
}

// Sends the signal to itself, with nothing of this program's in its way.
static int ends(const char* way, const sigset_t* term) {
  signal(SIGTERM, SIG_DFL);
  pthread_sigmask(SIG_UNBLOCK, term, NULL);
  for (unsigned i = 0; i < sizeof ways / sizeof *ways; ++i) {
    if (strcmp(way, ways[i].name) == 0) {
      ways[i].end();
    }
  }
  return 1;
}

int main(int argc, char** argv) {
  const char* way = argc > 1 ? argv[1] : "";
  int is_by_default = strcmp(way, "never") == 0;
  int has_handler = strcmp(way, "handler") == 0;
  sigset_t term;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  if (!is_by_default) {
    signal(SIGTERM, cleans_up);
    pthread_sigmask(SIG_BLOCK, &term, NULL);
  }
  pthread_t other;
  if (!listens() || pthread_create(&other, NULL, answers, NULL) != 0) {
    return 2;
  }
  if (is_by_default || has_handler) {
    pthread_sigmask(SIG_UNBLOCK, &term, NULL);
    for (;;) {
      pause();
    }
  }
  int number = 0;
  sigwait(&term, &number);
  if (strcmp(way, "open") != 0) {
    close(listener);
  }
  return ends(way, &term);
}

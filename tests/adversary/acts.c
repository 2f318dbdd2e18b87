// Performs a list of system calls, and tells each with what came of it. It is
// free of any C library, so that what it tells is all that it does: no call but
// those listed can meet a fault. shmat(2), clone(2), wait4(2), exit_group(2),
// nanosleep(2), clock_gettime(2), rt_sigaction(2) and kill(2), which it needs
// for itself, are never named by a scenario.
//
//   acts SEGMENT SLOT FOLDER ACT...
//
// An act is `call,field,...`: `openat,0,-,@a,rc` opens a into slot 0,
// `5*fsync,0` does it five times, `3|fsync,0` in three threads, `3&fsync,0` in
// three processes; what stands between `(` and `)` is done by a child, what
// follows `become` by the same process after an execve(2) of itself. `@a` is a
// in the folder of this run, `$a` the same by its absolute path.
#include "tests/adversary/acts.h"

struct act_slot* told;
const char* home;
int run;
int fails;
int slots[most_slots];
long caught;
char bytes[8192];

static void on_signal(int number) {
  __atomic_fetch_add(&told->most_caught[run % 4][number % act_signals], 1,
                     __ATOMIC_SEQ_CST);
}

__attribute__((naked)) static void give_back(void) {
  __asm__ volatile("mov $15, %eax\nsyscall\n");
}

static void set_handler(long signal, void (*handler)(int)) {
  // SA_RESTORER | SA_RESTART
  struct {
    void (*handler)(int);
    long flags;
    void (*restorer)(void);
    long mask;
  } action = {handler, 0x04000000 | 0x10000000, give_back, 0};
  long arguments[6] = {signal, (long)&action, 0, 8, 0, 0};
  raw6(__NR_rt_sigaction, arguments);
}

static void await(int signal) {
  for (int i = 0; i < 3000; ++i) {
    if (__atomic_load_n(&told->most_caught[run % 4][signal],
                        __ATOMIC_SEQ_CST) != 0) {
      return;
    }
    nap(1000);
  }
}

static int split(char* text, char** fields) {
  int count_of = 0;
  fields[count_of++] = text;
  for (; *text != 0; ++text) {
    if (*text == ',' && count_of < most_fields) {
      *text = 0;
      fields[count_of++] = text + 1;
    }
  }
  return count_of;
}

static void say(int fd, const char* text) {
  char line[200];
  copy(line, text, sizeof line - 1);
  long size = length(line);
  line[size++] = '\n';
  struct act act;
  memset(&act, 0, sizeof act);
  act.name = "write";
  act.number = __NR_write;
  act.arguments[0] = fd;
  act.arguments[1] = (long)line;
  act.arguments[2] = size;
  act.to[0] = act.to[1] = act.closes = -1;
  act.record.fd = fd;
  act.record.fd2 = -1;
  act.record.dirfd = act.record.dirfd2 = at_fdcwd;
  act.record.asked = size;
  copy(act.record.path2, text, act_path_size);
  perform(&act, 1);
}

static void leave_a_child(void) {
  tell(act_leave, 0);
  if (raw(__NR_fork, 0, 0, 0) == 0) {
    while (1) {
      nap(1000000);
    }
  }
}

// What is no call to tell of; 0: it is one.
static int flow(char** fields, int given) {
  long first = given > 1 ? number_of(fields[1]) : 0;
  if (same(fields[0], "exit")) {
    end((int)first);
  } else if (same(fields[0], "raise")) {
    tell(act_raise, first);
    raw(__NR_kill, raw(__NR_getpid, 0, 0, 0), first, 0);
  } else if (same(fields[0], "catch")) {
    set_handler(first, on_signal);
    caught |= 1L << first;
  } else if (same(fields[0], "ignore")) {
    set_handler(first, (void (*)(int))1);
  } else if (same(fields[0], "nap")) {
    nap(first * 1000);
  } else if (same(fields[0], "await")) {
    await((int)first);
  } else if (same(fields[0], "leave")) {
    leave_a_child();
  } else if (same(fields[0], "forgive")) {
    fails = 0;
  } else if (same(fields[0], "say")) {
    say(1, given > 1 ? fields[1] : "");
  } else if (same(fields[0], "err")) {
    say(2, given > 1 ? fields[1] : "");
  } else {
    return 0;
  }
  return 1;
}

static void act_on(char* word) {
  char* fields[most_fields];
  int times = 1;
  char how = '*';
  char* rest = word;
  while (*rest >= '0' && *rest <= '9') {
    ++rest;
  }
  if (rest != word) {
    times = (int)number_of(word);
    how = times <= most_threads ? *rest : '*';
    word = rest + 1;
  }
  int given = split(word, fields);
  if (flow(fields, given)) {
    return;
  }
  static struct act act;
  memset(&act, 0, sizeof act);
  int found = fill(&act, fields, given);
  if (found < 0) {
    leave_with(97);
  }
  if (found > 0 && how == '|') {
    perform_in_threads(&act, times);
  } else if (found > 0 && how == '&') {
    perform_in_processes(&act, times);
  } else if (found > 0) {
    perform(&act, times);
  }
}

static char** words_given;

// To the end of all, or, of a child, of its parenthesis.
static _Noreturn void do_all(char** word, int child);

// Does what stands in parentheses in a child, whose failure is ours; gives
// where it ends.
static char** in_a_child(char** word) {
  long child = raw(__NR_fork, 0, 0, 0);
  if (child == 0) {
    fails = 0;
    do_all(word, 1);
  }
  int status = 0;
  long arguments[6] = {child, (long)&status, 0, 0, 0, 0};
  while (raw6(__NR_wait4, arguments) == -4) {
  }
  fails += status != 0 ? 1 : 0;
  while (*word != 0 && !same(*word, ")")) {
    ++word;
  }
  return word;
}

static _Noreturn void do_all(char** word, int child) {
  for (; *word != 0 && !(child && same(*word, ")")); ++word) {
    if (same(*word, "(")) {
      word = in_a_child(word + 1);
    } else if (same(*word, "become")) {
      become(words_given, word + 1, child);
    } else {
      act_on(*word);
    }
  }
  end(fails > 0 ? 1 : 0);
}

static void be_the_first(void) {
  run = __atomic_fetch_add(&told->runs, 1, __ATOMIC_SEQ_CST);
  for (int i = 0; i < most_slots; ++i) {
    slots[i] = -1;
  }
  told->main_pid[run % 4] = (int)raw(__NR_getpid, 0, 0, 0);
}

// Its own, by its number, whatever it has become.
static void find_address(void) {
  long pid = told->main_pid[run % 4];
  for (int i = 3; i < address_size; ++i) {
    address[i] = (char)('a' + pid % 16);
    pid /= 16;
  }
}

__attribute__((used)) static void begin_here(long* stack) {
  long given = stack[0];
  char** words = (char**)(stack + 1);
  if (given < 4) {
    leave_with(64);
  }
  long at = raw(__NR_shmat, number_of(words[1]), 0, 0);
  if (at < 0 && at > -4096) {
    leave_with(96);
  }
  told = (struct act_slot*)at + number_of(words[2]);
  home = words[3];
  words_given = words;
  int again = words[4] != 0 && *words[4] == '+';
  int child = 0;
  if (again) {
    child = resume(words[4]);
  } else {
    be_the_first();
  }
  find_address();
  set_handler(13, (void (*)(int))1);  // SIGPIPE
  for (long signal = 1; signal < act_signals; ++signal) {
    if ((caught >> signal & 1) != 0) {
      set_handler(signal, on_signal);
    }
  }
  do_all(words + (again ? 5 : 4), child);
}

__attribute__((naked, used)) void _start(void) {
  __asm__ volatile(
      "xor %ebp, %ebp\n"
      "mov %rsp, %rdi\n"
      "and $-16, %rsp\n"
      "call begin_here\n"
      "hlt\n");
}

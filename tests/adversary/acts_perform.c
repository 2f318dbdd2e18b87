// Does calls, by one thread or several, and tells what came of them.
#include "tests/adversary/acts.h"

static struct act_record* new_record(void) {
  int at = __atomic_fetch_add(&told->records, 1, __ATOMIC_SEQ_CST);
  if (at >= act_most_records) {
    leave_with(99);
  }
  return &told->record[at];
}

struct act_record* tell(int kind, long result) {
  struct act_record* record = new_record();
  record->run = run;
  record->pid = (int)raw(__NR_getpid, 0, 0, 0);
  record->result = result;
  record->fd = -1;
  record->times = 1;
  record->done = 1;
  record->kind = kind;
  return record;
}

_Noreturn void end(int code) {
  tell(act_exit, code);
  leave_with(code);
}

static long key_of(const struct act* act, long result) {
  int makes = act->to[0] >= 0;
  return makes && result >= 0 && result < act_strange ? 0 : result;
}

static void count(struct act* act, struct act_record* record, long result) {
  while (__atomic_exchange_n(&told->busy, 1, __ATOMIC_ACQUIRE) != 0) {
  }
  long key = key_of(act, result);
  for (int i = 0; i < act_most_tallies; ++i) {
    struct act_tally* tally = &record->tallies[i];
    if (tally->count == 0 || tally->result == key) {
      tally->result = key;
      ++tally->count;
      break;
    }
  }
  if (result < 0) {
    ++fails;
  }
  __atomic_store_n(&told->busy, 0, __ATOMIC_RELEASE);
}

static void keep(struct act* act, struct act_record* record, long result) {
  for (int i = 0; i < 2; ++i) {
    if (act->to[i] < 0) {
      continue;
    }
    long made = act->pairs ? act->pair[i] : result;
    slots[act->to[i]] = result < 0 ? -1 : (int)made;
    record->made[i] = slots[act->to[i]];
  }
  if (act->closes >= 0 && result == 0) {
    slots[act->closes] = -1;
  }
}

struct act_record* begin(struct act* act, int times) {
  struct act_record* record = new_record();
  act->record.run = run;
  act->record.pid = (int)raw(__NR_getpid, 0, 0, 0);
  act->record.times = times;
  act->record.made[0] = -1;
  act->record.made[1] = -1;
  copy(act->record.call, act->name, act_name_size);
  memcpy(record, &act->record, sizeof *record);
  record->begun = now();
  record->kind = act_call;
  return record;
}

void finish(struct act_record* record) {
  record->ended = now();
  for (int i = 0; i < act_signals; ++i) {
    record->caught[i] = told->most_caught[run % 4][i];
  }
  record->done = 1;
}

void perform(struct act* act, int times) {
  struct act_record* record = begin(act, times);
  long result = 0;
  for (int i = 0; i < times; ++i) {
    result = raw6(act->number, act->arguments);
    count(act, record, result);
  }
  record->result = result;
  if (times == 1) {
    keep(act, record, result);
  }
  finish(record);
}

struct thread {
  struct act* act;
  struct act_record* record;
  int alive;
};

static struct thread threads[most_threads];
static char stacks[most_threads][stack_size] __attribute__((aligned(16)));

// A thread begins here, on its own stack, and never returns.
static _Noreturn void run_thread(struct thread* thread) {
  long result = raw6(thread->act->number, thread->act->arguments);
  count(thread->act, thread->record, result);
  while (1) {
    raw(__NR_exit, 0, 0, 0);
  }
}

// CLONE_VM, FS, FILES, SIGHAND, THREAD, SYSVSEM, CHILD_CLEARTID
static void start_thread(struct thread* thread, char* stack) {
  long flags = 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000 | 0x200000;
  long* top = (long*)(stack + stack_size) - 4;
  top[0] = (long)run_thread;
  top[1] = (long)thread;
  long result;
  register long r10 __asm__("r10") = (long)&thread->alive;
  register long r8 __asm__("r8") = 0;
  __asm__ volatile(
      "syscall\n"
      "test %%rax, %%rax\n"
      "jnz 1f\n"
      "pop %%rax\n"
      "pop %%rdi\n"
      "xor %%ebp, %%ebp\n"
      "call *%%rax\n"
      "hlt\n"
      "1:\n"
      : "=a"(result)
      : "a"((long)__NR_clone), "D"(flags), "S"(top), "d"(0L), "r"(r10), "r"(r8)
      : "rcx", "r11", "memory");
  if (result < 0) {
    leave_with(98);
  }
}

void perform_in_threads(struct act* act, int times) {
  struct act_record* record = begin(act, times);
  for (int i = 0; i < times; ++i) {
    threads[i] = (struct thread){act, record, 1};
    start_thread(&threads[i], stacks[i]);
  }
  for (int i = 0; i < times; ++i) {
    while (__atomic_load_n(&threads[i].alive, __ATOMIC_ACQUIRE) != 0) {
      nap(50);
    }
  }
  finish(record);
}

// Each in a process of its own, all at once.
void perform_in_processes(struct act* act, int times) {
  struct act_record* record = begin(act, times);
  long children[most_threads];
  for (int i = 0; i < times; ++i) {
    children[i] = raw(__NR_fork, 0, 0, 0);
    if (children[i] == 0) {
      count(act, record, raw6(act->number, act->arguments));
      leave_with(0);
    }
  }
  for (int i = 0; i < times; ++i) {
    int status = 0;
    long arguments[6] = {children[i], (long)&status, 0, 0, 0, 0};
    while (raw6(__NR_wait4, arguments) == -4) {
    }
    record->killed += status != 0 ? 1 : 0;
  }
  fails += record->killed;
  for (int i = 0; i < act_most_tallies; ++i) {
    fails += record->tallies[i].result < 0 ? (int)record->tallies[i].count : 0;
  }
  finish(record);
}

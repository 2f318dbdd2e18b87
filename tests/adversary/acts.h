#pragma once

// The parts of the performer. It is free of any C library (see acts.c).

#include <asm/unistd_64.h>
#include <stddef.h>

#include "tests/adversary/act_log.h"

enum {
  at_fdcwd = -100,
  most_fields = 7,
  most_threads = 8,
  most_slots = 16,
  stack_size = 16384,
  nonblocking = 04000,
  address_size = 14
};

// What one call is asked for, and where its descriptors go.
struct act {
  const char* name;
  long number;
  long arguments[6];
  struct act_record record;
  int to[2];       // slots for what it makes; -1: none
  int pair[2];     // where pipe(2) and socketpair(2) put them
  int pairs;       // does it?
  int closes;      // the slot that it closes; -1: none
  char path[200];  // as the kernel gets it
  char path2[200];
  long vector[2];   // an iovec
  long message[7];  // a msghdr
  long how[3];      // an open_how
  char place[16];   // a sockaddr_in
};

// Where to tell, the folder of this scenario, which start of it this is, how
// many calls have failed, and the descriptors by slot; -1: none.
extern struct act_slot* told;
extern const char* home;
extern int run;
extern int fails;
extern int slots[most_slots];
extern long caught;  // a bit for each signal that has a handler
extern char bytes[8192];
extern char address[address_size];  // of this process's server

// acts_kernel.c: a system call by its number, and a little of <string.h>.
long raw6(long number, const long* a);
long raw(long number, long a, long b, long c);
long length(const char* text);
int same(const char* a, const char* b);
void copy(char* to, const char* from, long room);
long number_of(const char* text);
// The decimal digits of it; gives where they end.
char* spell_number(char* to, long number);
long now(void);
void nap(long microseconds);
_Noreturn void leave_with(int code);
void* memset(void* to, int byte, size_t size);
void* memcpy(void* to, const void* from, size_t size);

// acts_calls.c: makes `act` the call that the fields name. Gives 1; 0 when it
// needs a descriptor that was never made; -1 when nothing has that name.
int fill(struct act* act, char** fields, int given);

// acts_perform.c: does it, so often, and tells of it.
void perform(struct act* act, int times);
void perform_in_threads(struct act* act, int times);
void perform_in_processes(struct act* act, int times);
struct act_record* begin(struct act* act, int times);
void finish(struct act_record* record);
struct act_record* tell(int kind, long result);
_Noreturn void end(int code);

// acts_exec.c: becomes the same program anew, which goes on with `rest`; comes
// back where execve(2) failed.
void become(char** words, char** rest, int child);
// Goes on as such, from what `word` says. Gives whether it is a child.
int resume(const char* word);

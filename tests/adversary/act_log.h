#pragma once

// What the performer (acts.c) tells of its calls, in System V shared memory,
// which costs no call that a scenario can name. Read by C and C++.

enum {
  act_most_slots = 512,    // scenarios in one segment
  act_most_runs = 4,       // of each: golden, and with faults
  act_most_records = 200,  // calls told of one scenario, golden run included
  act_most_tallies = 6,
  act_path_size = 40,
  act_name_size = 20,
  act_signals = 32,
  act_strange = 7000  // results from here on are no descriptor's number
};

enum act_kind { act_call = 1, act_exit, act_raise, act_leave };

// How often a result came: a number, or minus an errno. New descriptors count
// as 0.
struct act_tally {
  long result;
  long count;
};

// One call, or `times` alike, of which only `tallies` are told.
struct act_record {
  int kind;
  int run;  // 0: the first start of this workload
  int pid;
  int done;  // 0: it never came back
  char call[act_name_size];
  char path[act_path_size];  // as passed; empty: none
  char path2[act_path_size];
  int dirfd;   // of `path`; -100: AT_FDCWD
  int dirfd2;  // of `path2`
  int fd;      // -1: none
  int fd2;
  int in_root;  // RESOLVE_IN_ROOT
  int follows;  // the flags say: 1 not a last link, 2 a last link, 0 nothing
  long asked;
  int peeks;
  int times;
  int killed;   // of them in processes of their own that a signal ended
  int made[2];  // descriptors that it gave back
  long result;
  long begun;  // nanoseconds, monotonic
  long ended;
  int caught[act_signals];  // by handlers of this run, until it came back
  struct act_tally tallies[act_most_tallies];
};

struct act_slot {
  int runs;
  int records;
  int busy;                                     // somebody counts
  int main_pid[act_most_runs];                  // by run
  int most_caught[act_most_runs][act_signals];  // by run
  struct act_record record[act_most_records];
};

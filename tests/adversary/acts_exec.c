// The same program anew, by execve(2). It knows what it was by one word, behind
// a plus sign: which run, what failed, which call became it, whether it is a
// child, its handlers, and its descriptors.
#include "tests/adversary/acts.h"

static char state[400];

static void spell_state(const struct act_record* record, int child) {
  char* at = state;
  *at++ = '+';
  long numbers[5] = {run, fails, record - told->record, child, caught};
  for (int i = 0; i < 5; ++i) {
    at = spell_number(at, numbers[i]);
    *at++ = ',';
  }
  for (int i = 0; i < most_slots; ++i) {
    at = spell_number(at, slots[i] + 1);
    *at++ = ',';
  }
  *at = 0;
}

// By its own name in the folder of this run, which is a symbolic link.
void become(char** words, char** rest, int child) {
  static struct act act;
  static char* next[256];
  char* fields[2] = {"execve", "@me"};
  memset(&act, 0, sizeof act);
  fill(&act, fields, 2);
  struct act_record* record = begin(&act, 1);
  spell_state(record, child);
  int given = 0;
  for (; given < 4; ++given) {
    next[given] = words[given];
  }
  next[given++] = state;
  while (*rest != 0 && given < 255) {
    next[given++] = *rest++;
  }
  next[given] = 0;
  long result = raw(__NR_execve, (long)act.path, (long)next, 0);
  record->result = result;
  record->tallies[0] = (struct act_tally){result, 1};
  fails += result < 0 ? 1 : 0;
  finish(record);
}

static const char* take(const char* at, long* number) {
  *number = number_of(at);
  while (*at != ',') {
    ++at;
  }
  return at + 1;
}

int resume(const char* word) {
  long numbers[5];
  const char* at = word + 1;
  for (int i = 0; i < 5; ++i) {
    at = take(at, &numbers[i]);
  }
  for (int i = 0; i < most_slots; ++i) {
    long slot = 0;
    at = take(at, &slot);
    slots[i] = (int)slot - 1;
  }
  run = (int)numbers[0];
  fails = (int)numbers[1];
  caught = numbers[4];
  struct act_record* record = &told->record[numbers[2]];
  record->tallies[0] = (struct act_tally){0, 1};
  finish(record);
  return (int)numbers[3];
}

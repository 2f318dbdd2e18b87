// System calls without a C library.
#include "tests/adversary/acts.h"

long raw6(long number, const long* a) {
  long result;
  register long r10 __asm__("r10") = a[3];
  register long r8 __asm__("r8") = a[4];
  register long r9 __asm__("r9") = a[5];
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10),
                     "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

long raw(long number, long a, long b, long c) {
  long arguments[6] = {a, b, c, 0, 0, 0};
  return raw6(number, arguments);
}

void* memset(void* to, int byte, size_t size) {
  char* at = to;
  for (size_t i = 0; i < size; ++i) {
    ((volatile char*)at)[i] = (char)byte;
  }
  return to;
}

void* memcpy(void* to, const void* from, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    ((volatile char*)to)[i] = ((const char*)from)[i];
  }
  return to;
}

long length(const char* text) {
  long size = 0;
  while (text[size] != 0) {
    ++size;
  }
  return size;
}

int same(const char* a, const char* b) {
  while (*a != 0 && *a == *b) {
    ++a;
    ++b;
  }
  return *a == *b;
}

void copy(char* to, const char* from, long room) {
  long i = 0;
  for (; i + 1 < room && from[i] != 0; ++i) {
    to[i] = from[i];
  }
  to[i] = 0;
}

long number_of(const char* text) {
  long value = 0;
  for (; *text >= '0' && *text <= '9'; ++text) {
    value = value * 10 + (*text - '0');
  }
  return value;
}

char* spell_number(char* to, long number) {
  char digits[24];
  int count = 0;
  do {
    digits[count++] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  while (count > 0) {
    *to++ = digits[--count];
  }
  *to = 0;
  return to;
}

long now(void) {
  long time[2] = {0, 0};
  raw(__NR_clock_gettime, 1, (long)time, 0);
  return time[0] * 1000000000 + time[1];
}

void nap(long microseconds) {
  long time[2] = {microseconds / 1000000, microseconds % 1000000 * 1000};
  raw(__NR_nanosleep, (long)time, 0, 0);
}

_Noreturn void leave_with(int code) {
  while (1) {
    raw(__NR_exit_group, code, 0, 0);
  }
}

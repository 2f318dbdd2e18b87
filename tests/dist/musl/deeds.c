/* deeds write FILE | hoard BYTES | wait: a program of musl, for a root without
 * glibc. It says what it saw: `write` exits 3 where the disk is full, `hoard`
 * touches so much memory, `wait` waits for a signal. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int write_file(const char* path) {
  int file = open(path, O_CREAT | O_WRONLY, 0600);
  if (file < 0 || write(file, "deed", 4) != 4) {
    printf("cannot write: %s\n", strerror(errno));
    return errno == ENOSPC ? 3 : 1;
  }
  return close(file) == 0 ? 0 : 1;
}

static int hoard(size_t bytes) {
  volatile char* memory = malloc(bytes);
  if (memory == NULL) {
    return 1;
  }
  for (size_t i = 0; i < bytes; ++i) {
    memory[i] = 1;
  }
  return 0;
}

int main(int count, char** words) {
  if (count == 3 && strcmp(words[1], "write") == 0) {
    return write_file(words[2]);
  }
  if (count == 3 && strcmp(words[1], "hoard") == 0) {
    return hoard(strtoul(words[2], NULL, 10));
  }
  return pause();
}

// What each call takes, and how its fields become arguments.
#include "tests/adversary/acts.h"

// `#3` is what slot 3 has open, by its link in procfs.
static void spell(char* to, long room, const char* text) {
  to[0] = 0;
  if (*text == '#') {
    copy(to, "/proc/self/fd/", room);
    long number = slots[number_of(text + 1) % most_slots];
    spell_number(to + length(to), number < 0 ? 999 : number);
    return;
  }
  if (*text == '$') {
    copy(to, home, room);
    long at = length(to);
    copy(to + at, "/", room - at);
  }
  if (*text == '$' || *text == '@') {
    char folder[4] = {'r', (char)('0' + run % 10), '/', 0};
    long at = length(to);
    copy(to + at, folder, room - at);
    ++text;
  }
  long at = length(to);
  copy(to + at, text, room - at);
}

static long path(struct act* act, const char* text) {
  spell(act->path, sizeof act->path, text);
  copy(act->record.path, *text == '#' ? act->path : text, act_path_size);
  return (long)act->path;
}

static long path2(struct act* act, const char* text) {
  spell(act->path2, sizeof act->path2, text);
  copy(act->record.path2, *text == '#' ? act->path2 : text, act_path_size);
  return (long)act->path2;
}

// A slot, or, as `=1`, a number itself.
static long descriptor(struct act* act, const char* text) {
  long number =
      *text == '=' ? number_of(text + 1) : slots[number_of(text) % most_slots];
  act->record.fd = (int)number;
  return number;
}

static long number_in(const char* text) {
  return *text == '='   ? number_of(text + 1)
         : *text == '-' ? at_fdcwd
                        : slots[number_of(text) % most_slots];
}

static long second_descriptor(struct act* act, const char* text) {
  act->record.fd2 = (int)number_in(text);
  return act->record.fd2;
}

static long folder_of(struct act* act, const char* text) {
  act->record.dirfd = (int)number_in(text);
  return act->record.dirfd;
}

static long second_folder(struct act* act, const char* text) {
  act->record.dirfd2 = (int)number_in(text);
  return act->record.dirfd2;
}

// The text of a symbolic link, as it is; `$` as everywhere.
static long link_text(struct act* act, const char* text) {
  spell(act->path2, sizeof act->path2, text);
  copy(act->record.path2, text, act_path_size);
  return (long)act->path2;
}

static int has(const char* text, char letter) {
  for (; *text != 0; ++text) {
    if (*text == letter) {
      return 1;
    }
  }
  return 0;
}

// `r` reads, `d` a folder, else both ways; `c` creates, `t` cuts, `a` appends,
// `l` follows no link, `x` wants none there, `n` never waits; of openat2(2),
// `R` takes the folder for the root.
static long open_flags(struct act* act, const char* text) {
  long flags = has(text, 'd') ? 0200000 : has(text, 'r') ? 0 : 2;
  flags |= has(text, 'c') ? 0100 : 0;
  flags |= has(text, 't') ? 01000 : 0;
  flags |= has(text, 'a') ? 02000 : 0;
  flags |= has(text, 'l') ? 0400000 : 0;
  flags |= has(text, 'x') ? 0200 : 0;
  flags |= has(text, 'n') ? nonblocking : 0;
  act->record.in_root = has(text, 'R');
  act->record.follows = has(text, 'l') || has(text, 'x') ? 1 : 0;
  return flags;
}

// AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW, AT_SYMLINK_FOLLOW
static long at_flags(struct act* act, const char* text) {
  act->record.follows = has(text, 'n') ? 1 : has(text, 'f') ? 2 : 0;
  return (has(text, 'e') ? 0x1000 : 0) | (has(text, 'n') ? 0x100 : 0) |
         (has(text, 'f') ? 0x400 : 0);
}

// RENAME_EXCHANGE, RENAME_NOREPLACE
static long rename_flags(struct act* act, const char* text) {
  act->record.asked = has(text, 'x') ? 2 : has(text, 'n') ? 1 : 0;
  return act->record.asked;
}

static char* say_number(char* to, long number, char after) {
  to = spell_number(to, number);
  *to++ = after;
  *to = 0;
  return to;
}

// A port at a loopback address of this process's own.
static long place_of(struct act* act, const char* text) {
  long port = number_of(text);
  long pid = told->main_pid[run % 4];
  long parts[4] = {127, 16 + pid / 65536 % 64, pid / 256 % 256, pid % 256};
  char* at = act->record.path2;
  for (int i = 0; i < 4; ++i) {
    at = say_number(at, parts[i], i == 3 ? ':' : '.');
    act->place[4 + i] = (char)parts[i];
  }
  spell_number(at, port);
  act->place[0] = 2;  // AF_INET
  act->place[2] = (char)(port >> 8);
  act->place[3] = (char)port;
  return (long)act->place;
}

// Letters: `f` and `g` descriptors, `w` the number of one that is asked for,
// `p` and `q` paths, `l` the text of a link, `D` and `E` folders that the next
// path stands in, `n` a number, `s` where the descriptor goes, `S` a pair of
// them, `b` our bytes, `o` flags of open, `h` an open_how, `v` an iovec of one,
// `m` a message, `a` our address, `A` its size, `P` a place on the loopback
// interface, `F` flags of the calls that end in `at`, `R` those of
// renameat2(2), `x` what is closed, `k` MSG_PEEK or 0; other letters and
// digits: constants (see constant()).
struct shape {
  const char* name;
  int number;
  const char* takes;
};

static const struct shape shapes[] = {
    {"open", __NR_open, "spo6"},
    {"openat", __NR_openat, "sDpo6"},
    {"openat2", __NR_openat2, "sDphH"},
    {"creat", __NR_creat, "sp6"},
    {"dup", __NR_dup, "sf"},
    {"pipe", __NR_pipe, "S"},
    {"pipe2", __NR_pipe2, "SN"},
    {"socketpair", __NR_socketpair, "1T0S"},
    {"socket", __NR_socket, "snT0"},
    {"accept", __NR_accept, "sf00"},
    {"accept4", __NR_accept4, "sf00N"},
    {"eventfd2", __NR_eventfd2, "s0N"},
    {"epoll_create1", __NR_epoll_create1, "s0"},
    {"memfd_create", __NR_memfd_create, "sz0"},
    {"timerfd_create", __NR_timerfd_create, "s1N"},
    {"inotify_init1", __NR_inotify_init1, "sN"},
    {"read", __NR_read, "fbn"},
    {"write", __NR_write, "fbn"},
    {"pread64", __NR_pread64, "fbn0"},
    {"pwrite64", __NR_pwrite64, "fbn0"},
    {"dup2", __NR_dup2, "sfw"},
    {"dup3", __NR_dup3, "sfw0"},
    {"fcntl", __NR_fcntl, "sf00"},  // F_DUPFD
    {"preadv", __NR_preadv, "fv10"},
    {"pwritev", __NR_pwritev, "fv10"},
    {"sendfile", __NR_sendfile, "fg0n"},
    {"copy_file_range", __NR_copy_file_range, "f0g0n0"},
    {"splice", __NR_splice, "f0g0n2"},
    {"tee", __NR_tee, "fgn2"},
    {"fstat", __NR_fstat, "fb"},
    {"fchmod", __NR_fchmod, "f6"},
    {"fchdir", __NR_fchdir, "f"},
    {"flock", __NR_flock, "f5"},
    {"fallocate", __NR_fallocate, "f00n"},
    {"getdents64", __NR_getdents64, "fbn"},
    {"mmap", __NR_mmap, "0K12f0"},
    {"readv", __NR_readv, "fv1"},
    {"writev", __NR_writev, "fv1"},
    {"fsync", __NR_fsync, "f"},
    {"fdatasync", __NR_fdatasync, "f"},
    {"ftruncate", __NR_ftruncate, "fn"},
    {"lseek", __NR_lseek, "fn0"},
    {"close", __NR_close, "x"},
    {"sendto", __NR_sendto, "fbn000"},
    {"recvfrom", __NR_recvfrom, "fbnk00"},
    {"sendmsg", __NR_sendmsg, "fm0"},
    {"recvmsg", __NR_recvmsg, "fm0"},
    {"shutdown", __NR_shutdown, "f1"},
    {"bind", __NR_bind, "faA"},
    {"bind4", __NR_bind, "fPV"},
    {"listen", __NR_listen, "f6"},
    {"connect", __NR_connect, "faA"},
    {"rename", __NR_rename, "pq"},
    {"renameat", __NR_renameat, "DpEq"},
    {"renameat2", __NR_renameat2, "DpEqR"},
    {"link", __NR_link, "pq"},
    {"linkat", __NR_linkat, "DpEqF"},
    {"symlink", __NR_symlink, "lp"},
    {"symlinkat", __NR_symlinkat, "lDp"},
    {"readlink", __NR_readlink, "pbn"},
    {"readlinkat", __NR_readlinkat, "Dpbn"},
    {"lstat", __NR_lstat, "pb"},
    {"statfs", __NR_statfs, "pb"},
    {"statx", __NR_statx, "DpF0b"},
    {"fchmodat", __NR_fchmodat, "Dp6"},
    {"faccessat2", __NR_faccessat2, "Dp0F"},
    {"utimensat", __NR_utimensat, "Dp0F"},
    {"futimens", __NR_utimensat, "D000"},
    {"inotify_add_watch", __NR_inotify_add_watch, "fp2"},
    {"execve", __NR_execve, "p00"},
    {"unlink", __NR_unlink, "p"},
    {"unlinkat", __NR_unlinkat, "Dp0"},
    {"mkdir", __NR_mkdir, "p7"},
    {"mkdirat", __NR_mkdirat, "Dp7"},
    {"rmdir", __NR_rmdir, "p"},
    {"access", __NR_access, "p0"},
    {"faccessat", __NR_faccessat, "Dp0"},
    {"stat", __NR_stat, "pb"},
    {"newfstatat", __NR_newfstatat, "DpbF"},
    {"truncate", __NR_truncate, "pn"},
    {"chmod", __NR_chmod, "p6"},
    {"chdir", __NR_chdir, "p"},
    {"mknod", __NR_mknod, "pY0"},
    {"chroot", __NR_chroot, "p"},
    {"getppid", __NR_getppid, ""},
    {"sched_yield", __NR_sched_yield, ""},
    {"io_uring_setup", __NR_io_uring_setup, "00"},
};

char address[address_size] = {1, 0, 0};  // AF_UNIX, abstract

static long constant(char letter) {
  switch (letter) {
    case '6':
      return 0644;
    case '7':
      return 0755;
    case 'N':
      return nonblocking;
    case 'T':
      return 1 | nonblocking;  // SOCK_STREAM
    case 'Y':
      return 010644;  // S_IFIFO
    case 'K':
      return 4096;
    case 'V':
      return 16;  // of a sockaddr_in
    case 'H':
      return 24;  // of an open_how
    case 'A':
      return address_size;
    case 'b':
      return (long)bytes;
    case 'z':
      return (long)"acts";
    default:
      return letter - '0';
  }
}

// What takes no field: it is made here.
static long made(struct act* act, char letter) {
  if (letter == 'a') {
    act->record.path2[0] = '@';
    copy(act->record.path2 + 1, address + 3, address_size - 2);
    return (long)address;
  }
  if (letter == 'm') {
    act->message[2] = (long)act->vector;
    act->message[3] = 1;
    return (long)act->message;
  }
  if (letter == 'v') {
    return (long)act->vector;
  }
  return constant(letter);
}

static long from_field(struct act* act, char letter, const char* field) {
  switch (letter) {
    case 'f':
      return descriptor(act, field);
    case 'x':
      act->closes = *field == '=' ? -1 : (int)(number_of(field) % most_slots);
      return descriptor(act, field);
    case 'p':
      return path(act, field);
    case 'q':
      return path2(act, field);
    case 'g':
      return second_descriptor(act, field);
    case 'w':
      return number_in(field);
    case 'l':
      return link_text(act, field);
    case 'D':
      return folder_of(act, field);
    case 'E':
      return second_folder(act, field);
    case 'F':
      return at_flags(act, field);
    case 'R':
      return rename_flags(act, field);
    case 'P':
      return place_of(act, field);
    case 'n':
      act->record.asked = number_of(field);
      return act->record.asked;
    case 'k':
      act->record.peeks = *field == 'p';
      return *field == 'p' ? 2 : 0;
    case 'o':
      return open_flags(act, field);
    default:  // h
      act->how[0] = open_flags(act, field);
      act->how[1] = (act->how[0] & 0100) != 0 ? 0644 : 0;
      act->how[2] = act->record.in_root ? 0x10 : 0;
      return (long)act->how;
  }
}

static int slot_of(const char* field) {
  return (int)(number_of(field) % most_slots);
}

// Fills `act` from fields; 0: it needs a descriptor that was never made.
static int fill_shape(struct act* act, const struct shape* shape, char** fields,
                      int given) {
  int argument = 0;
  int at = 1;
  act->name = same(shape->name, "bind4")      ? "bind"
              : same(shape->name, "futimens") ? "utimensat"
                                              : shape->name;
  act->number = shape->number;
  act->to[0] = act->to[1] = act->closes = -1;
  act->record.fd = -1;
  act->record.fd2 = -1;
  act->record.dirfd = act->record.dirfd2 = at_fdcwd;
  for (const char* take = shape->takes; *take != 0; ++take) {
    const char* field = at < given ? fields[at] : "";
    if (*take == 's') {
      act->to[0] = slot_of(field);
      ++at;
    } else if (*take == 'S') {
      act->to[0] = slot_of(field);
      act->to[1] = act->to[0] + 1;
      act->pairs = 1;
      act->arguments[argument++] = (long)act->pair;
      ++at;
    } else if (has("fgwxplqDEFRPnkoh", *take)) {
      long value = from_field(act, *take, field);
      if (value == -1) {
        return 0;
      }
      act->arguments[argument++] = value;
      ++at;
    } else {
      act->arguments[argument++] = made(act, *take);
    }
  }
  // What moves bytes by a vector is told how many in its last field.
  if (act->record.asked == 0 && at < given) {
    act->record.asked = number_of(fields[at]);
  }
  act->vector[0] = (long)bytes;
  act->vector[1] = act->record.asked;
  return 1;
}

int fill(struct act* act, char** fields, int given) {
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; ++i) {
    if (same(shapes[i].name, fields[0])) {
      return fill_shape(act, &shapes[i], fields, given);
    }
  }
  return -1;
}

// What each call takes, and how its fields become arguments.
#include "tests/adversary/acts.h"

static void spell(char* to, long room, const char* text) {
  to[0] = 0;
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
  copy(act->record.path, text, act_path_size);
  return (long)act->path;
}

static long path2(struct act* act, const char* text) {
  spell(act->path2, sizeof act->path2, text);
  copy(act->record.path2, text, act_path_size);
  return (long)act->path2;
}

// A slot, or, as `=1`, a number itself.
static long descriptor(struct act* act, const char* text) {
  long number =
      *text == '=' ? number_of(text + 1) : slots[number_of(text) % most_slots];
  act->record.fd = (int)number;
  return number;
}

static long folder_of(struct act* act, const char* text) {
  long number = *text == '-' ? at_fdcwd : slots[number_of(text) % most_slots];
  act->record.dirfd = (int)number;
  return number;
}

static long open_flags(const char* text) {
  long flags = 2;
  for (; *text != 0; ++text) {
    flags |= *text == 'c' ? 0100 : *text == 't' ? 01000 : 0;
    flags = *text == 'r' ? 0 : *text == 'd' ? 0200000 : flags;
  }
  return flags;
}

// Letters: `f` a descriptor, `p` and `q` paths, `D` a folder that the next path
// stands in, `n` a number, `s` where the descriptor goes, `S` a pair of them,
// `b` our bytes, `o` flags of open, `h` an open_how, `v` an iovec of one, `m` a
// message, `a` our address, `A` its size, `x` what is closed, `k` MSG_PEEK or
// 0; digits, underscore: constants (see constant()).
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
    {"listen", __NR_listen, "f6"},
    {"connect", __NR_connect, "faA"},
    {"rename", __NR_rename, "pq"},
    {"renameat", __NR_renameat, "DpCq"},
    {"renameat2", __NR_renameat2, "DpCq0"},
    {"link", __NR_link, "pq"},
    {"linkat", __NR_linkat, "DpCq0"},
    {"unlink", __NR_unlink, "p"},
    {"unlinkat", __NR_unlinkat, "Dp0"},
    {"mkdir", __NR_mkdir, "p7"},
    {"mkdirat", __NR_mkdirat, "Dp7"},
    {"rmdir", __NR_rmdir, "p"},
    {"access", __NR_access, "p0"},
    {"faccessat", __NR_faccessat, "Dp0"},
    {"stat", __NR_stat, "pb"},
    {"newfstatat", __NR_newfstatat, "Dpb0"},
    {"truncate", __NR_truncate, "pn"},
    {"chmod", __NR_chmod, "p6"},
    {"chdir", __NR_chdir, "p"},
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
    case 'C':
      return at_fdcwd;
    case 'H':
      return 24;  // of an open_how
    case 'A':
      return address_size;
    case 'a':
      return (long)address;
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
      act->closes = (int)(number_of(field) % most_slots);
      return descriptor(act, field);
    case 'p':
      return path(act, field);
    case 'q':
      return path2(act, field);
    case 'D':
      return folder_of(act, field);
    case 'n':
      act->record.asked = number_of(field);
      return act->record.asked;
    case 'k':
      act->record.peeks = *field == 'p';
      return *field == 'p' ? 2 : 0;
    case 'o':
      return open_flags(field);
    default:  // h
      act->how[0] = open_flags(field);
      act->how[1] = (act->how[0] & 0100) != 0 ? 0644 : 0;
      return (long)act->how;
  }
}

static int is_one_of(char letter, const char* letters) {
  for (; *letters != 0; ++letters) {
    if (*letters == letter) {
      return 1;
    }
  }
  return 0;
}

static int slot_of(const char* field) {
  return (int)(number_of(field) % most_slots);
}

// Fills `act` from fields; 0: it needs a descriptor that was never made.
static int fill_shape(struct act* act, const struct shape* shape, char** fields,
                      int given) {
  int argument = 0;
  int at = 1;
  act->name = shape->name;
  act->number = shape->number;
  act->to[0] = act->to[1] = act->closes = -1;
  act->record.fd = -1;
  act->record.dirfd = at_fdcwd;
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
    } else if (is_one_of(*take, "fxpqDnkoh")) {
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

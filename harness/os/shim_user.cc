// A process can map none but itself there, and keeps its number.
#include "harness/os/shim_user.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <initializer_list>

#include "harness/os/shim_digits.h"

namespace faultrig {

namespace {

int put(const char* path, const char* text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) {
    return errno;
  }
  auto size = static_cast<ssize_t>(strlen(text));
  int failed = write(file, text, strlen(text)) == size ? 0 : errno;
  close(file);
  return failed;
}

int map_itself(const char* path, std::uint32_t number) {
  Digits own = digits(number, 10);
  char line[2 * sizeof own.text + 4] = {};
  std::size_t size = 0;
  for (const char* part : {static_cast<const char*>(own.text), " ",
                           static_cast<const char*>(own.text), " 1"}) {
    for (; *part != '\0'; ++part) {
      line[size++] = *part;
    }
  }
  return put(path, line);
}

}  // namespace

int stay_user(User was) {
  // Without it no group may be mapped (user_namespaces(7)).
  int failed = put("/proc/self/setgroups", "deny");
  failed = failed != 0 ? failed : map_itself("/proc/self/gid_map", was.group);
  return failed != 0 ? failed : map_itself("/proc/self/uid_map", was.user);
}

}  // namespace faultrig

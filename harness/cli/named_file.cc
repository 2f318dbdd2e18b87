// The same exit code whatever the option or argument was that named it.
#include "harness/cli/named_file.h"

#include <fcntl.h>

#include <cerrno>

#include "harness/base/fd.h"

namespace faultrig {

Error of_named(Error error) {
  bool missing = error.os_errno == ENOENT || error.os_errno == ENOTDIR;
  error.kind = missing ? ErrorKind::usage : error.kind;
  return error;
}

Result<std::string> read_named(const std::string& file, std::size_t most) {
  auto text =
      most == 0 ? read_file(AT_FDCWD, file) : read_file(AT_FDCWD, file, most);
  return text ? text : Result<std::string>(of_named(text.error()));
}

}  // namespace faultrig

#include "harness/base/result.h"

#include <cerrno>
#include <cstring>

namespace faultrig {

namespace {

bool means_not_here(int os_errno) {
  return os_errno == EPERM || os_errno == EACCES || os_errno == ENOSYS ||
         os_errno == EROFS;
}

}  // namespace

Error system_error(std::string what, int os_errno) {
  char buffer[128];
  what += ": ";
  what += strerror_r(os_errno, buffer, sizeof buffer);
  return {means_not_here(os_errno) ? ErrorKind::unsupported : ErrorKind::system,
          std::move(what), os_errno};
}

Error usage_error(std::string what) {
  return {ErrorKind::usage, std::move(what), 0};
}

Error unsupported_error(std::string what) {
  return {ErrorKind::unsupported, std::move(what), 0};
}

Error internal_error(std::string what) {
  return {ErrorKind::internal, std::move(what), 0};
}

Error with_prefix(std::string prefix, Error error) {
  error.what = std::move(prefix) + ": " + error.what;
  return error;
}

}  // namespace faultrig

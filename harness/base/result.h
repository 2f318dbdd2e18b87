#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace faultrig {

// Who has to act on an error: the author of the scenario, the owner of the
// machine, nobody (the system said no), or us.
enum class ErrorKind { usage, unsupported, system, internal };

struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string what;  // one line, no full stop, names the thing that failed
  int os_errno = 0;  // 0 when no system call failed
};

struct Ok {};

// A value or an Error, with the surface of std::expected that we use.
template <typename T = Ok>
class [[nodiscard]] Result {
 public:
  Result(T value)
      : state_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error)
      : state_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  // Only for a result that has a value.
  T& value() & {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    assert(has_value());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // Only for a result without a value.
  const Error& error() const& {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }

  T value_or(T fallback) const& {
    return has_value() ? value() : std::move(fallback);
  }

 private:
  std::variant<T, Error> state_;
};

// `what: strerror(os_errno)`; kind is system, or unsupported for EPERM,
// EACCES, ENOSYS and EROFS, which mean that this machine or user may not.
Error system_error(std::string what, int os_errno);

Error usage_error(std::string what);
Error unsupported_error(std::string what);
Error internal_error(std::string what);

// `prefix: error.what`, all else kept.
Error with_prefix(std::string prefix, Error error);

}  // namespace faultrig

// Returns the error of `expr` from the enclosing function, or goes on.
#define TRY(expr)                              \
  do {                                         \
    if (auto try_result = (expr); !try_result) \
      return try_result.error();               \
  } while (false)

#define FAULTRIG_CONCAT_2(a, b) a##b
#define FAULTRIG_CONCAT(a, b) FAULTRIG_CONCAT_2(a, b)

// Defines or assigns `target` from the value of `expr`, or returns its error.
#define TRY_ASSIGN(target, expr) \
  TRY_ASSIGN_AS(FAULTRIG_CONCAT(try_value_, __LINE__), target, expr)
// NOLINTBEGIN(bugprone-macro-parentheses): a target may be a declaration
#define TRY_ASSIGN_AS(name, target, expr) \
  auto name = (expr);                     \
  if (!name)                              \
    return name.error();                  \
  target = std::move(name).value()
// NOLINTEND(bugprone-macro-parentheses)

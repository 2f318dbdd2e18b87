#pragma once

#include <string>

namespace faultrig {

// The raw status that wait4(2) gives for an ended process: an exit code or a
// signal, never both, and never 128+n.
class WaitStatus {
 public:
  explicit WaitStatus(int raw) : raw_(raw) {}
  static WaitStatus of_exit(int code) { return WaitStatus((code & 0xff) << 8); }
  static WaitStatus of_signal(int signal) { return WaitStatus(signal & 0x7f); }

  bool exited() const;
  bool killed() const;
  int exit_code() const;  // only if exited()
  int signal() const;     // only if killed()
  bool dumped_core() const;
  bool clean() const { return raw_ == 0; }
  int raw() const { return raw_; }
  // What a POSIX shell shows in `$?`: the code, or 128 + signal.
  int shell_code() const;
  // `exited 1` or `killed by SIGKILL`.
  std::string text() const;

  friend bool operator==(WaitStatus, WaitStatus) = default;

 private:
  int raw_;
};

}  // namespace faultrig

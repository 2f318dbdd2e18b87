#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace faultrig {

// What is known of one descriptor of a traced process.
struct TracedFd {
  std::string path;
  std::string peer;  // of a socket that was connected
  bool socket = false;
};

// A traced process; its threads are it too.
struct TracedProcess {
  using Fds = std::map<int, TracedFd>;

  std::int64_t pid = 0;           // of its first thread; 0: not told
  std::string program;            // the path that it was started by
  std::vector<std::string> argv;  // empty: not told, or not whole
  bool is_exec = false;           // it called execve itself
  std::shared_ptr<Fds> fds = std::make_shared<Fds>();
  int highest = 2;  // descriptor it ever had

  // To be changed: a copy of its own.
  Fds& own_fds();
};

// The processes of a trace, by the ids of their threads. At most 65536 of them
// and of their descriptors are known at a time; of more nothing is.
class TracedTasks {
 public:
  // Of this thread, made where it is not known. `pid` 0: the line had none.
  std::shared_ptr<TracedProcess> of(std::int64_t pid);
  // A clone(2) of this process began; with CLONE_THREAD it makes a thread of
  // it. Its child may be seen before it is over.
  void expect(std::int64_t parent, bool thread);
  // It is over, and made this child.
  void made(const std::shared_ptr<TracedProcess>& parent, std::int64_t child,
            bool thread);
  // strace told of this child before all else. Who is told of otherwise, and
  // nobody made, is the process that lines without an id were about.
  void announced(std::int64_t child);
  void ended(std::int64_t pid);
  bool knows(std::int64_t pid) const { return tasks_.contains(pid); }
  std::int64_t processes() const { return processes_; }

 private:
  struct Expected {
    std::int64_t parent = 0;
    bool thread = false;
  };
  std::shared_ptr<TracedProcess> child_of(
      const std::shared_ptr<TracedProcess>& parent, std::int64_t child);
  std::shared_ptr<TracedProcess> fresh(std::int64_t pid);

  std::unordered_map<std::int64_t, std::shared_ptr<TracedProcess>> tasks_;
  std::vector<Expected> expected_;
  std::set<std::int64_t> announced_;
  bool tells_ = false;  // strace, of children
  std::int64_t processes_ = 0;
};

// Does what a call that succeeded did to the descriptors of its process.
struct FdCall {
  std::string_view call;
  std::vector<std::string_view> arguments;
  std::string_view result;
};
void note_fds(TracedProcess& process, const FdCall& call);

}  // namespace faultrig

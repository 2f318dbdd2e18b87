#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/model/scenario.h"
#include "harness/os/file_names.h"
#include "harness/os/program_file.h"
#include "harness/run/loop.h"
#include "harness/run/recorder.h"

namespace faultrig {

// How Fault::target() of a child begins.
inline constexpr std::string_view kChildPrefix = "child ";

// The processes that a workload started and that a fault is at, by the name of
// the program that they run: as their execve(2) called it, or as the kernel
// calls the file that it runs (a script's is that of its interpreter). Not
// after fork.
class Children {
 public:
  // `came`: there is one more. All must outlive it.
  Children(const std::vector<Fault>& faults, Loop& loop, Recorder& recorder,
           std::function<void()> came);

  // Is a fault at a child?
  bool wanted() const { return !globs_.empty(); }

  // A process of this link is about to make execve(2) of a file of these names,
  // and waits for our answer. Once it is that program it counts, some fractions
  // of a millisecond later.
  void begins(Link link, int pid, const FileNames& names);

  // Does one that has not ended run such a program?
  bool has(std::string_view program) const;
  // Sends a signal to each of those; gives how many had not ended.
  Result<int> send_signal(std::string_view program, int signal);

  // The workload has ended: tells how those ended that a signal was sent to, or
  // that nobody knows. Where the kernel tells that to others than a parent
  // (Linux 6.15), and the parent has waited for it.
  void tell_ends();

 private:
  // What is another one once execve(2) has succeeded.
  struct Image {
    ProgramFile file;
    std::uint64_t name_at = 0;
    bool operator==(const Image&) const = default;
  };
  struct Awaited {
    Link link = Link::command;
    Image before;
    std::vector<std::string> names;
    std::uint64_t turn = 0;
  };
  struct Child {
    Link link = Link::command;
    Fd pidfd;
    std::vector<std::string> names;
    bool signalled = false;
  };
  static Result<Image> image_of(int pid);
  void look(int pid, std::uint64_t turn, std::chrono::nanoseconds pause);
  void became(int pid, const Awaited& one);
  void make_room();
  static bool runs(const Child& child, std::string_view program);

  std::vector<std::string> globs_;
  Loop& loop_;
  Recorder& recorder_;
  std::function<void()> came_;
  std::map<int, Awaited> awaited_;  // by pid
  std::map<int, Child> children_;   // by pid
  std::uint64_t turns_ = 0;
  bool overflowed_ = false;
};

}  // namespace faultrig

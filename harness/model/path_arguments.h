#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace faultrig {

// An argument of a system call that is the path of a file (syscalls(2)).
struct PathArgument {
  // Does the kernel follow it where it names a symbolic link (symlink(7))?
  enum class Follows {
    always,
    never,
    unless_flag,  // argument `flags` has `flag`
    if_flag,
    as_open,    // by open(2)'s flags in argument `flags`
    as_openat2  // by the struct open_how that argument `flags` points to
  };
  int argument = 0;
  int dirfd = -1;  // the directory that it is relative to; -1: the working one
  Follows follows = Follows::always;
  int flags = -1;
  std::uint64_t flag = 0;
  // The text of a new symbolic link: relative to the folder of the link, which
  // is this argument; -1 for all others.
  int link = -1;
};

// Every path that a call names, in the order of its arguments; source and
// target of rename(2) and its like are two.
std::vector<PathArgument> path_arguments(std::string_view call);

// Every descriptor that a call works on: two for sendfile(2) and its like.
std::vector<int> fd_arguments(std::string_view call);
// May its descriptors 0, 1 and 2 be what a program reads and prints? Not of
// bind, listen, accept and connect: a service that has closed its stderr
// listens at 2.
bool may_mean_stdio(std::string_view call);

}  // namespace faultrig

#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/adversary/dice.h"

namespace faultrig::adversary {

using Words = std::vector<std::string>;

// A call that a workload will make, as far as a choice may ask.
struct Planned {
  std::string call;
  Words paths;  // below the folder of a run
  std::string kind;
  long times = 1;
};

// A workload as it grows: what it calls, and which slots hold what.
class Work {
 public:
  explicit Work(Dice& dice) : dice_(dice) {}

  // A file is opened, then so many acts follow.
  void grow(long count);
  // A child does a few more.
  void in_child();
  // Goes on as the same program anew.
  void become();
  // Writes a line by `say` or `err`.
  void say(const std::string& where, const std::string& text);
  // An act whose call it knows.
  void add(const std::string& act, Planned planned);
  // A server of its own, at a port of the loopback interface.
  void listen_at(long port);

  Words acts;
  Words said;
  Words ports;
  std::vector<Planned> planned;  // in order

 private:
  // `f` a file, `d` a folder, `m` memory, `r` and `w` a pipe's ends, `s` a
  // socket, `l` one that listens, `o` another.
  struct Slot {
    char kind = 'o';
    std::string path = {};
  };
  // A path as a call gets it: where it begins, its text, and all that is meant.
  struct Target {
    std::string folder = "-";
    std::string text;
    Words paths;
  };
  void add_alike(const std::string& act, Planned planned);
  std::string name_of_file();
  Target target();
  Target target_at();
  std::string at(const std::string& name);
  std::string size();
  int new_slot(const Slot& slot);
  int slot_with(const std::string& kinds);
  std::string kind_of(int slot);
  void open_file();
  void open_in_folder();
  void on_file();
  void copy_descriptor();
  void on_path();
  void on_two_paths();
  void make_link();
  void on_pipe();
  void name_a_pipe();
  void on_socket();
  void on_two_descriptors();
  void serve();
  void other_descriptor();
  void on_stdio();
  void start_nothing();
  void enter_root();
  void neither_path_nor_descriptor();
  void speak();
  void one_act();

  Dice& dice_;
  std::map<int, Slot> slots_;
  int next_slot_ = 0;
};

}  // namespace faultrig::adversary

#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace faultrig::adversary {

// The folder of a scenario as its calls change it: names (dentries), and the
// files behind them. Knows what path_resolution(7) says, and no more.
class Tree {
 public:
  static constexpr int kNone = -1;

  // Where a path led.
  struct Found {
    // All that is true: as it was written, the entry in its real folder, what
    // its links lead to.
    std::vector<std::string> names;
    int name = kNone;    // what is there; none: nothing, or no way to it
    int folder = kNone;  // in which it is, or would be
    std::string last;
  };

  // With what bench.cc puts in the folder of each run.
  Tree(const std::string& home, int runs, const std::string& program);

  // How a path is read.
  struct Way {
    int folder = 0;  // where it begins
    int root = 0;    // 0: that of all
    bool follows = true;
    bool below = false;  // the root is where it begins (RESOLVE_IN_ROOT)
  };

  int home() const { return 0; }
  Found find(const std::string& path, const Way& way) const;
  std::string path_of(int name) const;
  bool is_gone(int name) const { return at(name).gone; }
  bool is_pipe(int name) const { return file(name).kind == Kind::pipe; }

  // What calls that succeeded did. Each takes what find() gave; what lies
  // elsewhere, such as in procfs, changes nothing here.
  int made_file(const Found& place);
  void made_folder(const Found& place);
  void made_pipe(const Found& place);
  void made_link(const Found& place, const std::string& text);
  void linked(int from, const Found& to);
  void removed(const Found& place);
  void renamed(const Found& from, const Found& to);
  void exchanged(const Found& one, const Found& other);

 private:
  enum class Kind { file, folder, link, pipe };
  struct Name {
    std::string text;
    int parent = kNone;
    int file = kNone;
    bool gone = false;
  };
  struct File {
    Kind kind = Kind::file;
    std::string text;  // of a link
  };
  const Name& at(int name) const {
    return names_.at(static_cast<std::size_t>(name));
  }
  Name& at(int name) { return names_.at(static_cast<std::size_t>(name)); }
  const File& file(int name) const {
    return files_.at(static_cast<std::size_t>(at(name).file));
  }
  int child(int folder, const std::string& text) const;
  int add(int folder, const std::string& text, const File& file);
  void made(const Found& place, const File& file);
  int add_name(int folder, const std::string& text, int file);
  std::string written(const std::string& path, const Way& way) const;
  // Where an absolute path begins, and what is left of it; none: elsewhere.
  int begin(std::string& path, int root) const;
  void add_inside(int root, Found& found) const;

  std::string home_;
  std::vector<Name> names_;
  std::vector<File> files_;
};

}  // namespace faultrig::adversary

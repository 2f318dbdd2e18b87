// A name keeps its place when its file is removed: d_path of the kernel says
// "(deleted)" behind it. rename(2) moves the name itself, so that what is open
// by it, or below it, is called otherwise from then on.
#include "tests/adversary/tree.h"

#include <algorithm>
#include <deque>

namespace faultrig::adversary {

namespace {

constexpr int kMostLinks = 40;  // path_resolution(7)

std::deque<std::string> parts_of(const std::string& path) {
  std::deque<std::string> out;
  std::string part;
  for (char letter : path + "/") {
    if (letter != '/') {
      part += letter;
    } else if (!part.empty() && part != ".") {
      out.push_back(part);
    }
    part = letter == '/' ? "" : part;
  }
  return out;
}

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    names.push_back(name);
  }
}

}  // namespace

Tree::Tree(const std::string& home, int runs, const std::string& program)
    : home_(home) {
  names_.push_back({home, kNone, 0, false});
  files_.push_back({Kind::folder, ""});
  for (int run = 0; run < runs; ++run) {
    int place = add(0, "r" + std::to_string(run), {Kind::folder, ""});
    int folder = add(place, "d", {Kind::folder, ""});
    add(place, "a", {});
    add(place, "b", {});
    add(folder, "e", {});
    add(folder, "up", {Kind::link, "../b"});
    add(place, "l", {Kind::link, "a"});
    add(place, "ld", {Kind::link, "d"});
    add(place, "far", {Kind::link, path_of(place) + "/b"});
    add(place, "void", {Kind::link, "nothing"});
    add(place, "loop", {Kind::link, "loop"});
    add(place, "me", {Kind::link, program});
  }
}

int Tree::child(int folder, const std::string& text) const {
  for (std::size_t i = 1; i < names_.size(); ++i) {
    const Name& name = names_[i];
    if (!name.gone && name.parent == folder && name.text == text) {
      return static_cast<int>(i);
    }
  }
  return kNone;
}

int Tree::add_name(int folder, const std::string& text, int file) {
  names_.push_back({text, folder, file, false});
  return static_cast<int>(names_.size()) - 1;
}

int Tree::add(int folder, const std::string& text, const File& file) {
  files_.push_back(file);
  return add_name(folder, text, static_cast<int>(files_.size()) - 1);
}

std::string Tree::path_of(int name) const {
  return name == 0 ? home_ : path_of(at(name).parent) + "/" + at(name).text;
}

// Without what says nothing; absolute.
std::string Tree::written(const std::string& path, const Way& way) const {
  bool whole = path.starts_with('/') && !way.below;
  std::string out = whole ? "" : path_of(way.folder);
  for (const std::string& part : parts_of(path)) {
    out += "/" + part;
  }
  return out;
}

int Tree::begin(std::string& path, int root) const {
  if (root != 0) {
    return root;
  }
  bool inside = path.starts_with(home_ + "/") || path == home_;
  path = inside ? path.substr(home_.size()) : path;
  return inside ? 0 : kNone;
}

// As who lives below that root calls them.
void Tree::add_inside(int root, Found& found) const {
  std::string above = root == 0 ? "" : path_of(root);
  for (std::size_t i = 0; root != 0 && i < found.names.size(); ++i) {
    if (found.names[i].starts_with(above + "/")) {
      found.names.push_back(found.names[i].substr(above.size()));
    }
  }
}

Tree::Found Tree::find(const std::string& path, const Way& way) const {
  Found found;
  std::string as_written = written(path, way);
  std::deque<std::string> todo = parts_of(path);
  bool climbs = std::find(todo.begin(), todo.end(), "..") != todo.end();
  if (!climbs) {
    found.names.push_back(as_written);
  }
  int root = way.below ? way.folder : way.root;
  int here = way.folder;
  auto from_root = [&](std::string text) {
    here = begin(text, root);
    todo = parts_of(text);
    return here != kNone;
  };
  if (path.starts_with('/') && !from_root(path)) {
    return found;
  }
  int links = 0;
  bool lost = false;
  while (!todo.empty() && !lost) {
    std::string part = todo.front();
    todo.pop_front();
    bool last = todo.empty();
    if (part == "..") {
      here = here == 0 || here == root ? here : at(here).parent;
      continue;
    }
    lost = file(here).kind != Kind::folder || at(here).gone;
    int next = lost ? kNone : child(here, part);
    if (last && !lost) {
      found.folder = here;
      found.last = part;
      add_once(found.names, path_of(here) + "/" + part);
    }
    if (next == kNone) {
      lost = true;
      continue;
    }
    bool goes_on = file(next).kind == Kind::link && (!last || way.follows);
    if (!goes_on) {
      here = next;
      continue;
    }
    std::string text = file(next).text;
    lost = ++links > kMostLinks;
    std::deque<std::string> rest = todo;
    if (text.starts_with('/')) {
      if (!from_root(text)) {
        add_once(found.names, text);  // of the program
        return found;
      }
    } else {
      todo = parts_of(text);
    }
    todo.insert(todo.end(), rest.begin(), rest.end());
  }
  found.name = lost ? kNone : here;
  if (!lost) {
    add_once(found.names, path_of(here));
  } else if (found.names.empty()) {
    found.names.push_back(as_written);
  }
  add_inside(way.root, found);
  return found;
}

int Tree::made_file(const Found& place) {
  return place.name != kNone || place.folder == kNone
             ? place.name
             : add(place.folder, place.last, {});
}

void Tree::made(const Found& place, const File& file) {
  if (place.folder != kNone) {
    add(place.folder, place.last, file);
  }
}

void Tree::made_folder(const Found& place) { made(place, {Kind::folder, ""}); }

void Tree::made_pipe(const Found& place) { made(place, {Kind::pipe, ""}); }

void Tree::made_link(const Found& place, const std::string& text) {
  made(place, {Kind::link, text});
}

void Tree::linked(int from, const Found& to) {
  if (from != kNone && to.folder != kNone) {
    add_name(to.folder, to.last, at(from).file);
  }
}

void Tree::removed(const Found& place) {
  if (place.name != kNone) {
    at(place.name).gone = true;
  }
}

// Of two names of one file neither moves.
void Tree::renamed(const Found& from, const Found& to) {
  if (from.name == kNone || to.folder == kNone) {
    return;
  }
  if (to.name != kNone && at(from.name).file == at(to.name).file) {
    return;
  }
  if (to.name != kNone) {
    at(to.name).gone = true;
  }
  at(from.name).parent = to.folder;
  at(from.name).text = to.last;
}

void Tree::exchanged(const Found& one, const Found& other) {
  bool known = one.name != kNone && other.name != kNone;
  if (known && at(one.name).file != at(other.name).file) {
    std::swap(at(one.name).parent, at(other.name).parent);
    std::swap(at(one.name).text, at(other.name).text);
  }
}

}  // namespace faultrig::adversary

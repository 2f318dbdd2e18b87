// `go list -e` names what it can, also where a package is broken, and says why
// beside it: what does not compile is for the run to tell. Each word is asked
// about by itself, since go only warns of a pattern that matches nothing, and a
// folder from within, since it may be of another module.
#include "harness/campaign/package_list.h"

#include <algorithm>
#include <set>
#include <utility>

#include "harness/base/text.h"
#include "harness/campaign/frame.h"
#include "harness/model/go_words.h"
#include "harness/os/find_program.h"
#include "harness/run/command.h"
#include "harness/run/go_tool.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

constexpr const char* kFormat =
    "{{len .TestGoFiles}}\t{{len .XTestGoFiles}}\t{{.ImportPath}}\t"
    "{{with .Error}}{{printf \"%q\" .Err}}{{end}}\t{{.Dir}}";

bool is_pattern(std::string_view word) { return word.find("...") != word.npos; }

// The folder and the words, with a NUL behind each: none can hold one.
std::string order_of(const fs::path& dir, const std::string& word,
                     const std::vector<std::string>& flags) {
  std::vector<std::string> parts{dir.string(), word};
  parts.insert(parts.end(), flags.begin(), flags.end());
  std::string out;
  for (const std::string& part : parts) {
    out += part;
    out += '\0';
  }
  return out;
}

std::vector<std::string> parts_of(std::string_view text, char end) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    std::size_t at = std::min(text.find(end), text.size());
    parts.emplace_back(text.substr(0, at));
    text.remove_prefix(std::min(at + 1, text.size()));
  }
  return parts;
}

Result<std::string> list_packages(Session& session, const GoTest& test) {
  ToolCommand command;
  command.env = session.options().environment;
  command.cwd = test.dir;
  TRY_ASSIGN(std::string go, find_program(test.go, command.env));
  command.argv = go_list_words(test, go);
  std::replace(command.argv.begin(), command.argv.end(),
               std::string("{{.Dir}}"), std::string(kFormat));
  command.argv.insert(command.argv.begin() + 2, "-e");
  return output_of_go(session, command);
}

}  // namespace

Result<std::vector<FoundPackage>> read_packages(const std::string& word,
                                                std::string_view listed) {
  std::vector<FoundPackage> found;
  for (std::string_view line : lines_of(listed)) {
    std::vector<std::string> parts = parts_of(line, '\t');
    parts.resize(5);
    bool has_tests = parts[0] != "0" || parts[1] != "0";
    bool named = !is_pattern(word);
    bool broken = named && !has_tests && !parts[3].empty();
    if (broken || parts[4].empty()) {
      return usage_error("go list finds no package " + word + ": " + parts[3]);
    }
    found.push_back({named ? word : parts[2], parts[4], has_tests});
  }
  return found.empty() ? Result<std::vector<FoundPackage>>(
                             usage_error("no package matches " + word))
                       : found;
}

PackageList::PackageList(fs::path here, std::vector<std::string> words,
                         std::vector<std::string> flags)
    : here_(std::move(here)),
      words_(std::move(words)),
      flags_(std::move(flags)) {
  for (std::size_t i = 0; i < words_.size(); ++i) {
    open_.insert(i);
  }
}

bool PackageList::is_folder(const std::string& word) const {
  std::error_code failed;
  return !is_pattern(word) && fs::is_directory(here_ / word, failed);
}

std::optional<Task> PackageList::next() {
  if (open_.empty()) {
    return std::nullopt;
  }
  std::size_t number = open_.extract(open_.begin()).value();
  const std::string& word = words_[number];
  std::string order =
      is_folder(word) ? order_of((here_ / word).lexically_normal(), ".", flags_)
                      : order_of(here_, word, flags_);
  return Task{number, order};
}

void PackageList::learned(const Task& task, const Result<std::string>& answer) {
  auto frame = answer ? parse_frame(*answer, 1) : answer.error();
  answers_.emplace(task.number, !frame ? Result<std::string>(frame.error())
                                : frame->words[0] == 0
                                    ? Result<std::string>(frame->rest)
                                    : usage_error(frame->rest));
}

void PackageList::take_back(const Task& task) { open_.insert(task.number); }

std::size_t PackageList::left() const { return open_.size(); }

// Of a folder that is there the run itself tells what is wrong.
Result<std::vector<FoundPackage>> PackageList::found(std::size_t word) const {
  const std::string& name = words_[word];
  auto answer = answers_.find(word);
  if (answer == answers_.end()) {
    return internal_error("nobody was asked about " + name);
  }
  auto listed = answer->second ? read_packages(name, *answer->second)
                               : answer->second.error();
  if (!listed && is_folder(name)) {
    return std::vector<FoundPackage>{
        {name, (here_ / name).lexically_normal(), true}};
  }
  return listed;
}

Result<std::vector<FoundPackage>> PackageList::packages() const {
  std::vector<FoundPackage> out;
  std::set<fs::path> known;
  for (std::size_t i = 0; i < words_.size(); ++i) {
    TRY_ASSIGN(std::vector<FoundPackage> packages, found(i));
    for (FoundPackage& package : packages) {
      if (known.insert(package.dir).second) {
        out.push_back(std::move(package));
      }
    }
  }
  return out;
}

Deed package_deed() {
  return [](Result<Session>& session,
            const std::string& order) -> Result<std::string> {
    std::vector<std::string> parts = parts_of(order, '\0');
    if (parts.size() < 2) {
      return internal_error("an order of go list that is too short");
    }
    GoTest test;
    test.dir = parts[0];
    test.packages = {parts[1]};
    test.flags.assign(parts.begin() + 2, parts.end());
    auto listed = session ? list_packages(*session, test) : session.error();
    return listed ? frame_text({{0}, *listed})
                  : frame_text({{1}, listed.error().what});
  };
}

}  // namespace faultrig

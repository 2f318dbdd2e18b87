#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): as CLI11 has it
class App;
}

namespace faultrig {

struct Bytes;

// The options of one command, as it declares them. `into` gets the value while
// the command line is read, keeps its own unless one is given, and must outlive
// that. `names` are as people write them: `-j,--jobs`, or `PATH` for what has
// no name. CLI11 does the work; it takes seconds to compile, so one file has
// it.
class Arguments {
 public:
  struct Range {
    std::int64_t least = 0;
    std::int64_t most = 0;
  };
  // Takes one text, gives what is wrong with it; empty: nothing.
  using Take = std::function<std::string(const std::string&)>;

  explicit Arguments(CLI::App& app) : app_(app) {}

  void flag(const char* names, bool& into, const char* help);
  // An empty one, as of a variable that is not set, is a mistake.
  void word(const char* names, std::string& into, const char* help);
  // May repeat.
  void words(const char* names, std::vector<std::string>& into,
             const char* help);
  // All that has no name.
  enum class Count { any, at_least_one };
  void rest(const char* name, std::vector<std::string>& into, Count count,
            const char* help);
  void number(const char* names, int& into, Range range, const char* help);
  void number(const char* names, std::uint64_t& into, const char* help);
  void number(const char* names, std::optional<std::uint64_t>& into,
              Range range, const char* help);
  // `variable` of the environment is asked where there is no option.
  void number_or(const char* variable, const char* names, int& into,
                 Range range, const char* help);
  // `take` gives false for a size that will not do.
  void size(const char* names, const char* such_as,
            const std::function<bool(Bytes)>& take, const char* help);
  void read(const char* names, const Take& take, const std::string& help);
  // May repeat.
  void read_each(const char* names, const Take& take, const std::string& help);
  // What a shell offers for the value of this option.
  void offer(const char* name, std::vector<std::string> words) {
    offers_[name] = std::move(words);
  }
  const std::map<std::string, std::vector<std::string>>& offers() const {
    return offers_;
  }
  // Of these only one may be given.
  void one_of(std::initializer_list<const char*> names);
  // What stands behind the first `--` is not ours to read. `usage`: as its help
  // shows it, with the dashes.
  struct Behind {
    std::vector<std::string>* into = nullptr;  // null: nothing stands there
    std::string usage;
  };
  void behind_dashes(std::vector<std::string>& into, const char* usage) {
    behind_ = {&into, usage};
  }
  const Behind& behind() const { return behind_; }

 private:
  CLI::App& app_;
  Behind behind_;
  std::map<std::string, std::vector<std::string>> offers_;  // by option
};

}  // namespace faultrig

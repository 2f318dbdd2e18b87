#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/explain/seen.h"
#include "harness/judge/pattern.h"
#include "harness/model/cause.h"
#include "harness/model/explanation.h"

namespace faultrig {

// What was seen, with its lines put together once for all patterns.
class SeenText {
 public:
  struct Part {
    std::vector<LogLine> lines;
    std::string text;
  };
  explicit SeenText(const Seen& seen);

  const Seen& seen() const { return *seen_; }
  // `crash`, `frame`, `said`, `built`, `printed`, `ending`, `failing` or
  // `around`.
  const Part& part(const std::string& key) const { return parts_.at(key); }

 private:
  const Seen* seen_;
  std::map<std::string, Part> parts_;
};

// How sure at most something is, and why.
struct Doubt {
  Sure most = Sure::certain;
  std::string_view why;
};

// A sight with its patterns compiled.
class SightMatch {
 public:
  explicit SightMatch(const Sight& sight);

  // The lines that show it, when all of it was seen.
  std::optional<std::vector<Quote>> match(const SeenText& text) const;
  // Does it rest on the words of a crash?
  bool is_of_a_crash() const { return has("crash") || has("frame"); }
  // Does it rest on what anything may print?
  bool is_of_a_print() const;
  // May a panic of the program's own have these words? Go prints them alike.
  bool may_be_of_another_panic(const Seen& seen) const;
  // What speaks against it.
  std::vector<Doubt> doubts(const Seen& seen,
                            const std::vector<Quote>& quotes) const;
  // How sure it makes with these: of a log never surer than what else could
  // have left the same line allows.
  Sure sure(const std::vector<Doubt>& doubts) const;

 private:
  bool words_match(const Seen& seen) const;
  bool flags_match(const Seen& seen) const;
  bool owner_matches(const Seen& seen) const;
  bool has(const char* key) const;
  void add_doubts_of_place(const Seen& seen, const std::vector<Quote>& quotes,
                           std::vector<Doubt>& out) const;
  bool is_told_by_end(const Seen& seen) const;
  Sure most_outside(const Seen& seen, const std::vector<Quote>& quotes) const;
  bool text_matches(const std::string& key, const std::string& text) const;
  bool lines_match(const std::string& key, const SeenText& text,
                   std::vector<Quote>& quotes) const;

  // A key of the sight that is a word, or true or false, and what it asks of.
  struct Word {
    const std::vector<std::string>* wanted;
    const std::string& (*of)(const Seen&);
  };
  struct Flag {
    bool wanted;
    std::optional<bool> (*of)(const Seen&);
  };

  const Sight* sight_;
  std::vector<Word> words_;
  std::vector<Flag> flags_;
  std::map<std::string, std::unique_ptr<Pattern>> patterns_;
};

}  // namespace faultrig

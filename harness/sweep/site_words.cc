// No two runs print the same bytes: folders, times and ids differ. Lines are
// compared without them. And programs name files all the time: "stored a.db"
// says nothing of the error that was given for a.db.
#include "harness/sweep/site_words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <utility>

#include "harness/base/text.h"
#include "harness/model/call_errors.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostSaid = 100;
constexpr std::size_t kLongestLine = 1000;
constexpr std::size_t kCompared = 200;
constexpr std::size_t kShortestHex = 6;

// How programs call an error that they do not name, by the beginnings of words.
constexpr std::array<std::string_view, 21> kErrorWords{
    "error",  "err",    "fail",   "cannot",  "can't",    "can not", "could not",
    "unable", "denied", "refuse", "corrupt", "broken",   "invalid", "panic",
    "warn",   "abort",  "lost",   "missing", "fallback", "give up", "giving"};

bool is_of_word(char letter) {
  auto byte = static_cast<unsigned char>(letter);
  return std::isalnum(byte) != 0 || letter == '_' || letter == '-' ||
         byte >= 0x80;
}

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

// Beyond a path: a blank, a quote, or what closes or ends a sentence.
bool ends_path(char letter) {
  return std::string_view(" \t\"'`:,;)]}>|").find(letter) !=
         std::string_view::npos;
}

std::size_t end_of_word(std::string_view line, std::size_t at) {
  std::size_t end = at;
  while (end < line.size()) {
    bool point = line[end] == '.' && end > at && is_digit(line[end - 1]) &&
                 end + 1 < line.size() && is_digit(line[end + 1]);
    if (!is_of_word(line[end]) && !point) {
      break;
    }
    ++end;
  }
  return end;
}

bool is_unsteady(std::string_view word) {
  bool hex = word.size() >= kShortestHex &&
             std::all_of(word.begin(), word.end(), [](unsigned char letter) {
               return std::isxdigit(letter) != 0;
             });
  return hex || std::any_of(word.begin(), word.end(), is_digit);
}

bool has_word(std::string_view text, std::string_view word, bool whole) {
  for (std::size_t at = text.find(word); at != text.npos;
       at = text.find(word, at + 1)) {
    std::size_t end = at + word.size();
    bool begins = at == 0 || !is_of_word(text[at - 1]);
    if (begins && (!whole || end == text.size() || !is_of_word(text[end]))) {
      return true;
    }
  }
  return false;
}

bool speaks_of_error(std::string_view text) {
  return std::any_of(kErrorWords.begin(), kErrorWords.end(),
                     [&](std::string_view word) {
                       return has_word(text, word, word == "err");
                     });
}

// Takes the paths out; gives whether there were any.
bool take_paths(std::string& text, const std::set<std::string>& paths) {
  bool any = false;
  for (const std::string& path : paths) {
    for (std::size_t at = text.find(path); at != text.npos;
         at = text.find(path, at)) {
      text.replace(at, path.size(), " ");
      any = true;
    }
  }
  return any;
}

bool says(std::string_view line, const ErrorNames& names, bool passed) {
  std::string text = in_small_letters(line);
  bool named =
      std::any_of(names.texts.begin(), names.texts.end(),
                  [&](const auto& one) { return text.find(one) != text.npos; });
  named = named || std::any_of(names.words.begin(), names.words.end(),
                               [&](const auto& one) {
                                 return has_word(text, one, true);
                               });
  if (named || !take_paths(text, names.paths)) {
    return named;
  }
  bool of_test = line.starts_with("    ") || line.starts_with("\t");
  return speaks_of_error(text) || (!passed && of_test);
}

std::map<std::string, std::size_t> counted(const std::string& output) {
  std::map<std::string, std::size_t> out;
  for (std::string_view line : lines_of(output)) {
    ++out[steady_line(line)];
  }
  return out;
}

}  // namespace

std::string steady_line(std::string_view line) {
  line = line.substr(0, kLongestLine);
  std::string out;
  std::size_t at = 0;
  while (at < line.size()) {
    std::size_t end = end_of_word(line, at);
    if (line.substr(at).starts_with(kOwnTmp)) {
      out += kOwnTmp;
      const char* stop = std::find_if(line.begin() + at, line.end(), ends_path);
      at = static_cast<std::size_t>(stop - line.begin());
    } else if (end == at) {
      out += line[at++];
    } else {
      std::string_view word = line.substr(at, end - at);
      out += is_unsteady(word) ? "#" : word;
      at = end;
    }
  }
  return out.substr(0, kCompared);
}

KnownLines::KnownLines(const std::vector<SiteRun>& recordings) {
  std::vector<std::map<std::string, std::size_t>> all;
  all.reserve(recordings.size());
  for (const SiteRun& run : recordings) {
    all.push_back(counted(run.output));
    for (const auto& [line, count] : all.back()) {
      counts_[line] = count;
    }
  }
  for (auto& [line, count] : counts_) {
    for (const auto& one : all) {
      auto found = one.find(line);
      bool agrees = found != one.end() && found->second == count;
      count = agrees ? count : SIZE_MAX;
    }
  }
}

std::vector<std::string> KnownLines::fresh(
    const std::vector<std::string>& said) const {
  std::map<std::string, std::size_t> left = counts_;
  std::vector<std::string> out;
  for (const std::string& line : said) {
    std::size_t& count = left[steady_line(line)];
    if (count == 0) {
      out.push_back(line);
    } else {
      count -= count == SIZE_MAX ? 0 : 1;
    }
  }
  return out;
}

std::size_t most_alike(const std::vector<std::string>& lines) {
  std::map<std::string, std::size_t> counts;
  std::size_t most = 0;
  for (const std::string& line : lines) {
    most = std::max(most, ++counts[steady_line(line)]);
  }
  return most;
}

std::vector<std::string> lines_that_say(const std::string& output,
                                        const ErrorNames& names, bool passed) {
  std::vector<std::string> said;
  for (std::string_view line : lines_of(output)) {
    if (said.size() < kMostSaid && says(line, names, passed)) {
      said.emplace_back(line.substr(0, kLongestLine));
    }
  }
  return said;
}

}  // namespace faultrig

// The errors of package os are `OP PATH: ERROR` (fs.PathError), those of
// package net `OP NETWORK ADDRESS: CALL: ERROR` (net.OpError), `lookup NAME: no
// such host` (net.DNSError). ERROR is strerror(3) in small letters.
#include "harness/replay/log_faults.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include <fmt/format.h>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/whole_number.h"
#include "harness/base/yaml_word.h"
#include "harness/model/call_errors.h"
#include "harness/replay/call_book.h"
#include "harness/replay/log_workload.h"
#include "harness/replay/provoked.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostFaults = 256;
constexpr std::size_t kMostShown = 300;
constexpr std::size_t kMostCandidates = 20;
constexpr std::size_t kMostBegun = 1000;

constexpr std::array kErrors{
    EMFILE, ENFILE,       ENOSPC,      ECONNREFUSED, ECONNRESET, EPIPE,
    EACCES, EADDRINUSE,   ETIMEDOUT,   EPERM,        ENOENT,     EIO,
    EROFS,  EAGAIN,       ENOMEM,      EDQUOT,       EFBIG,      ETXTBSY,
    EXDEV,  EHOSTUNREACH, ENETUNREACH, EEXIST,       ENOTEMPTY,  ESTALE};

// What Go calls what it does, and the calls by which it does so.
struct Op {
  std::string_view word;
  std::string_view calls;  // as a fault takes them
};
constexpr std::array kOps{
    Op{"open", "openat"},
    Op{"read", "[read, pread64]"},
    Op{"write", "[write, pwrite64]"},
    Op{"mkdir", "mkdirat"},
    Op{"remove", "unlinkat"},
    Op{"unlinkat", "unlinkat"},
    Op{"rename", "[renameat, renameat2]"},
    Op{"stat", "newfstatat"},
    Op{"lstat", "newfstatat"},
    Op{"sync", "fsync"},
    Op{"truncate", "[truncate, ftruncate]"},
    Op{"close", "close"},
    Op{"chmod", "fchmodat"},
    Op{"chdir", "chdir"},
    Op{"link", "linkat"},
    Op{"symlink", "symlinkat"},
    Op{"readdirent", "getdents64"},
    Op{"fork/exec", "execve"},
};

std::string last_word(std::string_view text) {
  return std::string(text.substr(text.rfind(' ') + 1));
}

// What stands behind the last `word ` that begins there.
std::optional<std::string_view> behind(std::string_view text,
                                       std::string_view word) {
  std::string wanted = std::string(word) + " ";
  std::size_t at = text.rfind(wanted);
  constexpr std::string_view kBefore = " \t\"'`([{=:,";  // no part of a word
  bool whole = at != text.npos &&
               (at == 0 || kBefore.find(text[at - 1]) != kBefore.npos);
  return whole ? std::optional(text.substr(at + wanted.size())) : std::nullopt;
}

bool take_end(std::string_view& text, std::string_view end) {
  bool there = text.ends_with(end);
  text.remove_suffix(there ? end.size() : 0);
  return there;
}

// Without a name it is called as its injector.
ReplayCandidate candidate(std::string what, std::string fault,
                          std::string name = "") {
  ReplayCandidate out;
  out.what = std::move(what);
  out.name = name.empty() ? injector_of(fault) : std::move(name);
  out.fault = std::move(fault);
  return out;
}

// `dial tcp 127.0.0.1:4: connect`, `listen tcp :80: bind`, `read tcp A->B`
std::optional<ReplayCandidate> of_network(std::string_view head,
                                          const std::string& error) {
  if (take_end(head, ": connect")) {
    std::string to = last_word(head);
    std::size_t arrow = to.find("->");  // from there to here
    to = arrow == to.npos ? to : to.substr(arrow + 2);
    return candidate("connect to " + to + " fails with " + error,
                     "syscall: {call: connect, peer: " + yaml_word(to) +
                         ", error: " + error + "}",
                     "connect-" + error);
  }
  std::string address = take_end(head, ": bind") ? last_word(head) : "";
  std::string port = address.substr(address.rfind(':') + 1);
  if (!address.empty() && error == "EADDRINUSE" &&
      whole_number<std::uint16_t>(port)) {
    return candidate("port " + port + " is taken",
                     "port: {taken: " + port + "}");
  }
  for (std::string_view word : {"read", "write"}) {
    if (take_end(head, ": " + std::string(word)) &&
        head.find("->") != head.npos) {
      return candidate(std::string(word) + " of a socket fails with " + error,
                       fmt::format("syscall: {{call: {}, fd: socket, error: "
                                   "{}}}",
                                   word, error),
                       std::string(word) + "-" + error);
    }
  }
  return std::nullopt;
}

// `open /etc/hostname`
std::optional<ReplayCandidate> of_file(std::string_view head,
                                       const std::string& error) {
  const Op* found = nullptr;
  std::string_view rest = head;
  for (const Op& op : kOps) {
    auto path = behind(head, op.word);
    if (path && !path->empty() &&
        (found == nullptr || path->size() < rest.size())) {
      found = &op;
      rest = *path;
    }
  }
  if (found == nullptr || rest.find(": ") != rest.npos) {
    return std::nullopt;
  }
  std::string path(found->word == "rename" ? rest.substr(0, rest.find(' '))
                                           : rest);
  bool quoted = path.size() > 2 && path[0] == '"' && path.ends_with('"');
  path = quoted ? path.substr(1, path.size() - 2) : path;
  bool forks = found->word == "fork/exec" && error == "EAGAIN";
  std::string calls(forks ? "[clone, clone3]" : found->calls);
  std::string on = forks ? "" : ", path: " + yaml_word(path_glob(path));
  return candidate(
      fmt::format("{} {} fails with {}", found->word, path, error),
      "syscall: {call: " + calls + on + ", error: " + error + "}",
      (found->word == "fork/exec" ? "exec" : std::string(found->word)) + "-" +
          error);
}

// Of what stands before an error, what Go says: `dial tcp 127.0.0.1:4:
// connect`, without the time and the job before it.
std::string said_of(std::string_view head) {
  std::string_view said = head.substr(head.size());
  for (std::string_view word : {"dial", "listen"}) {
    auto rest = behind(head, word);
    said =
        rest ? head.substr(head.size() - rest->size() - word.size() - 1) : said;
  }
  for (const Op& op : kOps) {
    auto rest = behind(head, op.word);
    std::size_t size = rest ? rest->size() + op.word.size() + 1 : 0;
    said = size > said.size() ? head.substr(head.size() - size) : said;
  }
  return std::string(said);
}

// The one whose cause is known, or the first that failed.
const Explanation* chosen(const Explained& explained) {
  const Explanation* found = nullptr;
  for (const Explanation& one : explained.explanations) {
    bool failed = one.verdict == "fail" || one.verdict == "none";
    bool better = found == nullptr || (found->causes.empty() && failed);
    found = better ? &one : found;
  }
  return found;
}

ReplayFailure failure_of(const Explanation& explanation) {
  ReplayFailure out;
  const std::string& test = explanation.test;
  out.killed_by = signal_number(test) ? test : "";
  out.exited = whole_number<int>(test) ? test : "";
  return out;
}

}  // namespace

LogFaults::LogFaults() {
  for (int error : kErrors) {
    words_.push_back({errno_name(error), ": " + error_words(error).front()});
  }
}

void LogFaults::note(Said said, const ReplayLine& where) {
  auto known = faults_.find(said.candidate.fault);
  if (known == faults_.end()) {
    if (faults_.size() >= kMostFaults) {
      return;
    }
    known = faults_.emplace(said.candidate.fault, said).first;
  }
  std::vector<ReplayLine>& lines = known->second.candidate.rests_on;
  lines.resize(std::min<std::size_t>(lines.size(), 1));  // the first, the last
  lines.push_back(where);
  known->second.words = std::move(said.words);
}

void LogFaults::take(std::string_view line, std::int64_t number) {
  crashes_.take(line, number);
  take_begun(line, number);
  if (line.find(": ") == line.npos && line.find("limit ") == line.npos) {
    return;
  }
  ReplayLine where{"", number, std::string(line.substr(0, kMostShown))};
  std::string small = in_small_letters(line);
  for (const Words& words : words_) {
    std::size_t at = small.find(words.text);
    if (at != small.npos) {
      take_error(line.substr(0, at), words, where);
    }
  }
  take_name(line, where);
  take_limit(line, where);
}

// `=== RUN   TestA`, which go test -v prints.
void LogFaults::take_begun(std::string_view line, std::int64_t number) {
  constexpr std::string_view kBegun = "=== RUN   ";
  std::size_t at = line.find(kBegun);
  if (at != line.npos) {
    begun_[number] = line.substr(at + kBegun.size(), kMostShown);
    begun_.erase(begun_.begin(), begun_.size() > kMostBegun
                                     ? std::next(begun_.begin())
                                     : begun_.begin());
  }
}

std::string LogFaults::running_before(const Explanation& known) const {
  std::int64_t line = known.quotes.empty() ? 0 : known.quotes.front().line;
  auto behind = begun_.lower_bound(line);
  return behind == begun_.begin() ? "" : std::prev(behind)->second;
}

void LogFaults::take_error(std::string_view head, const Words& words,
                           const ReplayLine& where) {
  auto found = of_network(head, words.error);
  found = found ? found : of_file(head, words.error);
  if (found) {
    note({*found, said_of(head) + words.text}, where);
  }
}

// `lookup db.example.com on 127.0.0.53:53: no such host`
void LogFaults::take_name(std::string_view line, const ReplayLine& where) {
  std::size_t at = line.find(": no such host");
  auto name = behind(line.substr(0, at == line.npos ? 0 : at), "lookup");
  if (name) {
    std::string host(name->substr(0, name->find_first_of(" :")));
    note({candidate("there is no " + host,
                    "dns: {name: " + yaml_word(host) + ", answer: nxdomain}"),
          "no such host"},
         where);
  }
  std::size_t timeout = line.find(": i/o timeout");
  auto dial =
      behind(line.substr(0, timeout == line.npos ? 0 : timeout), "dial");
  if (dial) {
    std::string to = last_word(*dial);
    note({candidate(to + " does not answer",
                    "dependency: {to: " + yaml_word(to) + ", does: hang}"),
          "i/o timeout"},
         where);
  }
}

// `memory: usage 65536kB, limit 65536kB, failcnt 31`, of the kernel.
void LogFaults::take_limit(std::string_view line, const ReplayLine& where) {
  std::size_t at = line.find("memory: usage ");
  std::size_t limit = line.find("limit ", at == line.npos ? line.size() : at);
  if (limit == line.npos) {
    return;
  }
  std::string_view rest = line.substr(limit + 6);
  std::string_view digits = rest.substr(0, rest.find("kB"));
  if (whole_number<std::uint64_t>(digits)) {
    limit_ = {std::string(digits) + "KiB", where};
  }
}

void LogFaults::add_said(const Explanation* known, Replayed& out) const {
  for (const auto& [fault, said] : faults_) {
    ReplayCandidate one = said.candidate;
    one.words = said.words;
    one.score = 4;
    one.because = {"+4: Go says so in the log"};
    bool quoted = known != nullptr &&
                  std::any_of(known->quotes.begin(), known->quotes.end(),
                              [&](const Quote& quote) {
                                return quote.line == one.rests_on.back().line;
                              });
    if (quoted) {
      one.score += 3;
      one.because.emplace_back("+3: it is what the failure rests on");
    }
    out.candidates.push_back(std::move(one));
  }
}

Replayed LogFaults::replayed(const Explained& explained,
                             const std::string& here) const {
  Replayed out;
  out.kind = "log";
  out.lines = explained.lines;
  out.workload.dir = here;
  const Explanation* known = chosen(explained);
  out.failure.unknown = known == nullptr;
  if (known == nullptr && explained.packages > 0 && !explained.trouble) {
    out.notes.emplace_back("no package in it failed");
    return out;
  }
  bool by_error = true;
  if (known != nullptr) {
    ErrorLine crash = crashes_.of(*known);
    out.failure = failure_of(*known);
    by_error = !tells_end(*known, out.failure) && crash.text.empty();
    out.failure.error_line = crash.text;
    out.failure.panics = crash.panics;
    out.failure.top = crash.top;
    out.workload = workload_of(*known, here);
    out.candidates = provoked_by(*known, limit_, running_before(*known));
  }
  add_said(known, out);
  auto last_line = [](const ReplayCandidate& one) {
    return one.rests_on.empty() ? 0 : one.rests_on.back().line;
  };
  std::stable_sort(out.candidates.begin(), out.candidates.end(),
                   [&](const ReplayCandidate& a, const ReplayCandidate& b) {
                     return std::pair(a.score, last_line(a)) >
                            std::pair(b.score, last_line(b));
                   });
  out.candidates.resize(std::min(out.candidates.size(), kMostCandidates));
  for (ReplayCandidate& one : out.candidates) {
    one.words = by_error ? one.words : "";
  }
  return out;
}

}  // namespace faultrig

// Files of strace -ff are read side by side, in the order of their times; where
// they have none, one after the other, by the ids of their processes.
#include "harness/cli/replay_input.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string_view>

#include "harness/base/fd.h"
#include "harness/base/text.h"
#include "harness/base/whole_number.h"
#include "harness/campaign/cause_table.h"
#include "harness/cli/named_file.h"
#include "harness/explain/explainer.h"
#include "harness/explain/log_line.h"
#include "harness/replay/log_faults.h"
#include "harness/replay/trace_faults.h"
#include "harness/replay/trace_reader.h"

namespace faultrig {

namespace {

constexpr std::size_t kChunk = 1 << 18;
constexpr std::size_t kMostLine = 1
                                  << 20;  // of longer ones the rest is dropped
constexpr std::size_t kMostFiles = 1000;

// The lines of one file, one at a time.
class Lines {
 public:
  Lines(std::string name, Fd file)
      : name_(std::move(name)), fd_(std::move(file)) {
    std::string_view text(name_);
    auto pid = whole_number<std::int64_t>(text.substr(text.rfind('.') + 1));
    pid_ = pid.value_or(0);
  }

  // What is read first, without taking it; a byte order mark is left out.
  Result<std::string_view> peek() {
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    TRY(fill());
    held_.erase(0, held_.starts_with(kMark) ? kMark.size() : 0);
    return std::string_view(held_);
  }
  // Goes to the next line; false: there is none.
  Result<bool> next() {
    std::size_t end = held_.find('\n', taken_);
    while (end == std::string::npos && !ended_) {
      held_.erase(0, taken_);
      taken_ = 0;
      if (held_.size() > kMostLine) {
        held_.resize(kMostLine / 2);
      }
      std::size_t searched = held_.size();
      TRY(fill());
      end = held_.find('\n', searched);
    }
    if (taken_ == held_.size()) {
      return false;
    }
    bool whole = end != std::string::npos;
    line_ = std::string_view(held_).substr(taken_, end - taken_);
    taken_ = whole ? end + 1 : held_.size();
    ++number_;
    return true;
  }
  std::string_view line() const { return line_; }
  std::int64_t number() const { return number_; }
  std::int64_t pid() const { return pid_; }
  const std::string& name() const { return name_; }

 private:
  Result<> fill() {
    std::size_t before = held_.size();
    held_.resize(before + kChunk);
    ssize_t got = 0;
    do {
      got = read(fd_ ? fd_.get() : STDIN_FILENO, held_.data() + before, kChunk);
    } while (got < 0 && errno == EINTR);
    int error = errno;
    held_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    ended_ = got <= 0;
    return got < 0 ? Result<>(system_error("read " + name_, error)) : Ok{};
  }

  std::string name_;
  Fd fd_;
  std::string held_;
  std::size_t taken_ = 0;
  bool ended_ = false;
  std::string_view line_;
  std::int64_t number_ = 0;
  std::int64_t pid_ = 0;
};

Result<Lines> open_lines(const std::string& file) {
  if (file == "-") {
    return Lines(file, Fd());
  }
  auto opened = open_file(AT_FDCWD, file, O_RDONLY);
  if (!opened) {
    return of_named(opened.error());
  }
  return Lines(file, std::move(*opened));
}

// What a file begins with that is no text of ours, and what makes it one.
struct Foreign {
  std::string_view start;
  std::string_view advice;
};
constexpr std::array kForeign{
    Foreign{"PK\x03\x04",
            "this is a zip; try: unzip -p FILE | faultrig replay -"},
    Foreign{"\x1f\x8b", "this is gzip; try: zcat FILE | faultrig replay -"},
    Foreign{"\xff\xfe",
            "this is UTF-16; try: iconv -f UTF-16 -t UTF-8 FILE | faultrig "
            "replay -"},
    Foreign{"\xfe\xff",
            "this is UTF-16; try: iconv -f UTF-16 -t UTF-8 FILE | faultrig "
            "replay -"}};

Result<> refuse_foreign(std::string_view start) {
  for (const Foreign& one : kForeign) {
    if (start.starts_with(one.start)) {
      return usage_error(std::string(one.advice));
    }
  }
  return Ok{};
}

Result<Replayed> read_trace(Lines& lines, const std::string& here) {
  TraceReader reader;
  for (;;) {
    TRY_ASSIGN(bool more, lines.next());
    if (!more) {
      return replayed_trace(reader.finish(), here);
    }
    reader.take(lines.line(), {"", lines.number(), 0});
  }
}

Result<Replayed> read_log(Lines& lines, const std::string& here) {
  TRY_ASSIGN(std::vector<Cause> causes, cause_table());
  Explainer explainer(causes);
  LogExplainer log(explainer);
  LogFaults faults;
  for (;;) {
    TRY_ASSIGN(bool more, lines.next());
    if (!more) {
      return faults.replayed(log.finish(), here);
    }
    log.feed(lines.line());
    log.feed("\n");
    faults.take(without_escapes(lines.line()), lines.number());
  }
}

// One of several files, at a line of its.
struct Piece {
  Lines lines;
  bool more = false;
  std::optional<std::int64_t> at;  // its time
};

Result<> step(Piece& piece) {
  TRY_ASSIGN(piece.more, piece.lines.next());
  CallLine line = read_call_line(piece.more ? piece.lines.line() : "");
  bool timed = line.clock == CallLine::Clock::epoch ||
               line.clock == CallLine::Clock::day;
  piece.at = timed ? std::optional(line.at) : piece.at;
  return Ok{};
}

// The one whose line is the next; null: all are read.
Piece* earliest(std::vector<Piece>& pieces) {
  Piece* found = nullptr;
  for (Piece& piece : pieces) {
    bool before =
        found != nullptr && piece.at && found->at && *piece.at < *found->at;
    found = piece.more && (found == nullptr || before) ? &piece : found;
  }
  return found;
}

Result<std::vector<Piece>> open_pieces(const std::vector<std::string>& files) {
  if (files.size() > kMostFiles) {
    return usage_error("more than 1000 files of one strace are not read");
  }
  std::vector<Piece> pieces;
  for (const std::string& file : files) {
    TRY_ASSIGN(Lines lines, open_lines(file));
    if (lines.pid() == 0) {
      return usage_error(file +
                         ": of several files, as strace -ff writes them, each "
                         "ends in .PID");
    }
    pieces.push_back({std::move(lines), false, std::nullopt});
    TRY(step(pieces.back()));
  }
  std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) {
    return a.lines.pid() < b.lines.pid();
  });
  return pieces;
}

Result<Replayed> read_pieces(const std::vector<std::string>& files,
                             const std::string& here) {
  TRY_ASSIGN(std::vector<Piece> pieces, open_pieces(files));
  bool timed = std::all_of(pieces.begin(), pieces.end(), [](const Piece& one) {
    return one.at || !one.more;
  });
  TraceReader reader;
  while (Piece* piece = earliest(pieces)) {
    const Lines& lines = piece->lines;
    reader.take(lines.line(), {lines.name(), lines.number(), lines.pid()});
    TRY(step(*piece));
  }
  Replayed out = replayed_trace(reader.finish(), here);
  if (!timed) {
    out.notes.emplace_back(
        "the files have no times (-ttt): they were read one after the other, "
        "and which call it was (nth) is counted so");
  }
  return out;
}

}  // namespace

Result<Replayed> read_replayed(const std::vector<std::string>& files,
                               const std::string& here) {
  if (files.size() > 1) {
    return read_pieces(files, here);
  }
  TRY_ASSIGN(Lines lines, open_lines(files.front()));
  TRY_ASSIGN(std::string_view start, lines.peek());
  TRY(refuse_foreign(start));
  return is_trace(start) ? read_trace(lines, here) : read_log(lines, here);
}

}  // namespace faultrig

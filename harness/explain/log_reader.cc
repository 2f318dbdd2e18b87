// go test tells of one package after the other, each closed by a result line;
// with -json every line names its package. What the build says stands before,
// below a line `# package`, and may belong to a package that comes later.
#include "harness/explain/log_reader.h"

#include <algorithm>
#include <utility>

#include <re2/re2.h>

#include "harness/base/text.h"
#include "harness/judge/test_event.h"

namespace faultrig {

namespace {

constexpr std::size_t kLongestLine = 1 << 20;
constexpr std::size_t kChannels = 5000;
constexpr std::size_t kBuiltPackages = 5000;
constexpr std::size_t kBuiltLines = 60;

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

// `# example.com/m/pkg [example.com/m/pkg.test]`.
std::optional<std::string> build_header(std::string_view line) {
  static const RE2 kHeader(R"(^# \[?([^\s\[\]]+)\]?(?: \[[^\]]+\])?$)");
  std::string package;
  if (!line.starts_with("# ") ||
      !RE2::FullMatch(piece(line), kHeader, &package)) {
    return std::nullopt;
  }
  return package;
}

// `a/b` of `a/b [a/b.test]`.
std::string before_blank(const std::string& text) {
  return text.substr(0, text.find(' '));
}

bool looks_built(std::string_view line) {
  static const RE2 kBuilt(
      R"(^(\t|\S+\.(go|s|c|cc|cpp|h):\d+|vet: |note: |package |imports |)"
      R"(/usr/bin/|\S*ld: |collect2: |clang: |gcc: |cgo: |too many errors|)"
      R"(compile: |link: |asm: |In file included|  |\S+: exit status|)"
      R"(.*(undefined reference|cannot find -l|: signal: )))");
  return RE2::PartialMatch(piece(line), kBuilt);
}

}  // namespace

LogReader::LogReader(Take take) : take_(std::move(take)) {}

void LogReader::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    std::size_t end = bytes.find('\n');
    std::string_view part = bytes.substr(0, end);
    if (raw_.size() + part.size() > kLongestLine) {
      // Its ends are what matters: keep the start, go on with what comes.
      raw_.resize(std::min(raw_.size(), kLongestLine / 2));
      std::size_t room = kLongestLine / 2;
      part = part.size() > room ? part.substr(part.size() - room) : part;
    }
    if (end == std::string_view::npos) {
      raw_ += part;
      return;
    }
    if (raw_.empty()) {
      take_raw_line(part);
    } else {
      raw_ += part;
      take_raw_line(std::exchange(raw_, ""));
    }
    bytes.remove_prefix(end + 1);
  }
}

void LogReader::finish() {
  if (!raw_.empty()) {
    take_raw_line(std::exchange(raw_, ""));
  }
  flush_pending();
  for (auto& [package, channel] : channels_) {
    if (!channel.partial.empty()) {
      take_channel_line(channel, {number_, channel.partial});
    }
    ResultLine result = channel.result.value_or(ResultLine{package, "none"});
    tell(channel.block, result, channel.line);
  }
  channels_.clear();
  if (!block_.empty() || !built_.empty()) {
    tell(std::exchange(block_, {}), {"", "none", false}, {});
  }
  built_.clear();
}

void LogReader::take_raw_line(std::string_view raw) {
  LogLine line{++number_, cleaner_.clean(raw)};
  // Within a test of a plain log it is the test that prints events.
  if (line.text.starts_with('{') && !block_.is_running() && take_event(line)) {
    return;
  }
  take_text(line);
}

void LogReader::take_text(const LogLine& line) {
  if (auto result = result_line(line.text)) {
    building_.clear();
    flush_pending();
    pending_ = Closed{std::exchange(block_, {}), *result, line};
    return;
  }
  if (take_build_line(line)) {
    return;
  }
  if (block_.empty() && line.text == "FAIL") {
    return;  // go's last word on the whole run
  }
  if (pending_ && pending_->block.waits_for(line.text)) {
    // A test printed a result line: its package has not ended yet.
    Closed fake = std::move(*std::exchange(pending_, std::nullopt));
    fake.block.add({fake.line.number, " " + fake.line.text});
    fake.block.absorb(block_);
    block_ = std::move(fake.block);
  }
  block_.add(line);
}

bool LogReader::take_build_line(const LogLine& line) {
  if (auto package = build_header(line.text)) {
    building_ = *package;
    note_built(building_, line);
    return true;
  }
  if (building_.empty()) {
    return false;
  }
  if (!looks_built(line.text)) {
    building_.clear();
    return false;
  }
  note_built(building_, line);
  return true;
}

void LogReader::note_built(const std::string& package, const LogLine& line) {
  if (built_.size() >= kBuiltPackages && !built_.contains(package)) {
    return;
  }
  auto& lines = built_[package];
  if (lines.size() < kBuiltLines) {
    lines.push_back(line);
  }
}

bool LogReader::take_event(const LogLine& line) {
  auto event = test_event(line.text);
  if (!event) {
    return false;
  }
  if (event->action == "build-output") {
    std::string package = before_blank(event->package);
    for (std::string_view one : lines_of(event->output)) {
      note_built(package, {line.number, std::string(one)});
    }
  } else if (event->action == "output") {
    take_output(event->package, event->output);
  } else if (event->test.empty() &&
             (event->action == "pass" || event->action == "fail" ||
              event->action == "skip")) {
    std::string failed = before_blank(event->failed_build);
    if (built_.contains(failed)) {
      std::vector<LogLine> lines = std::move(built_[failed]);
      built_.erase(failed);
      built_[event->package] = std::move(lines);
    }
    close_channel(event->package, event->action);
  }
  return true;
}

void LogReader::take_output(const std::string& package,
                            std::string_view output) {
  if (channels_.size() >= kChannels && !channels_.contains(package)) {
    return;
  }
  Channel& channel = channels_[package];
  channel.partial += output;
  if (channel.partial.size() > kLongestLine) {
    channel.partial.erase(0, channel.partial.size() - kLongestLine / 2);
  }
  std::size_t start = 0;
  for (std::size_t end = channel.partial.find('\n'); end != std::string::npos;
       end = channel.partial.find('\n', start)) {
    LineCleaner cleaner;
    LogLine line{
        number_,
        cleaner.clean(
            std::string_view(channel.partial).substr(start, end - start))};
    take_channel_line(channel, line);
    start = end + 1;
  }
  channel.partial.erase(0, start);
}

void LogReader::take_channel_line(Channel& channel, const LogLine& line) {
  if (auto result = result_line(line.text)) {
    channel.result = result;
    channel.line = line;
    return;
  }
  channel.block.add(line);
}

void LogReader::close_channel(const std::string& package,
                              const std::string& verdict) {
  auto channel = channels_.find(package);
  if (channel == channels_.end()) {
    channel = channels_.emplace(package, Channel{}).first;
  }
  std::string word = verdict == "pass" ? "ok" : verdict;
  word = word == "skip" ? "no_test_files" : word;
  ResultLine result =
      channel->second.result.value_or(ResultLine{package, word});
  tell(channel->second.block, result, channel->second.line);
  channels_.erase(channel);
}

void LogReader::flush_pending() {
  if (pending_) {
    Closed closed = std::move(*std::exchange(pending_, std::nullopt));
    tell(closed.block, closed.result, closed.line);
  }
}

void LogReader::tell(const PackageBlock& block, const ResultLine& result,
                     const LogLine& line) {
  Seen seen = block.seen();
  seen.package = result.package;
  seen.verdict = result.verdict;
  seen.cached = result.cached;
  seen.result = line;
  if (seen.is_green() && seen.test == "unknown") {
    seen.test = result.verdict == "no_test_files" ? "never_started" : "0";
  }
  bool failed_before =
      result.verdict == "build_failed" || result.verdict == "setup_failed";
  if (failed_before) {
    seen.test = "never_started";
  }
  add_built(result.package, seen);
  take_(std::move(seen));
}

// The linker's lines stand below the name of the binary, `package.test`.
void LogReader::add_built(const std::string& package, Seen& seen) {
  for (auto built = built_.begin(); built != built_.end();) {
    bool its = package.empty() || built->first == package ||
               built->first == package + ".test";
    if (!its) {
      ++built;
      continue;
    }
    seen.built.insert(seen.built.end(), built->second.begin(),
                      built->second.end());
    built = built_.erase(built);
  }
}

}  // namespace faultrig

// go test tells of one package after the other, each closed by a result line;
// with -json every line names its package. What the build says stands before,
// below a line `# package`, and may belong to a package that comes later.
#include "harness/explain/run_reader.h"

#include <algorithm>
#include <utility>

#include <re2/re2.h>

#include "harness/base/text.h"
#include "harness/explain/built_line.h"
#include "harness/explain/seen_words.h"
#include "harness/judge/test_event.h"

namespace faultrig {

namespace {

constexpr std::size_t kLongestLine = 1 << 20;
constexpr std::size_t kChannels = 5000;
constexpr std::size_t kBuiltPackages = 5000;
constexpr std::size_t kBuiltLines = 60;
constexpr std::size_t kPending = 50;
constexpr char kTestMark = '\x16';

// `a/b` of `a/b [a/b.test]`.
std::string before_blank(const std::string& text) {
  return text.substr(0, text.find(' '));
}

bool is_refused(const std::string& verdict) {
  return verdict == "build_failed" || verdict == "setup_failed";
}

}  // namespace

RunReader::RunReader(Take take) : take_(std::move(take)) {}

// test2json's mark stands before the words of the testing package, wherever
// on the line they are.
void RunReader::take(const LogLine& line) {
  number_ = line.number;
  if (line.text.find(kTestMark) != std::string::npos) {
    for (const std::string& one : at_marks(line.text)) {
      take_text({line.number, one});
    }
    return;
  }
  if (may_be_event(line) && take_event(line)) {
    return;
  }
  take_text(line);
}

// Behind a result whose test has no end the test may still run, and have
// printed the result itself.
bool RunReader::is_within_test() const {
  return block_.is_running() ||
         (!pending_.empty() && pending_.front().block.is_running());
}

// Within a test of a plain log it is the test that prints events.
bool RunReader::may_be_event(const LogLine& line) const {
  static const RE2 kBegins(R"re("Action":"(?:start|run|build-output)")re");
  return line.text.starts_with('{') && !block_.is_running() &&
         (!is_within_test() || RE2::PartialMatch(line.text, kBegins));
}

void RunReader::finish() {
  flush_pending(results_ > 1, true);
  tell_all(summary_.finish());
  tell_all(bazel_.finish());
  for (auto& [package, channel] : channels_) {
    if (!channel.partial.empty()) {
      take_channel_line(package, channel, {number_, channel.partial});
    }
    ResultLine result = channel.result.value_or(ResultLine{package, "none"});
    tell(channel.block, result, channel.line);
  }
  channels_.clear();
  for (const std::string& package : std::exchange(told_built_, {})) {
    built_.erase(package);
  }
  if (!block_.empty() || !built_.empty()) {
    tell(std::exchange(block_, {}), {"", "none", false}, {});
  }
  built_.clear();
  odd_built_.clear();
}

void RunReader::take_text(const LogLine& line) {
  if (take_drivers_line(line)) {
    return;
  }
  if (auto result = result_line(line.text)) {
    building_.clear();
    ++results_;
    last_result_ = line.number;
    bool failed = is_refused(result->verdict) || result->verdict == "fail";
    for (Closed& closed : pending_) {
      closed.odd = closed.odd || (closed.ended && is_within_test());
    }
    bool waits = !pending_.empty() && pending_.front().block.is_running() &&
                 pending_.size() < kPending;
    if (!waits) {
      flush_pending(results_ > 1, false);
    }
    pending_.push_back(
        {std::exchange(block_, {}), *result, line, ends_.take_result(failed)});
    return;
  }
  if (take_build_line(line)) {
    return;
  }
  if (block_.empty() && line.text == "FAIL") {
    // go's last word on a run of packages that were named.
    for (Closed& closed : pending_) {
      closed.block.set_listed(true);
      closed.ended = true;
    }
    note_fail(line);
    ends_.end();
    return;
  }
  ends_.hear(line.text);
  take_back_results(line);
  block_.add(line);
}

// go says that what it ran failed, and no package that is known did.
void RunReader::note_fail(const LogLine& line) {
  if (!ends_.take_failed() && results_ > 0) {
    Seen seen;
    seen.around.push_back({line.number, line.text, Speaker::go});
    take_(std::move(seen));
  }
}

// A test printed what looks like results: its package has not ended yet.
void RunReader::take_back_results(const LogLine& line) {
  if (pending_.empty() || block_.waits_for(line.text)) {
    return;
  }
  auto real = std::find_if(
      pending_.begin(), pending_.end(),
      [&](const Closed& closed) { return closed.block.waits_for(line.text); });
  if (real == pending_.end()) {
    return;
  }
  PackageBlock whole = std::move(real->block);
  whole.add({real->line.number, " " + real->line.text});
  for (auto later = real + 1; later != pending_.end(); ++later) {
    whole.absorb(later->block);
    whole.add({later->line.number, " " + later->line.text});
  }
  // So is what looked like the words of a build.
  for (const std::string& package : std::exchange(odd_built_, {})) {
    built_.erase(package);
  }
  whole.absorb(block_);
  block_ = std::move(whole);
  pending_.erase(real, pending_.end());
}

bool RunReader::take_build_line(const LogLine& line) {
  if (auto package = build_header(line.text)) {
    building_ = *package;
    if (!block_.empty() || is_within_test()) {
      odd_built_.insert(building_);
    }
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

void RunReader::note_built(const std::string& package, const LogLine& line) {
  if (built_.size() >= kBuiltPackages && !built_.contains(package)) {
    return;
  }
  auto& lines = built_[package];
  if (lines.size() < kBuiltLines) {
    lines.push_back(line);
  }
}

bool RunReader::take_event(const LogLine& line) {
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
    take_output(*event, line);
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

void RunReader::take_output(const TestEvent& event, const LogLine& line) {
  const std::string& package = event.package;
  if (channels_.size() >= kChannels && !channels_.contains(package)) {
    return;
  }
  Channel& channel = channels_[package];
  channel.partial += event.output;
  channel.block.seal();
  channel.block.speak_for(event.test);
  if (channel.partial.size() > kLongestLine) {
    channel.partial.erase(0, channel.partial.size() - kLongestLine / 2);
  }
  std::size_t start = 0;
  for (std::size_t end = channel.partial.find('\n'); end != std::string::npos;
       end = channel.partial.find('\n', start)) {
    std::string text = without_escapes(
        std::string_view(channel.partial).substr(start, end - start));
    take_marks(text);
    take_channel_line(package, channel, {line.number, std::move(text)});
    start = end + 1;
  }
  channel.partial.erase(0, start);
}

void RunReader::take_channel_line(const std::string& package, Channel& channel,
                                  const LogLine& line) {
  auto result = result_line(line.text);
  if (result && result->package == package) {
    channel.result = result;
    channel.line = line;
    return;
  }
  channel.block.add(line);
}

void RunReader::close_channel(const std::string& package,
                              const std::string& verdict) {
  auto channel = channels_.find(package);
  if (channel == channels_.end()) {
    channel = channels_.emplace(package, Channel{}).first;
  }
  std::string word = verdict == "pass" ? "ok" : verdict;
  word = word == "skip" ? "no_test_files" : word;
  last_result_ = number_;
  ResultLine result =
      channel->second.result.value_or(ResultLine{package, word});
  tell(channel->second.block, result, channel->second.line);
  channels_.erase(channel);
  ends_.end();
}

void RunReader::flush_pending(bool listed, bool at_the_end) {
  for (Closed& closed : std::exchange(pending_, {})) {
    if (listed) {
      closed.block.set_listed(true);
    }
    // More results behind go's last word: a test may have printed all of it.
    bool odd = closed.odd && closed.block.is_running();
    Trust trust = odd ? Trust::none : at_the_end ? Trust::full : Trust::if_akin;
    place_ = {trust, closed.opening};
    tell(closed.block, closed.result, closed.line);
  }
  place_ = {};
}

// Of what runs go test, or in its place, and says what came of it.
bool RunReader::take_drivers_line(const LogLine& line) {
  if ((bazel_.is_open() || !is_within_test()) && bazel_.take(line)) {
    return true;
  }
  // What a test prints, while it runs, sums nothing up.
  if ((!summary_.is_open() && block_.is_running()) || !summary_.take(line)) {
    return false;
  }
  if (summary_.is_done()) {
    flush_pending(results_ > 1, true);
    tell_all(summary_.finish());
    block_ = {};
  }
  return true;
}

void RunReader::tell_all(std::vector<Seen> all) {
  for (Seen& seen : all) {
    if (is_refused(seen.verdict)) {
      give_to_tools(seen);
    }
    settle_owner(seen);
    hear_witness(seen);
    take_(std::move(seen));
  }
}

void RunReader::tell(const PackageBlock& block, const ResultLine& result,
                     const LogLine& line) {
  Seen seen = block.seen(result.verdict);
  seen.package = result.package;
  seen.verdict = result.verdict;
  seen.cached = result.cached;
  seen.result = line;
  seen.place = place_;
  if (seen.is_green() && seen.test == "unknown") {
    seen.test = result.verdict == "no_test_files" ? "never_started" : "0";
  }
  add_built(seen);
  if (result.package.empty()) {
    seen.result.number = last_result_;
  }
  if (is_refused(result.verdict)) {
    give_to_tools(seen);
  }
  settle_owner(seen);
  hear_witness(seen);
  take_(std::move(seen));
}

// The linker's lines stand below the name of the binary, `package.test`. What
// a package needs may have failed in its place: then there are no own lines.
void RunReader::add_built(Seen& seen) {
  auto add = [&](const auto& built) {
    seen.built.insert(seen.built.end(), built.second.begin(),
                      built.second.end());
  };
  const std::string& package = seen.package;
  for (auto built = built_.begin(); built != built_.end();) {
    bool its = package.empty() || built->first == package ||
               built->first == package + ".test";
    if (!its) {
      ++built;
      continue;
    }
    bool behind = seen.result.number != 0 &&
                  built->second.front().number > seen.result.number;
    bool odd =
        package.empty() && results_ > 0 && odd_built_.contains(built->first);
    seen.guessed = seen.guessed || behind || odd;
    add(*built);
    built = built_.erase(built);
  }
  bool own = std::any_of(
      seen.printed.begin(), seen.printed.end(),
      [](const LogLine& line) { return names_its_place(line.text); });
  if (seen.built.empty() && is_refused(seen.verdict) && !own) {
    add_others(seen);
  }
}

// Where all say the same, it does not matter whose it is. The test binary of
// another package is nothing that it needs.
void RunReader::add_others(Seen& seen) {
  std::string first;
  for (const auto& [package, lines] : built_) {
    if (package.ends_with(".test")) {
      continue;
    }
    first = first.empty() ? lines.back().text : first;
    bool behind =
        seen.result.number != 0 && lines.front().number > seen.result.number;
    seen.guessed = seen.guessed || behind || lines.back().text != first;
    told_built_.insert(package);
    seen.built.insert(seen.built.end(), lines.begin(), lines.end());
  }
}

}  // namespace faultrig

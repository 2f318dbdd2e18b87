// The first lines are held back until it is known what stands before each: a
// whole log is read in one pass, and its head says enough.
#include "harness/explain/log_reader.h"

#include <utility>

namespace faultrig {

namespace {

constexpr std::size_t kSampleLines = 4000;
constexpr std::size_t kSampleBytes = std::size_t{512} << 10;

}  // namespace

LogReader::LogReader(Take take)
    : take_(std::move(take)),
      bytes_([this](std::string_view line) { take_raw_line(line); }) {}

void LogReader::feed(std::string_view bytes) { bytes_.feed(bytes); }

void LogReader::finish() {
  bytes_.finish();
  if (!learnt_) {
    learn();
  }
  for (auto& run : runs_) {
    run->finish();
  }
}

void LogReader::take_raw_line(std::string_view raw) {
  std::string text = without_escapes(raw);
  ++number_;
  if (learnt_) {
    take_line(number_, std::move(text));
    return;
  }
  sample_size_ += text.size();
  sample_.push_back(std::move(text));
  if (sample_.size() >= kSampleLines || sample_size_ >= kSampleBytes) {
    learn();
  }
}

void LogReader::learn() {
  learnt_ = true;
  prefixes_ = learn_prefixes(sample_);
  std::size_t runs = prefixes_.shapes.size();
  for (std::size_t i = 0; i < (runs < 2 ? 1 : runs + 1); ++i) {
    runs_.push_back(std::make_unique<RunReader>(take_));
  }
  std::int64_t number = 0;
  for (std::string& text : std::exchange(sample_, {})) {
    take_line(++number, std::move(text));
  }
}

void LogReader::take_line(std::int64_t number, std::string text) {
  std::size_t run = runs_.size() - 1;
  for (std::size_t i = 0; i < prefixes_.shapes.size(); ++i) {
    std::size_t length = prefixes_.shapes[i].match(text);
    if (length > 0) {
      text.erase(0, length);
      run = i;
      break;
    }
  }
  if (prefixes_.stamps) {
    take_stamp(text);
  }
  if (TeamcityMessages::is_message(text)) {
    for (std::string& line : teamcity_.lines_of(text)) {
      runs_[run]->take({number, std::move(line)});
    }
    return;
  }
  take_marks(text);
  runs_[run]->take({number, std::move(text)});
}

}  // namespace faultrig

// The first lines are held back until it is known what stands before each: a
// whole log is read in one pass, and its head says enough.
#include "harness/explain/log_reader.h"

#include <utility>

namespace faultrig {

namespace {

constexpr std::size_t kLongestStamp = 40;
constexpr std::int64_t kEachDay = 500;  // lines
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
  ++number_;
  if (learnt_) {
    for (std::string& text : wrapping_.unwrap(raw)) {
      take_line(number_, std::move(text));
    }
    return;
  }
  sample_size_ += raw.size();
  sample_.emplace_back(raw);
  if (sample_.size() >= kSampleLines || sample_size_ >= kSampleBytes) {
    learn();
  }
}

void LogReader::learn() {
  learnt_ = true;
  wrapping_.learn(sample_);
  std::vector<std::string> texts;
  std::vector<std::int64_t> numbers;
  std::int64_t number = 0;
  for (const std::string& raw : std::exchange(sample_, {})) {
    ++number;
    for (std::string& text : wrapping_.unwrap(raw)) {
      texts.push_back(std::move(text));
      numbers.push_back(number);
    }
  }
  prefixes_ = learn_prefixes(texts);
  std::size_t runs = prefixes_.shapes.size();
  for (std::size_t i = 0; i < (runs < 2 ? 1 : runs + 1); ++i) {
    runs_.push_back(std::make_unique<RunReader>([this, i, runs](Seen seen) {
      writer_ = i < runs ? i : kNoPrefix;
      take_(std::move(seen));
    }));
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    take_line(numbers[i], std::move(texts[i]));
  }
}

// The days of a log are known from some of its lines.
void LogReader::note_day(std::int64_t number, std::string_view prefix) {
  if (number < kEachDay || number % kEachDay == 0) {
    days_.note(prefix);
  }
}

void LogReader::take_line(std::int64_t number, std::string text) {
  std::size_t run = runs_.size() - 1;
  for (std::size_t i = 0; i < prefixes_.shapes.size(); ++i) {
    std::size_t length = prefixes_.shapes[i].match(text);
    if (length > 0) {
      note_day(number, std::string_view(text).substr(0, length));
      text.erase(0, length);
      run = i;
      break;
    }
  }
  if (prefixes_.stamps) {
    note_day(number, std::string_view(text).substr(0, kLongestStamp));
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

#include "harness/run/request_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

constexpr std::int64_t kStop = 1000;

RequestRecord answered(std::uint64_t n, std::int64_t at, std::uint64_t bytes) {
  RequestRecord out;
  out.load = "load";
  out.n = n;
  out.planned_ns = 1;
  out.connected_ns = 1;
  out.sent_ns = 1;
  out.last_byte_ns = at;
  out.end = RequestEnd::answered;
  out.status = 200;
  out.bytes = bytes;
  out.word = kNoLength;
  return out;
}

// Of answers that end with their connection, one that is as long as another one
// before the stop is whole: a cut one would be shorter.
TEST(RequestBook, TellsAnswersWithoutALengthThatAreOfAnotherThanThoseBefore) {
  RequestBook book;
  book.add(answered(1, kStop - 1, 80));
  book.add(answered(2, kStop + 1, 80));
  book.add(answered(3, kStop + 1, 50));
  book.mark({kStop,
             "told",
             {{"load", 2, 2, InFlight::read_unanswered},
              {"load", 3, 3, InFlight::read_unanswered}}});
  Recorder recorder;
  book.tell(recorder);
  std::vector<std::string> words;
  for (const Observation& seen : recorder.take()) {
    if (seen.fact == Fact::request) {
      words.push_back(seen.call);
    }
  }
  EXPECT_THAT(words, testing::ElementsAre("", std::string(kNoLength)));
}

// A driver that has thousands of connections may be late: the service went on,
// and what it did then says nothing of the instant of the signal.
TEST(RequestBook, LearnsNothingFromAMarkThatCameTooLate) {
  RequestBook book;
  book.stopped_at(kStop);
  book.end_mark();
  book.mark({kStop + 500, "told", {{"load", 1, 1, InFlight::answering}}});
  RequestRecord record = answered(1, kStop + 700, 80);
  record.end = RequestEnd::reset;
  book.add(record);
  Recorder recorder;
  book.tell(recorder);
  std::vector<std::string> places;
  for (const Observation& seen : recorder.take()) {
    if (seen.fact == Fact::request) {
      places.push_back(seen.text);
    }
  }
  EXPECT_THAT(places, testing::ElementsAre(std::string(kPlaceUnknown)));
}

}  // namespace
}  // namespace faultrig

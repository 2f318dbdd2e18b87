#include "harness/run/request_book.h"

#include <algorithm>
#include <array>

namespace faultrig {

namespace {

// Told one by one: more than these are told in sums.
constexpr std::size_t kMostTold = 500;

Observation about_load(Fact fact, const std::string& load) {
  Observation out;
  out.fact = fact;
  out.link = link_name(Link::service);
  out.stream = load;
  return out;
}

// Where nothing was marked. To be refused takes no time on one machine.
std::int64_t begun_at(const RequestRecord& record) {
  return record.end == RequestEnd::refused ? record.last_byte_ns
                                           : record.planned_ns;
}

}  // namespace

void RequestBook::add(const RequestRecord& record) {
  records_.push_back(record);
  answered_ += record.end == RequestEnd::answered ? 1 : 0;
}

void RequestBook::mark(const Marked& marked) {
  marked_ = true;
  stop_ns_ = marked.at_ns;
  for (const MarkedConnection& one : marked.connections) {
    if (one.n > 0) {
      places_[{one.load, one.n}] = one.where;
    }
  }
}

// Ended before the stop; where it was then; or begun later: the mark has all
// that had a connection.
std::string_view RequestBook::place_of(const RequestRecord& record) const {
  bool ended = record.last_byte_ns > 0 && record.last_byte_ns < stop_ns_;
  if (stop_ns_ == 0 || ended) {
    return kPlaceBefore;
  }
  auto place = places_.find({record.load, record.n});
  if (place != places_.end()) {
    return word_for(place->second);
  }
  return marked_ || begun_at(record) > stop_ns_ ? kPlaceAfter : kPlaceUnknown;
}

void RequestBook::tell(Recorder& recorder) const {
  std::map<std::array<std::string, 3>, std::int64_t> sums;
  std::size_t told = 0;
  for (const RequestRecord& record : records_) {
    std::string end(word_for(record.end));
    std::string place(place_of(record));
    bool plain = record.end == RequestEnd::answered && place == kPlaceBefore;
    if (plain || told >= kMostTold) {
      ++sums[{record.load, end, place}];
      continue;
    }
    ++told;
    Observation one = about_load(Fact::request, record.load);
    one.number = record.status;
    one.error = record.os_errno;
    one.call = record.word;
    one.action = end;
    one.text = place;
    one.at =
        recorder.since_launch(std::max(record.last_byte_ns, record.sent_ns));
    recorder.add(one);
  }
  for (const auto& [kind, count] : sums) {
    Observation rest = about_load(Fact::requests_untold, kind[0]);
    rest.action = kind[1];
    rest.text = kind[2];
    rest.number = count;
    recorder.add(rest);
  }
}

}  // namespace faultrig

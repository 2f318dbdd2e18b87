#include "harness/run/request_book.h"

#include <algorithm>
#include <array>

#include "harness/os/shim_processes.h"

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
  if (!may_mark_) {
    return;
  }
  marked_ = true;
  stop_ns_ = marked.at_ns;
  for (const MarkedConnection& one : marked.connections) {
    if (one.n > 0) {
      places_[{one.load, one.n}] = one.where;
    } else {
      quiet_[{one.load, one.connection}] = one.where;
    }
  }
}

std::vector<std::uint64_t> RequestBook::acknowledged(
    std::string_view load) const {
  std::vector<std::uint64_t> numbers;
  for (const RequestRecord& record : records_) {
    if (record.load == load && record.end == RequestEnd::answered) {
      numbers.push_back(record.n);
    }
  }
  return numbers;
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
  auto quiet = quiet_.find({record.load, record.connection});
  bool held =
      record.end == RequestEnd::closed || record.end == RequestEnd::held;
  if (held && quiet != quiet_.end()) {
    return word_for(quiet->second);
  }
  return marked_ || begun_at(record) > stop_ns_ ? kPlaceAfter : kPlaceUnknown;
}

std::set<std::uint64_t> RequestBook::usual_lengths() const {
  std::set<std::uint64_t> lengths;
  for (const RequestRecord& record : records_) {
    if (record.word == kNoLength && place_of(record) == kPlaceBefore) {
      lengths.insert(record.bytes);
    }
  }
  return lengths;
}

void RequestBook::tell(Recorder& recorder) const {
  std::map<std::array<std::string, 5>, std::int64_t> sums;
  std::set<std::uint64_t> usual = usual_lengths();
  std::size_t told = 0;
  for (const RequestRecord& record : records_) {
    std::string end(word_for(record.end));
    std::string place(place_of(record));
    bool plain = record.end == RequestEnd::answered && place == kPlaceBefore;
    bool whole = record.word == kNoLength && usual.contains(record.bytes);
    std::string word = whole ? "" : record.word;
    if (plain || told >= kMostTold) {
      ++sums[{record.load, end, place,
              record.status == 0 ? "" : std::to_string(record.status),
              plain ? "" : word}];
      continue;
    }
    ++told;
    Observation one = about_load(Fact::request, record.load);
    one.number = record.status;
    one.error = record.os_errno;
    one.call = word;
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
    rest.path = kind[3];
    rest.call = kind[4];
    rest.number = count;
    recorder.add(rest);
  }
  tell_longest(recorder);
}

// From when each was due: a client that had to wait for a connection waited
// too.
void RequestBook::tell_longest(Recorder& recorder) const {
  std::map<std::array<std::string, 3>, std::int64_t> longest;
  std::int64_t now = monotonic_ns();
  for (const RequestRecord& record : records_) {
    bool held =
        record.end == RequestEnd::closed || record.end == RequestEnd::held;
    if (held || record.planned_ns == 0) {
      continue;
    }
    std::int64_t end = record.last_byte_ns > 0 ? record.last_byte_ns : now;
    std::int64_t& most =
        longest[{record.load, std::string(word_for(record.end)),
                 std::string(place_of(record))}];
    most = std::max(most, end - record.planned_ns);
  }
  for (const auto& [kind, nanoseconds] : longest) {
    Observation one = about_load(Fact::longest_request, kind[0]);
    one.action = kind[1];
    one.text = kind[2];
    one.number = nanoseconds;
    recorder.add(one);
  }
}

}  // namespace faultrig

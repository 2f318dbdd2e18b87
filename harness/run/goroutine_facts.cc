// What hangs is killed soon, and a dump that it prints itself may be cut, go
// elsewhere, or never come: a program may take the signal for something else.
// So its goroutines are looked at from outside before, which costs it nothing.
#include "harness/run/goroutine_facts.h"

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "harness/os/shim_processes.h"
#include "harness/run/process_goroutines.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostPlaces = 64;
constexpr std::size_t kMostFramesTold = 64;
constexpr std::size_t kMostChildren = 16;

Observation seen_at(const std::string& state, GoStack place,
                    std::int64_t count) {
  Observation out;
  out.fact = Fact::goroutines_seen;
  out.action = state;
  out.number = count;
  out.stack = std::make_shared<const GoStack>(std::move(place));
  return out;
}

Observation unseen(std::int64_t count, std::string why) {
  Observation out;
  out.fact = Fact::goroutines_unseen;
  out.number = count;
  out.text = std::move(why);
  return out;
}

GoStack place_of(const SeenGoroutine& one) {
  GoStack place{shown_frames(*one.stack), one.stack->unknown};
  if (place.frames.size() > kMostFramesTold) {
    place.frames.resize(kMostFramesTold);
    place.unknown = "only its innermost calls were kept";
  }
  return place;
}

bool by_frames(const GoFrame& a, const GoFrame& b) {
  return std::tie(a.function, a.file, a.line) <
         std::tie(b.function, b.file, b.line);
}

struct ByPlace {
  using Place = std::pair<std::string, GoStack>;
  bool operator()(const Place& a, const Place& b) const {
    if (a.first != b.first) {
      return a.first < b.first;
    }
    if (a.second.unknown != b.second.unknown) {
      return a.second.unknown < b.second.unknown;
    }
    return std::lexicographical_compare(
        a.second.frames.begin(), a.second.frames.end(), b.second.frames.begin(),
        b.second.frames.end(), by_frames);
  }
};

bool is_no_go(const Result<GoroutineLook>& look) {
  return !look && look.error().os_errno == ENOEXEC;
}

// Of this process and of those below it, but of those that are looked at as
// such: a Go program may wait for its child as a shell does.
std::vector<std::pair<int, Result<GoroutineLook>>> looks_at(
    int pid, const std::set<int>& others, ProgramStacks& programs) {
  std::vector<std::pair<int, Result<GoroutineLook>>> out;
  auto own = look_at_goroutines(pid, programs);
  if (!is_no_go(own)) {
    out.emplace_back(pid, std::move(own));
  }
  std::vector<int> family = descendants_of(pid);
  std::erase_if(family, [&](int one) { return others.contains(one); });
  family.resize(std::min(family.size(), kMostChildren));
  for (int child : family) {
    auto look = look_at_goroutines(child, programs);
    if (look) {
      out.emplace_back(child, std::move(look));
    }
  }
  return out;
}

}  // namespace

std::vector<Observation> goroutine_facts(const GoroutineLook& look) {
  std::map<ByPlace::Place, std::int64_t, ByPlace> places;
  for (const SeenGoroutine& one : look.goroutines) {
    if (!one.internal) {
      ++places[{one.state, place_of(one)}];
    }
  }
  std::vector<Observation> out;
  out.reserve(places.size() + 2);
  for (const auto& [place, count] : places) {
    out.push_back(seen_at(place.first, place.second, count));
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return a.number > b.number;
  });
  std::int64_t left_out = 0;
  for (; out.size() > kMostPlaces; out.pop_back()) {
    left_out += out.back().number;
  }
  if (left_out > 0) {
    out.push_back(unseen(left_out, "they stand at too many places"));
  }
  if (auto more = static_cast<std::int64_t>(look.unread + look.left_out);
      more > 0) {
    out.push_back(unseen(more, "they could not be read"));
  }
  return out;
}

void tell_goroutines(Recorder& recorder, ProgramStacks& programs,
                     const std::vector<LiveProcess>& processes,
                     const std::string& when) {
  std::set<int> pids;
  for (const LiveProcess& process : processes) {
    pids.insert(process.pid);
  }
  for (const LiveProcess& process : processes) {
    for (const auto& [pid, look] : looks_at(process.pid, pids, programs)) {
      std::vector<Observation> facts =
          look ? goroutine_facts(*look)
               : std::vector<Observation>{unseen(0, look.error().what)};
      for (Observation& fact : facts) {
        fact.link = link_name(process.link);
        fact.pid = pid;
        fact.text = fact.text.empty() ? when : fact.text;
        recorder.add(std::move(fact));
      }
    }
  }
}

}  // namespace faultrig

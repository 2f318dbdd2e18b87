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

constexpr std::size_t kMostNumbers = 8;

// What goroutines have in common that are told as one.
struct Standpoint {
  std::string state;
  GoStack stack;
  std::string creator;
};

struct Standing {
  std::int64_t count = 0;
  std::vector<std::string> first;  // numbers
};

Observation seen_at(const Standpoint& place, const Standing& standing) {
  Observation out;
  out.fact = Fact::goroutines_seen;
  out.action = place.state;
  out.number = standing.count;
  out.stack = std::make_shared<const GoStack>(place.stack);
  out.call = place.creator;
  out.names = standing.first;
  return out;
}

Observation unseen(std::int64_t count, std::string why) {
  Observation out;
  out.fact = Fact::goroutines_unseen;
  out.number = count;
  out.text = std::move(why);
  return out;
}

Standpoint place_of(const SeenGoroutine& one) {
  GoStack stack{shown_frames(*one.stack), one.stack->unknown};
  if (stack.frames.size() > kMostFramesTold) {
    stack.frames.resize(kMostFramesTold);
    stack.unknown = "only its innermost calls were kept";
  }
  return {one.state, std::move(stack),
          one.created_by ? one.created_by->function : ""};
}

bool by_frames(const GoFrame& a, const GoFrame& b) {
  return std::tie(a.function, a.file, a.line) <
         std::tie(b.function, b.file, b.line);
}

struct ByPlace {
  bool operator()(const Standpoint& a, const Standpoint& b) const {
    auto words = [](const Standpoint& one) {
      return std::tie(one.state, one.creator, one.stack.unknown);
    };
    if (words(a) != words(b)) {
      return words(a) < words(b);
    }
    return std::lexicographical_compare(
        a.stack.frames.begin(), a.stack.frames.end(), b.stack.frames.begin(),
        b.stack.frames.end(), by_frames);
  }
};

bool is_no_go(const Result<GoroutineLook>& look) {
  return !look && look.error().os_errno == ENOEXEC;
}

// Of this process and of those below it, but of those that are looked at as
// such: a Go program may wait for its child as a shell does.
void look_below(const LiveProcess& process, const std::set<int>& others,
                ProgramStacks& programs, std::vector<ProcessLook>& out) {
  int pid = process.pid;
  auto own = look_at_goroutines(pid, programs);
  if (!is_no_go(own)) {
    out.push_back({process.link, pid, std::move(own)});
  }
  std::vector<int> family = descendants_of(pid);
  std::erase_if(family, [&](int one) { return others.contains(one); });
  family.resize(std::min(family.size(), kMostChildren));
  for (int child : family) {
    auto look = look_at_goroutines(child, programs);
    if (look) {
      out.push_back({process.link, child, std::move(look)});
    }
  }
}

}  // namespace

std::vector<ProcessLook> look_at_all(const std::vector<LiveProcess>& processes,
                                     ProgramStacks& programs) {
  std::set<int> pids;
  for (const LiveProcess& process : processes) {
    pids.insert(process.pid);
  }
  std::vector<ProcessLook> out;
  for (const LiveProcess& process : processes) {
    look_below(process, pids, programs, out);
  }
  return out;
}

std::vector<Observation> goroutine_facts(const GoroutineLook& look) {
  std::map<Standpoint, Standing, ByPlace> places;
  for (const SeenGoroutine& one : look.goroutines) {
    if (one.internal) {
      continue;
    }
    Standing& standing = places[place_of(one)];
    if (++standing.count <= static_cast<std::int64_t>(kMostNumbers)) {
      standing.first.push_back(std::to_string(one.id));
    }
  }
  std::vector<Observation> out;
  out.reserve(places.size() + 2);
  for (const auto& [place, standing] : places) {
    out.push_back(seen_at(place, standing));
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
  for (const ProcessLook& one : look_at_all(processes, programs)) {
    std::vector<Observation> facts =
        one.look ? goroutine_facts(*one.look)
                 : std::vector<Observation>{unseen(0, one.look.error().what)};
    for (Observation& fact : facts) {
      fact.link = link_name(one.link);
      fact.pid = one.pid;
      fact.text = fact.text.empty() ? when : fact.text;
      recorder.add(std::move(fact));
    }
  }
}

}  // namespace faultrig

// At each moment the disk holds what was promised, and of the rest anything.
// "Anything" is too much to try: five answers stand for it, each of which has
// broken a real store. A sector of 512 bytes is written as a whole or not at
// all; what lies in a sector that was written again later is there.
#include "harness/crash/crash_states.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "harness/crash/listing.h"

namespace faultrig {

namespace {

using What = DiskOp::What;

constexpr std::uint64_t kSector = 512;
// Building a state costs a look at all operations before it.
constexpr std::size_t kLooksForOne = 4;
constexpr std::size_t kLeastLooks = 2000;
// How far back a write may be that comes after a later one.
constexpr std::size_t kMostReordered = 8;

std::uint64_t down(std::uint64_t at) { return at - at % kSector; }
std::uint64_t up(std::uint64_t at) { return down(at + kSector - 1); }

// At the first sector that the write enters, the last, and one between.
std::set<std::uint64_t> cuts_of(const DiskOp& op) {
  std::uint64_t end = op.offset + op.bytes.size();
  std::uint64_t first = down(op.offset) + kSector;
  std::uint64_t last = up(end) - kSector;
  if (first >= end) {
    return {};
  }
  std::uint64_t middle = down((first + last) / 2);
  return {first - op.offset, middle - op.offset, last - op.offset};
}

// What of a write lies in sectors that a later one of the file touches.
std::vector<DiskOp> written_again(const DiskRecord& record, std::size_t op,
                                  std::size_t until) {
  const DiskOp& early = record.ops[op];
  std::uint64_t end = early.offset + early.bytes.size();
  std::vector<DiskOp> parts;
  for (std::size_t i = op + 1; i < until; ++i) {
    const DiskOp& late = record.ops[i];
    if (late.what != What::write || late.file != early.file) {
      continue;
    }
    std::uint64_t from = std::max(early.offset, down(late.offset));
    std::uint64_t to = std::min(end, up(late.offset + late.bytes.size()));
    if (from < to) {
      DiskOp part = early;
      part.offset = from;
      part.bytes = early.bytes.substr(from - early.offset, to - from);
      parts.push_back(std::move(part));
    }
  }
  return parts;
}

bool is_lost(const CrashState& state, std::size_t op) {
  return std::binary_search(state.lost.begin(), state.lost.end(), op);
}

}  // namespace

std::string DiskRecord::printed_until(std::size_t count) const {
  std::string printed;
  for (std::size_t i = 0; i < count; ++i) {
    if (ops[i].what == What::print) {
      printed += ops[i].bytes;
    }
  }
  return printed;
}

CrashStates::CrashStates(const DiskRecord& record, Asked asked)
    : record_(record), asked_(std::move(asked)), printed_{0} {
  for (const DiskOp& op : record_.ops) {
    printed_.push_back(printed_.back() +
                       (op.what == What::print ? op.bytes.size() : 0));
  }
  keep_different(candidates());
}

std::vector<CrashState> CrashStates::candidates() {
  Durable durable(asked_.model, record_.before);
  std::vector<CrashState> out;
  for (std::size_t point = 0;; ++point) {
    look_at(durable, out);
    if (point == record_.ops.size()) {
      break;
    }
    durable.take(record_.ops[point]);
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return a.after < b.after;
  });
  return out;
}

// Nothing makes a commit come before the next sync: so long a prefix of the
// names may be all that there is.
std::optional<std::size_t> CrashStates::quiet_until(std::size_t point) const {
  std::optional<std::size_t> last;
  for (std::size_t i = point; i <= record_.ops.size(); ++i) {
    if (record_.may_end.empty() || record_.may_end[i]) {
      last = i;
    }
    if (i < record_.ops.size() && record_.ops[i].is_sync()) {
      break;
    }
  }
  return last;
}

void CrashStates::look_at(const Durable& durable,
                          std::vector<CrashState>& out) const {
  std::size_t point = durable.count();
  bool may_end = record_.may_end.empty() || record_.may_end[point];
  for (CrashStateKind kind : asked_.kinds) {
    bool names = kind == CrashStateKind::names;
    auto after = names     ? quiet_until(point)
                 : may_end ? std::optional(point)
                           : std::nullopt;
    if (!after) {
      continue;
    }
    if (kind == CrashStateKind::torn) {
      add_torn(durable, out);
    } else if (kind == CrashStateKind::reordered) {
      add_reordered(durable, out);
    } else {
      out.push_back(state_of(kind, durable, *after));
    }
  }
}

// Of `kept`, `synced` and `names`: what of all operations is not there.
CrashState CrashStates::state_of(CrashStateKind kind, const Durable& durable,
                                 std::size_t after) const {
  std::size_t point = durable.count();
  CrashState state;
  state.kind = kind;
  state.after = after;
  for (std::size_t i = 0; kind != CrashStateKind::kept && i < point; ++i) {
    if (!is_there(durable, i, kind != CrashStateKind::synced)) {
      state.lost.push_back(i);
    }
  }
  for (std::size_t i = point; i < after; ++i) {
    if (record_.ops[i].changes()) {
      state.lost.push_back(i);
    }
  }
  return state;
}

// Sizes are changed with names in the journal of ext4, and with content for
// POSIX.
bool CrashStates::is_there(const Durable& durable, std::size_t op,
                           bool all_names) const {
  const DiskOp& done = record_.ops[op];
  if (done.what == What::write) {
    return durable.keeps_write(op, all_names);
  }
  bool of_content =
      done.what == What::resize && asked_.model == CrashModel::posix;
  return !done.changes() || (all_names && !of_content) || durable.keeps(op);
}

void CrashStates::add_torn(const Durable& durable,
                           std::vector<CrashState>& out) const {
  std::size_t last = durable.count();
  while (last > 0 && (record_.ops[last - 1].what != What::write ||
                      durable.keeps_write(last - 1, true))) {
    --last;
  }
  if (last == 0) {
    return;
  }
  for (std::uint64_t cut : cuts_of(record_.ops[last - 1])) {
    CrashState state;
    state.kind = CrashStateKind::torn;
    state.after = durable.count();
    state.lost = {last - 1};
    state.torn_at = cut;
    out.push_back(std::move(state));
  }
}

void CrashStates::add_reordered(const Durable& durable,
                                std::vector<CrashState>& out) const {
  std::size_t point = durable.count();
  if (point == 0 || record_.ops[point - 1].what != What::write ||
      durable.keeps_write(point - 1, true)) {
    return;
  }
  std::size_t found = 0;
  for (std::size_t i = point - 1; i > 0 && found < kMostReordered; --i) {
    std::size_t early = i - 1;
    if (record_.ops[early].what == What::write && durable.is_in_place(early) &&
        !durable.keeps_write(early, true)) {
      CrashState state;
      state.kind = CrashStateKind::reordered;
      state.after = point;
      state.lost = {early};
      out.push_back(std::move(state));
      ++found;
    }
  }
}

// Each is taken the latest that it can be: then most was printed, and most is
// missing.
void CrashStates::keep_different(std::vector<CrashState> candidates) {
  std::size_t most = std::max(kLeastLooks, asked_.at_most * kLooksForOne);
  std::size_t looks = std::min(most, candidates.size());
  looked_at_all_ = looks == candidates.size();
  std::map<std::pair<std::uint64_t, std::uint64_t>, CrashState> different;
  FileTree kept = record_.before;
  std::size_t applied = 0;
  auto whole = kept.digest();
  for (std::size_t i = 0; i < looks; ++i) {
    CrashState& state = candidates[i * candidates.size() / looks];
    for (; applied < state.after; ++applied) {
      kept.apply(record_.ops[applied]);
      whole = applied + 1 == state.after ? kept.digest() : whole;
    }
    auto digest =
        state.kind == CrashStateKind::kept ? whole : tree_of(state).digest();
    state.lacks = digest != whole;
    auto [other, is_new] = different.emplace(digest, state);
    bool more = printed_[state.after] > printed_[other->second.after];
    bool same = printed_[state.after] == printed_[other->second.after];
    if (!is_new && (more || (same && state.lacks && !other->second.lacks))) {
      other->second = state;
    }
  }
  std::vector<CrashState> all;
  all.reserve(different.size());
  for (auto& [digest, state] : different) {
    all.push_back(std::move(state));
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::tie(a.after, a.kind, a.lost, a.torn_at) <
           std::tie(b.after, b.kind, b.lost, b.torn_at);
  });
  found_ = all.size();
  std::size_t taken = std::min(asked_.at_most, all.size());
  for (std::size_t i = 0; i < taken; ++i) {
    chosen_.push_back(std::move(all[i * all.size() / taken]));
  }
}

FileTree CrashStates::tree_of(const CrashState& state) const {
  FileTree tree = record_.before;
  for (std::size_t i = 0; i < state.after; ++i) {
    const DiskOp& op = record_.ops[i];
    if (!is_lost(state, i)) {
      tree.apply(op);
    } else if (state.kind == CrashStateKind::torn) {
      DiskOp part = op;
      part.bytes.resize(state.torn_at);
      tree.apply(part);
    } else if (state.kind == CrashStateKind::reordered) {
      for (const DiskOp& part : written_again(record_, i, state.after)) {
        tree.apply(part);
      }
    }
  }
  return tree;
}

std::string CrashStates::text_of(const CrashState& state) const {
  std::string text(crash_kind_name(state.kind));
  text += state.after == 0
              ? ": power went before the first operation"
              : ": power went after operation " + std::to_string(state.after) +
                    " of " + std::to_string(record_.ops.size()) + ", the " +
                    record_.ops[state.after - 1].text();
  std::vector<std::string> lost;
  for (std::size_t op : state.lost) {
    std::string what = record_.ops[op].text();
    if (state.kind == CrashStateKind::torn) {
      what += " but for its first " + std::to_string(state.torn_at) + " bytes";
    }
    lost.push_back(std::move(what));
  }
  return text + lost_text(std::move(lost));
}

}  // namespace faultrig

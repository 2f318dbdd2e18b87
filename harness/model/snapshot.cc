// What flaps is kept as well, marked `seen`: it is neither missed where it is
// not there, nor new where it is.
#include "harness/model/snapshot.h"

#include <algorithm>
#include <optional>

#include "harness/base/text.h"
#include "harness/base/whole_number.h"

namespace faultrig {

namespace {

constexpr std::string_view kTitle = "faultrig snapshot";
constexpr std::string_view kFormat = "1";
constexpr std::size_t kColumns = 4;

constexpr std::array<std::string_view, kFeatureKinds> kKinds{
    "block", "call", "crashed", "created", "error",
    "exit",  "span", "test",    "wait"};

std::optional<FeatureKind> kind_named(std::string_view name) {
  const auto* found = std::find(kKinds.begin(), kKinds.end(), name);
  return found == kKinds.end()
             ? std::nullopt
             : std::optional(static_cast<FeatureKind>(found - kKinds.begin()));
}

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

bool is_hex(char letter) {
  return is_digit(letter) || (letter >= 'a' && letter <= 'f');
}

// A pid, a port, a time, an address, a part of a temporary name.
std::string without_numbers(std::string_view text) {
  constexpr std::size_t kShort = 2;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    auto belongs = out.ends_with("0x") ? is_hex : is_digit;
    std::size_t end = at;
    while (end < text.size() && belongs(text[end])) {
      ++end;
    }
    if (end == at) {
      out += text[at++];
    } else if (text.substr(at).starts_with("0x")) {
      out += text.substr(at, 2);
      at += 2;
    } else {
      out += end - at > kShort ? "#" : std::string(text.substr(at, end - at));
      at = end;
    }
  }
  return out;
}

std::string fit(std::string_view text) {
  constexpr std::size_t kMost = 400;
  std::string out = for_one_line(text);
  if (out.size() > kMost) {
    out = valid_utf8(out.substr(0, kMost)) + "...";
  }
  return out;
}

std::vector<std::string_view> columns_of(std::string_view line) {
  std::vector<std::string_view> out;
  for (std::size_t from = 0; from <= line.size();) {
    std::size_t end = std::min(line.find('\t', from), line.size());
    out.push_back(line.substr(from, end - from));
    from = end + 1;
  }
  return out;
}

// Reads line after line; what stands in the head depends on no order.
class Reading {
 public:
  Result<Snapshot> read(std::string_view text) {
    if (text.size() > kMostSnapshot) {
      return wrong("a snapshot has 256 KiB at most");
    }
    for (std::string_view line : lines_of(text)) {
      ++number_;
      TRY(check(line));
      TRY(take(columns_of(line)));
    }
    if (number_ == 0) {
      return wrong("it is empty, and no snapshot");
    }
    if (out_.runs == 0) {
      return wrong("`runs` is missing");
    }
    return std::move(out_);
  }

 private:
  using Columns = std::vector<std::string_view>;

  Error wrong(const std::string& what) const {
    return usage_error(std::to_string(std::max(number_, 1)) + ": " + what);
  }

  Result<> check(std::string_view line) const {
    for (std::string_view column : columns_of(line)) {
      if (for_one_line(column) != column) {
        return wrong("a character that no snapshot has");
      }
    }
    return Ok{};
  }

  Result<> take(const Columns& columns) {
    if (number_ == 1) {
      return take_title(columns);
    }
    if (columns.size() == kColumns) {
      return take_feature(columns);
    }
    return take_head(columns);
  }

  Result<> take_title(const Columns& columns) const {
    if (columns.size() != 2 || columns[0] != kTitle) {
      return wrong("this is no snapshot: expected `faultrig snapshot`");
    }
    return columns[1] == kFormat
               ? Result<>(Ok{})
               : wrong("a snapshot of format " + std::string(columns[1]) +
                       "; this faultrig reads format 1: record it again");
  }

  Result<> take_head(const Columns& columns) {
    std::string_view key = columns[0];
    if (key == "unseen" && columns.size() == 3) {
      auto kind = kind_named(columns[1]);
      if (!kind) {
        return wrong("no such kind of feature: " + std::string(columns[1]));
      }
      out_.unseen[*kind] = columns[2];
      return Ok{};
    }
    if (columns.size() != 2) {
      return wrong("expected kind, what, site and stable or seen, with tabs");
    }
    if (key == "runs") {
      auto runs = whole_number<int>(columns[1]);
      out_.runs = runs.value_or(0);
      return runs && *runs > 0 ? Result<>(Ok{})
                               : wrong("runs: expected a number from 1");
    }
    std::string* into = key == "by"   ? &out_.faultrig
                        : key == "go" ? &out_.go
                        : key == "of" ? &out_.of
                                      : nullptr;
    if (into == nullptr) {
      return wrong("nothing is called " + std::string(key) + " here");
    }
    *into = columns[1];
    return Ok{};
  }

  Result<> take_feature(const Columns& columns) {
    auto kind = kind_named(columns[0]);
    if (!kind) {
      return wrong("no such kind of feature: " + std::string(columns[0]));
    }
    bool stable = columns[3] == "stable";
    if (!stable && columns[3] != "seen") {
      return wrong("expected stable or seen");
    }
    Feature one{*kind, std::string(columns[1]), std::string(columns[2])};
    return out_.lines.emplace(std::move(one), stable).second
               ? Result<>(Ok{})
               : wrong("this line stands there twice");
  }

  Snapshot out_;
  int number_ = 0;
};

// One that a part of the runs showed is stable on no side.
std::vector<Feature> missing(const Snapshot& from, const Snapshot& in,
                             const std::set<FeatureKind>& kinds) {
  std::vector<Feature> out;
  for (const auto& [one, stable] : from.lines) {
    if (stable && kinds.contains(one.kind) && !in.lines.contains(one)) {
      out.push_back(one);
    }
  }
  return out;
}

std::string why_not(const Snapshot& snapshot, FeatureKind kind) {
  auto found = snapshot.unseen.find(kind);
  return found == snapshot.unseen.end() ? "" : found->second;
}

}  // namespace

std::string_view feature_kind_name(FeatureKind kind) {
  return kKinds.at(static_cast<std::size_t>(kind));
}

std::string Feature::text() const {
  return std::string(feature_kind_name(kind)) + " " + what +
         (site.empty() ? "" : " in " + site);
}

// Numbers of closures (`func1`) are a part of a name, and kept by their length.
Feature feature(FeatureKind kind, std::string_view what,
                std::string_view site) {
  bool named = kind == FeatureKind::block || kind == FeatureKind::created ||
               kind == FeatureKind::call || kind == FeatureKind::wait ||
               kind == FeatureKind::exit;
  return {kind, fit(named ? std::string(what) : without_numbers(what)),
          fit(site)};
}

Snapshot snapshot_of(const std::vector<RunFeatures>& runs) {
  Snapshot out;
  out.runs = static_cast<int>(runs.size());
  std::map<Feature, std::size_t> times;
  for (const RunFeatures& run : runs) {
    out.unseen.insert(run.unseen.begin(), run.unseen.end());
    for (const Feature& one : run.seen) {
      ++times[one];
    }
  }
  for (const auto& [one, count] : times) {
    if (!out.unseen.contains(one.kind)) {
      out.lines[one] = count == runs.size();
    }
  }
  return out;
}

std::string snapshot_text(const Snapshot& snapshot) {
  std::string out;
  auto line = [&](const std::vector<std::string>& columns) {
    out += join(columns, "\t") + "\n";
  };
  line({std::string(kTitle), std::string(kFormat)});
  line({"by", fit(snapshot.faultrig)});
  line({"go", fit(snapshot.go)});
  line({"of", fit(snapshot.of)});
  line({"runs", std::to_string(snapshot.runs)});
  for (const auto& [kind, why] : snapshot.unseen) {
    line({"unseen", std::string(feature_kind_name(kind)), fit(why)});
  }
  for (const auto& [one, stable] : snapshot.lines) {
    line({std::string(feature_kind_name(one.kind)), one.what, one.site,
          stable ? "stable" : "seen"});
  }
  return out;
}

std::string kept_snapshot(std::size_t number) {
  return "snapshots/" + std::to_string(number) + ".snap";
}

Result<Snapshot> parse_snapshot(std::string_view text) {
  return Reading().read(text);
}

int Compared::score() const {
  constexpr std::size_t kWhole = 1000;
  std::size_t all = common.size() + fresh.size() + gone.size();
  return all == 0 ? 0 : static_cast<int>(common.size() * kWhole / all);
}

Compared compare_snapshots(const Snapshot& base, const Snapshot& candidate) {
  Compared out;
  for (std::size_t i = 0; i < kFeatureKinds; ++i) {
    auto kind = static_cast<FeatureKind>(i);
    std::string first = why_not(base, kind);
    std::string second = why_not(candidate, kind);
    if (first.empty() && second.empty()) {
      out.kinds.insert(kind);
    } else if (first.empty() || second.empty()) {
      out.unseen[kind] =
          first.empty() ? "of the second: " + second : "of the first: " + first;
    }
  }
  out.fresh = missing(candidate, base, out.kinds);
  out.gone = missing(base, candidate, out.kinds);
  for (const auto& [one, stable] : base.lines) {
    auto other = candidate.lines.find(one);
    if (stable && out.kinds.contains(one.kind) &&
        other != candidate.lines.end() && other->second) {
      out.common.push_back(one);
    }
  }
  return out;
}

std::string score_text(int thousandths) {
  constexpr int kWhole = 1000;
  std::string rest = std::to_string(thousandths % kWhole);
  return std::to_string(thousandths / kWhole) + "." +
         std::string(3 - rest.size(), '0') + rest;
}

}  // namespace faultrig

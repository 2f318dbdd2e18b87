// A profile has a block for each line, from its first column to that of the
// next one: Go's tables know lines, not columns, and x/tools/cover takes blocks
// by where they start. Files are told as the tables have them: `go tool cover`
// opens an absolute path as it is, and asks `go list` for the folder of another
// one, an import path, which -trimpath leaves with the module's version.
#include "harness/report/error_coverage.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "harness/base/columns.h"
#include "harness/base/text.h"

namespace faultrig {

namespace {

constexpr std::size_t kHead = 11;

// What became of a site, the worst last.
enum class Rank { seen, failed, handled, surfaced, finding };

Rank rank_of(SiteOutcome outcome) {
  switch (outcome) {
    case SiteOutcome::never:
    case SiteOutcome::unknown:
      return Rank::seen;
    case SiteOutcome::surfaced:
      return Rank::surfaced;
    case SiteOutcome::handled:
      return Rank::handled;
    default:
      return is_finding(outcome) ? Rank::finding : Rank::failed;
  }
}

// A point that ends differently each time has hit if one of its tries has.
Rank rank_of(const SitePoint& point) {
  Rank rank =
      std::max(rank_of(point.outcome), point.hit ? Rank::failed : Rank::seen);
  for (const auto& [outcome, times] : point.times) {
    rank = std::max(rank, rank_of(outcome));
  }
  return rank;
}

// In symbols a dot of the last word of an import path is `%2e`, a percent sign
// `%25`, and so on; only those two are seen in practice.
std::string unescaped(std::string text) {
  for (const auto& [code, letter] :
       {std::pair("%2e", "."), std::pair("%25", "%")}) {
    for (std::size_t at = 0; (at = text.find(code, at)) != text.npos; ++at) {
      text.replace(at, 3, letter);
    }
  }
  return text;
}

std::string package_of(std::string_view function) {
  std::string_view name = function.substr(0, function.find_first_of("[("));
  std::size_t slash = name.rfind('/');
  std::size_t dot = name.find('.', slash == name.npos ? 0 : slash);
  return unescaped(std::string(name.substr(0, dot)));
}

struct Seen {
  const CallSite* site = nullptr;
  Rank rank = Rank::seen;
};

// The program's sites, each once, by their ids and where they share one by
// their lines; those without by their calls.
std::map<std::string, Seen> sites_of(std::span<const SiteSweep> sweeps) {
  std::map<std::string, Seen> out;
  for (const SiteSweep& sweep : sweeps) {
    std::vector<Rank> ranks(sweep.sites.size(), Rank::seen);
    for (const SitePoint& point : sweep.points) {
      Rank& rank = ranks[point.point.site];
      rank = std::max(rank, rank_of(point));
    }
    for (std::size_t i = 0; i < ranks.size(); ++i) {
      const CallSite& site = sweep.sites[i];
      if (site.id.empty() || site.owner == CallOwner::program) {
        std::string key = site.id.empty() ? site.call : site.id;
        key += site.first == 1 ? "" : " " + std::to_string(site.first);
        Seen& seen = out[key];
        seen = {&site, std::max(seen.rank, ranks[i])};
      }
    }
  }
  return out;
}

std::string share_text(std::size_t part, std::size_t whole) {
  return whole == 0 ? "" : fmt::format(" ({} %)", part * 100 / whole);
}

std::string words_of(const PackageCoverage& one) {
  std::string out =
      fmt::format("{}: {} of {} sites{} made to fail",
                  one.package.empty() ? "calls without a known stack"
                                      : for_one_line(one.package),
                  one.failed, one.sites, share_text(one.failed, one.sites));
  return one.failed == 0
             ? out
             : out + fmt::format(
                         "; of those surfaced {}{}, handled {}, "
                         "findings {}",
                         one.surfaced, share_text(one.surfaced, one.failed),
                         one.handled, one.findings);
}

std::string_view folder_of(std::string_view file) {
  return file.substr(0, file.rfind('/') + 1);
}

// `store.(*Store).Link.Symlink.func1`: a closure of os.Symlink, that was
// inlined, is called after the caller, and stands in a file of os.
bool is_lent(const GoFrame& frame, const GoFrame& caller) {
  return frame.function.starts_with(caller.function + ".") &&
         folder_of(frame.file) != folder_of(caller.file);
}

// C's side of cgo and generated code have no file that anybody could open.
bool has_source(const GoFrame& frame) {
  return frame.line > 0 && frame.file.find('/') != std::string::npos &&
         frame.file.ends_with(".go");
}

const GoFrame* source_frame(const CallSite& site) {
  const std::vector<GoFrame>& frames = site.frames;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    bool lent = i + 1 < frames.size() && is_lent(frames[i], frames[i + 1]);
    if (has_source(frames[i]) && !lent) {
      return &frames[i];
    }
  }
  return nullptr;
}

std::string profile_name(std::string file) {
  std::size_t at = file.find('@');
  if (!file.starts_with('/') && at != std::string::npos) {
    file.erase(at, file.find('/', at) - at);
  }
  return file;
}

struct Line {
  std::size_t sites = 0;
  std::size_t failed = 0;
};

}  // namespace

std::vector<PackageCoverage> error_coverage(std::span<const SiteSweep> sweeps) {
  std::map<std::string, PackageCoverage> packages;
  for (const auto& [key, seen] : sites_of(sweeps)) {
    const std::vector<GoFrame>& frames = seen.site->frames;
    std::string name = frames.empty() ? "" : package_of(frames[0].function);
    PackageCoverage& package = packages[name];
    package.package = name;
    ++package.sites;
    package.failed += seen.rank == Rank::seen ? 0U : 1U;
    package.surfaced += seen.rank == Rank::surfaced ? 1U : 0U;
    package.handled += seen.rank == Rank::handled ? 1U : 0U;
    package.findings += seen.rank == Rank::finding ? 1U : 0U;
  }
  std::vector<PackageCoverage> out;
  out.reserve(packages.size());
  for (auto& [name, package] : packages) {
    out.push_back(std::move(package));
  }
  return out;
}

std::string coverage_text(std::span<const SiteSweep> sweeps) {
  std::string out;
  for (const PackageCoverage& package : error_coverage(sweeps)) {
    out += wrapped(padded(out.empty() ? "coverage" : "", kHead),
                   words_of(package), kHead);
  }
  return out;
}

std::string cover_profile(std::span<const SiteSweep> sweeps) {
  std::map<std::pair<std::string, int>, Line> lines;
  for (const auto& [key, seen] : sites_of(sweeps)) {
    if (const GoFrame* frame = source_frame(*seen.site)) {
      Line& line = lines[{profile_name(frame->file), frame->line}];
      ++line.sites;
      line.failed += seen.rank == Rank::seen ? 0U : 1U;
    }
  }
  std::string out = "mode: set\n";
  for (const auto& [place, line] : lines) {
    const auto& [file, number] = place;
    out += fmt::format("{}:{}.1,{}.1 {} {}\n", file, number, number + 1,
                       line.sites, line.failed == line.sites ? 1 : 0);
  }
  return out;
}

}  // namespace faultrig

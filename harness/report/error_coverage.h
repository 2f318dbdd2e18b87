#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "harness/model/site_sweep.h"

namespace faultrig {

// What was made to fail of the sites of one package of the program, and what
// it came to. A site counts once, by the worst of its points. Of those that
// failed and are neither surfaced, handled nor a finding Go's runtime gave up.
struct PackageCoverage {
  std::string package;     // import path; empty: of calls without a known stack
  std::size_t sites = 0;   // that were recorded
  std::size_t failed = 0;  // that were made to fail
  std::size_t surfaced = 0;  // of those
  std::size_t handled = 0;   // of those
  std::size_t findings = 0;  // of those; allowed ones too

  bool operator==(const PackageCoverage&) const = default;
};

// The packages of the program, by their names, those of several sweeps
// together: a site that one of them made to fail was made to fail. A site is of
// the package whose function made the call. Sites of tests and of Go's runtime
// are left out.
std::vector<PackageCoverage> error_coverage(std::span<const SiteSweep> sweeps);

// The same for people, a line or more for each package.
std::string coverage_text(std::span<const SiteSweep> sweeps);

// As a profile of Go's (`mode: set`), for `go tool cover`: each line of the
// program that makes a call, covered if all its sites were made to fail. Lines
// of files that are no Go source, as their paths have it, are told as those of
// the caller, or left out.
std::string cover_profile(std::span<const SiteSweep> sweeps);

}  // namespace faultrig

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/model/values.h"
#include "harness/model/verdict.h"

namespace faultrig {

// `trace 14: SIGTERM sent to test at 52 ms`.
std::string cite(const Evidence& evidence, std::size_t index);

// The first few of them joined by `; `, then `... and 12 more`; empty for
// none.
std::string cite_all(const Evidence& evidence,
                     const std::vector<std::size_t>& cites);

// `what (trace 3: ...; trace 4: ...)`, pass if `holds`, else fail.
Finding answer(bool holds, const std::string& what, const Evidence& evidence,
               std::vector<std::size_t> cites = {});

// The evidence cannot tell.
Finding cannot_tell(std::string because, std::vector<std::size_t> cites = {});

// How often something was seen, and what shows it.
struct Counted {
  std::int64_t times = 0;
  std::int64_t perhaps = 0;  // that many more cannot be told apart from others
  std::optional<std::size_t> hidden;  // any number more: hidden_calls()
  std::vector<std::size_t> cites;
};

// `what` and the count as `wanted` asks for it: pass, fail, or inconclusive
// where it depends on what cannot be told.
Finding answer_count(const NumberTest& wanted, const std::string& what,
                     const Evidence& evidence, Counted counted);

// How often one of these faults took effect.
Counted count_effects(const std::vector<FaultId>& faults,
                      const Evidence& evidence);

// What keeps us from hearing of all calls so named (none: of any): that the
// workload took to answering calls itself, the first time, or that a filter
// older than ours answers one of them. Nothing if nothing does.
std::optional<std::size_t> hidden_calls(const Evidence& evidence,
                                        const std::vector<std::string>& calls);

// Indices of all observations of this fact, in order.
std::vector<std::size_t> all_of(const Evidence& evidence, Fact fact);

// `'text'` on one line, safe for a terminal, cut where it is long.
std::string in_quotes(std::string_view text);

}  // namespace faultrig

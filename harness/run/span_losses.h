#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/model/observation.h"
#include "harness/model/plan.h"
#include "harness/os/shim_wire.h"

namespace faultrig {

// What may keep spans from us. All are pure.

inline constexpr std::string_view kSpansEndpoint =
    "OTEL_EXPORTER_OTLP_ENDPOINT";

// By what the workload's own environment keeps its spans from our port, all or
// some; empty: by nothing.
std::string kept_back(const std::vector<std::string>& env, int port);

// Why this end may have taken spans along; empty: it ended in order.
std::string why_lost(const Ended& ended);

// Is this the receiver of spans that listens at `port`?
bool is_receiver(const std::string& address, int port);

// Why what a fault of this launch did may have kept spans from our port; empty:
// it cannot have.
std::string why_eaten(const Observation& seen, const Launch& launch, int port);

// The same of a fault of this launch of which nothing is seen while it acts.
std::string why_eaten_unseen(const Launch& launch);

}  // namespace faultrig

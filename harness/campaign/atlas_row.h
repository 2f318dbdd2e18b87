#pragma once

#include "harness/explain/explainer.h"
#include "harness/model/atlas.h"
#include "harness/model/cause.h"
#include "harness/run/session.h"

namespace faultrig {

// What one run of a cause's scenario leaves behind.
struct Remains {
  std::string log;  // stderr and stdout, as `2>&1` would keep them
  std::optional<Evidence> evidence;
};

// Runs the scenario of a cause, with its faults and without its expectations,
// in the way that a column of the atlas names. `catalogue` is the folder of the
// scenarios. Unsupported when this machine, or this scenario, cannot: a plain
// command has the column `text` only, and a package that does not build has
// none of those that start the binary by other means than go test.
Result<Remains> provoke(Session& session, const Cause& cause,
                        const std::filesystem::path& catalogue,
                        std::string_view column);

// Which columns: all, or those of go test alone.
enum class AtlasWidth { all, go_test };

// The whole row: provoked once a column, and explained.
AtlasRow atlas_row(Session& session, const Cause& cause,
                   const std::filesystem::path& catalogue,
                   const Explainer& explainer,
                   AtlasWidth width = AtlasWidth::all);

}  // namespace faultrig

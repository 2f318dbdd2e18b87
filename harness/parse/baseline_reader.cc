#include "harness/parse/baseline_reader.h"

#include "harness/model/dependency.h"
#include "harness/model/go_stack.h"
#include "harness/model/scenario_sweep.h"
#include "harness/parse/section_reader.h"

namespace faultrig {

namespace {

SiteOutcome outcome_called(const std::string& name) {
  for (std::size_t i = 0; i < kSiteOutcomes; ++i) {
    if (name == outcome_name(static_cast<SiteOutcome>(i))) {
      return static_cast<SiteOutcome>(i);
    }
  }
  return SiteOutcome::unknown;
}

bool is_peer(const std::string& text) {
  return text.find_first_of(":/@") != std::string::npos &&
         !dependency_peers(text).empty();
}

bool is_site(const std::string& text) {
  return is_peer(text) ||
         (text.size() >= kLeastSite &&
          text.find_first_not_of("0123456789abcdef") == std::string::npos);
}

}  // namespace

AllowedFinding read_allowed(const YamlNode& node, Complaints& complaints) {
  Params params = read_section(allow_section(), node, complaints);
  AllowedFinding out;
  out.site = params.get_or<std::string>("site", "");
  out.call = params.get_or<std::string>("call", "");
  out.because = params.get_or<std::string>("because", "");
  out.outcome = outcome_called(params.get_or<std::string>("outcome", ""));
  const YamlNode* site = child(node, "site");
  if (site != nullptr && !out.site.empty() && !is_site(out.site)) {
    complaints.add(site->spot,
                   "expected the id of a call site, such as 4f2a91, or the "
                   "address of a dependency");
  }
  return out;
}

ReadBaseline read_baseline(std::string_view text) {
  return read_rows(text, "allow", "`allow`, with a list of findings",
                   read_allowed);
}

}  // namespace faultrig

#include "harness/parse/baseline_reader.h"

#include "harness/model/go_stack.h"
#include "harness/parse/section_reader.h"

namespace faultrig {

namespace {

const Section& allow_section() {
  static const Section kSection{
      .name = "allow",
      .summary = "a finding of a sweep that is known",
      .fields = {{.key = "site",
                  .kind = Kind::text,
                  .summary = "the id of the call site, 6 digits at least",
                  .required = true,
                  .filled = true},
                 {.key = "call", .kind = Kind::text, .summary = "its call"},
                 {.key = "outcome",
                  .kind = Kind::choice,
                  .summary = "what it is known to come to",
                  .required = true,
                  .choices = {"swallowed", "failed", "crashed", "exited",
                              "hung", "leaked", "flaky"}},
                 {.key = "because",
                  .kind = Kind::text,
                  .summary = "why that is so, or why it may be",
                  .required = true,
                  .filled = true}}};
  return kSection;
}

SiteOutcome outcome_called(const std::string& name) {
  for (std::size_t i = 0; i < kSiteOutcomes; ++i) {
    if (name == outcome_name(static_cast<SiteOutcome>(i))) {
      return static_cast<SiteOutcome>(i);
    }
  }
  return SiteOutcome::unknown;
}

bool is_site(const std::string& text) {
  return text.size() >= kLeastSite &&
         text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

AllowedFinding read_one(const YamlNode& node, Complaints& complaints) {
  Params params = read_section(allow_section(), node, complaints);
  AllowedFinding out;
  out.site = params.get_or<std::string>("site", "");
  out.call = params.get_or<std::string>("call", "");
  out.because = params.get_or<std::string>("because", "");
  out.outcome = outcome_called(params.get_or<std::string>("outcome", ""));
  const YamlNode* site = child(node, "site");
  if (site != nullptr && !out.site.empty() && !is_site(out.site)) {
    complaints.add(site->spot,
                   "expected the id of a call site, such as 4f2a91");
  }
  return out;
}

}  // namespace

ReadBaseline read_baseline(std::string_view text) {
  return read_rows(text, "allow", "`allow`, with a list of findings", read_one);
}

}  // namespace faultrig

// What a run of a sweep is asked to do, as YAML.
#include "harness/campaign/site_scenario.h"

#include <cerrno>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string yaml_of(Each each, std::int64_t nth) {
  SweepTarget target;
  target.command = {"true"};
  CallSite site;
  site.id = "9ca1db57fa30c793";
  site.call = "fsync";
  FaultPoint point{.error = EIO, .each = each, .nth = nth};
  return *site_point_yaml(target, {}, site,
                          {point, false, std::chrono::seconds(5)});
}

// Of calls that share an id those over other lines are met by their number.
TEST(SiteScenario, BeginsAtTheCallThatItIsAbout) {
  EXPECT_THAT(yaml_of(Each::once, 1), HasSubstr(", nth: 1}"));
  EXPECT_THAT(yaml_of(Each::once, 3), HasSubstr(", nth: 3}"));
  EXPECT_THAT(yaml_of(Each::from_then_on, 1), Not(HasSubstr("nth")));
  EXPECT_THAT(yaml_of(Each::from_then_on, 3), HasSubstr(", nth: 3+}"));
}

}  // namespace
}  // namespace faultrig

// One table says what a machine can do, to people and to plans.
#include <cerrno>

#include <gtest/gtest.h>

#include "harness/machine/abilities.h"
#include "harness/model/plan.h"
#include "harness/os/find_program.h"

namespace faultrig {
namespace {

TEST(Machine, SaysWhyAPlanCannotRunAndHowItCould) {
  CgroupPlaces places;
  places.why_no_memory = "/sys/fs/cgroup is not writable";
  places.how_to_get_memory = "sudo faultrig run";
  EXPECT_EQ(missing(kNeedsMemoryCgroup, {places, {}}),
            "needs a writable memory cgroup: /sys/fs/cgroup is not writable; "
            "get it: sudo faultrig run");
  places.memory = "/sys/fs/cgroup/mine";
  EXPECT_EQ(missing(kNeedsMemoryCgroup, {places, {}}), std::nullopt);
}

TEST(PathHint, SaysThatANameWithoutASlashIsLookedForOnPath) {
  EXPECT_EQ(path_hint("srv", ENOENT),
            " (PATH was searched; write ./srv for a file of the folder it runs "
            "in)");
  EXPECT_EQ(path_hint("./srv", ENOENT), "");
  EXPECT_EQ(path_hint("srv", EACCES), "");
}

}  // namespace
}  // namespace faultrig

// What `faultrig doctor` prints, byte for byte.
#include "harness/report/abilities.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace faultrig {
namespace {

Machine machine() {
  return {"Linux 6.1.176",
          false,
          {{"shim", true, "/usr/lib/faultrig/faultrig-shim", "install it", ""},
           {"memory cgroup", false,
            "/sys/fs/cgroup/user.slice/user-1000.slice/session-3.scope is not "
            "writable for this user",
            "systemd-run --user --scope -p Delegate=yes faultrig run",
            "4.5 on v2"}}};
}

TEST(Abilities, AreATableOfEightyColumns) {
  EXPECT_EQ(abilities_text(machine()),
            R"(Linux 6.1.176, as an ordinary user

ability               there  kernel     why; how to get it
shim                  yes               /usr/lib/faultrig/faultrig-shim
memory cgroup         no     4.5 on v2  /sys/fs/cgroup/user.slice
                                        /user-1000.slice/session-3.scope is not
                                        writable for this user
                                        get it: systemd-run --user --scope -p
                                        Delegate=yes faultrig run
)");
}

TEST(Abilities, AreJsonForPrograms) {
  auto json = nlohmann::json::parse(abilities_json(machine()));
  EXPECT_EQ(json["kernel"], "Linux 6.1.176");
  EXPECT_EQ(json["root"], false);
  ASSERT_EQ(json["abilities"].size(), 2U);
  EXPECT_FALSE(json["abilities"][0].contains("get"));
  EXPECT_FALSE(json["abilities"][0].contains("since"));
  EXPECT_EQ(json["abilities"][1]["since"], "4.5 on v2");
  EXPECT_EQ(json["abilities"][1]["name"], "memory cgroup");
  EXPECT_EQ(json["abilities"][1]["there"], false);
  EXPECT_EQ(json["abilities"][1]["get"],
            "systemd-run --user --scope -p Delegate=yes faultrig run");
}

}  // namespace
}  // namespace faultrig

#include "harness/os/shim_wire.h"

#include <gtest/gtest.h>

namespace faultrig {
namespace {

template <typename T>
T through(const T& message) {
  auto decoded = decode(encode(Message(message)));
  EXPECT_TRUE(decoded);
  EXPECT_TRUE(std::holds_alternative<T>(*decoded));
  return std::get<T>(*decoded);
}

TEST(ShimWire, CarriesAnOrderWithAllItsSteps) {
  InstallFilter filter{std::string("\0\1\2", 3), true, false, true};
  LaunchOrder order{
      {"/bin/true", ""},
      {"A=b"},
      {JoinCgroup{3}, SetRlimit{7, 13, 14}, EnterFolder{"/x"},
       NoexecFolder{"/y"}, filter, OwnNetwork{}, OwnPids{}, EnterNetwork{4},
       MountDisk{"/z", 5, 6, true, true}, EnterDisk{9, 10}, OwnUser{},
       RuleNetwork{"r", "s", "t", true}},
      "/in"};
  LaunchOrder got = through(order);
  EXPECT_EQ(got.argv, order.argv);
  EXPECT_EQ(got.env, order.env);
  EXPECT_EQ(got.input, "/in");
  ASSERT_EQ(got.steps.size(), 12U);
  EXPECT_EQ(std::get<EnterNetwork>(got.steps[7]).slot, 4);
  EXPECT_EQ(std::get<MountDisk>(got.steps[8]).inodes, 6U);
  EXPECT_EQ(std::get<EnterDisk>(got.steps[9]).users, 10);
  EXPECT_EQ(std::get<RuleNetwork>(got.steps[11]).routes6, "s");
  EXPECT_TRUE(std::get<RuleNetwork>(got.steps[11]).filtered);
  EXPECT_EQ(std::get<SetRlimit>(got.steps[1]).hard, 14U);
  EXPECT_EQ(std::get<InstallFilter>(got.steps[4]).program, filter.program);
  EXPECT_TRUE(std::get<InstallFilter>(got.steps[4]).stops_exec);
}

TEST(ShimWire, CarriesRawStatuses) {
  Ended got = through(Ended{12, 0x8b});
  EXPECT_EQ(got.pid, 12);
  EXPECT_EQ(got.status, 0x8b);
}

TEST(ShimWire, CarriesTheHoldAtAnExec) {
  LaunchOrder order;
  order.hold = true;
  EXPECT_TRUE(through(order).hold);
  StepOrder steps;
  steps.hold = true;
  steps.words = {"-test.cpuprofile=x"};
  EXPECT_TRUE(through(steps).hold);
  EXPECT_EQ(through(steps).words, steps.words);
  EXPECT_EQ(through(Held{12}).pid, 12);
  EXPECT_EQ(through(LetGo{13}).pid, 13);
  EXPECT_EQ(through(Started{14, 15}).exec_ns, 15);
}

TEST(ShimWire, TellsWhichDescriptorIsTheListener) {
  auto with = [](bool listens, std::size_t count) {
    std::vector<Fd> fds(count);
    return fds_of(Started{1, 2, listens}, fds).disk.size();
  };
  EXPECT_EQ(with(false, 1), 0U);
  EXPECT_EQ(with(true, 2), 0U);
  EXPECT_EQ(with(false, 4), 3U);
  EXPECT_EQ(with(true, 5), 3U);
  EXPECT_TRUE(through(Started{1, 2, true}).listens);
  EXPECT_EQ(through(Started{1, 2, true, 3}).network, 3);
}

TEST(ShimWire, TellsWhichDescriptorsAreOfItsNetwork) {
  auto with = [](Started started, std::size_t count) {
    std::vector<Fd> fds(count);
    StartedFds out = fds_of(started, fds);
    return std::pair(out.disk.size(), out.network.size());
  };
  EXPECT_EQ(with({1, 2, true, 3}, 5),
            std::pair(std::size_t{0}, std::size_t{3}));
  EXPECT_EQ(with({1, 2, true, 2}, 7),
            std::pair(std::size_t{3}, std::size_t{2}));
  // Any number may come from a stranger.
  EXPECT_EQ(with({1, 2, false, 99}, 3),
            std::pair(std::size_t{0}, std::size_t{2}));
  EXPECT_EQ(with({1, 2, true, 99}, 1),
            std::pair(std::size_t{0}, std::size_t{0}));
  EXPECT_EQ(with({1, 2, false, -1}, 3),
            std::pair(std::size_t{2}, std::size_t{0}));
}

TEST(ShimWire, RefusesEveryCutOfAMessage) {
  std::string bytes = encode(LaunchOrder{{"a", "b"}, {"C=d"}, {}, ""});
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode(bytes.substr(0, size))) << size;
  }
  EXPECT_FALSE(decode(bytes + "x"));
}

TEST(ShimWire, RefusesWhatAWorkloadMightSend) {
  EXPECT_FALSE(decode("\xff"));
  EXPECT_FALSE(decode(std::string("\x00\xff\xff\xff\xff", 5)));
  EXPECT_FALSE(decode(std::string(4096, '\x01')));
}

}  // namespace
}  // namespace faultrig

// A service that keeps all of its folder has one of its own in each run: what
// it finds there, what stays in it, what is left of it.
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/fd.h"
#include "harness/campaign/own_places.h"
#include "harness/os/scratch.h"
#include "harness/run/folder_mirror.h"
#include "harness/run/left_files.h"
#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class OwnFolders : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = make_work_folder(owner_name() + ".own");
    ASSERT_TRUE(made) << made.error().what;
    place_ = std::move(*made);
    write("etc/beside.conf", "beside");
    write("home/app/app.conf", "told");
    write("home/app/data/deep/records", "kept");
    write("home/app/server", "a program");
    fs::permissions(app() / "server", fs::perms::owner_all);
    fs::create_directory(place_.path() / "own");
    fs::create_directory(place_.path() / "tmp");
  }
  void write(const std::string& name, const std::string& text) const {
    fs::path path = place_.path() / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  fs::path app() const { return place_.path() / "home/app"; }
  fs::path tmp() const { return place_.path() / "tmp"; }
  // In a mirror of that folder, whose service has these words.
  FolderMirror mirrored(const fs::path& folder,
                        const std::vector<std::string>& command = {}) const {
    auto made = mirror_folder(folder, place_.path() / "own",
                              surrounding_of(folder, command));
    EXPECT_TRUE(made) << made.error().what;
    return made.value_or(FolderMirror{});
  }
  // A socket under that name, which nobody listens on afterwards.
  static void leave_socket(const fs::path& path) {
    Fd made(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    ASSERT_LT(path.string().size(), sizeof name.sun_path);
    std::memcpy(name.sun_path, path.c_str(), path.string().size());
    ASSERT_EQ(bind(made.get(), reinterpret_cast<sockaddr*>(&name), sizeof name),
              0);
    ASSERT_EQ(listen(made.get(), 1), 0);
  }
  Workload workload(const std::vector<std::string>& more = {}) const {
    Workload out;
    out.command = {"./server"};
    out.command.insert(out.command.end(), more.begin(), more.end());
    out.cwd = app();
    out.service.emplace();
    out.service->keep = {"."};
    return out;
  }
  static std::vector<std::string> told(const std::vector<Observation>& facts) {
    std::vector<std::string> out;
    out.reserve(facts.size());
    for (const Observation& seen : facts) {
      out.push_back(seen.text + " " + seen.path);
    }
    return out;
  }

  TempDir place_;
  Learnt learnt_;
};

Observation call_on(const std::string& name, const fs::path& path) {
  Observation out;
  out.fact = Fact::call_intercepted;
  out.call = name;
  out.path = path.string();
  return out;
}

TEST_F(OwnFolders, KeepWhatIsWrittenInThem) {
  fs::path own = mirrored(app()).path;
  EXPECT_EQ(text_of(own / "app.conf"), "told");
  std::ofstream(own / "app.conf") << "other";
  std::ofstream(own / "data/deep/records") << "other";
  std::ofstream(own / "data/new") << "new";
  EXPECT_EQ(text_of(app() / "app.conf"), "told");
  EXPECT_EQ(text_of(app() / "data/deep/records"), "kept");
  EXPECT_FALSE(fs::exists(app() / "data/new"));
  EXPECT_EQ(fs::canonical(own / "server"), fs::canonical(app() / "server"));
}

TEST_F(OwnFolders, HaveAroundThemWhatTheCommandReaches) {
  fs::path own = mirrored(app(), {"--config=../../etc/beside.conf"}).path;
  EXPECT_EQ(text_of(own / "../../etc/beside.conf"), "beside");
  std::ofstream(own / "../new") << "new";
  EXPECT_FALSE(fs::exists(place_.path() / "home/new"));
}

// What its words name there is its own too, whatever stands around the path.
TEST_F(OwnFolders, HaveBesideThemAFolderThatTheCommandNames) {
  write("home/run/old", "old");
  write("home/bin/server", "a program");
  fs::permissions(place_.path() / "home/bin/server", fs::perms::owner_all);
  FolderMirror made = mirrored(
      app(), {"sh", "-c", "exec '../bin/server' --pid=../run/x.pid >../log"});
  fs::path own = made.path;
  EXPECT_EQ(made.top, own.parent_path());
  EXPECT_EQ(fs::canonical(own / "../bin/server"),
            fs::canonical(place_.path() / "home/bin/server"));
  EXPECT_EQ(text_of(own / "../run/old"), "old");
  learnt_.top = made.top;
  Workload service = workload();
  service.cwd = own;
  LeftFiles left(service, learnt_);
  std::ofstream(own / "../run/x.pid") << "42\n";
  std::ofstream(own / "../run/old") << "new";
  leave_socket(own / "../x.sock");
  EXPECT_THAT(told(left.look({42})),
              ElementsAre("pid file ../run/x.pid", "socket ../x.sock"));
  EXPECT_FALSE(fs::exists(place_.path() / "home/run/x.pid"));
  EXPECT_EQ(text_of(place_.path() / "home/run/old"), "old");
  // Nor are they told as shared.
  SharedFiles shared(workload());
  learnt_.folder = own;
  std::vector<Observation> trace{call_on("listen", made.top / "x.sock"),
                                 call_on("openat", made.top / "run/x.pid")};
  EXPECT_THAT(shared.found(learnt_, trace), IsEmpty());
}

// Whoever starts as root may drop its rights.
TEST_F(OwnFolders, KeepTheirOwners) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  constexpr uid_t kOther = 65534;
  for (const char* name : {"data", "data/deep", "data/deep/records"}) {
    ASSERT_EQ(chown((app() / name).c_str(), kOther, kOther), 0);
  }
  fs::permissions(app() / "data", fs::perms::owner_all);
  fs::path own = mirrored(app()).path;
  for (const char* name : {"data", "data/deep", "data/deep/records"}) {
    struct stat seen {};
    ASSERT_EQ(stat((own / name).c_str(), &seen), 0);
    EXPECT_EQ(seen.st_uid, kOther) << name;
    EXPECT_EQ(seen.st_gid, kOther) << name;
  }
  EXPECT_EQ(fs::status(own / "data").permissions(), fs::perms::owner_all);
}

TEST_F(OwnFolders, AreRefusedWhereTheyWouldTakeTooLong) {
  fs::create_directory(app() / "many");
  for (int i = 0; i <= 20000; ++i) {
    ASSERT_EQ(symlink("x", (app() / "many" / std::to_string(i)).c_str()), 0);
  }
  EXPECT_TRUE(fs::is_symlink(mirrored(app()).path / "many"));
  auto made = mirror_folder(app() / "many", tmp(), {});
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().what,
              ::testing::EndsWith("/many: more than 20000 entries"));
}

// Who stands in /tmp, or at the root.
TEST_F(OwnFolders, DoNotHaveThemselvesInThem) {
  fs::path own = mirrored(place_.path()).path;
  EXPECT_TRUE(fs::is_symlink(own / "own"));
  EXPECT_FALSE(fs::is_symlink(own / "home"));
}

// What is large is linked, and nothing is missing.
TEST_F(OwnFolders, AreMadeInAMomentHoweverMuchThereIs) {
  for (int i = 0; i < 1500; ++i) {
    write("home/app/many/" + std::to_string(i), "");
  }
  write("home/app/large", std::string((1 << 20) + 1, 'x'));
  fs::path own = mirrored(app()).path;
  EXPECT_TRUE(fs::is_symlink(own / "many"));
  EXPECT_TRUE(fs::exists(own / "many/1499"));
  EXPECT_TRUE(fs::is_symlink(own / "large"));
  EXPECT_FALSE(fs::is_symlink(own / "data"));
}

TEST_F(OwnFolders, TellSocketsAndPidFilesThatWereLeft) {
  write("home/app/old.pid", "7\n");
  leave_socket(app() / "old.sock");
  learnt_.tmp = TempDir(tmp());
  LeftFiles left(workload(), learnt_);
  leave_socket(app() / "new.sock");
  leave_socket(tmp() / "t.sock");
  write("home/app/run/server", "42\n");
  write("home/app/run/empty.pid", "");
  // Meant to stay.
  write("home/app/run/lock", "");
  write("home/app/count", "43\n");
  write("home/app/app.log", "42 requests\n");
  EXPECT_THAT(told(left.look({42})),
              ElementsAre("socket $TMPDIR/t.sock", "socket new.sock",
                          "pid file run/empty.pid", "pid file run/server"));
  // What was there is left where it was written again.
  write("home/app/old.pid", "42\n");
  EXPECT_THAT(told(left.look({})), ::testing::Contains("pid file old.pid"));
}

// What is beyond them may be somebody else's.
TEST_F(OwnFolders, RemoveNothingBeyondThem) {
  std::vector<std::string> named;
  for (const char* name : {"before.sock", "before.pid", "new.sock", "new.pid",
                           "other.pid", "new.log"}) {
    named.push_back((place_.path() / name).string());
  }
  leave_socket(named[0]);
  write("before.pid", "7");
  LeftFiles left(workload(named), learnt_);
  fs::remove(named[0]);
  leave_socket(named[0]);
  leave_socket(named[2]);
  for (const char* name : {"before.pid", "new.pid", "new.log"}) {
    write(name, name == std::string("new.log") ? "4 requests" : "42\n");
  }
  write("other.pid", "43\n");
  EXPECT_THAT(told(left.look({42})),
              ElementsAre("pid file " + named[1], "pid file " + named[3],
                          "socket " + named[2]));
  for (const std::string& path : named) {
    EXPECT_TRUE(fs::exists(fs::symlink_status(path))) << path;
  }
}

// An environment variable may name it, or the program itself.
TEST_F(OwnFolders, AreSeenToBeLeftByTheCallsOfTheService) {
  leave_socket(place_.path() / "x.sock");
  LeftFiles left(workload(), learnt_);
  fs::remove(place_.path() / "x.sock");
  leave_socket(place_.path() / "x.sock");
  leave_socket(place_.path() / "other.sock");
  write("x.pid", "  42\n");
  write("other.pid", "43\n");
  std::vector<Observation> trace{
      call_on("listen", place_.path() / "x.sock"),
      call_on("unlinkat", place_.path() / "other.sock"),
      call_on("openat", place_.path() / "x.pid"),
      call_on("openat", place_.path() / "other.pid")};
  EXPECT_THAT(told(left.look({42}, trace)),
              ElementsAre("pid file " + (place_.path() / "x.pid").string(),
                          "socket " + (place_.path() / "x.sock").string()));
}

// Two at once are in each other's way, though each removes what is its own.
TEST_F(OwnFolders, ShareWhatIsBeyondThemAlsoWhereItIsGone) {
  SharedFiles shared(workload());
  learnt_.folder = app();
  std::string beside = (place_.path() / "x").string();
  std::vector<Observation> trace{
      call_on("listen", beside + ".sock"), call_on("unlinkat", beside + ".lck"),
      call_on("openat", beside + ".conf"), call_on("listen", "127.0.0.1:80"),
      call_on("unlink", app() / "own"),    call_on("listen", "@abstract")};
  EXPECT_THAT(shared.found(learnt_, trace),
              ElementsAre(beside + ".lck", beside + ".sock"));
}

TEST_F(OwnFolders, AreAskedForByKeepingAll) {
  Workload shared = workload();
  shared.service->keep = {"data"};
  LeftFiles left(shared, learnt_);
  leave_socket(app() / "new.sock");
  EXPECT_THAT(left.look({}), IsEmpty());
}

// Others write there too.
TEST_F(OwnFolders, AreNotNeededForWhatTheServiceNames) {
  Workload shared = workload({"--pid=run/x.pid", "y.pid"});
  shared.service->keep.clear();
  write("home/app/y.pid", "42\n");
  LeftFiles left(shared, learnt_);
  write("home/app/run/x.pid", "42\n");
  write("home/app/run/other.pid", "42\n");
  leave_socket(app() / "x.sock");
  leave_socket(app() / "other.sock");
  std::vector<Observation> trace{call_on("listen", "x.sock")};
  EXPECT_THAT(told(left.look({42}, trace)),
              ElementsAre("pid file " + (app() / "run/x.pid").string(),
                          "socket " + (app() / "x.sock").string()));
}

// As nginx does, or PostgreSQL by its scripts.
TEST(OwnTmpdirs, AreThereForAServiceThatDropsItsRights) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  expect_pass(
      "workload:\n  service:\n    command: [setpriv, --reuid=65534, "
      "--regid=65534, --clear-groups, sh, -c, 'mktemp && echo up && exec sleep "
      "100']\n    ready: {output: ^up$}\n    keep: [.]\nfaults:\n"
      "  - signal: {send: SIGTERM, when: {ready: true}}\nexpect:\n"
      "  - service: {killed_by: SIGTERM}\n");
}

}  // namespace
}  // namespace faultrig

// Lays a disk of a link's own over one of its folders, and has it be full: a
// tmpfs(5) in a mount namespace that only this link sees, resized from outside
// while it runs, so that an ordinary user needs no root for it and no other
// program meets it. The proof is a call that asked for more than there was and
// came back with ENOSPC: it is made for its caller, who gets what the kernel
// said. The surprise: a disk that is full can still be written to, over what is
// there, and what is deleted makes room.
#include <utility>

#include "harness/base/units.h"
#include "harness/inject/call_injector.h"

namespace faultrig {

namespace {

const Section& section() {
  static const Section kSection{
      .name = "disk",
      .summary = "a folder of a link is on a disk of its own, which is full",
      .fields = {{.key = "path",
                  .kind = Kind::text,
                  .summary = "the folder: `$TMPDIR`, absolute, or from where "
                             "the link starts; there, and empty",
                  .required = true,
                  .filled = true},
                 {.key = "size",
                  .kind = Kind::size,
                  .summary = "so much fits on it; beside `full` it is the size "
                             "before that, else the fault"},
                 {.key = "inodes",
                  .kind = Kind::integer,
                  .summary = "so many files, folders and links, its own root "
                             "among them",
                  .least = 1},
                 {.key = "full",
                  .kind = Kind::boolean,
                  .summary = "nothing more than what is on it fits",
                  .fallback = "false"}},
  };
  return kSection;
}

OwnDisk disk_from(const FaultSpec& spec) {
  const Params& params = spec.fault.params;
  OwnDisk disk;
  disk.fault = spec.id;
  disk.path = params.get<std::string>("path");
  disk.size = params.get_or("size", Bytes{}).count;
  disk.inodes =
      static_cast<std::uint64_t>(params.get_or<std::int64_t>("inodes", 0));
  disk.full = params.get_or("full", false);
  disk.counts_inodes = disk.inodes != 0;
  disk.from_start = spec.from_start();
  disk.most = spec.most_effects();
  return disk;
}

class DiskInjector final : public CallInjector {
 public:
  explicit DiskInjector(const FaultSpec& spec)
      : CallInjector(spec), at_(spec.fault.at), disk_(disk_from(spec)) {}

  Result<> prepare(Launch& launch) const override {
    launch.needs.emplace_back(kNeedsDisk);
    return launch.links[at_].add_disk(disk_);
  }

 private:
  Link at_;
  OwnDisk disk_;
};

// Of a folder that a program stands in it still sees what is below the disk.
bool is_no_place(const std::string& path) {
  bool named = path.find('$') != std::string::npos;
  return path == "." || path == "./" || path == "/" ||
         (named && path != kOwnTmpdir);
}

Result<std::unique_ptr<Injector>> make(const FaultSpec& spec) {
  const Params& params = spec.fault.params;
  if (is_no_place(params.get<std::string>("path"))) {
    return usage_error(
        "path is to be a folder below where the link starts, an absolute one, "
        "or $TMPDIR as a whole");
  }
  if (!params.get_or("full", false) && !params.has("size") &&
      !params.has("inodes")) {
    return usage_error("a disk without size, inodes or full: true has room");
  }
  if (params.has("size") && params.get<Bytes>("size").count == 0) {
    return usage_error("size is nothing; full: true has a disk without room");
  }
  return std::unique_ptr<Injector>(std::make_unique<DiskInjector>(spec));
}

}  // namespace

const InjectorType& disk_injector() {
  static const InjectorType kType{
      &section(),
      "a call asked for more than the disk had left, and the kernel answered "
      "it with ENOSPC",
      make};
  return kType;
}

}  // namespace faultrig

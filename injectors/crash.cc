// Finds what would be on the disk if power went now: all that a link does to a
// folder is recorded, call by call, and when it has ended the command of
// `recover` is run on each state that a crash may have left by then. Nothing is
// taken from the workload itself, and no root is needed. The proof is that
// recover was run on a state that lacks something which had been written. The
// surprise: what is lost is not the end of what was written, but any part of it
// that nobody has synced. With `image` the folder is on a file system of its
// own (ext4(5), loop(4)), and what is on its disk at those moments, without
// what the kernel still keeps in memory, is looked at instead.
#include <algorithm>
#include <utility>

#include "harness/base/text.h"
#include "harness/inject/call_injector.h"

namespace faultrig {

namespace {

const Section& section() {
  static const Section kSection{
      .name = "crash",
      .summary = "power goes: recover is run on what may be left of a folder",
      .fields = {{.key = "path",
                  .kind = Kind::text,
                  .summary = "the folder: `$TMPDIR`, below it, or from where "
                             "the link starts; there",
                  .required = true,
                  .filled = true},
                 {.key = "image",
                  .kind = Kind::choice,
                  .summary = "a real file system for it, and what is on its "
                             "disk in place of states; as root",
                  .choices = {"ext4", "xfs"}},
                 {.key = "states",
                  .kind = Kind::texts,
                  .summary = "which are tried: kept, synced, names, torn, "
                             "reordered; all if absent"},
                 {.key = "model",
                  .kind = Kind::choice,
                  .summary = "who promises what a crash keeps",
                  .fallback = "ext4",
                  .choices = {"ext4", "posix"}},
                 {.key = "at_most",
                  .kind = Kind::integer,
                  .summary = "so many states, or images, taken from all over",
                  .fallback = "200",
                  .least = 1}},
  };
  return kSection;
}

std::vector<std::string> names_in(const Params& params) {
  return params.get_or("states", crash_kind_names());
}

CrashFolder folder_from(const FaultSpec& spec) {
  const Params& params = spec.fault.params;
  CrashFolder out;
  out.fault = spec.id;
  out.path = params.get<std::string>("path");
  for (const std::string& name : names_in(params)) {
    out.kinds.push_back(*crash_kind_named(name));
  }
  out.model = params.get_or<std::string>("model", "ext4") == "posix"
                  ? CrashModel::posix
                  : CrashModel::ext4;
  out.image = params.get_or<std::string>("image", "");
  out.at_most = static_cast<std::size_t>(
      params.get_or<std::int64_t>("at_most", kMostCrashStates));
  out.from_start = spec.from_start();
  return out;
}

class CrashInjector final : public CallInjector {
 public:
  explicit CrashInjector(const FaultSpec& spec)
      : CallInjector(spec), at_(spec.fault.at), folder_(folder_from(spec)) {}

  Result<> prepare(Launch& launch) const override {
    if (!folder_.image.empty()) {
      launch.needs.emplace_back(folder_.image == "xfs" ? kNeedsXfs
                                                       : kNeedsExt4);
    }
    return launch.links[at_].add_crash(folder_);
  }

 private:
  Link at_;
  CrashFolder folder_;
};

// What recover could not be shown another content of.
bool is_elsewhere(const std::string& path) {
  bool up = path.starts_with("..") || path.find("/..") != std::string::npos;
  bool variable = path.find('$') != std::string::npos;
  bool own =
      path == kOwnTmpdir || path.starts_with(std::string(kOwnTmpdir) + "/");
  return up || path.starts_with('/') || (variable && !own);
}

Result<std::unique_ptr<Injector>> make(const FaultSpec& spec) {
  const Params& params = spec.fault.params;
  if (is_elsewhere(params.get<std::string>("path"))) {
    return usage_error(
        "path is to be $TMPDIR, a folder below it, or one below where the link "
        "starts");
  }
  bool posix = params.get_or<std::string>("model", "ext4") == "posix";
  if (params.has("image") && (params.has("states") || posix)) {
    return usage_error(
        "an image is what was on a disk, of no model: states and model are not "
        "for it");
  }
  std::vector<std::string> names = names_in(params);
  for (const std::string& name : names) {
    if (!crash_kind_named(name)) {
      return usage_error("states has '" + for_one_line(name) +
                         "', which is none of " +
                         join(crash_kind_names(), ", "));
    }
  }
  if (names.empty()) {
    return usage_error("states is empty");
  }
  return std::unique_ptr<Injector>(std::make_unique<CrashInjector>(spec));
}

}  // namespace

const InjectorType& crash_injector() {
  static const InjectorType kType{
      &section(),
      "the recover command was run on N states, at least one of which lacks "
      "something that was written",
      make};
  return kType;
}

}  // namespace faultrig

// Only what is written to the device can be found after a crash, and a program
// may promise something at any moment. A disk that was not written to between
// two moments is the same at both: so it is copied where its count of writes
// has moved, and else what was promised meanwhile is added to the last copy.
// Its programs need not stand still: what they write goes to the kernel's
// memory, and a copy during which the disk was written to is made again.
#include "harness/run/link_images.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "harness/os/vdso_clock.h"
#include "harness/run/fault_effect.h"
#include "harness/run/placed_tree.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kRoom = std::uint64_t{64} << 20;
// Of a name, however short its content: for each such block there is an inode.
constexpr std::uint64_t kBlock = 4096;
constexpr std::size_t kMostPrinted = std::size_t{16} << 20;
constexpr std::uint64_t kMostBytes = std::uint64_t{256} << 20;

const std::vector<std::string>& sync_calls() {
  static const std::vector<std::string> kCalls{
      "fsync", "fdatasync", "sync", "syncfs", "msync", "sync_file_range"};
  return kCalls;
}

// What was changed while the disk was copied may be on it or not.
void keep_common(Listing& before, const Listing& behind) {
  std::erase_if(before, [&](const auto& name) {
    auto same = behind.find(name.first);
    return same == behind.end() || same->second != name.second;
  });
}

// As the folder is that it hides.
Result<> fill(const FileTree& tree, const std::string& from,
              const std::string& root) {
  TRY(lay_out(tree, root));
  std::error_code failed;
  fs::permissions(root, fs::status(from, failed).permissions(), failed);
  return failed ? Result<>(system_error("give an image the mode of " + from,
                                        failed.value()))
                : Result<>(Ok{});
}

}  // namespace

LinkImages::LinkImages(Link link, CrashFolder folder, Record record)
    : link_(link),
      asked_(std::move(folder)),
      record_(std::move(record)),
      active_(asked_.from_start && asked_.fault != kNoFault) {}

Result<> LinkImages::begin(const std::string& stands, const std::string& tmpdir,
                           const std::vector<std::string>& env) {
  TRY_ASSIGN(fs::path path, crash_place(asked_, stands, tmpdir));
  path_ = path.string();
  TRY_ASSIGN(FileTree before, tree_at(path_));
  std::uint64_t held = before.size() + kBlock * before.names.all().size();
  TRY_ASSIGN(disk_, DiskImage::make(asked_.image, kRoom + 2 * held, env));
  if (Result<> filled = fill(before, path_, disk_->root()); !filled) {
    return as_of_user(filled.error());
  }
  return disk_->sync();
}

std::optional<MountImage> LinkImages::step() const {
  return disk_
             ? std::optional(MountImage{path_, disk_->device(), disk_->type()})
             : std::nullopt;
}

void LinkImages::select(FaultId fault, bool active) {
  if (fault == asked_.fault) {
    active_ = active;
    look_now("at its trigger");
  }
}

std::vector<FilterRule> LinkImages::filter_rules(bool begins) {
  std::vector<FilterRule> rules = rules_for(sync_calls());
  if (begins) {
    rules.push_back(program_begin_rule());
  }
  for (const char* call : {"write", "writev", "pwritev2"}) {
    // A shell's `2>&1` leads there too. All others would be each write.
    for (std::uint64_t file : {1, 2}) {
      FilterRule rule;
      rule.call = call;
      rule.tests = {{0, FilterRule::Test::Is::equal, file}};
      rules.push_back(std::move(rule));
    }
  }
  return rules;
}

void LinkImages::look(const WaitingCaller& caller) {
  const std::vector<std::string>& syncs = sync_calls();
  bool sync = std::find(syncs.begin(), syncs.end(), caller.name) != syncs.end();
  auto printed = sync ? std::nullopt : stdout_.printed_by(caller);
  if (!sync && !printed) {
    return;
  }
  look_now(sync ? "before " + caller.name + "(2) of process " +
                      std::to_string(caller.pid)
                : "before a print of " + std::to_string(printed->size()) +
                      " bytes");
  if (printed && printed_.size() + printed->size() <= kMostPrinted) {
    printed_ += *printed;
  } else if (printed && active_) {
    tell("crash: more was printed than can be kept");
  }
}

void LinkImages::look_now(const std::string& when) {
  if (!active_ || !disk_) {
    return;
  }
  if (Result<> done = take(when); !done) {
    tell(done.error().what);
  }
}

// Each print may have the same trouble.
void LinkImages::tell(const std::string& trouble) {
  if (told_.insert(trouble).second) {
    record_(link_trouble(link_, trouble));
  }
}

Result<> LinkImages::take(const std::string& when) {
  TRY_ASSIGN(FileTree seen, tree());
  Listing there = listing_of(seen);
  auto writes = disk_->writes();
  bool same = writes && !images_.empty() && images_.back().writes == *writes;
  if (!same) {
    TRY_ASSIGN(std::optional<DiskImage::Copy> copy, disk_->copy());
    if (!copy) {
      ++missed_;
      return Ok{};
    }
    TRY_ASSIGN(FileTree still, tree());
    keep_common(there, listing_of(still));
    Image image{.file = std::move(copy->file), .writes = copy->writes};
    if (taken_++ % stride_ == 0 || images_.empty()) {
      images_.push_back(std::move(image));
    } else {
      images_.back() = std::move(image);
    }
  }
  images_.back().when = when;
  images_.back().printed = printed_.size();
  images_.back().there = std::move(there);
  thin_out();
  return Ok{};
}

// Each second one goes, and from now on half as many are kept.
void LinkImages::thin_out() {
  std::uint64_t bytes = 0;
  for (const Image& image : images_) {
    bytes += taken_by(image.file);
  }
  std::size_t most = std::max(asked_.at_most, std::size_t{1});
  if (images_.size() <= 1 || (bytes <= kMostBytes && images_.size() <= most)) {
    return;
  }
  std::vector<Image> kept;
  for (std::size_t i = 0; i < images_.size(); ++i) {
    if ((images_.size() - i) % 2 == 1) {
      kept.push_back(std::move(images_[i]));
    }
  }
  images_ = std::move(kept);
  stride_ *= 2;
}

void LinkImages::close() {
  record_ = [](const Observation&) {};
  look_now("when all had ended");
  active_ = false;
}

// By our own way to the disk nobody else finds it.
Error LinkImages::as_of_user(Error error) const {
  std::string root = disk_->root();
  if (auto at = error.what.find(root); at != std::string::npos) {
    error.what.replace(at, root.size(), path_);
  }
  return error;
}

Result<FileTree> LinkImages::tree() const {
  Result<FileTree> out = tree_at(disk_->root());
  return out ? std::move(out) : as_of_user(out.error());
}

}  // namespace faultrig

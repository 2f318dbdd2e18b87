// Two ways to know what a crash leaves: by a model, of what was recorded, and
// by what really was on a disk.
#include "harness/run/crash_runs.h"

#include <algorithm>
#include <set>
#include <utility>

#include "harness/base/text.h"
#include "harness/crash/crash_states.h"
#include "harness/crash/listing.h"
#include "harness/run/placed_tree.h"
#include "harness/run/trace_end.h"

namespace faultrig {

namespace {

CrashTry try_of(const CrashStates& states, const CrashState& state,
                const DiskRecord& record) {
  CrashTry out;
  out.tree = states.tree_of(state);
  out.printed = states.printed_by(state);
  out.kind = crash_kind_name(state.kind);
  out.text = states.text_of(state);
  if (state.lacks) {
    out.lacks = state.lost.empty() ? "something"
                                   : record.ops[state.lost.front()].text();
  }
  return out;
}

std::string set_of_states(const CrashStates& states, const CrashFolder& asked) {
  std::vector<std::string> kinds;
  for (CrashStateKind kind : asked.kinds) {
    kinds.emplace_back(crash_kind_name(kind));
  }
  return "by " + std::string(crash_model_name(asked.model)) + ", of " +
         (states.looked_at_all() ? "" : "at least ") +
         std::to_string(states.found()) + " different ones (" +
         join(kinds, ", ") + ")";
}

// Of all images that are tried.
constexpr std::size_t kMostContent = std::size_t{256} << 20;

// What is on it, once the kernel has replayed its journal.
Result<CrashTry> try_of(const LinkImages::Image& image,
                        const LinkImages& images) {
  TRY_ASSIGN(DiskImage disk, DiskImage::open(image.file, images.asked().image));
  CrashTry out;
  TRY_ASSIGN(out.tree, tree_at(disk.root()));
  out.printed = images.printed().substr(0, image.printed);
  out.kind = kCrashImageKind;
  std::vector<std::string> lost = lacking(image.there, out.tree);
  out.lacks = lost.empty() ? "" : lost.front();
  out.text = "image: power went " + image.when + lost_text(std::move(lost));
  return out;
}

// Of those on which the same is found the last: by then most was promised. To
// mount one takes the most of the time, so each is mounted once.
Result<std::vector<CrashTry>> different(const LinkImages& images,
                                        const Session& session) {
  std::vector<CrashTry> out;
  std::set<std::pair<std::uint64_t, std::uint64_t>> found;
  std::size_t content = 0;
  const std::vector<LinkImages::Image>& all = images.images();
  for (auto image = all.rbegin(); image != all.rend() && !session.stopped();
       ++image) {
    TRY_ASSIGN(CrashTry one, try_of(*image, images));
    if (!found.insert(one.tree.digest()).second) {
      continue;
    }
    content += one.tree.size();
    if (content > kMostContent) {
      return usage_error("crash: more is on the images than can be kept");
    }
    out.push_back(std::move(one));
  }
  std::reverse(out.begin(), out.end());
  return out;
}

void try_images(const LinkImages& images, const Session& session,
                CrashTries& tries) {
  auto all = different(images, session);
  if (!all) {
    tries.fail(all.error().what);
    return;
  }
  for (const CrashTry& one : *all) {
    if (session.stopped() || !tries.try_state(one)) {
      break;
    }
  }
}

// Of what came out on stdout, what no filter saw: sent there by sendfile(2),
// say, or by a descriptor of another number. recover was not told that it had
// been promised. go says more than its tests do.
void doubt_prints(const RecoverTools& tools, const CrashFolder& asked,
                  std::size_t printed, Evidence::Parts& parts) {
  if (tools.plan.chain() || parts.out.size() <= printed) {
    return;
  }
  Observation doubt;
  doubt.source = Source::harness;
  doubt.fact = Fact::unrecorded;
  doubt.fault = asked.fault;
  doubt.link = link_name(tools.first.link);
  doubt.text = std::to_string(parts.out.size() - printed) + " of " +
               std::to_string(parts.out.size()) +
               " bytes on stdout were printed in a way that is not seen, and "
               "recover was not told of them";
  add_at_end(parts.trace, {std::move(doubt)});
}

// What recover would have found at a moment without an image, nobody knows.
void doubt_moments(const RecoverTools& tools, const LinkImages& images,
                   Evidence::Parts& parts) {
  if (images.missed() == 0) {
    return;
  }
  Observation doubt;
  doubt.source = Source::harness;
  doubt.fact = Fact::not_known;
  doubt.fault = images.asked().fault;
  doubt.link = link_name(tools.first.link);
  doubt.action = kCrashImageKind;
  doubt.text = "what was on the disk at " + std::to_string(images.missed()) +
               " moments more, since it was written to all the time: no image "
               "could be taken";
  add_at_end(parts.trace, {std::move(doubt)});
}

}  // namespace

// A test below go starts where only go knows.
Result<> begin_recording(Session& session, const Plan& plan,
                         const FirstLink& first) {
  std::string stands = plan.chain() ? "" : first.folder;
  std::string tmpdir = session.learnt().tmp.path().string();
  if (auto images = session.learnt().images.lock()) {
    return images->begin(stands, tmpdir, first.env);
  }
  auto recording = session.learnt().recording.lock();
  return recording ? recording->begin(stands, tmpdir) : Result<>(Ok{});
}

void add_crash_runs(const RecoverTools& tools, LinkRecording& recording,
                    Evidence::Parts& parts) {
  const DiskRecord& record = recording.folder().record();
  const CrashFolder& asked = recording.asked();
  CrashTries tries(tools, asked);
  if (asked.fault == kNoFault) {
    add_at_end(parts.trace,
               tries.run_as_left(record.printed_until(record.ops.size())));
    return;
  }
  if (auto unseen = recording.close()) {
    add_at_end(parts.trace, {*std::move(unseen)});
  }
  doubt_prints(tools, asked, record.printed_until(record.ops.size()).size(),
               parts);
  CrashStates states(record, {asked.kinds, asked.model, asked.at_most});
  for (const CrashState& state : states.chosen()) {
    if (tools.session.stopped() ||
        !tries.try_state(try_of(states, state, record))) {
      break;
    }
  }
  tries.tell_effect("states", set_of_states(states, asked));
  add_at_end(parts.trace, tries.told());
  parts.files.merge(tries.files());
}

void add_image_runs(const RecoverTools& tools, LinkImages& images,
                    Evidence::Parts& parts) {
  const CrashFolder& asked = images.asked();
  CrashTries tries(tools, asked);
  images.close();
  if (asked.fault == kNoFault) {
    auto tree = images.tree();
    add_at_end(parts.trace, tree ? tries.run_on(*tree, images.printed())
                                 : std::vector<Observation>{
                                       Observation{.text = tree.error().what}});
    return;
  }
  doubt_prints(tools, asked, images.printed().size(), parts);
  try_images(images, tools.session, tries);
  tries.tell_effect("images of " + asked.image,
                    "of " + std::to_string(images.taken()) +
                        " that were taken, before each print and each sync");
  add_at_end(parts.trace, tries.told());
  doubt_moments(tools, images, parts);
  parts.files.merge(tries.files());
}

}  // namespace faultrig

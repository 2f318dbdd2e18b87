#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/model/plan.h"
#include "harness/run/link_disk.h"
#include "harness/run/test_events.h"

namespace faultrig {

// The program that a run starts first.
struct FirstLink {
  Link link = Link::command;
  std::vector<std::string> argv;
  std::vector<std::string> env;
  std::string folder;
  // What `env` has for go alone, as StepOrder::restore.
  std::vector<std::string> restore;
  // Where a go that this starts leaves its work folders; empty: in ours.
  std::string go_place;
  TestLines lines = TestLines::plain;
  // Why there is nothing to start: TestBinary::not_built.
  std::string not_built;
  bool late = false;
  bool beside_needs = false;  // in the network of a service that had its own
  std::optional<LinkDisk::Place> disk;  // of one that has ended
  std::string goflags;                  // that go has
};

}  // namespace faultrig

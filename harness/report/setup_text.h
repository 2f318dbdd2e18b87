#pragma once

#include <string>

#include "harness/model/plan.h"

namespace faultrig {

// What a link is started with, each in some words: `pids.max 3 processes and
// threads, later`.
std::string cap_text(const CountedCap& cap);
std::string disk_text(const OwnDisk& disk);
std::string network_text(const OwnNet& net);
std::string packets_text(const PacketFault& packets);

}  // namespace faultrig

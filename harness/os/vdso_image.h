#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace faultrig {

// Where the functions of vdso(7) that tell the wall clock begin, and where
// there is room, from the beginning of its image.
struct VdsoPlaces {
  std::uint64_t clock_gettime = 0;
  std::uint64_t gettimeofday = 0;
  std::uint64_t time = 0;
  // The table of sections: mapped with the rest, and read by nobody who runs.
  std::uint64_t room = 0;
  std::uint64_t room_size = 0;
};

// Reads them from an image (elf(5)), of which nothing is believed: what does
// not lie within it is an error. A machine has one, the same in all processes.
Result<VdsoPlaces> places_of_vdso(std::string_view image);

// The room alone, which is where it was in an image that has been changed.
Result<VdsoPlaces> room_of_vdso(std::string_view header);

// A jump from `from` to `to`, both in one image: `jmp rel32`.
std::string jump_between(std::uint64_t from, std::uint64_t to);

}  // namespace faultrig

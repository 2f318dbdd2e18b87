// Read in os/file.go, os/path.go, os/removeall_at.go, os/root_openat.go and
// io/io.go of Go 1.19 to 1.26.
#include "harness/sweep/standard_library.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

namespace faultrig {

namespace {

// A size that is only a hint, a look at what is there already.
struct Dispensable {
  std::string_view entry;
  std::string_view call;
};
constexpr std::array<Dispensable, 6> kDispensable{
    {{"os.ReadFile", "fstat"},
     {"io/ioutil.ReadFile", "fstat"},
     {"os.Rename", "newfstatat"},
     {"os.MkdirAll", "newfstatat"},
     {"os.CreateTemp", "fstat"},
     {"io.Copy", "copy_file_range"}}};

// os.Remove tries unlink and rmdir, whatever the first says; the others call
// again for what is above and below.
constexpr std::array<std::string_view, 6> kGoesOn{
    "os.Remove",         "os.RemoveAll",         "os.MkdirAll",
    "os.(*Root).Remove", "os.(*Root).RemoveAll", "os.(*Root).MkdirAll"};

}  // namespace

bool library_does_without(const CallSite& site) {
  return std::any_of(kDispensable.begin(), kDispensable.end(),
                     [&](const Dispensable& one) {
                       return one.entry == site.entry && one.call == site.call;
                     });
}

bool library_goes_on(const CallSite& site) {
  return std::find(kGoesOn.begin(), kGoesOn.end(), site.entry) != kGoesOn.end();
}

std::optional<int> library_says_instead(std::string_view entry,
                                        std::string_view call) {
  return entry == "os.MkdirAll" && call == "newfstatat" ? std::optional(EEXIST)
                                                        : std::nullopt;
}

bool is_of_same_step(const CallSite& site, const CallSite& other) {
  return library_goes_on(site) && site.entry == other.entry &&
         std::equal(site.frames.begin(), site.frames.end(),
                    other.frames.begin(), other.frames.end(),
                    [](const GoFrame& a, const GoFrame& b) {
                      return a.function == b.function;
                    });
}

}  // namespace faultrig

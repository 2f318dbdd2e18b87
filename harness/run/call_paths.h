#pragma once

#include <string>
#include <string_view>

#include "harness/os/file_names.h"
#include "harness/os/notify.h"

namespace faultrig {

// The files of an intercepted call, by its paths, or, where it has none, by its
// descriptors. Names are true only if the caller still waits afterwards. What
// could not be read is said in `unread`, never guessed.
class CallPaths {
 public:
  FileNames of(const Notification& call, std::string_view name);

 private:
  FileNamer namer_;
};

}  // namespace faultrig

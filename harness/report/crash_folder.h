#pragma once

#include <string>

#include "harness/model/crash.h"

namespace faultrig {

// What a plan says of a folder whose crashes are tried.
std::string crash_folder_text(const CrashFolder& folder);

}  // namespace faultrig

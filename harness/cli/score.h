#pragma once

#include <string>

namespace faultrig {

// Explains the labelled logs of a folder, prints how well, and gives the exit
// code: 1 if an answer is wrong.
int score_logs(const std::string& dir);

}  // namespace faultrig

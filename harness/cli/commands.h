#pragma once

#include "harness/cli/options.h"
#include "harness/cli/output.h"

namespace faultrig {

// Each does one command and gives the exit code of the program.
int run_command(const Options& options, const Surroundings& surroundings);
int check_command(const Options& options, const Surroundings& surroundings);
int plan_command(const Options& options, const Surroundings& surroundings);
int judge_command(const Options& options, const Surroundings& surroundings);
int explain_command(const Options& options, const Surroundings& surroundings);
// atlas --score
int score_command(const Options& options);
int atlas_command(const Options& options, const Surroundings& surroundings);
int list_command(const Options& options, const Surroundings& surroundings);
int doctor_command(const Options& options, const Surroundings& surroundings);
int witness_command(const Options& options, const Surroundings& surroundings);
int schema_command(const Options& options, const Surroundings& surroundings);

}  // namespace faultrig

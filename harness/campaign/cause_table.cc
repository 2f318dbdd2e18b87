#include "harness/campaign/cause_table.h"

#include <iterator>
#include <string>
#include <utility>

#include "harness/explain/cause_files.h"
#include "harness/parse/cause_reader.h"

namespace faultrig {

Result<std::vector<Cause>> cause_table() {
  std::vector<Cause> out;
  for (const CauseFile& file : cause_files()) {
    ReadCauses read = read_causes(file.text);
    if (!read.complaints.empty()) {
      return internal_error(format_complaint(std::string(file.name), file.text,
                                             read.complaints.front()));
    }
    std::move(read.causes.begin(), read.causes.end(), std::back_inserter(out));
  }
  return out;
}

}  // namespace faultrig

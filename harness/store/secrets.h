#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/model/scenario.h"
#include "harness/model/verdict.h"

namespace faultrig {

// Does a variable of this name look as if its value were a secret: TOKEN,
// SECRET, PASSWORD, PASSWD, PASSPHRASE, CREDENTIAL or KEY in it, in any case?
bool names_secret(std::string_view name);

// Takes the values of such variables out of what is kept and shown. A run is
// judged before: an expectation means what happened. Kept evidence is judged as
// it is, masked: only a question about a secret itself gets another answer
// there.
class Mask {
 public:
  // Secrets of the scenario's own `env`, and of `environment` (NAME=value) if
  // they are 8 bytes or longer and not written in `yaml`, where anybody can
  // read them.
  Mask(const Workload& workload, const std::vector<std::string>& environment,
       std::string_view yaml);

  bool empty() const { return names_.empty() && values_.empty(); }
  // Each line of a value becomes `MASKED` if it has 6 bytes or more (8 where it
  // comes from `environment`), blanks around it left out, and also as Go's %q
  // and encoding/json write it.
  std::string text(std::string text) const;
  // The same, and the values below `env` whatever their length. A value that
  // is not on the line of its name stays: read it again to be sure.
  std::string yaml(std::string yaml) const;
  Evidence::Parts parts(Evidence::Parts parts) const;
  // All that is shown of it.
  Judgement judgement(Judgement judgement) const;
  // The names of the scenario's own `env` that are masked.
  const std::vector<std::string>& names() const { return names_; }

  static constexpr std::string_view kMasked = "MASKED";

 private:
  std::vector<std::string> names_;
  std::vector<std::string> values_;  // longest first
};

}  // namespace faultrig

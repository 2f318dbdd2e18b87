#include "harness/model/call_origin.h"

namespace faultrig {

const std::vector<Field>& origin_fields() {
  static const std::vector<Field> kFields{
      {.key = "in",
       .kind = Kind::function,
       .summary = "only calls with such a Go function on the stack: "
                  "store.(*DB).Sync, store.*"},
      {.key = "site",
       .kind = Kind::site,
       .summary = "only calls from this place in the program, by its id, or "
                  "the first 6 digits of it"},
      {.key = "of",
       .kind = Kind::choice,
       .summary = "any; program: only calls that a function of the program "
                  "leads to, and no test makes by itself; runtime: only calls "
                  "that Go's runtime makes for itself",
       .choices = {"any", "program", "runtime"}}};
  return kFields;
}

CallOrigin origin_of(const Params& params) {
  CallOrigin origin{params.get_or<std::string>("in", ""),
                    params.get_or<std::string>("site", ""),
                    params.get_or<std::string>("of", "")};
  if (origin.of == "any") {
    origin.of.clear();
  }
  return origin;
}

const Field& peer_field() {
  static const Field kField{
      .key = "peer",
      .kind = Kind::peer,
      .summary = "only calls to such an address: *:443, /run/*.sock"};
  return kField;
}

std::vector<Field> with_origin(std::vector<Field> fields) {
  fields.push_back(peer_field());
  fields.insert(fields.end(), origin_fields().begin(), origin_fields().end());
  return fields;
}

}  // namespace faultrig

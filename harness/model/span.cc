#include "harness/model/span.h"

namespace faultrig {

std::string_view span_status_name(SpanStatus status) {
  return status == SpanStatus::ok      ? "ok"
         : status == SpanStatus::error ? "error"
                                       : "unset";
}

}  // namespace faultrig

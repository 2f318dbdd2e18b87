// Logs come from anybody, in any state. The table of causes is the real one,
// so that its patterns meet the same bytes.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/explain/cause_files.h"
#include "harness/explain/explainer.h"
#include "harness/parse/cause_reader.h"
#include "harness/report/explanation_text.h"

static std::vector<faultrig::Cause> table() {
  std::vector<faultrig::Cause> out;
  for (const faultrig::CauseFile& file : faultrig::cause_files()) {
    for (faultrig::Cause& cause : faultrig::read_causes(file.text).causes) {
      out.push_back(std::move(cause));
    }
  }
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes,
                                      std::size_t size) {
  static const std::vector<faultrig::Cause> causes = table();
  static const faultrig::Explainer explainer(causes);
  std::string_view log(reinterpret_cast<const char*>(bytes), size);
  faultrig::LogExplainer reader(explainer);
  std::size_t piece = size % 61 + 1;
  for (; !log.empty(); log.remove_prefix(std::min(piece, log.size()))) {
    reader.feed(log.substr(0, piece));
  }
  faultrig::Explained explained = reader.finish();
  for (char byte : faultrig::explained_text(explained, "log")) {
    if (static_cast<unsigned char>(byte) < ' ' && byte != '\n') {
      std::abort();  // would reach a terminal
    }
  }
  (void)faultrig::explained_json(explained, "log");
  return 0;
}

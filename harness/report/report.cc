#include "harness/report/report.h"

namespace faultrig {

#define REPORT(name) ReportType name##_report();
#include "harness/report/reports.def"
#undef REPORT

const std::vector<ReportType>& report_types() {
  static const std::vector<ReportType> types{
#define REPORT(name) name##_report(),
#include "harness/report/reports.def"
#undef REPORT
  };
  return types;
}

const ReportType* find_report(std::string_view name) {
  for (const ReportType& type : report_types()) {
    if (type.name == name) {
      return &type;
    }
  }
  return nullptr;
}

std::string report_names(std::string_view mark) {
  std::string out;
  const std::vector<ReportType>& types = report_types();
  for (std::size_t i = 0; i < types.size(); ++i) {
    bool last = i + 1 == types.size();
    out += i == 0 ? "" : last ? " or " : ", ";
    out += types[i].name;
    out += i == 0 ? mark : "";
  }
  return out;
}

}  // namespace faultrig

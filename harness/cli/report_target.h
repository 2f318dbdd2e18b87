#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/report/kept_report.h"

namespace faultrig {

// `--report FORMAT[:FILE]`; no file: stdout.
struct ReportTarget {
  std::string format;
  std::string file;
};

// The same, with text on stdout in front where nothing takes its place there.
std::vector<ReportTarget> with_text(const std::vector<ReportTarget>& targets);

// What is wrong with them together: two to one file, or two to stdout. Empty:
// nothing.
std::string clash_of(const std::vector<ReportTarget>& targets);

// A usage error if one of them would take the place of one of `files`, which
// are `what` and are read.
Result<> spare(const std::string& what,
               const std::vector<std::filesystem::path>& files,
               const std::vector<ReportTarget>& targets);

// Is that no regular file, or a name that leads to one that others have open:
// /dev/stdout? Such a one is not replaced.
bool is_written_in_place(const std::string& path);

// Writes a file, a report, anew, in one step for whoever reads it: it is the
// old one or the new one, whole, and keeps its mode. What
// is_written_in_place(), or may be written while its folder may not, is. Fails,
// and the old one stays, when the disk does not take all of it.
Result<> write_text(const std::string& path, const std::string& text);

// Could all of their files be written now? Before what takes long; nothing is
// left of the try.
Result<> can_write(const std::vector<ReportTarget>& targets);

// One of --report json, read again. A usage error if it is none.
Result<KeptReport> read_report(const std::string& file);

// Adds to the end of a file, which is made if it is not there.
Result<> append_text(const std::string& path, const std::string& text);

struct CloseFile {
  void operator()(std::FILE* file) const { (void)std::fclose(file); }
};
using OpenFile = std::unique_ptr<std::FILE, CloseFile>;

// A file that grows, empty at first; each text that is added is there, whole,
// for whoever reads it, and however we end.
Result<OpenFile> open_live(const std::string& path);
// Has somebody taken its name away?
bool is_removed(const OpenFile& file);
Result<> add_live(const OpenFile& file, const std::string& path,
                  const std::string& text);

}  // namespace faultrig

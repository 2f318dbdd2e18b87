#include "harness/crash/disk_op.h"

#include "harness/base/text.h"

namespace faultrig {

namespace {

std::string in_quotes(const std::string& path) {
  return "'" + for_one_line(path) + "'";
}

std::string bytes_text(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

std::string named(const std::string& path, const char* without) {
  return path.empty() ? without : in_quotes(path);
}

std::string file_name_of(const DiskOp& op) {
  return named(op.path, "a file outside");
}

}  // namespace

bool DiskOp::of_names() const {
  return what == What::create || what == What::enter || what == What::folder ||
         what == What::symlink || what == What::rename ||
         what == What::exchange || what == What::remove;
}

bool DiskOp::changes() const {
  return of_names() || what == What::write || what == What::resize;
}

bool DiskOp::is_sync() const {
  return what == What::sync_file || what == What::sync_data ||
         what == What::sync_folder || what == What::sync_all;
}

std::string DiskOp::text() const {
  switch (what) {
    case What::create:
      return "making of the file " + in_quotes(path);
    case What::enter:
      return "new name " + in_quotes(path);
    case What::folder:
      return "making of the folder " + in_quotes(path);
    case What::symlink:
      return "making of the link " + in_quotes(path);
    case What::rename:
      return "rename of " + in_quotes(path) + " to " + in_quotes(to);
    case What::exchange:
      return "exchange of " + in_quotes(path) + " and " + in_quotes(to);
    case What::remove:
      return "removal of " + in_quotes(path);
    case What::write:
      return "write of " + bytes_text(bytes.size()) + " at " +
             std::to_string(offset) + " to " + file_name_of(*this);
    case What::resize:
      return "change of the size of " + file_name_of(*this) + " to " +
             bytes_text(size);
    case What::sync_file:
      return "fsync of " + file_name_of(*this);
    case What::sync_data:
      return "fdatasync of " + file_name_of(*this);
    case What::sync_folder:
      return "fsync of the folder " + named(path, "itself");
    case What::sync_all:
      return "sync of all";
    case What::print:
      break;
  }
  return "print of " + bytes_text(bytes.size());
}

std::string folder_of_path(const std::string& path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

}  // namespace faultrig

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "harness/model/service.h"

namespace re2 {
class RE2;
}

namespace faultrig {

// What the answers of a load must be to be as asked.
class Wanted {
 public:
  // Borrows the load.
  explicit Wanted(const Load& load);
  Wanted(const Wanted&) = delete;
  Wanted& operator=(const Wanted&) = delete;
  ~Wanted();

  // `body`: as far as it was kept.
  bool is_met(int status, const std::string& body) const;
  // Of GRPC: its status, -1 where none came.
  bool is_met_by_grpc(int http_status, int grpc_status,
                      const std::string& body) const;
  // How many bytes of a body are to be kept.
  std::size_t kept() const;

 private:
  bool has_text(const std::string& body) const;
  const Load& load_;
  std::unique_ptr<re2::RE2> text_;  // none: any body will do
};

// `text` with each `${n}` in it replaced.
std::string numbered(std::string text, std::uint64_t n);

}  // namespace faultrig

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace faultrig {

// Cuts bytes into lines. What begins with a mark of UTF-16, or looks like it,
// as PowerShell redirects it, is made UTF-8. A line over 1 MiB loses its
// middle. Takes any bytes.
class LogBytes {
 public:
  using Take = std::function<void(std::string_view)>;
  explicit LogBytes(Take take);

  void feed(std::string_view bytes);
  // The rest of the last line.
  void finish();

 private:
  enum class Form { unknown, bytes, little, big };

  void decide();
  void take_units(std::string_view bytes);
  void put_unit(std::uint32_t unit);
  void take_bytes(std::string_view bytes);

  Take take_;
  Form form_ = Form::unknown;
  std::string start_;  // until the form is known
  std::string half_;   // of a unit
  std::uint32_t surrogate_ = 0;
  std::string decoded_;
  std::string line_;  // without its end yet
};

}  // namespace faultrig

#include <stdexcept>

extern "C" void throw_something(void) {
  throw std::runtime_error("nobody catches this");
}

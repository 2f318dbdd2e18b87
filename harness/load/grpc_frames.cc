// gRPC puts a byte for compression and four for the length before each message
// (PROTOCOL-HTTP2.md of grpc/grpc, "Length-Prefixed-Message"). The messages of
// the health protocol have one field each: HealthCheckRequest the service's
// name, HealthCheckResponse its status, of which 1 is SERVING.
#include "harness/load/grpc_frames.h"

#include <cstdint>
#include <exception>

#include <protozero/pbf_message.hpp>
#include <protozero/pbf_writer.hpp>

namespace faultrig {

namespace {

constexpr std::size_t kPrefix = 5;
constexpr int kServing = 1;
constexpr protozero::pbf_tag_type kField = 1;

int status_in(std::string_view message) {
  int status = 0;
  try {
    protozero::pbf_reader reader(message.data(), message.size());
    while (reader.next(kField, protozero::pbf_wire_type::varint)) {
      status = reader.get_enum();
    }
  } catch (const std::exception&) {  // it is no message: it says nothing
    return 0;
  }
  return status;
}

}  // namespace

std::string grpc_message(std::string_view message) {
  auto size = static_cast<std::uint32_t>(message.size());
  std::string out(1, '\0');
  for (unsigned shift : {24U, 16U, 8U, 0U}) {
    out += static_cast<char>(size >> shift & 0xFFU);
  }
  out += message;
  return out;
}

std::string health_question(std::string_view service) {
  std::string message;
  if (!service.empty()) {
    protozero::pbf_writer(message).add_string(kField, service.data(),
                                              service.size());
  }
  return grpc_message(message);
}

bool says_serving(std::string_view body) {
  return body.size() >= kPrefix && status_in(body.substr(kPrefix)) == kServing;
}

}  // namespace faultrig

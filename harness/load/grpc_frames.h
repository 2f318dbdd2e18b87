#pragma once

#include <string>
#include <string_view>

namespace faultrig {

// A message of gRPC as it lies in a body of HTTP/2: not compressed, behind its
// length.
std::string grpc_message(std::string_view message);

// The question of grpc.health.v1.Health/Check for this service; empty: for the
// server as a whole.
std::string health_question(std::string_view service);
// Does this body, the answer to it, say SERVING?
bool says_serving(std::string_view body);

}  // namespace faultrig

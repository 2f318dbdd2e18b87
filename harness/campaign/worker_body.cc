#include "harness/campaign/worker_body.h"

#include <optional>
#include <utility>

#include "harness/os/worker.h"

namespace faultrig {

namespace {

constexpr int kNoOrder = 3;

// An order may still wait in the socket of a parent that has hung up.
Result<std::optional<std::string>> next_order(int socket,
                                              const Result<Session>& session) {
  await_text(socket);
  if (session && session->stopped()) {
    return std::optional<std::string>();
  }
  return receive_text(socket);
}

}  // namespace

int work(int socket, const Session::Options& options, const Deed& deed) {
  Session::Options own = options;
  own.stop_fd = socket;
  auto session = Session::open(own);
  while (true) {
    if (session && !session->healthy()) {
      session = internal_error("the shim is gone");  // cleans up
      session = Session::open(own);
    }
    auto order = next_order(socket, session);
    if (!order || !*order) {
      return 0;
    }
    auto answer = deed(session, **order);
    if (!answer) {
      return kNoOrder;
    }
    if (!send_text(socket, *answer)) {
      return 0;
    }
  }
}

}  // namespace faultrig

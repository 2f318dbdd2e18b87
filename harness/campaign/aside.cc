// A worker has a shim, which cleans up after whatever was started, and its end
// is that of all it started: asking git or go is safe to interrupt.
#include "harness/campaign/aside.h"

#include "harness/campaign/frame.h"
#include "harness/campaign/worker_body.h"
#include "harness/os/worker.h"

namespace faultrig {

namespace {

// Whether it was done, and of which kind the error is that says why not.
std::string answer_of(const Result<std::string>& done) {
  return done ? frame_text({{1, 0}, *done})
              : frame_text({{0, static_cast<int>(done.error().kind)},
                            done.error().what});
}

}  // namespace

Result<std::string> do_aside(
    const Session::Options& options,
    const std::function<Result<std::string>(Session&)>& task) {
  Deed deed = [&](Result<Session>& session,
                  const std::string&) -> Result<std::string> {
    return answer_of(session ? task(*session)
                             : Result<std::string>(session.error()));
  };
  TRY_ASSIGN(Worker worker, Worker::start([&](int socket) {
               return work(socket, options, deed);
             }));
  TRY(send_text(worker.fd(), "do it"));
  TRY_ASSIGN(auto answer, receive_text(worker.fd()));
  if (!answer) {
    return Error{ErrorKind::system,
                 "a worker of faultrig ended early: " + worker.finish().text()};
  }
  TRY_ASSIGN(FramedText frame, parse_frame(*answer, 2));
  if (frame.words[0] == 0) {
    return Error{static_cast<ErrorKind>(frame.words[1]), frame.rest};
  }
  return frame.rest;
}

}  // namespace faultrig

// Asio closes what it watches: it gets a copy (F_DUPFD_CLOEXEC in fcntl(2)).
#include "harness/web/ears.h"

#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "harness/base/fd.h"

namespace faultrig {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

struct Ears::Ear {
  asio::posix::stream_descriptor descriptor;
  std::function<void()> ready;
};

Result<> Ears::watch(int fd, std::function<void()> ready) {
  TRY_ASSIGN(Fd copy, duplicate(fd));
  auto ear = std::make_shared<Ear>(
      Ear{asio::posix::stream_descriptor(context_, copy.release()),
          std::move(ready)});
  ears_[fd] = ear;
  await(ear);
  return Ok{};
}

// Only the table holds it: once it is out of that its wait is over.
void Ears::await(const std::shared_ptr<Ear>& ear) {
  std::weak_ptr<Ear> known = ear;
  ear->descriptor.async_wait(asio::posix::stream_descriptor::wait_read,
                             [this, known](const ErrorCode& failed) {
                               if (!failed) {
                                 heard(known);
                               }
                             });
}

void Ears::heard(const std::weak_ptr<Ear>& known) {
  auto ear = known.lock();
  std::function<void()> ready = ear ? ear->ready : nullptr;
  ear.reset();
  if (ready) {
    ready();
  }
  if (auto there = known.lock()) {
    await(there);
  }
}

void Ears::again(const std::function<std::chrono::milliseconds()>& tick) {
  repeat(std::make_shared<asio::steady_timer>(context_),
         std::chrono::milliseconds(0), tick);
}

void Ears::repeat(const Timer& timer, std::chrono::milliseconds after,
                  const std::function<std::chrono::milliseconds()>& tick) {
  timer->expires_after(after);
  timer->async_wait([this, timer, tick](const ErrorCode& failed) {
    if (!failed) {
      repeat(timer, tick(), tick);
    }
  });
}

}  // namespace faultrig

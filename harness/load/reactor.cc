// Sockets are read and written without waiting when the kernel says that they
// can be (epoll(7), through Asio's reactor), so that each byte and each errno
// is seen by us, and a time is taken before anything else is done about it. One
// buffer serves all connections: what is read is handed on at once.
#include "harness/load/reactor.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "harness/os/shim_processes.h"

namespace faultrig {

namespace asio = boost::asio;
using boost::asio::ip::tcp;
using ErrorCode = boost::system::error_code;

namespace {

constexpr std::size_t kBuffer = 64 << 10;
constexpr int kReads = 4;  // of one connection, before others have their turn

tcp::endpoint endpoint_of(const InetAddress& address) {
  auto port = static_cast<std::uint16_t>(address.port);
  asio::ip::address_v6::bytes_type bytes;
  std::copy(address.bytes.begin(), address.bytes.end(), bytes.begin());
  asio::ip::address_v6 six(bytes);
  if (six.is_v4_mapped()) {
    return {asio::ip::make_address_v4(asio::ip::v4_mapped, six), port};
  }
  return {six, port};
}

InetAddress address_of(const tcp::endpoint& endpoint) {
  InetAddress address;
  asio::ip::address_v6 six =
      endpoint.address().is_v4()
          ? asio::ip::make_address_v6(asio::ip::v4_mapped,
                                      endpoint.address().to_v4())
          : endpoint.address().to_v6();
  auto bytes = six.to_bytes();
  std::copy(bytes.begin(), bytes.end(), address.bytes.begin());
  address.port = endpoint.port();
  return address;
}

// Asio has errors of its own beside the kernel's: the end of a stream.
int errno_of(const ErrorCode& failed) {
  return failed == asio::error::eof ? 0 : failed.value();
}

bool must_wait(const ErrorCode& failed) {
  return failed == asio::error::would_block || failed == asio::error::try_again;
}

}  // namespace

class Reactor::Core {
 public:
  asio::io_context context{1};
  std::array<char, kBuffer> buffer{};

  // Made when it is asked for: most loads speak no TLS.
  TlsContext& tls_context() {
    if (!tls_) {
      tls_.emplace();
    }
    return *tls_;
  }

  void wait_for(const std::shared_ptr<asio::posix::stream_descriptor>& fd,
                const std::function<bool()>& ready) {
    fd->async_wait(asio::posix::stream_descriptor::wait_read,
                   [this, fd, ready](const ErrorCode& failed) {
                     if (!failed && ready()) {
                       wait_for(fd, ready);
                     } else {
                       fd->release();
                     }
                   });
  }

 private:
  std::optional<TlsContext> tls_;
};

Reactor::Reactor() : core_(std::make_unique<Core>()) {}
Reactor::~Reactor() = default;

void Reactor::run() { core_->context.run(); }

void Reactor::stop() { core_->context.stop(); }

void Reactor::at(std::int64_t at_ns, std::function<void()> then) {
  auto timer = std::make_shared<asio::steady_timer>(core_->context);
  timer->expires_at(
      asio::steady_timer::time_point(std::chrono::nanoseconds(at_ns)));
  timer->async_wait([timer, then = std::move(then)](const ErrorCode& failed) {
    if (!failed) {
      then();
    }
  });
}

void Reactor::watch(int fd, const std::function<bool()>& ready) {
  core_->wait_for(
      std::make_shared<asio::posix::stream_descriptor>(core_->context, fd),
      ready);
}

// Lives as long as the kernel owes it an answer; `user` is gone before.
class Connection::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(Reactor::Core& reactor, ConnectionUser& user, const Wire& wire)
      : reactor_(reactor), socket_(reactor.context), user_(&user) {
    if (wire.tls) {
      tls_.emplace(reactor.tls_context(), wire);
    }
  }

  void connect(const InetAddress& to) {
    ErrorCode failed;
    tcp::endpoint endpoint = endpoint_of(to);
    socket_.open(endpoint.protocol(), failed);
    if (!failed) {
      socket_.non_blocking(true, failed);
    }
    if (failed) {
      asio::post(reactor_.context, [self = shared_from_this(), failed] {
        self->has_connected(failed);
      });
      return;
    }
    socket_.async_connect(endpoint,
                          [self = shared_from_this()](const ErrorCode& why) {
                            self->has_connected(why);
                          });
  }

  void send(std::string bytes) {
    asked_ = true;
    if (tls_) {
      tls_->put(bytes);
      bytes = tls_->to_send();
    }
    add(std::move(bytes));
    put();
  }

  void leave() {
    user_ = nullptr;
    ErrorCode ignored;
    if (tls_ && socket_.is_open() && out_.empty()) {
      tls_->close();
      socket_.write_some(asio::buffer(tls_->to_send()), ignored);
    }
    socket_.close(ignored);
  }

  bool is_over() {
    char byte = 0;
    ErrorCode failed;
    socket_.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, failed);
    return failed && !must_wait(failed);
  }

  const InetAddress& local() const { return local_; }
  std::uint64_t given() const { return given_; }
  std::uint64_t taken() { return bytes_taken(socket_.native_handle()); }
  std::uint64_t arrived() { return bytes_arrived(socket_.native_handle()); }
  std::string protocol() const { return tls_ ? tls_->protocol() : ""; }

 private:
  void has_connected(const ErrorCode& failed) {
    if (user_ == nullptr) {
      return;
    }
    if (failed) {
      std::exchange(user_, nullptr)->connected(errno_of(failed));
      return;
    }
    ErrorCode ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    local_ = address_of(socket_.local_endpoint(ignored));
    await_bytes();
    if (tls_) {
      take_tls("");
    } else {
      stands_ = true;
      user_->connected(0);
    }
  }

  void add(std::string bytes) {
    given_ += bytes.size();
    if (out_.empty()) {
      out_ = std::move(bytes);
    } else {
      out_ += bytes;
    }
  }

  // As much as the kernel takes now, the rest when it can take more.
  void put() {
    if (waits_) {
      return;
    }
    ErrorCode failed;
    while (!failed && put_ < out_.size()) {
      put_ += socket_.write_some(
          asio::buffer(out_.data() + put_, out_.size() - put_), failed);
    }
    if (failed && must_wait(failed)) {
      await_room();
      return;
    }
    out_.clear();
    put_ = 0;
    tell_sent(failed ? errno_of(failed) : 0);
  }

  void await_room() {
    waits_ = true;
    socket_.async_wait(tcp::socket::wait_write,
                       [self = shared_from_this()](const ErrorCode& why) {
                         self->waits_ = false;
                         if (!why && self->user_ != nullptr) {
                           self->put();
                         }
                       });
  }

  // Of a handshake nobody has asked.
  void tell_sent(int os_errno) {
    if (user_ != nullptr && std::exchange(asked_, false)) {
      user_->sent(os_errno);
    }
  }

  void await_bytes() {
    socket_.async_wait(tcp::socket::wait_read,
                       [self = shared_from_this()](const ErrorCode& why) {
                         if (!why && self->user_ != nullptr) {
                           self->take();
                         }
                       });
  }

  void take() {
    for (int i = 0; i < kReads && user_ != nullptr; ++i) {
      ErrorCode failed;
      std::size_t got =
          socket_.read_some(asio::buffer(reactor_.buffer), failed);
      if (must_wait(failed)) {
        break;
      }
      if (failed) {
        end(errno_of(failed));
      } else if (tls_) {
        take_tls({reactor_.buffer.data(), got});
      } else {
        user_->received({reactor_.buffer.data(), got});
      }
    }
    if (user_ != nullptr) {
      await_bytes();
    }
  }

  // Each of these may be the last that the user hears.
  void take_tls(std::string_view wire) {
    tls_->feed(wire);
    add(tls_->to_send());
    if (!out_.empty()) {
      put();
    }
    if (user_ != nullptr && !stands_ && tls_->stands()) {
      stands_ = true;
      user_->connected(0);
    }
    std::string bytes = tls_->received();
    if (user_ != nullptr && !bytes.empty()) {
      user_->received(bytes);
    }
    if (user_ != nullptr && (tls_->is_over() || tls_->is_broken())) {
      end(tls_->is_over() ? 0 : EPROTO);
    }
  }

  void end(int os_errno) {
    bool cut = tls_ && os_errno == 0 && !tls_->is_over();
    ConnectionUser* user = std::exchange(user_, nullptr);
    if (stands_) {
      user->ended(cut ? EPROTO : os_errno);
    } else {
      user->connected(os_errno != 0 ? os_errno : ECONNRESET);
    }
  }

  Reactor::Core& reactor_;
  tcp::socket socket_;
  ConnectionUser* user_;
  InetAddress local_;
  std::optional<TlsSession> tls_;
  std::string out_;
  std::size_t put_ = 0;      // of it
  std::uint64_t given_ = 0;  // bytes, since it connected
  bool stands_ = false;
  bool asked_ = false;  // the user waits for sent()
  bool waits_ = false;  // for room in the kernel
};

Connection::Connection(Reactor& reactor, const InetAddress& to,
                       ConnectionUser& user, const Wire& wire)
    : core_(std::make_shared<Core>(*reactor.core_, user, wire)) {
  core_->connect(to);
}

Connection::~Connection() {
  if (core_ != nullptr) {
    core_->leave();
  }
}

void Connection::send(std::string bytes) { core_->send(std::move(bytes)); }
bool Connection::is_over() const { return core_->is_over(); }
const InetAddress& Connection::local() const { return core_->local(); }
std::uint64_t Connection::given() const { return core_->given(); }
std::uint64_t Connection::taken() const { return core_->taken(); }
std::uint64_t Connection::arrived() const { return core_->arrived(); }
std::string Connection::protocol() const { return core_->protocol(); }

}  // namespace faultrig

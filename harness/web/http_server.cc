// Beast reads requests and writes answers, Asio waits (epoll(7)). Each
// connection is held by what it waits for: when that has come and it asks for
// nothing more, it is closed. A stream of events (HTML, "Server-sent events")
// has no length: it ends with its connection. Only heads are read: Beast 1.81
// asserts of chunks what does not hold when they come in pieces, and would end
// us (harness/load/http_messages.cc).
#include "harness/web/http_server.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "harness/web/ears.h"

namespace faultrig {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using ErrorCode = boost::system::error_code;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostConnections = 32;
constexpr std::uint32_t kLongestHead = 8 << 10;
constexpr std::size_t kBuffer = 16 << 10;
constexpr std::size_t kMostUntaken = 1 << 20;
constexpr std::chrono::seconds kPatience{10};
constexpr std::chrono::seconds kSweep{1};

using Request = http::request<http::empty_body>;

std::vector<std::string> fields_of(const Request& request, http::field name) {
  std::vector<std::string> out;
  auto [first, last] = request.equal_range(name);
  for (; first != last; ++first) {
    out.emplace_back(first->value());
  }
  return out;
}

WebRequest head_of(const Request& request) {
  return {std::string(request.method_string()), std::string(request.target()),
          fields_of(request, http::field::host),
          fields_of(request, http::field::origin)};
}

// Not that its sender went away, or was too slow.
bool is_bad_request(const ErrorCode& failed) {
  const auto& of_http =
      http::make_error_code(http::error::bad_target).category();
  return failed.category() == of_http && failed != http::error::end_of_stream &&
         failed != http::error::partial_message;
}

// What a request is answered with that cannot be read.
int status_of(const ErrorCode& failed) {
  return failed == http::error::header_limit ||
                 failed == http::error::buffer_overflow
             ? 431
             : 400;
}

// The bytes of an answer.
std::string written(const WebAnswer& answer, bool keep_alive, bool to_head) {
  http::response<http::string_body> response;
  response.result(static_cast<unsigned>(answer.status));
  response.set(http::field::content_type, answer.type);
  for (const auto& [name, value] : answer.fields) {
    response.set(name, value);
  }
  response.body() = answer.body;
  response.keep_alive(keep_alive);
  if (!answer.stays_open) {
    response.content_length(answer.body.size());
  }
  std::ostringstream out;
  out << response.base();
  return out.str() + (to_head ? "" : answer.body);
}

class Connection;

// What all connections share.
struct Hall {
  HttpServer::Answer answer;
  std::set<std::shared_ptr<Connection>> connections;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, Hall& hall)
      : socket_(std::move(socket)), hall_(hall) {}

  bool is_stream() const { return stream_; }
  bool is_late(Clock::time_point now) const { return now > until_; }
  Clock::time_point until() const { return until_; }

  void read() {
    parser_.emplace();
    parser_->header_limit(kLongestHead);
    until_ = Clock::now() + kPatience;
    http::async_read_header(
        socket_, buffer_, *parser_,
        [self = shared_from_this()](const ErrorCode& failed, std::size_t) {
          self->have_read(failed);
        });
  }

  void send(std::string bytes) {
    untaken_ += bytes.size();
    if (untaken_ > kMostUntaken && stream_) {
      close();
      return;
    }
    queue_.push_back(std::move(bytes));
    if (queue_.size() == 1) {
      write();
    }
  }

  void close() {
    ErrorCode ignored;
    socket_.shutdown(tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
    hall_.connections.erase(shared_from_this());
  }

 private:
  void have_read(const ErrorCode& failed) {
    if (failed && !is_bad_request(failed)) {
      close();
      return;
    }
    if (failed) {
      last_ = true;
      send(written({status_of(failed), "text/plain", "bad request\n"}, false,
                   false));
      return;
    }
    if (!parser_->is_done()) {
      last_ = true;
      send(written({413, "text/plain", "no body is wanted\n"}, false, false));
      return;
    }
    const Request& request = parser_->get();
    WebAnswer answer = hall_.answer(head_of(request));
    stream_ = answer.stays_open;
    last_ = !stream_ && !request.keep_alive();
    send(written(answer, !last_ && !stream_,
                 request.method() == http::verb::head));
    if (stream_) {
      await_end();
    }
  }

  void write() {
    until_ = Clock::now() + kPatience;
    asio::async_write(
        socket_, asio::buffer(queue_.front()),
        [self = shared_from_this()](const ErrorCode& failed, std::size_t) {
          self->have_written(failed);
        });
  }

  void have_written(const ErrorCode& failed) {
    if (failed) {
      close();
      return;
    }
    untaken_ -= queue_.front().size();
    queue_.pop_front();
    if (!queue_.empty()) {
      write();
    } else if (stream_) {
      until_ = Clock::time_point::max();
    } else if (last_) {
      ErrorCode ignored;
      socket_.shutdown(tcp::socket::shutdown_send, ignored);
      drain();
    } else {
      read();
    }
  }

  // To close with bytes unread would take the answer back (RST in tcp(7)).
  void drain() {
    buffer_.clear();
    socket_.async_read_some(
        buffer_.prepare(kBuffer),
        [self = shared_from_this()](const ErrorCode& failed, std::size_t) {
          if (failed) {
            self->close();
          } else {
            self->drain();
          }
        });
  }

  // Who reads a stream has nothing more to say: it is here, or gone.
  void await_end() {
    socket_.async_wait(
        tcp::socket::wait_read,
        [self = shared_from_this()](const ErrorCode&) { self->close(); });
  }

  tcp::socket socket_;
  Hall& hall_;
  boost::beast::flat_buffer buffer_{kBuffer};
  std::optional<http::request_parser<http::empty_body>> parser_;
  std::deque<std::string> queue_;
  std::size_t untaken_ = 0;
  bool stream_ = false;
  bool last_ = false;
  Clock::time_point until_;
};

}  // namespace

class HttpServer::Core {
 public:
  Core() = default;
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;
  // What they wait for holds them too, and ends with the context, which their
  // sockets may not outlive.
  ~Core() { hall_.connections.clear(); }

  Result<> listen(int port) {
    ErrorCode failed;
    tcp::endpoint here(asio::ip::address_v4::loopback(),
                       static_cast<std::uint16_t>(port));
    acceptor_.open(here.protocol(), failed);
    if (!failed) {
      acceptor_.set_option(tcp::acceptor::reuse_address(true), failed);
    }
    if (!failed) {
      acceptor_.bind(here, failed);
    }
    if (!failed) {
      acceptor_.listen(kMostConnections, failed);
    }
    if (failed) {
      return system_error("listen at 127.0.0.1:" + std::to_string(port),
                          failed.value());
    }
    return Ok{};
  }

  int port() const {
    ErrorCode failed;
    return acceptor_.local_endpoint(failed).port();
  }

  void tell(const std::string& text) {
    // One that has not taken enough closes itself meanwhile.
    auto all = hall_.connections;
    for (const auto& connection : all) {
      if (connection->is_stream()) {
        connection->send(text);
      }
    }
  }

  std::size_t streams() const {
    std::size_t count = 0;
    for (const auto& connection : hall_.connections) {
      count += connection->is_stream() ? 1 : 0;
    }
    return count;
  }

  Ears& ears() { return ears_; }

  void run(const Answer& answer) {
    hall_.answer = answer;
    accept();
    ears_.again([this] { return sweep(); });
    context_.run();
  }

  void stop() { context_.stop(); }

 private:
  void accept() {
    acceptor_.async_accept([this](const ErrorCode& failed, tcp::socket socket) {
      if (!failed && make_room()) {
        auto connection =
            std::make_shared<Connection>(std::move(socket), hall_);
        hall_.connections.insert(connection);
        connection->read();
      }
      if (acceptor_.is_open()) {
        accept();
      }
    });
  }

  // Where there is none, who has kept us waiting for longest goes: half a
  // request of somebody's must not shut a page out. Streams stay.
  bool make_room() {
    if (hall_.connections.size() < kMostConnections) {
      return true;
    }
    auto first =
        std::min_element(hall_.connections.begin(), hall_.connections.end(),
                         [](const auto& one, const auto& other) {
                           return std::pair(one->is_stream(), one->until()) <
                                  std::pair(other->is_stream(), other->until());
                         });
    if ((*first)->is_stream()) {
      return false;
    }
    (*first)->close();
    return true;
  }

  std::chrono::milliseconds sweep() {
    auto now = Clock::now();
    auto all = hall_.connections;
    for (const auto& connection : all) {
      if (connection->is_late(now)) {
        connection->close();
      }
    }
    return kSweep;
  }

  Hall hall_;
  asio::io_context context_{1};
  tcp::acceptor acceptor_{context_};
  Ears ears_{context_};
};

HttpServer::HttpServer(std::unique_ptr<Core> core) : core_(std::move(core)) {}
HttpServer::HttpServer(HttpServer&&) noexcept = default;
HttpServer& HttpServer::operator=(HttpServer&&) noexcept = default;
HttpServer::~HttpServer() = default;

Result<HttpServer> HttpServer::listen(int port) {
  auto core = std::make_unique<Core>();
  TRY(core->listen(port));
  return HttpServer(std::move(core));
}

int HttpServer::port() const { return core_->port(); }
void HttpServer::tell(const std::string& text) { core_->tell(text); }
std::size_t HttpServer::streams() const { return core_->streams(); }

Result<> HttpServer::watch(int fd, std::function<void()> ready) {
  return core_->ears().watch(fd, std::move(ready));
}

void HttpServer::unwatch(int fd) { core_->ears().unwatch(fd); }

void HttpServer::again(const std::function<std::chrono::milliseconds()>& tick) {
  core_->ears().again(tick);
}

void HttpServer::run(const Answer& answer) { core_->run(answer); }
void HttpServer::stop() { core_->stop(); }

}  // namespace faultrig

// The receiver's process: one thread, one event loop, made after the fork. A
// workload that has ended has closed its connections, so that their ends come
// behind all that it sent: finish() waits for these, and for time only where
// somebody lives on.
#include "harness/run/span_receiver.h"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "harness/base/whole_number.h"
#include "harness/load/reactor.h"
#include "harness/os/machine.h"
#include "harness/os/shim_processes.h"
#include "harness/os/socket_address.h"
#include "harness/os/stand_apart.h"
#include "harness/os/stream_socket.h"
#include "harness/spans/otlp.h"
#include "harness/spans/post_reader.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostVisitors = 64;
constexpr std::size_t kMostMissed = 32;  // told one by one
constexpr std::size_t kPart = 64 << 10;
constexpr int kReads = 16;  // of a connection, before others have their turn
constexpr std::int64_t kMillisecond = 1'000'000;

constexpr int kOk = 200;
constexpr int kBadRequest = 400;
constexpr int kNotFound = 404;
constexpr int kNotAllowed = 405;
constexpr int kOtherVersion = 505;

std::string answer_of(int status, const Post& post) {
  bool json = post.type.find("json") != std::string::npos;
  std::string body = json && status == kOk ? "{}" : "";
  return fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}\r\n{}",
      status, status == kOk ? "OK" : "Refused",
      json ? "application/json" : "application/x-protobuf", body.size(),
      post.keeps_alive ? "" : "Connection: close\r\n", body);
}

std::string why_refused(int status) {
  return status == kOtherVersion
             ? "the exporter speaks gRPC: OTEL_EXPORTER_OTLP_PROTOCOL has to "
               "be http/protobuf"
             : fmt::format("a request was answered with {}", status);
}

struct Clocks {
  std::int64_t monotonic_ns = 0;
  std::int64_t wall_ns = 0;
};

// Read at one instant, as far as others let us: within 100 us, or the best of
// some tries.
Clocks both_clocks() {
  constexpr std::int64_t kGap = 100'000;
  constexpr int kTries = 100;
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  Clocks best;
  for (int i = 0; i < kTries && least > kGap; ++i) {
    std::int64_t before = monotonic_ns();
    std::int64_t wall = wall_clock().count();
    std::int64_t gap = monotonic_ns() - before;
    if (gap < least) {
      least = gap;
      best = {before + gap / 2, wall};
    }
  }
  return best;
}

struct Visitor {
  explicit Visitor(Fd connection) : socket(std::move(connection)) {}
  Fd socket;
  PostReader reader;
};

class ReceiverProcess {
 public:
  ReceiverProcess(int socket, Fd listener)
      : lines_(socket), listener_(std::move(listener)) {}

  void run();

 private:
  void tell(const SpanNews& news);
  void flush();
  bool hear();
  bool accept_all();
  bool receive(Visitor& visitor);
  bool take(Visitor& visitor, const std::string& bytes);
  bool refuse(Visitor& visitor);
  int take_post(const Post& post);
  int take_spans(const Post& post);
  void miss(std::size_t count, std::string why);
  void look_for_end();
  void end();

  Reactor reactor_;
  LineSocket lines_;
  Fd listener_;
  std::set<std::shared_ptr<Visitor>> visitors_;
  std::size_t told_ = 0;     // spans
  std::size_t beyond_ = 0;   // spans that are not told
  std::size_t refused_ = 0;  // spans that make no sense
  std::size_t missed_ = 0;   // times that something was
  bool flushing_ = false;
  bool finishing_ = false;
  bool done_ = false;
};

void ReceiverProcess::run() {
  tell(ReceiverReady{address_of(listener_).port});
  reactor_.watch(lines_.fd(), [this] { return hear(); });
  reactor_.watch(listener_.get(), [this] { return accept_all(); });
  reactor_.run();
}

void ReceiverProcess::tell(const SpanNews& news) {
  lines_.put(to_line(news));
  flush();
}

void ReceiverProcess::flush() {
  lines_.flush();
  if (lines_.left() > 0 && !std::exchange(flushing_, true)) {
    reactor_.at(monotonic_ns() + kMillisecond, [this] {
      flushing_ = false;
      flush();
    });
  }
}

// Each line is how long to wait, in nanoseconds.
bool ReceiverProcess::hear() {
  auto lines = lines_.take();
  if (!lines || lines_.is_over()) {
    reactor_.stop();
    return false;
  }
  for (const std::string& line : *lines) {
    std::int64_t wait = whole_number<std::int64_t>(line).value_or(0);
    finishing_ = true;
    accept_all();
    reactor_.at(monotonic_ns() + wait, [this] { end(); });
  }
  look_for_end();
  return true;
}

bool ReceiverProcess::accept_all() {
  while (Fd next = next_connection(listener_)) {
    if (visitors_.size() >= kMostVisitors) {
      miss(0, fmt::format("more than {} connections at once", kMostVisitors));
      continue;
    }
    int number = next.get();
    auto visitor = std::make_shared<Visitor>(std::move(next));
    visitors_.insert(visitor);
    // What waits holds it too: its descriptor is closed when that is over.
    reactor_.watch(number, [this, visitor] {
      bool stays = receive(*visitor);
      if (!stays) {
        visitors_.erase(visitor);
        look_for_end();
      }
      return stays;
    });
  }
  return !done_;
}

bool ReceiverProcess::receive(Visitor& visitor) {
  std::string bytes;
  for (int i = 0; i < kReads; ++i) {
    std::int64_t got = receive_some(visitor.socket, bytes, kPart);
    if (got == -EAGAIN || got == -EINTR) {
      return true;
    }
    if (got <= 0) {
      // EPIPE: it had ended its side in order, and then did not hear us.
      if (got < 0 && got != -EPIPE) {
        miss(0, "a connection was reset");
      } else if (!visitor.reader.is_idle()) {
        miss(0, "a request ended early");
      }
      return false;
    }
    if (!take(visitor, bytes)) {
      return false;
    }
  }
  return true;
}

bool ReceiverProcess::take(Visitor& visitor, const std::string& bytes) {
  PostReader& reader = visitor.reader;
  bool sound = reader.feed(bytes);
  while (sound && reader.is_whole()) {
    Post post = reader.take();
    std::string answer = answer_of(take_post(post), post);
    auto size = static_cast<std::int64_t>(answer.size());
    bool sent = send_some(visitor.socket, answer) == size;
    if (!sent || !post.keeps_alive) {
      if (!sent || !reader.is_idle()) {
        miss(0, "what followed a request was not read");
      }
      return false;
    }
    sound = reader.feed("");
  }
  if (sound && reader.waits_for_leave()) {
    (void)send_some(visitor.socket, "HTTP/1.1 100 Continue\r\n\r\n");
  }
  return sound || refuse(visitor);
}

// False, as it is of no more use.
bool ReceiverProcess::refuse(Visitor& visitor) {
  int status = visitor.reader.status();
  miss(0, why_refused(status));
  (void)send_some(visitor.socket, answer_of(status, Post()));
  return false;
}

int ReceiverProcess::take_post(const Post& post) {
  std::string path = post.target.substr(0, post.target.find('?'));
  if (path == "/v1/metrics" || path == "/v1/logs") {
    return kOk;  // nobody asks for them, and nobody is to complain
  }
  if (path == "/v1/traces" && post.method == "POST") {
    return take_spans(post);
  }
  int status = path == "/v1/traces" ? kNotAllowed : kNotFound;
  if (post.method == "POST" || post.method == "PUT") {
    miss(0, "what is no POST to /v1/traces was answered with " +
                std::to_string(status));
  }
  return status;
}

int ReceiverProcess::take_spans(const Post& post) {
  auto came = read_spans(
      post.type, post.encoding, post.body,
      SpanReceiver::kMostSpans - std::min(told_, SpanReceiver::kMostSpans));
  if (!came) {
    miss(0, "what was exported makes no sense: " + came.error().what);
    return kBadRequest;
  }
  beyond_ += came->beyond;
  refused_ += came->refused;
  told_ += came->spans.size();
  if (!came->spans.empty()) {
    auto [monotonic, wall] = both_clocks();
    tell(SpansCame{monotonic, wall, std::move(came->spans)});
  }
  return kOk;
}

void ReceiverProcess::miss(std::size_t count, std::string why) {
  if (++missed_ <= kMostMissed) {
    tell(SpansMissed{count, std::move(why)});
  }
}

void ReceiverProcess::look_for_end() {
  if (finishing_ && visitors_.empty()) {
    end();
  }
}

// What it tells is out when its peer closes.
void ReceiverProcess::end() {
  if (std::exchange(done_, true)) {
    return;
  }
  for (const auto& visitor : visitors_) {
    if (!visitor->reader.is_idle()) {
      miss(0, "a request was not whole when we stopped waiting");
    }
  }
  if (beyond_ > 0) {
    tell(SpansMissed{
        beyond_, fmt::format("beyond the first {}", SpanReceiver::kMostSpans)});
  }
  if (refused_ > 0) {
    tell(SpansMissed{refused_, "their ids or times make no sense"});
  }
  if (missed_ > kMostMissed) {
    tell(SpansMissed{0, fmt::format("{} times more something was refused",
                                    missed_ - kMostMissed)});
  }
  tell(ReceiverDone{});
}

Result<> run_process(int port, const std::vector<int>& spaces, int socket) {
  TRY(stand_apart(spaces, {socket}));
  TRY_ASSIGN(Fd listener, listen_at_loopback(port));
  try {
    ReceiverProcess(socket, std::move(listener)).run();
  } catch (const std::bad_alloc&) {
    return internal_error("the receiver of spans ran out of memory");
  } catch (const std::exception&) {  // of Asio
    return internal_error("the receiver of spans ended by an exception");
  }
  return Ok{};
}

}  // namespace

Result<SpanReceiver> SpanReceiver::start(int port,
                                         const std::vector<int>& spaces) {
  TRY_ASSIGN(
      Worker worker, Worker::start([&](int socket) {
        auto done = run_process(port, spaces, socket);
        if (!done) {
          LineSocket(socket).put(to_line(SpansMissed{0, done.error().what}));
        }
        return done ? 0 : 1;
      }));
  return SpanReceiver(std::move(worker));
}

SpanReceiver::~SpanReceiver() {
  if (worker_.fd() >= 0) {
    worker_.kill();
  }
}

Result<std::vector<SpanNews>> SpanReceiver::news() {
  std::vector<SpanNews> all;
  lines_.flush();
  TRY_ASSIGN(std::vector<std::string> lines, lines_.take());
  for (const std::string& line : lines) {
    TRY_ASSIGN(SpanNews item, span_news_from(line));
    all.push_back(std::move(item));
  }
  over_ = over_ || lines_.is_over();
  return all;
}

void SpanReceiver::finish(std::chrono::nanoseconds wait) {
  lines_.put(std::to_string(wait.count()));
}

}  // namespace faultrig

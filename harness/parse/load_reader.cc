#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "harness/model/http_target.h"
#include "harness/model/schema.h"
#include "harness/parse/section_reader.h"
#include "harness/parse/service_parts.h"
#include "harness/parse/value_kinds.h"

namespace faultrig {

namespace {

void read_request(const YamlNode& node, Load& load, Complaints& complaints) {
  Params params = read_section(http_section(), node, complaints);
  constexpr std::array<std::pair<const char*, const char*>, 5> kMethods{
      {{"get", "GET"},
       {"post", "POST"},
       {"put", "PUT"},
       {"delete", "DELETE"},
       {"head", "HEAD"}}};
  for (const auto& [key, method] : kMethods) {
    if (!params.has(key)) {
      continue;
    }
    load.method = method;
    const YamlNode* value = child(node, key);
    add_target(value == nullptr ? node : *value,
               {load.tls, load.host, load.port, load.path}, complaints);
  }
  load.body = params.get_or<std::string>("body", "");
  load.answer = params.get_or<std::string>("answer", "");
  load.sending.pieces = static_cast<int>(params.get<std::int64_t>("pieces"));
  load.sending.pause = params.get_or("pause", load.sending.pause);
  load.sending.chunked = params.get_or("chunked", false);
  if (params.get_or<std::string>("version", "1.1") == "2") {
    load.protocol = Load::Protocol::http2;
  }
  if (const auto* status = params.find<std::int64_t>("status")) {
    load.status = static_cast<int>(*status);
    check_status(node, *status, complaints);
  }
}

// A call of gRPC with one message and one answer.
void read_call(const YamlNode& node, Load& load, Complaints& complaints) {
  Params params = read_section(grpc_section(), node, complaints);
  const YamlNode* call = child(node, "call");
  add_target(call == nullptr ? node : *call,
             {load.tls, load.host, load.port, load.path}, complaints);
  load.protocol = Load::Protocol::grpc;
  load.method = "POST";
  load.body = params.get_or<std::string>("message", "");
  load.answer = params.get_or<std::string>("answer", "");
  if (const auto* status = params.find<std::int64_t>("status")) {
    load.status = static_cast<int>(*status);
  }
}

// Keys that say nothing beside what the load is.
void refuse_beside(const YamlNode& node, const Params& params,
                   std::string_view form, const std::vector<const char*>& keys,
                   Complaints& complaints) {
  for (const char* key : keys) {
    if (params.written(key)) {
      complaints.add(child(node, key)->key_spot,
                     quote_of(key) + " says nothing beside " + quote_of(form));
    }
  }
}

Load::Kind kind_named(const std::string& name) {
  constexpr std::array<std::pair<std::string_view, Load::Kind>, 8> kKinds{
      {{"idle", Load::Kind::idle},
       {"silent", Load::Kind::silent},
       {"half_header", Load::Kind::half_head},
       {"half_body", Load::Kind::half_body},
       {"stream", Load::Kind::stream},
       {"sse", Load::Kind::sse},
       {"websocket", Load::Kind::websocket},
       {"grpc_stream", Load::Kind::grpc_stream}}};
  for (const auto& [word, kind] : kKinds) {
    if (word == name) {
      return kind;
    }
  }
  return Load::Kind::http;
}

// At the host and port of what it finds again.
void read_find(const YamlNode& node, Load& load, Complaints& complaints) {
  const YamlNode* find = child(node, "find");
  if (find == nullptr) {
    return;
  }
  if (!find->scalar.starts_with('/')) {
    complaints.add(find->spot, "expected a path such as /items/${n}, not " +
                                   quote_of(find->scalar));
  } else if (load.method != "POST" && load.method != "PUT") {
    complaints.add(find->spot, "only what was posted or put is found again");
  }
  load.find = find->scalar;
}

constexpr std::int64_t kMostSockets = 10'000;  // of one process
constexpr double kMostRate = 100'000;          // more than one thread can send

int at_most(std::int64_t most, std::int64_t number) {
  return static_cast<int>(std::min(most, number));
}

// Many at once are on one connection where the protocol lets them.
void read_streams(const YamlNode& node, const Params& params, Load& load,
                  Complaints& complaints) {
  if (load.protocol == Load::Protocol::http1) {
    refuse_beside(node, params, "http of version 1.1", {"streams"}, complaints);
    return;
  }
  load.streams = at_most(kMostSockets, params.get<std::int64_t>("streams"));
}

// What is asked again and again.
void read_asked(const YamlNode& node, const Params& params, Load& load,
                Complaints& complaints) {
  refuse_beside(node, params, "http or grpc", {"path", "count", "message"},
                complaints);
  if (const YamlNode* http = child(node, "http")) {
    read_request(*http, load, complaints);
    read_find(node, load, complaints);
  } else {
    refuse_beside(node, params, "grpc", {"find"}, complaints);
    read_call(*child(node, "grpc"), load, complaints);
  }
  read_streams(node, params, load, complaints);
  std::int64_t asked = params.get_or("connections", kMostSockets);
  check_most(node, "connections", asked <= kMostSockets, "at most 10000",
             complaints);
  check_most(node, "rate", load.rate <= kMostRate, "at most 100000/s",
             complaints);
  load.connections = at_most(kMostSockets, asked);
  if (load.protocol != Load::Protocol::http1 &&
      load.connections * static_cast<std::int64_t>(load.streams) >
          kMostSockets) {
    load.connections = at_most(load.connections, kMostSockets / load.streams);
  }
}

// What is opened once.
void read_open(const YamlNode& node, const Params& params, Load& load,
               Complaints& complaints) {
  refuse_beside(node, params, "open",
                {"rate", "connections", "keep_alive", "streams", "find"},
                complaints);
  load.kind = kind_named(params.get_or<std::string>("open", ""));
  std::int64_t count = params.get<std::int64_t>("count");
  check_most(node, "count", count <= kMostSockets, "at most 10000", complaints);
  load.connections = at_most(kMostSockets, count);
  if (const YamlNode* path = child(node, "path")) {
    add_target(*path, {load.tls, load.host, load.port, load.path}, complaints);
  }
  if (load.kind == Load::Kind::grpc_stream) {
    load.protocol = Load::Protocol::grpc;
    load.body = params.get_or<std::string>("message", "");
  } else {
    refuse_beside(node, params, "open of another kind than grpc_stream",
                  {"message"}, complaints);
  }
  load.keep_alive = !load.is_once();  // its connection is its own
}

Load read_load(const YamlNode& node, Complaints& complaints) {
  Params params =
      read_section(load_section(), node, complaints, {"http", "grpc"});
  Load load;
  load.name = params.get_or<std::string>("name", "load");
  load.rate = params.get_or("rate", 0.0);
  load.keep_alive = params.get_or("keep_alive", true);
  if (child(node, "http") != nullptr || child(node, "grpc") != nullptr) {
    read_asked(node, params, load, complaints);
  } else {
    read_open(node, params, load, complaints);
  }
  return load;
}

}  // namespace

void add_target(const YamlNode& node, Ask ask, Complaints& complaints) {
  auto target = parse_target(node.scalar);
  if (!target || node.scalar.empty()) {
    complaints.add(node.spot,
                   "expected a path such as /healthz, :8080/healthz or "
                   "https:///healthz, not " +
                       quote_of(node.scalar));
  } else {
    ask.tls = target->tls;
    ask.host = target->host;
    ask.port = target->port;
    ask.path = target->path;
  }
}

void check_status(const YamlNode& node, std::int64_t status,
                  Complaints& complaints) {
  if ((status < 100 || status > 599) && child(node, "status") != nullptr) {
    complaints.add(child(node, "status")->key_spot,
                   "a status of HTTP is 100 to 599");
  }
}

void check_most(const YamlNode& node, const char* key, bool holds,
                const std::string& most, Complaints& complaints) {
  if (!holds && child(node, key) != nullptr) {
    complaints.add(child(node, key)->key_spot, quote_of(key) + " is " + most);
  }
}

void check_times_of(const YamlNode& service,
                    std::chrono::nanoseconds ready_within,
                    std::chrono::nanoseconds grace, Complaints& complaints) {
  check_most(service, "ready_within", ready_within.count() > 0, "longer than 0",
             complaints);
  check_most(service, "grace", grace.count() > 0, "longer than 0", complaints);
}

std::vector<Load> read_loads(const YamlNode& node, Complaints& complaints) {
  std::vector<Load> loads;
  if (!node.is(NodeKind::list)) {
    complaints.add(name_spot(node),
                   "load takes a list of elements such as '- http: {get: /}'");
    return loads;
  }
  std::set<std::string> names;
  for (const YamlNode& element : node.children) {
    Load load = read_load(element, complaints);
    std::string name = load.name;
    bool known = !names.insert(name).second;
    if (const YamlNode* written = child(element, "name"); known && written) {
      complaints.add(written->key_spot,
                     "another load has the name " + quote_of(name));
    }
    for (int i = 2; known && !names.insert(load.name).second; ++i) {
      load.name = name + " " + std::to_string(i);
    }
    loads.push_back(std::move(load));
  }
  return loads;
}

}  // namespace faultrig

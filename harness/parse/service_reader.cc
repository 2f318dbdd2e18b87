#include <algorithm>
#include <array>
#include <utility>

#include "harness/base/text.h"
#include "harness/model/http_target.h"
#include "harness/parse/scenario_parts.h"
#include "harness/parse/section_reader.h"
#include "harness/parse/value_kinds.h"

namespace faultrig {

namespace {

using Texts = std::vector<std::string>;
using Environment = std::map<std::string, std::string>;

struct Ask {
  bool& tls;
  std::string& host;
  int& port;
  std::string& path;
};

// What a request asks for; nothing is changed where it is no target.
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

// `NAME`, or a URL whose path is the name; empty, `true`: the whole server.
void read_health(const YamlNode& node, Ready& ready, Complaints& complaints) {
  ready.kind = Ready::Kind::grpc;
  if (node.scalar.find(':') == std::string::npos) {
    ready.text = node.scalar == "true" ? "" : node.scalar;
    return;
  }
  add_target(node, {ready.tls, ready.host, ready.port, ready.text}, complaints);
  ready.text.erase(0, 1);
}

Ready read_ready(const YamlNode& node, Complaints& complaints) {
  Params params = read_section(ready_section(), node, complaints);
  Ready ready;
  if (params.has("http")) {
    ready.kind = Ready::Kind::http;
    add_target(*child(node, "http"),
               {ready.tls, ready.host, ready.port, ready.text}, complaints);
    ready.status = static_cast<int>(params.get<std::int64_t>("status"));
  } else if (params.written("status")) {
    complaints.add(child(node, "status")->key_spot,
                   "'status' stands only beside 'http'");
  }
  if (params.has("grpc")) {
    read_health(*child(node, "grpc"), ready, complaints);
  }
  constexpr std::array<std::pair<const char*, Ready::Kind>, 2> kPorts{
      {{"tcp", Ready::Kind::tcp}, {"listening", Ready::Kind::listening}}};
  for (const auto& [key, kind] : kPorts) {
    if (const auto* port = params.find<std::int64_t>(key)) {
      ready.kind = kind;
      ready.port = static_cast<int>(*port);
    }
  }
  constexpr std::array<std::pair<const char*, Ready::Kind>, 2> kTexts{
      {{"output", Ready::Kind::output}, {"file", Ready::Kind::file}}};
  for (const auto& [key, kind] : kTexts) {
    if (const auto* text = params.find<std::string>(key)) {
      ready.kind = kind;
      ready.text = *text;
    }
  }
  return ready;
}

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
  load.connections =
      at_most(kMostSockets, params.get_or("connections", kMostSockets));
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
  load.connections = at_most(kMostSockets, params.get<std::int64_t>("count"));
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

void check_kept(const YamlNode& service, const Texts& kept,
                Complaints& complaints) {
  for (const std::string& folder : kept) {
    std::filesystem::path path(folder);
    bool above = std::find(path.begin(), path.end(), "..") != path.end();
    if (path.empty() || above) {
      complaints.add(child(service, "keep")->spot,
                     quote_of(folder) +
                         " is no folder below the one where the service runs");
    }
  }
}

std::vector<Load> read_loads(const YamlNode& node, Complaints& complaints) {
  std::vector<Load> loads;
  if (!node.is(NodeKind::list)) {
    complaints.add(name_spot(node),
                   "load takes a list of elements such as '- http: {get: /}'");
    return loads;
  }
  for (const YamlNode& element : node.children) {
    loads.push_back(read_load(element, complaints));
  }
  return loads;
}

void read_go_build(const YamlNode& node, const std::filesystem::path& folder,
                   Workload& into, Complaints& complaints) {
  Params params = read_section(go_build_section(), node, complaints);
  GoBuild build;
  const YamlNode* dir = child(node, "dir");
  build.dir =
      dir == nullptr ? folder : existing_folder(*dir, folder, complaints);
  build.package = params.get_or<std::string>("package", ".");
  build.flags = params.get_or<Texts>("flags", {});
  into.command = {"service"};  // until it is built
  Texts args = params.get_or<Texts>("args", {});
  into.command.insert(into.command.end(), args.begin(), args.end());
  into.service->build = std::move(build);
}

}  // namespace

void read_service(const YamlNode& workload, const std::filesystem::path& folder,
                  Workload& into, Complaints& complaints) {
  const YamlNode* load = child(workload, "load");
  const YamlNode* node = child(workload, "service");
  if (node == nullptr) {
    if (load != nullptr) {
      complaints.add(load->key_spot, "only a service is asked for anything");
    }
    return;
  }
  Params params =
      read_section(service_section(), *node, complaints, {"ready", "go_build"});
  Service service;
  service.ready_within = params.get_or("ready_within", service.ready_within);
  service.grace = params.get_or("grace", service.grace);
  service.pid1 = params.get_or("pid1", false);
  service.keep = params.get_or<Texts>("keep", {});
  check_kept(*node, service.keep, complaints);
  service.own_network = params.get_or<std::string>("network", "own") == "own";
  if (const YamlNode* ready = child(*node, "ready")) {
    service.ready = read_ready(*ready, complaints);
  }
  if (load != nullptr) {
    service.load = read_loads(*load, complaints);
  }
  into.service = std::move(service);
  if (const YamlNode* command = child(*node, "command")) {
    check_program(*command, complaints);
  }
  into.command = params.get_or<Texts>("command", {});
  for (const auto& [name, value] : params.get_or<Environment>("env", {})) {
    into.env[name] = value;
  }
  if (const YamlNode* build = child(*node, "go_build")) {
    read_go_build(*build, folder, into, complaints);
  }
  const YamlNode* cwd = child(*node, "cwd");
  if (cwd != nullptr && cwd->is(NodeKind::scalar)) {
    into.cwd = existing_folder(*cwd, folder, complaints);
  }
}

}  // namespace faultrig

#include <algorithm>
#include <array>
#include <utility>

#include "harness/base/text.h"
#include "harness/parse/scenario_parts.h"
#include "harness/parse/section_reader.h"
#include "harness/parse/service_parts.h"
#include "harness/parse/value_kinds.h"

namespace faultrig {

namespace {

using Texts = std::vector<std::string>;
using Environment = std::map<std::string, std::string>;

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
    check_status(node, ready.status, complaints);
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

void check_kept(const YamlNode& service, Texts& kept, Complaints& complaints) {
  for (std::string& folder : kept) {
    std::filesystem::path path(folder);
    folder = path.lexically_normal() / "" == "./" ? "." : folder;
    bool above = std::find(path.begin(), path.end(), "..") != path.end();
    if (path.empty() || above) {
      complaints.add(child(service, "keep")->spot,
                     quote_of(folder) +
                         " is no folder below the one where the service runs");
    }
  }
}

GoBuild read_go_build(const YamlNode& node, const std::filesystem::path& folder,
                      Runnable& into, Complaints& complaints) {
  Params params = read_section(go_build_section(), node, complaints);
  GoBuild build;
  const YamlNode* dir = child(node, "dir");
  build.dir =
      dir == nullptr ? folder : existing_folder(*dir, folder, complaints);
  if (const YamlNode* package = child(node, "package")) {
    check_packages(*package, complaints);
  }
  build.package = params.get_or<std::string>("package", ".");
  build.flags = params.get_or<Texts>("flags", {});
  into.command = {"service"};  // until it is built
  Texts args = params.get_or<Texts>("args", {});
  into.command.insert(into.command.end(), args.begin(), args.end());
  return build;
}

}  // namespace

Ready read_ready_of(const YamlNode& service, Complaints& complaints) {
  const YamlNode* ready = child(service, "ready");
  return ready == nullptr ? Ready() : read_ready(*ready, complaints);
}

void read_program(const YamlNode& node, const Params& params,
                  const std::filesystem::path& folder, Runnable& into,
                  Complaints& complaints) {
  if (const YamlNode* command = child(node, "command")) {
    check_program(*command, complaints);
  }
  into.command = params.get_or<Texts>("command", {});
  for (const auto& [name, value] : params.get_or<Environment>("env", {})) {
    into.env[name] = value;
  }
  if (const YamlNode* build = child(node, "go_build")) {
    into.build = read_go_build(*build, folder, into, complaints);
  }
  const YamlNode* cwd = child(node, "cwd");
  if (cwd != nullptr && cwd->is(NodeKind::scalar)) {
    into.cwd = existing_folder(*cwd, folder, complaints);
  }
}

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
  Params params = read_section(service_section(), *node, complaints,
                               {"ready", "go_build", "needs"});
  Service service;
  service.ready_within = params.get_or("ready_within", service.ready_within);
  service.grace = params.get_or("grace", service.grace);
  service.pid1 = params.get_or("pid1", false);
  service.keep = params.get_or<Texts>("keep", {});
  check_kept(*node, service.keep, complaints);
  check_times_of(*node, service.ready_within, service.grace, complaints);
  service.own_network = params.get_or<std::string>("network", "own") == "own";
  service.ready = read_ready_of(*node, complaints);
  if (load != nullptr) {
    service.load = read_loads(*load, complaints);
  }
  Runnable program{{}, {}, into.env, into.cwd};
  if (const YamlNode* needs = child(*node, "needs")) {
    program.cwd = folder;
    service.needs = read_needs(*needs, program, folder, complaints);
    program.cwd = into.cwd;
  }
  read_program(*node, params, folder, program, complaints);
  service.build = std::move(program.build);
  into.service = std::move(service);
  into.command = std::move(program.command);
  into.env = std::move(program.env);
  into.cwd = std::move(program.cwd);
}

}  // namespace faultrig

// ask.mjs SCHEMA SOURCES: asks yaml-language-server, as an editor does, for what it knows
// of scenarios with our schema: words it completes, mistakes it marks, texts it
// shows. Messages have the frames of LSP (Content-Length, a blank line, JSON).
import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const schema = pathToFileURL(resolve(process.argv[2])).href;
const here = dirname(fileURLToPath(import.meta.url));
const program = join(here, "node_modules/yaml-language-server/bin/yaml-language-server");
const server = spawn(process.execPath, [program, "--stdio"], {
  stdio: ["pipe", "pipe", "inherit"],
});
const answers = new Map(); // by id: what to do with the result
const marks = new Map(); // by document: what to do with its diagnostics
const settings = {
  yaml: { validate: true, hover: true, completion: true, schemaStore: { enable: false } },
};
let failed = 0;
let number = 0;
let unread = Buffer.alloc(0);

function send(message) {
  const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
  server.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
  server.stdin.write(body);
}

function ask(method, params) {
  const id = ++number;
  send({ id, method, params });
  return new Promise((done) => answers.set(id, done));
}

// What the server asks of an editor.
function reply({ id, method, params }) {
  const sections = params?.items?.map((item) => settings[item.section] ?? {});
  send({ id, result: method === "workspace/configuration" ? sections : null });
}

function take(message) {
  if (message.method && message.id !== undefined) {
    reply(message);
  } else if (message.method === "textDocument/publishDiagnostics") {
    marks.get(message.params.uri)?.(message.params.diagnostics);
  } else if (answers.has(message.id)) {
    answers.get(message.id)(message.result ?? message.error);
  }
}

server.stdout.on("data", (bytes) => {
  unread = Buffer.concat([unread, bytes]);
  for (;;) {
    const end = unread.indexOf("\r\n\r\n");
    const size = /Content-Length: (\d+)/i.exec(unread.subarray(0, end).toString());
    if (end < 0 || unread.length < end + 4 + Number(size[1])) return;
    take(JSON.parse(unread.subarray(end + 4, end + 4 + Number(size[1]))));
    unread = unread.subarray(end + 4 + Number(size[1]));
  }
});

function check(what, good, seen) {
  console.log(`editor: ${what}: ${good ? "as it should be" : "FAILED"}`);
  if (!good) {
    console.log(JSON.stringify(seen, null, 2).slice(0, 2000));
    failed = 1;
  }
}

// Opens a scenario; the cursor stands at the first <here>. Gives the place, and
// the diagnostics when they come.
const cursor = "<here>";
let files = 0;
function open(text) {
  const uri = `file:///scenarios/${++files}.yaml`;
  const whole = `# yaml-language-server: $schema=${schema}\n${text}`;
  const before = whole.split(cursor)[0].split("\n");
  const marked = new Promise((done) => marks.set(uri, done));
  send({
    method: "textDocument/didOpen",
    params: {
      textDocument: { uri, languageId: "yaml", version: 1, text: whole.replace(cursor, "") },
    },
  });
  const position = { line: before.length - 1, character: before.at(-1).length };
  return { uri, place: { textDocument: { uri }, position }, marked };
}

async function completed(text) {
  const list = await ask("textDocument/completion", open(text).place);
  return (list.items ?? list).map((item) => item.label);
}

async function shown(text) {
  const hover = await ask("textDocument/hover", open(text).place);
  return JSON.stringify(hover?.contents ?? "");
}

const said = (text) => open(text).marked;

const sound = `workload: {command: ["true"]}
faults:
  - signal: {send: SIGTERM}
expect:
  - command: {killed_by: SIGTERM}
`;

await ask("initialize", {
  processId: process.pid,
  rootUri: null,
  capabilities: {
    workspace: { configuration: true },
    textDocument: {
      completion: { completionItem: { documentationFormat: ["markdown"] } },
      hover: { contentFormat: ["markdown"] },
    },
  },
});
send({ method: "initialized", params: {} });
send({ method: "workspace/didChangeConfiguration", params: { settings } });

const names = Object.keys(
  JSON.parse(readFileSync(process.argv[2])).properties.faults.items.properties ?? {},
);
const faults = await completed('workload: {command: ["true"]}\nfaults:\n  - <here>\n');
const known = names.length > 0 ? names : ["signal", "memory", "fds", "interpreter", "syscall"];
check("every fault is offered", known.every((name) => faults.includes(name)), faults);

const keys = await completed("faults:\n  - signal:\n      s<here>\n");
check("the keys of a fault are offered", keys.includes("send"), keys);

const nothing = await said(sound);
check("a sound scenario has no mark", nothing.length === 0, nothing);

const wrong = await said(sound.replace("send:", "sned:"));
check(
  "a wrong key is marked where it stands",
  wrong.some((one) => one.range.start.line === 3 && /sned/.test(one.message)),
  wrong,
);

const unknown = await said(sound.replace("- signal", "- singal"));
check("a wrong fault is marked", unknown.some((one) => one.range.start.line === 3), unknown);

const text = await shown("faults:\n  - mem<here>ory: {max: 64MiB}\n");
check("a fault has a text", /memory|cgroup/i.test(text), text);

// Each scenario of the catalogue is what the schema says that it is.
const catalogue = join(process.argv[3], "scenarios");
const scenarios = readdirSync(catalogue, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".yaml"));
const all = await Promise.all(scenarios.map(async (file) => {
  const content = readFileSync(join(catalogue, file), "utf8");
  const found = await said(content.replace(/^# yaml-language-server.*\n/, ""));
  return [file, ...found.map((one) => one.message)];
}));
const marked = all.filter((one) => one.length > 1);
check("the catalogue has no mark", all.length > 100 && marked.length === 0, marked);

await ask("shutdown");
send({ method: "exit" });
server.on("exit", () => process.exit(failed));

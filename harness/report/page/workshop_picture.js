// The exit chain while it happens: who starts whom from left to right, how each
// ended from right to left. A box is dashed until it was really seen; the link
// at which the number stops to say what happened stays marked.

const WIDTH = 1330;
const BOX = { width: 212, height: 104, y: 112 };
const NAMES = { shell: "shell", go: "go", compiler: "compiler",
  exec: "-exec program", test: "test binary", command: "command",
  service: "service", clients: "clients", other: "other programs" };
const CASTS = { go_test: ["shell", "go", "compiler", "exec", "test"],
  binary: ["shell", "go", "compiler", "test"],
  command: ["shell", "go", "compiler", "test", "other"],
  program: ["command", "compiler", "other"],
  service: ["shell", "go", "compiler", "service", "clients"] };
const SHELLS = ["sh", "bash", "dash"];
const SOURCES = { shim: "faultrig's shim", cgroup: "kernel, group counter",
  kernel: "kernel", seccomp: "kernel, calls", harness: "faultrig", go: "go",
  output: "its output" };

// Who saw it: of a test binary it is the -exec program.
function sourceWords(event) {
  return event.source === "shim" && event.link === "test" ? "witness"
    : SOURCES[event.source] || event.source;
}

// A shell that starts go may start anything; another program has a box of its own.
function castOf(run) {
  if (run.kind !== "command") return CASTS[run.kind];
  if (SHELLS.includes(run.program)) {
    return /\bgo\b/.test(run.command) ? CASTS.command : ["shell", "other"];
  }
  return run.program === "go" ? CASTS.program : ["command", "other"];
}

// What an ended request was to its client.
const FATES = { answered: "answered", wrong: "answered wrongly", cut: "cut off",
  reset: "cut off", refused: "refused" };

class Box {
  constructor(role, x) {
    this.role = role;
    this.x = x;
    this.count = 0;
    this.program = drawn("text", { x: 12, y: 54, class: "small" });
    this.state = drawn("text", { x: 12, y: 86, class: "state" }, "not seen yet");
    this.node = drawn("g", { class: "box unseen", transform: `translate(${x},${BOX.y})` },
      drawn("rect", { width: BOX.width, height: BOX.height, rx: 12 }),
      drawn("text", { x: 12, y: 28 }, NAMES[role]), this.program, this.state);
  }

  show(look, words, program) {
    if (this.look === "good" || this.look === "bad") {
      if (look === "runs") return;
    }
    this.look = look;
    this.node.setAttribute("class", "box " + look);
    this.state.textContent = cutTo(words, 18);
    if (program) this.program.textContent = cutTo(program.split("/").pop(), 24);
  }

  get middle() { return this.x + BOX.width / 2; }
}

class Picture {
  constructor(run) {
    this.run = run;
    const cast = castOf(run);
    const step = cast.length > 1 ? (WIDTH - BOX.width - 40) / Math.max(2, cast.length - 1) : 0;
    this.boxes = new Map(cast.map((role, i) =>
      [role, new Box(role, 20 + i * step)]));
    this.cast = cast;
    this.marks = drawn("g");
    this.bolts = 0;
    this.svg = drawn("svg", { viewBox: `0 0 ${WIDTH} 306`, role: "img" },
      drawn("defs", {}, drawn("marker", { id: "tip", viewBox: "0 0 8 8", refX: 7,
        refY: 4, markerWidth: 4, markerHeight: 4, orient: "auto" },
        drawn("path", { d: "M 0 0 L 8 4 L 0 8 z", class: "tip" }))),
      ...this.lines(), ...[...this.boxes.values()].map((box) => box.node),
      this.marks);
    this.node = element("div", { class: "picture", tabindex: "0", role: "group",
      "aria-label": "Exit chain" }, this.svg);
    this.describe("not run yet");
  }

  // From each to who is started by it: go starts the compiler and the -exec
  // program, so that the line to the latter passes below the former.
  lines() {
    const starter = { go: "shell", compiler: "go", exec: "go", service: "shell",
      test: this.boxes.has("exec") ? "exec" : this.run.kind === "binary" ? "shell" : "go",
      other: this.boxes.has("shell") ? "shell" : "command" };
    if (this.boxes.has("command")) starter.compiler = "command";
    return this.cast.filter((role) => this.boxes.has(starter[role])).map((role) => {
      const from = this.boxes.get(starter[role]);
      const to = this.boxes.get(role);
      const y = BOX.y + 30;
      const near = this.cast.indexOf(role) - this.cast.indexOf(from.role) === 1;
      return drawn("path", { class: "starts", "marker-end": "url(#tip)",
        d: near ? `M ${from.x + BOX.width} ${y} H ${to.x - 2}`
          : `M ${from.middle} ${BOX.y} V ${BOX.y - 22} H ${to.middle} V ${BOX.y - 2}` });
    });
  }

  describe(words) {
    this.svg.setAttribute("aria-label", "Exit chain: " + words);
  }

  // A shell of ours is a command to faultrig, and the other way round in lessons.
  boxOf(link) {
    const other = { command: "shell", shell: "command" }[link];
    return this.boxes.get(link) || this.boxes.get(other);
  }

  take(event) {
    const take = { seen: () => this.seen(event), looks: () => this.looks(event),
      ended: () => this.ended(event) }[event.kind];
    if (take) take();
  }

  seen(event) {
    const box = this.boxOf(event.link);
    if (event.fact === "process_started" && box) {
      box.show("runs", "runs", event.program);
      this.heardOf(event);
    } else if (event.fact === "process_ended" && box) {
      box.show(event.clean ? "good" : "bad", event.status, event.program);
      this.tell(box, event);
    } else if (event.fact === "never_started" && box) {
      box.show("bad", "never started");
    } else if (event.fact === "request") {
      this.fate(event.fate);
    } else if (event.fact === "signal_sent" || event.fact === "oom_kill") {
      this.strike(box || this.boxOf("test"), event);
    }
  }

  // How the requests of the clients came out, which go from right to left.
  fate(word) {
    const box = this.boxes.get("clients");
    if (!box) return;
    const words = FATES[word] || word;
    box.fates = { ...box.fates, [words]: (box.fates?.[words] || 0) + 1 };
    const all = Object.entries(box.fates).map(([what, count]) => `${count} ${what}`);
    box.show(Object.keys(box.fates).join() === "answered" ? "seen" : "lostone", all.join(", "));
  }

  // Who told of the test is the -exec program itself.
  heardOf(event) {
    const exec = this.boxes.get("exec");
    if (exec && event.link === "test" && event.source === "shim") {
      exec.show("runs", "started it", "faultrig-shim");
    }
  }

  // What was seen alive in /proc; a box that only this tells of ends with it.
  looks(event) {
    for (const [role, box] of this.boxes) {
      const alive = event.alive.filter((one) => this.roleOf(one) === role);
      const told = box.look === "good" || box.look === "bad";
      if (alive.length > 0) {
        box.byLooks = box.byLooks || box.look === undefined;
        box.show("runs", alive.length > 1 ? `${alive.length} run` : "runs",
          [...new Set(alive.map((one) => one.name))].join(", "));
      } else if (box.byLooks && box.look === "runs" && !told) {
        box.show("seen", "has ended");
      }
    }
  }

  // What has no box of its own is another program.
  roleOf(one) {
    return this.boxes.has(one.role) || one.name === this.run.program ? one.role : "other";
  }

  // Its end, told to who waits for it.
  tell(box, event) {
    const waits = { test: this.boxes.has("exec") ? "exec" : "shell", go: "shell" }[box.role];
    const to = this.boxes.get(waits) || this.boxes.get("shell");
    if (!to || to === box) return;
    this.arrow(box, to, event.clean ? "told" : "told bad", event.status);
    if (box.role === "test" && to.role === "exec") {
      to.show("seen", "saw its end");
      this.arrow(to, this.boxes.get("go"), "passes", "");
    }
  }

  arrow(from, to, look, words) {
    const y = BOX.y + BOX.height;
    const low = y + 40;
    this.marks.append(
      drawn("path", { class: look, pathLength: "1", "marker-end": "url(#tip)",
        d: `M ${from.middle} ${y} V ${low} H ${to.middle} V ${y + 3}` }),
      drawn("text", { class: "word" + (look.includes("bad") ? " bad" : ""),
        x: (from.middle + to.middle) / 2, y: low - 8 }, words));
  }

  strike(box, event) {
    const x = box.middle + 34 * this.bolts;
    const y = BOX.y - 44;
    this.bolts += 1;
    const who = event.fact === "oom_kill" ? "kernel: out of memory"
      : `${event.sent} from faultrig`;
    this.marks.append(
      drawn("path", { class: "bolt",
        d: `M ${x} ${y} l 16 0 l -8 16 l 12 0 l -26 34 l 8 -24 l -12 0 z` }),
      drawn("text", { class: "bolt-word", x: Math.max(110, Math.min(x, WIDTH - 130)),
        y: y - 8 - 24 * (this.bolts % 2) }, who));
  }

  // What a shell would say of the end of go is a rule, and no fact.
  ended(event) {
    const shell = this.boxes.get("shell");
    const ends = event.ends || [];
    const outer = ends[ends.length - 1];
    if (shell && shell.look === undefined && outer && outer.code !== undefined) {
      shell.show(outer.code === 0 ? "good" : "bad", `$? would be ${outer.code}`);
    }
    for (const box of this.boxes.values()) {
      if (box.look === undefined) box.show("unseen", "not seen");
      // Nothing outlives a run; the last look may have been before its end.
      if (box.look === "runs") box.show("seen", "has ended");
    }
    if (event.lost_at) this.lose(event.lost_at, outer);
    this.describe(ends.map((end) => `${end.link} ${end.status || end.how}`)
      .join(", then ") + (event.lost_at ? `; the truth is lost at ${event.lost_at}` : ""));
  }

  lose(link, outer) {
    const box = this.boxOf(link);
    if (!box) return;
    const y = BOX.y - 12;
    this.marks.append(
      drawn("rect", { class: "lost", x: box.x - 12, y, rx: 16,
        width: BOX.width + 24, height: BOX.height + 24 }),
      drawn("text", { class: "lost-word", y: BOX.y + BOX.height + 78,
        x: Math.min(Math.max(box.middle, 260), WIDTH - 260) },
      outer && outer.code !== undefined
        ? `the truth is lost here: all that is left is ${outer.code}`
        : "the truth is lost here"));
  }
}

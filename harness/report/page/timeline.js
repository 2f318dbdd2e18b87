// When what happened, as lanes over time that can be zoomed. The table below
// it has the same rows as text.
const LANES = [
  { name: "faults", kind: "fault", facts: /^(fault_|trigger_|effects_)/ },
  { name: "signals", kind: "signal",
    facts: /^(signal_|our_signal|deadline_|grace_|service_stopped|stop_begun)/ },
  { name: "calls", kind: "call",
    facts: /^(call_|calls_|path_unread|answered_before)/ },
  { name: "limits", kind: "limit",
    facts: /^(oom_kill|limit_|peak_memory|largest_|most_)/ },
  { name: "requests", kind: "call", facts: /^(request|load_|write_|longest_)/ },
  { name: "service", kind: "",
    facts: /^(service_|listens_at|health|files_seen|second_)/ },
  { name: "tests", kind: "", facts: /^(test_event|last_word|go_crash)/ },
  { name: "output", kind: "", facts: /^(output_|last_output)/ },
];
const LEFT = 90;
const WIDTH = 900;

function laneOf(row) {
  return LANES.find((lane) => lane.facts.test(row.fact)) ||
    { name: "run", kind: "" };
}

// The processes that started and when they ended; one without an end lived on.
function lifetimes(rows, last) {
  const open = new Map();
  const out = [];
  for (const row of rows) {
    if (row.fact === "process_started") {
      const life = { pid: row.pid, link: row.link, from: row.at, to: last };
      open.set(row.pid, life);
      out.push(life);
    } else if (row.fact === "process_ended" && open.has(row.pid)) {
      open.get(row.pid).to = row.at;
      open.delete(row.pid);
    }
  }
  return out.slice(0, 20);
}

// A step of 1, 2 or 5 times a power of ten, at most ten of them in `span`.
function tickStep(span) {
  const rough = span / 10;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= rough);
}

class Timeline {
  constructor(rows, cites, choose) {
    this.rows = rows;
    this.cites = cites;
    this.choose = choose;
    this.last = Math.max(1000, ...rows.map((row) => row.at));
    this.lives = lifetimes(rows, this.last);
    this.lanes = [...LANES.filter((lane) =>
      rows.some((row) => laneOf(row) === lane)), { name: "run", kind: "" }];
    this.from = 0;
    this.to = this.last;
    this.height = 24 + 20 * (this.lives.length + this.lanes.length);
    this.svg = drawn("svg", { role: "img", class: "timeline",
      viewBox: `0 0 ${LEFT + WIDTH + 10} ${this.height}`,
      "aria-label": `Timeline of ${rows.length} events; the table below has them as text` });
    this.draw();
  }

  x(at) {
    return LEFT + (at - this.from) / (this.to - this.from) * WIDTH;
  }

  // `factor` below 1 looks closer, around `middle`.
  zoom(factor, middle = (this.from + this.to) / 2) {
    const span = Math.min(this.last,
      Math.max(1000, (this.to - this.from) * factor));
    const share = (middle - this.from) / (this.to - this.from);
    this.show(middle - share * span, span);
  }

  pan(share) {
    const span = this.to - this.from;
    this.show(this.from + share * span, span);
  }

  show(from, span) {
    this.from = Math.max(0, Math.min(from, this.last - span));
    this.to = this.from + span;
    this.draw();
  }

  draw() {
    this.svg.replaceChildren();
    const step = tickStep(this.to - this.from);
    for (let at = Math.ceil(this.from / step) * step; at <= this.to; at += step) {
      this.svg.append(
        drawn("line", { class: "lane", x1: this.x(at), x2: this.x(at), y1: 16,
          y2: this.height }),
        drawn("text", { class: "soft", x: this.x(at) + 2, y: 12 }, elapsed(at)));
    }
    this.lives.forEach((life, i) => this.drawLife(life, 24 + 20 * i));
    const top = 24 + 20 * this.lives.length;
    this.lanes.forEach((lane, i) => this.drawLane(lane, top + 20 * i));
  }

  drawLife(life, y) {
    const from = Math.max(LEFT, this.x(life.from));
    const to = Math.min(LEFT + WIDTH, this.x(life.to));
    this.svg.append(drawn("text", { x: 2, y: y + 12 },
      cutTo(life.link || "process", 10)));
    if (to >= LEFT && from <= LEFT + WIDTH) {
      this.svg.append(drawn("rect", { class: "process", x: from, y: y + 2,
        width: Math.max(1, to - from), height: 13 },
        drawn("title", {}, `${life.link} pid ${life.pid}: ${elapsed(life.from)} to ${elapsed(life.to)}`)));
    }
  }

  drawLane(lane, y) {
    this.svg.append(
      drawn("text", { x: 2, y: y + 12 }, lane.name),
      drawn("line", { class: "lane", x1: LEFT, x2: LEFT + WIDTH, y1: y + 9,
        y2: y + 9 }));
    for (const row of this.rows) {
      if (laneOf(row).name !== lane.name || row.fact.startsWith("process_") ||
          row.at < this.from || row.at > this.to) {
        continue;
      }
      const dot = drawn("circle", { cx: this.x(row.at), cy: y + 9, r: 5,
        class: "dot " + lane.kind + (this.cites.has(row.index) ? " cited" : "") },
        drawn("title", {}, elapsed(row.at) + "  " + row.text));
      dot.addEventListener("click", () => this.choose(row.index));
      this.svg.append(dot);
    }
  }

  node() {
    const button = (label, does) => {
      const out = element("button", { type: "button" }, label);
      out.addEventListener("click", does);
      return out;
    };
    this.svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const box = this.svg.getBoundingClientRect();
      const share = ((event.clientX - box.left) / box.width *
        (LEFT + WIDTH + 10) - LEFT) / WIDTH;
      this.zoom(event.deltaY < 0 ? 0.7 : 1.4,
        this.from + share * (this.to - this.from));
    }, { passive: false });
    return element("div", {}, element("div", { class: "tools" },
      button("Zoom in", () => this.zoom(0.5)),
      button("Zoom out", () => this.zoom(2)),
      button("Earlier", () => this.pan(-0.3)),
      button("Later", () => this.pan(0.3)),
      button("All", () => this.show(0, this.last))),
      element("div", { class: "wide", tabindex: "0", role: "group",
        "aria-label": "Timeline" }, this.svg));
  }
}

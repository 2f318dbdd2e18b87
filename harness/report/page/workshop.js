// The lessons, a step at a time: what it is about, each run with its guesses,
// why it was so. Runs come from the server, live, or from the data of this very
// file when it is a recording.

const byId = (id) => document.getElementById(id);
const embedded = byId("data");
// Nobody wants to watch a compiler again.
const LONGEST_PAUSE = 1200;
// Milliseconds for which each is shown before the next one.
const SHOWN_FOR = { begun: 300, seen: 350, looks: 150 };

const KEYS = [
  ["→, ←", "on: the next step; back"],
  ["Page Down, Page Up", "the same, once all of a step was shown"],
  ["n, p", "the next lesson, the one before"], ["v", "type in the votes"],
  ["Enter", "in the votes: the next one"], ["r", "run it"], ["s", "stop it"],
  ["c", "clear the votes and the answer"],
  ["l", "all lessons"], ["d", "light, dark, as the system"],
  ["+, -", "larger, smaller"], ["?", "these keys"], ["Esc", "close; leave the votes"]];

// A run may be over in the blink of an eye: its events are shown no faster than
// people can see. The times beside them are true.
class Pace {
  constructor(take) {
    this.take = take;
    this.waiting = [];
    this.timer = 0;
  }

  push(id, event, pause = 0) {
    if (event.kind === "begun") this.clear();
    this.waiting.push({ id, event, pause });
    if (!this.timer) this.next(pause);
  }

  clear() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.waiting = [];
  }

  next(pause) {
    this.timer = setTimeout(() => {
      const { id, event } = this.waiting.shift();
      this.timer = 0;
      this.take(id, event);
      const after = this.waiting[0];
      if (after) this.next(Math.max(after.pause, this.hurries ? 0 : SHOWN_FOR[event.kind] || 0));
    }, pause);
  }
}

class Tape {
  constructor(runs, take) {
    this.runs = runs;
    this.pace = new Pace(take);
  }

  // At the pace at which it happened, or slower.
  run(view) {
    const events = this.runs[view.run.id] ||
      [{ t: 0, event: { kind: "failed", why: "this run was not recorded" } }];
    this.pace.clear();
    let before = 0;
    for (const { t, event } of events) {
      this.pace.push(view.run.id, event, Math.min(t - before, LONGEST_PAUSE));
      before = t;
    }
  }

  stop(view) {
    this.pace.clear();
    this.pace.push(view.run.id, { kind: "failed", why: "stopped" });
  }
}

class Live {
  constructor(take) {
    const source = new EventSource("events");
    const pace = new Pace(take);
    this.pace = pace;
    pace.hurries = true; // through what happened before this page was there
    let id = 0;
    source.addEventListener("message", (message) => {
      const { event } = JSON.parse(message.data);
      id = event.kind === "begun" ? event.id : id;
      say("");
      pace.push(id, event);
    });
    source.addEventListener("error", () =>
      say("No connection to faultrig. Does it still run in its terminal?"));
    source.addEventListener("open", () => say(""));
  }

  async ask(path) {
    try {
      const answer = await fetch(path, { method: "POST" });
      if (!answer.ok) say(await answer.text());
    } catch (refused) {
      say("No connection to faultrig. Does it still run in its terminal?");
    }
  }

  run(view) {
    this.pace.hurries = false;
    return this.ask(`run/${view.run.id}`);
  }

  stop() { return this.ask("end"); }
}

function say(text) {
  byId("said").textContent = text;
}

class Shop {
  constructor(data) {
    this.lessons = data.lessons;
    this.views = new Map();
    const take = (id, event) => this.take(id, event);
    this.source = embedded ? new Tape(data.runs, take) : new Live(take);
    for (const lesson of this.lessons) {
      for (const run of lesson.runs) {
        this.views.set(run.id, new RunView(run, this.source));
      }
    }
    this.recorded = data.recorded || "";
  }

  // What happens in another run than the one that is shown is kept for later.
  take(id, event) {
    const view = this.views.get(id);
    const words = view ? view.take(event) : "";
    if (words) byId("spoken").textContent = words;
  }

  get lesson() { return this.lessons[this.at]; }
  get steps() { return stepsOf(this.lesson); }

  show(at, step, focus = true) {
    this.at = Math.max(0, Math.min(at, this.lessons.length - 1));
    this.step = Math.max(0, Math.min(step, this.steps.length - 1));
    byId("title").textContent = this.lesson.title;
    byId("where").textContent = `Lesson ${this.lesson.number} of ` +
      `${this.lessons.length}, step ${this.step + 1} of ${this.steps.length}`;
    document.title = `${this.lesson.title} - faultrig workshop`;
    byId("step").replaceChildren(...this.steps[this.step](this));
    allow(byId("back"), this.at > 0 || this.step > 0);
    allow(byId("on"), this.at < this.lessons.length - 1 || this.step < this.steps.length - 1);
    history.replaceState(null, "", `#${this.at + 1}.${this.step + 1}`);
    if (focus) byId("step").focus();
    scrollTo(0, 0);
  }

  on() {
    const last = this.step === this.steps.length - 1;
    if (isAllowed(byId("on"))) this.show(this.at + (last ? 1 : 0), last ? 0 : this.step + 1);
  }

  back() {
    if (!isAllowed(byId("back"))) return;
    if (this.step > 0) this.show(this.at, this.step - 1);
    else this.show(this.at - 1, stepsOf(this.lessons[this.at - 1]).length - 1);
  }

  // The run that is shown, if one is.
  get view() {
    const run = this.lesson.runs[this.step - 1];
    return run ? this.views.get(run.id) : null;
  }
}

function stepsOf(lesson) {
  return [
    (shop) => [...markdownNodes(lesson.intro),
      element("div", { class: "files" },
        ...lesson.files.map((file) => codeNode(file.text, file.name))),
      ...remarksOf(lesson, shop)],
    ...lesson.runs.map((run) => (shop) => [shop.views.get(run.id).node]),
    () => [element("h2", {}, "Why"), ...markdownNodes(lesson.why), ...exerciseOf(lesson)],
  ];
}

// What one should know before it begins.
function remarksOf(lesson, shop) {
  const terminal = lesson.runs.length > 0 ? [] : [element("p", { class: "note" },
    "This lesson runs in a terminal: ",
    element("code", {}, `faultrig learn --lesson ${lesson.number}`))];
  const cannot = lesson.cannot === "" ? [] : [element("p", { class: "wrong" },
    `This machine cannot do all of it: ${lesson.cannot}`)];
  const recorded = shop.recorded === "" ? [] : [element("p", { class: "note" },
    `Recorded on ${shop.recorded}: to run is to see again what happened then.`)];
  return [...cannot, ...terminal, ...recorded];
}

function exerciseOf(lesson) {
  return lesson.task ? [element("h2", {}, "Exercise"), ...markdownNodes(lesson.task),
    element("p", { class: "note" }, "In a terminal: ",
      element("code", {}, `faultrig learn --lesson ${lesson.number}`))] : [];
}

function changeTheme() {
  const next = { "": "dark", dark: "light", light: "" };
  const root = document.documentElement;
  const theme = next[root.dataset.theme || ""];
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  byId("spoken").textContent = theme || "as the system";
}

function zoom(by) {
  const style = document.documentElement.style;
  const now = Number(style.getPropertyValue("--zoom")) || 1;
  style.setProperty("--zoom", String(Math.min(2, Math.max(.6, now + by)).toFixed(1)));
}

function fillDialogs(shop) {
  byId("keys").replaceChildren(element("h2", {}, "Keys"), element("dl", {},
    ...KEYS.flatMap(([key, does]) =>
      [element("dt", {}, element("kbd", {}, key)), element("dd", {}, does)])));
  byId("list").replaceChildren(element("h2", {}, "Lessons"), element("ol", {},
    ...shop.lessons.map((lesson, i) => {
      const button = element("button", { type: "button" },
        `${lesson.number}. ${lesson.title}`);
      button.addEventListener("click", () => {
        byId("list").close();
        shop.show(i, 0);
      });
      return element("li", {}, button);
    })));
}

// What is larger than the screen is read first.
function scrolled(way) {
  const before = scrollY;
  scrollBy({ top: way * innerHeight * .8, behavior: "instant" });
  return Math.abs(scrollY - before) > 1;
}

// In a field of votes letters would be lost anyway; what moves on works there.
function keysOf(shop) {
  const on = () => shop.on();
  const back = () => shop.back();
  const press = (button) => () => shop.view && isAllowed(shop.view[button]) &&
    shop.view[button].click();
  return { ArrowRight: on, ArrowLeft: back,
    PageDown: () => scrolled(1) || on(), PageUp: () => scrolled(-1) || back(),
    n: () => shop.show(shop.at + 1, 0), p: () => shop.show(shop.at - 1, 0),
    v: () => shop.view && shop.view.ballots[0] && shop.view.ballots[0].rows[0].input.focus(),
    r: press("start"), s: press("stop"), c: () => shop.view && shop.view.clear(),
    d: changeTheme,
    l: () => byId("list").showModal(), "?": () => byId("keys").showModal(),
    "+": () => zoom(.1), "=": () => zoom(.1), "-": () => zoom(-.1) };
}

// Enter leads from one field of votes to the next, then to the button.
function leaveField(shop, key, field) {
  if (key === "Escape") byId("step").focus();
  if (key !== "Enter") return key === "Escape";
  const fields = shop.view.ballots.flatMap((ballot) => ballot.rows.map((row) => row.input));
  (fields[fields.indexOf(field) + 1] || shop.view.start).focus();
  return true;
}

function listen(shop) {
  const keys = keysOf(shop);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey ||
        document.querySelector("dialog[open]")) return;
    const field = event.target.closest("input");
    const done = field && (leaveField(shop, event.key, field) || !event.key.startsWith("Page"));
    const scrolls = event.key.startsWith("Arrow") && event.target.closest("pre, .picture, .seen") &&
      event.target.scrollWidth > event.target.clientWidth;
    if (field && event.key === "Enter") event.preventDefault();
    if (done || scrolls || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  byId("on").addEventListener("click", () => shop.on());
  byId("back").addEventListener("click", () => shop.back());
  byId("theme").addEventListener("click", changeTheme);
  byId("help").addEventListener("click", () => byId("keys").showModal());
  byId("lessons").addEventListener("click", () => byId("list").showModal());
}

async function begin() {
  const data = embedded ? JSON.parse(embedded.textContent)
    : await (await fetch("lessons")).json();
  const shop = new Shop(data);
  fillDialogs(shop);
  listen(shop);
  const [at, step] = location.hash.slice(1).split(".").map(Number);
  shop.show((at || 1) - 1, (step || 1) - 1, false);
}

begin();

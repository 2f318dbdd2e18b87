// One run of a lesson: the guesses, the picture, who saw what, what was printed.

const MOST_ROWS = 300;

class RunView {
  constructor(run, ask) {
    this.run = run;
    this.ballots = run.ask.map((question, i) => new Ballot(run, question, i));
    this.start = element("button", { type: "button", class: "main",
      "aria-keyshortcuts": "r" }, "Run it");
    this.stop = element("button", { type: "button", "aria-keyshortcuts": "s" }, "Stop");
    this.stop.hidden = true;
    this.start.addEventListener("click", () => isAllowed(this.start) && ask.run(this));
    this.stop.addEventListener("click", () => ask.stop(this));
    this.remark = element("p", { class: "note" });
    this.above = element("div");
    this.below = element("div");
    this.node = element("section", { "aria-label": "Run" },
      element("div", { class: "tools" }, element("p", { class: "command" }, run.command),
        this.start, this.stop, this.remark),
      ...run.faults.map((fault) => element("p", { class: "added" },
        "faultrig adds: ", element("code", {}, fault))),
      this.above,
      element("div", { class: "ballots" }, ...this.ballots.map((ballot) => ballot.node)),
      this.below);
    this.reset();
  }

  reset() {
    this.picture = new Picture(this.run);
    this.rows = element("tbody");
    this.log = element("div", { class: "seen", tabindex: "0", role: "group",
      "aria-label": "Who saw what" }, element("table", {},
      element("thead", {}, element("tr", {}, ...["at", "who saw it", "what"].map(
        (word) => element("th", { scope: "col" }, word)))), this.rows));
    this.log.hidden = true;
    this.out = element("div");
    this.above.replaceChildren(this.picture.node);
    this.below.replaceChildren(this.log, this.out);
    this.busy(false);
  }

  // For the next room.
  clear() {
    if (!isAllowed(this.start)) return;
    this.ballots.forEach((ballot) => ballot.clear());
    this.start.textContent = "Run it";
    this.remark.textContent = "";
    this.reset();
  }

  busy(now) {
    allow(this.start, !now);
    this.stop.hidden = !now;
    if (now) this.remark.textContent = "it runs";
  }

  take(event) {
    if (event.kind === "begun") {
      this.reset();
      this.busy(true);
      this.picture.node.scrollIntoView({ block: "nearest" });
      return "The run has begun.";
    }
    this.picture.take(event);
    if (event.kind === "seen") this.note(event);
    if (event.kind === "ended") return this.ended(event);
    return event.kind === "failed" ? this.failed(event) : "";
  }

  note(event) {
    if (this.rows.childElementCount >= MOST_ROWS) return;
    this.log.hidden = false;
    this.rows.append(element("tr", {}, element("td", {}, elapsed(event.at)),
      element("td", {}, sourceWords(event)),
      element("td", {}, event.text)));
    this.log.scrollTop = this.log.scrollHeight;
  }

  ended(event) {
    this.busy(false);
    this.remark.textContent = `took ${elapsed(event.took_ns)}` +
      (event.go ? ` with ${event.go}` : "");
    this.ballots.forEach((ballot, i) => ballot.settle(event.answers[i]));
    this.start.textContent = "Run it again";
    this.out.replaceChildren(...this.surprises(event),
      ...printed("It printed", event.stdout), ...printed("On stderr", event.stderr));
    return "The run has ended. " + this.ballots.map((ballot) =>
      ballot.machine.textContent).join(" ");
  }

  // Where the machine says otherwise than the lesson holds.
  surprises(event) {
    return (event.surprises || []).map((text) =>
      element("p", { class: "wrong" }, text));
  }

  failed(event) {
    this.busy(false);
    this.remark.textContent = event.why;
    return event.why;
  }
}

function printed(name, stream) {
  if (!stream || stream.text === "") return [];
  const cut = stream.left_out > 0
    ? [element("p", { class: "note" }, `${stream.left_out} bytes before it are left out`)]
    : [];
  return [element("h3", {}, name), ...cut, element("pre", { tabindex: "0",
    role: "group", "aria-label": name }, ...ansiNodes(stream.text))];
}

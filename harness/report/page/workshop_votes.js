// The room's guesses: typed in by the teacher, shown as bars, and after the run
// beside what the machine said.

class Ballot {
  constructor(run, question, number) {
    this.question = question;
    this.key = `votes ${run.id} ${number}`;
    this.counts = this.kept() || question.answers.map(() => 0);
    this.machine = element("p", { class: "machine" });
    this.machine.hidden = true;
    this.rows = question.answers.map((text, i) => this.row(text, i, `${run.id}-${number}`));
    this.node = element("fieldset", {}, element("legend", {}, ...inlineNodes(question.text)),
      ...this.rows.map((row) => row.node), this.machine);
    this.show();
  }

  // Kept in this tab, so that a reload loses nothing; not everywhere allowed.
  kept() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.key));
      return Array.isArray(kept) && kept.length === this.question.answers.length &&
        kept.every((count) => Number.isInteger(count)) ? kept : null;
    } catch (refused) {
      return null;
    }
  }

  keep() {
    try {
      sessionStorage.setItem(this.key, JSON.stringify(this.counts));
    } catch (refused) { /* then a reload loses them */ }
  }

  row(text, i, id) {
    const input = element("input", { type: "number", min: "0", max: "9999",
      id: `vote-${id}-${i}`, inputmode: "numeric", value: String(this.counts[i]) });
    const bar = element("i");
    const share = element("span", { class: "share" });
    input.addEventListener("input", () => {
      this.counts[i] = Math.min(9999, Math.max(0, Math.trunc(Number(input.value)) || 0));
      this.keep();
      this.show();
    });
    input.addEventListener("focus", () => input.select());
    const node = element("div", { class: "answer" },
      element("label", { for: input.id }, ...inlineNodes(text)), input,
      element("span", { class: "bar", "aria-hidden": "true" }, bar), share);
    return { node, bar, share, input };
  }

  get all() { return this.counts.reduce((sum, count) => sum + count, 0); }

  show() {
    this.rows.forEach((row, i) => {
      const part = this.all > 0 ? this.counts[i] / this.all : 0;
      row.bar.style.width = `${part * 100}%`;
      row.share.textContent = this.all > 0 ? `${Math.round(part * 100)} %` : "";
      if (this.right === i) row.share.textContent += " ✓";
    });
  }

  // As if nobody had voted and nothing had run.
  clear() {
    this.counts = this.counts.map(() => 0);
    this.rows.forEach((row) => {
      row.input.value = "0";
      row.node.classList.remove("right");
    });
    this.right = undefined;
    this.machine.hidden = true;
    this.keep();
    this.show();
  }

  // `right`: the answer that this run meets, or null: none of them.
  settle(right) {
    this.right = right === null ? undefined : right;
    this.rows.forEach((row, i) =>
      row.node.classList.toggle("right", i === right));
    const said = right === null ? "none of these" : this.question.answers[right];
    const guessed = right === null ? 0 : this.counts[right];
    this.machine.replaceChildren("The machine says: ", ...inlineNodes(said), ".",
      this.all > 0 ? ` ${guessed} of ${this.all} in the room said so.` : "");
    this.machine.hidden = false;
    this.show();
  }
}

// A teacher, and then a reader, at the workshop in a headless Chromium: by the
// keyboard alone. Every check has a state to wait for; none sleeps.
//   node workshop.mjs CHROMIUM URL HOSTILE_URL DIR
// Screenshots go to DIR, where the recordings ours.html and hostile.html are.
import { accessible, browserOf, check, equal, finish, fits, opened } from "./checks.mjs";

const [chromium, ours, hostile, shots] = process.argv.slice(2);
const NEXT = "ArrowRight";

const text = (page, selector) => page.$eval(selector, (node) => node.textContent);
const shot = (page, name) => page.screenshot({ path: `${shots}/workshop-${name}.png` });
const ended = (page) => page.waitForFunction(() =>
  [...document.querySelectorAll("#step .machine")].length > 0 &&
  [...document.querySelectorAll("#step .machine")].every((one) => !one.hidden));

async function ready(page) {
  await page.waitForFunction(() => document.getElementById("step").childElementCount > 0);
}

async function vote(page, counts) {
  await page.keyboard.press("v");
  for (const count of counts) {
    await page.keyboard.type(String(count));
    await page.keyboard.press("Enter");
  }
}

// The first lesson, from the reading to the reason.
async function lesson(page, name) {
  await ready(page);
  check("it begins with the first lesson", /^Lesson 1 of/.test(await text(page, "#where")),
    await text(page, "#where"));
  check("code is shown", /os\.Exit\(255\)/.test(await text(page, "#step pre")),
    await text(page, "#step"));
  await shot(page, `${name}-read`);
  await page.keyboard.press(NEXT);
  await vote(page, [2, 9, 1, 8, 6, 10, 0, 4]);
  const shares = await page.$$eval("#step fieldset:first-of-type .share", (all) =>
    all.map((one) => parseInt(one.textContent, 10)));
  equal("bars show the votes", shares, [10, 45, 5, 40]);
  await page.waitForSelector("#step button.main[aria-disabled='false']");
  await page.keyboard.press("Escape");
  await page.keyboard.press("c");
  check("c clears what ran before", !(await page.$("#step .answer.right")), "an answer");
  check("the picture waits", (await page.$$("svg .box.unseen")).length === 5, "not 5 boxes");
  await vote(page, [2, 9, 1, 8, 6, 10, 0, 4]);
  await shot(page, `${name}-votes`);
  await page.keyboard.press("r");
  await page.waitForSelector("svg .box.runs");
  await shot(page, `${name}-running`);
  await ended(page);
  await result(page);
  await shot(page, `${name}-ended`);
  await page.evaluate(() => document.querySelector("#step .seen").scrollIntoView());
  await shot(page, `${name}-seen`);
  await page.keyboard.press(NEXT);
  check("it tells why", /os\.Exit ends the whole/.test(await text(page, "#step")),
    await text(page, "#step"));
  equal("a number in a paragraph begins no list", (await page.$$("#step ol")).length, 0);
  await shot(page, `${name}-why`);
  await page.keyboard.press("ArrowLeft");
}

async function result(page) {
  const label = await page.$eval("#step svg", (svg) => svg.getAttribute("aria-label"));
  check("the chain is told in words", label ===
    "Exit chain: test exited 255, then go exited 1; the truth is lost at go", label);
  equal("what the machine says is marked", await page.$$eval("#step .answer.right label",
    (all) => all.map((one) => one.textContent)), ["255", "1"]);
  check("beside the room's guess", /8 of 20 in the room/.test(await text(page, "#step .machine")),
    await text(page, "#step .machine"));
  equal("the lost link stays marked", (await page.$$("#step svg .lost")).length, 1);
  equal("no lesson is wrong", (await page.$$("#step .wrong")).length, 0);
  const said = await page.$$eval("#step .seen tbody tr", (rows) =>
    rows.map((row) => row.lastChild.textContent));
  check("who saw what is told", said.includes("test exited 255") &&
    said.includes("go exited 1"), said);
}

async function dialogs(page) {
  await page.keyboard.press("?");
  check("keys are shown", await page.$("#keys[open]"), "no dialog");
  await shot(page, "keys");
  await page.keyboard.press("Escape");
  await page.keyboard.press("l");
  check("lessons are listed", (await page.$$("#list[open] button")).length > 1, "no list");
  await shot(page, "list");
  await page.keyboard.press("Escape");
  check("and leave", !(await page.$("dialog[open]")), "a dialog");
  await page.keyboard.press("n");
  check("the next lesson", /^Lesson 2 of/.test(await text(page, "#where")),
    await text(page, "#where"));
  await page.keyboard.press("p");
  await page.keyboard.press(NEXT);
}

// Whatever can be used has its turn when Tab is pressed.
async function tabbed(page) {
  const seen = new Set();
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press("Tab");
    seen.add(await page.evaluate(() => {
      const one = document.activeElement;
      return one.id || one.textContent.slice(0, 12) || one.tagName;
    }));
  }
  const wanted = await page.$$eval("button, input", (all) => all
    .filter((one) => one.checkVisibility())
    .map((one) => one.id || one.textContent.slice(0, 12)));
  equal("Tab reaches all", wanted.filter((one) => !seen.has(one)), []);
}

async function themes(page) {
  const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const system = await back();
  await page.keyboard.press("d");
  const dark = await back();
  await accessible(page, "dark, by the key");
  await shot(page, "by-key-dark");
  await page.keyboard.press("d");
  const light = await back();
  await accessible(page, "light, by the key");
  await page.keyboard.press("d");
  check("the key changes it", dark !== light, [system, dark, light]);
  equal("and comes back", await back(), system);
  await page.keyboard.press("+");
  const larger = await page.evaluate(() => getComputedStyle(document.body).fontSize);
  await page.keyboard.press("-");
  const before = await page.evaluate(() => getComputedStyle(document.body).fontSize);
  check("+ makes it larger", parseFloat(larger) > parseFloat(before), [larger, before]);
  check("it is large", parseFloat(before) >= 18, before);
}

async function still(page) {
  const names = () => page.evaluate(() => ["pulse", "told"].map(() =>
    getComputedStyle(document.querySelector("#step svg .told")).animationName));
  check("the picture moves", !(await names()).includes("none"), await names());
  await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
  equal("unless motion is not wanted", await names(), ["none", "none"]);
}

// A reload loses neither the votes nor what happened.
async function reloaded(page) {
  await page.reload();
  await ready(page);
  await ended(page);
  await result(page);
}

// Live, with what it may load.
async function teacher(browser, width, height, scheme) {
  const page = await opened(browser, ours, { width, height, scheme, own: ours });
  await lesson(page, scheme);
  await accessible(page, scheme);
  await fits(page, `${width} pixels`);
  if (scheme === "light") {
    await dialogs(page);
    await tabbed(page);
    await page.keyboard.press("Escape");
    await themes(page);
    await reloaded(page);
    await still(page);
  }
  await page.close();
}

async function illMeaning(browser, url, own, name) {
  const page = await opened(browser, url,
    { width: 1280, height: 720, scheme: "light", own });
  await ready(page);
  equal("a title is text", await text(page, "#title"), "<img src=x onerror=alert(1)> & co");
  equal("no element came of the lesson",
    await page.$$eval("#step img, #step b, #step script, header img", (all) => all.length), 0);
  check("the code is text", (await text(page, "#step pre")).includes("</pre><script>"),
    await text(page, "#step"));
  equal("only a link to the web is one", await page.$$eval("#step a", (all) =>
    all.map((one) => one.getAttribute("href"))), ["https://faultrig.example/"]);
  await page.keyboard.press(NEXT);
  await page.keyboard.press("r");
  await ended(page);
  check("output is text", (await text(page, "#step pre")).includes(
    "</script><script>alert(1)</script>"), await text(page, "#step"));
  check("colours stay", await page.$("#step .ansi-1"), "no .ansi-1");
  check("a wrong lesson is told", (await text(page, "#step .wrong")).includes(
    "The lesson expected '0', and here the machine says '3'"), await text(page, "#step"));
  equal("then nothing is marked as lost", (await page.$$("#step svg .lost")).length, 0);
  await shot(page, `hostile-${name}`);
  await page.close();
}

async function reader(browser) {
  const page = await opened(browser, `file://${shots}/ours.html`,
    { width: 1280, height: 720, scheme: "dark" });
  await lesson(page, "recorded");
  await accessible(page, "recorded");
  await page.close();
}

// Every run of every lesson: the machine has an answer, the lesson is right, and no
// word leaves its box. Nobody watches, so nothing is shown slowly.
async function everyRun(browser) {
  const page = await opened(browser, "about:blank",
    { width: 1280, height: 720, scheme: "light" });
  await page.evaluateOnNewDocument(() => {
    const later = window.setTimeout.bind(window);
    window.setTimeout = (then) => later(then, 0);
  });
  await page.goto(`file://${shots}/ours.html`);
  await ready(page);
  let runs = 0;
  while (await page.$("#on[aria-disabled='false']")) {
    await page.keyboard.press(NEXT);
    const where = `${await text(page, "#where")}, ${await text(page, "#title")}`;
    await fits(page, where);
    if (!(await page.$("#step .ballots"))) continue;
    runs += 1;
    await page.keyboard.press("r");
    await page.waitForFunction(() => /^(took|needs)/.test(
      document.querySelector("#step .tools .note").textContent));
    if (await page.$eval("#step .tools .note", (one) => one.textContent.startsWith("needs"))) continue;
    equal(`${where}: it is right`, await page.$$eval("#step .wrong", (all) =>
      all.map((one) => one.textContent)), []);
    equal(`${where}: the machine has an answer`, await page.$$eval("#step fieldset", (all) =>
      all.filter((one) => !one.querySelector(".right")).length), 0);
    equal(`${where}: nothing is left running`, (await page.$$("#step .box.runs")).length, 0);
    equal(`${where}: words fit`, await page.$$eval("#step svg .box text, #step svg > g > text",
      (all) => all.filter((one) => {
        const box = one.closest(".box");
        const [least, most] = box ? [0, box.querySelector("rect").getBBox().width]
          : [0, one.ownerSVGElement.viewBox.baseVal.width];
        const { x, width } = one.getBBox();
        return x < least || x + width > most;
      }).map((one) => one.textContent)), []);
  }
  check("there are runs", runs > 20, runs);
  await page.close();
}

// Another site finds nothing out, and nothing happens.
async function stranger(browser) {
  const page = await browser.newPage();
  await page.goto("about:blank");
  const got = await page.evaluate(async (url) => {
    const one = await fetch(url).then(() => "read", () => "refused");
    const two = await fetch(url + "run/1", { method: "POST", mode: "no-cors" })
      .then((answer) => answer.type, () => "refused");
    return [one, two];
  }, ours);
  equal("another site reads nothing", got[0], "refused");
  await page.close();
}

const browser = await browserOf(chromium);
try {
  await teacher(browser, 1280, 720, "light");
  await teacher(browser, 1920, 1080, "dark");
  await illMeaning(browser, hostile, hostile, "live");
  await illMeaning(browser, `file://${shots}/hostile.html`, "file:", "recorded");
  await reader(browser);
  await everyRun(browser);
  await stranger(browser);
} finally {
  await browser.close();
}
finish();

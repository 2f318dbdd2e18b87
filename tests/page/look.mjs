// Opens a page that faultrig made in a headless Chromium and does what a reader
// does. Every check has an event or a state to wait for; none sleeps.
//   node look.mjs CHROMIUM PAGE OLDER_JSON SCREENSHOT_DIR
import { readFileSync, writeFileSync } from "node:fs";
import { accessible, browserOf, check, equal, finish, fits, opened } from "./checks.mjs";

const [chromium, path, older, shots] = process.argv.slice(2);

const shown = (page) => page.$$eval("details.one",
  (all) => all.filter((one) => !one.hidden).map((one) =>
    one.querySelector(".name").firstChild.textContent));

async function typeText(page, text) {
  await page.click("#text", { clickCount: 3 });
  await page.keyboard.press("Backspace");
  await page.type("#text", text);
}

async function filters(page) {
  const all = await shown(page);
  check("the worst is first", all[0] === "hostile", all);
  await typeText(page, "oom");
  const found = await shown(page);
  check("text filters", found.length > 0 && found.length < all.length &&
    found.every((name) => name.includes("oom")), found);
  await typeText(page, "");
  await page.select("#tag", "hostile <b>");
  equal("a tag filters", await shown(page), ["hostile"]);
  await page.select("#tag", "");
  const button = await page.$("#verdicts button");
  await button.press("Enter");
  check("a verdict is hidden by the keyboard",
    !(await shown(page)).includes("hostile"), await shown(page));
  await button.press("Enter");
  equal("and comes back", (await shown(page)).length, all.length);
  await page.select("#order", "slow");
  const times = await page.$$eval(".one .bar i",
    (bars) => bars.map((bar) => parseFloat(bar.style.width)));
  check("the slowest is first", times.every((time, i) =>
    i === 0 || time <= times[i - 1]), times);
  await page.select("#order", "bad");
}

async function details(page) {
  const id = "#" + await page.$$eval("details.one", (all) =>
    all.find((one) => one.textContent.includes("hostile")).id);
  await page.focus(id + " > summary");
  await page.keyboard.press("Enter");
  await page.waitForSelector(id + " svg.timeline");
  const text = await page.$eval(id, (node) => node.textContent);
  check("hostile output is text", text.includes("<script>document.title"),
    text.slice(0, 2000));
  check("colours stay", await page.$(id + " .ansi-1"), "no .ansi-1");
  equal("no element came of it",
    await page.$$eval(id + " img, #s0 script, #s0 b", (all) => all.length), 0);
  equal("the title is ours", await page.title(), "faultrig report");
  const ticks = () => page.$$eval(id + " svg.timeline text.soft",
    (all) => all.map((tick) => tick.textContent).join());
  const before = await ticks();
  await page.click(id + " .tools button");
  check("zoom changes the scale", before !== await ticks(), before);
  await page.click(id + " .tools button:last-of-type");
  equal("all of it comes back", await ticks(), before);
  await page.$eval(id + " svg.timeline circle", (dot) =>
    dot.dispatchEvent(new MouseEvent("click")));
  equal("a dot chooses its row",
    await page.$$eval(id + " tr.chosen", (all) => all.length), 1);
  await page.click(id + " .finding a");
  const target = await page.$eval(":target", (row) => row.tagName);
  equal("a finding leads to what it cites", target, "TR");
}

async function chain(page) {
  await typeText(page, "go_says_1");
  const node = await page.$("details.one:not([hidden])");
  await node.$eval("summary", (summary) => summary.click());
  await node.waitForSelector("svg[aria-label^='Exit chain']");
  const label = await node.$eval("svg[aria-label^='Exit chain']",
    (svg) => svg.getAttribute("aria-label"));
  check("the chain is told in words", /test killed by SIGTERM, then go exited 1/.test(label), label);
  await typeText(page, "");
}

async function comparison(page) {
  const input = await page.$("#older");
  await input.uploadFile(older);
  await page.waitForSelector("#changed-label:not([hidden])");
  await page.click("#changed");
  const changed = await page.$$eval("details.one",
    (all) => all.filter((one) => !one.hidden).map((one) =>
      one.querySelector(".was").textContent));
  check("only what changed is shown", changed.length > 0 &&
    changed.every((word) => word !== ""), changed);
  check("what is gone is named",
    (await page.$eval("#gone", (node) => node.textContent)).includes("was_here"),
    await page.$eval("#gone", (node) => node.textContent));
  await page.click("#changed");
}

// A map: a finding's cell says so, and the keyboard shows what happened there.
async function map(browser, name, outcome, width, height, scheme) {
  const page = await opened(browser, `file://${shots}/${name}.html`,
    { width, height, scheme });
  const bad = await page.$(".map .cell.bad");
  check(`${name} has a finding`, bad !== null, "no .cell.bad");
  await bad.press("Enter");
  const chosen = await page.$eval("#chosen", (node) => node.textContent);
  check(`${name} tells the outcome`, outcome.test(chosen), chosen);
  check(`${name} lists its findings`,
    await page.$("#findings li"), "none listed");
  const signs = await page.$$eval(".map .cell", (all) =>
    [...new Set(all.map((cell) => cell.textContent))]);
  check(`${name} has more than one kind of cell`, signs.length > 1, signs);
  await accessible(page, `${name}, ${scheme}`);
  await page.screenshot({ path: `${shots}/${name}-${scheme}.png` });
}

// What is in quarantine is told as such, and so is how fewer were chosen.
async function excused(browser) {
  const page = await opened(browser, `file://${shots}/excused.html`,
    { width: 1280, height: 900, scheme: "light" });
  const shownAs = await page.$eval("details.one summary", (one) => one.textContent);
  check("what is excused is told", shownAs.startsWith("excused") &&
    shownAs.includes("in quarantine until 9999-12-31: <b>known"), shownAs);
  const choice = await page.$eval("#choice", (node) => node.textContent);
  check("the choice is told", choice.includes("1 of 1 scenarios"), choice);
}

// What a page of ten thousand scenarios costs; told, since machines differ.
async function measure(browser) {
  const text = readFileSync(path, "utf8");
  const start = 'id="data">';
  const from = text.indexOf(start) + start.length;
  const to = text.indexOf("</script", from);
  const report = JSON.parse(text.slice(from, to));
  const some = report.scenarios;
  report.scenarios = Array.from({ length: 10000 }, (_, i) =>
    ({ ...some[i % some.length], name: some[i % some.length].name + i }));
  const big = text.slice(0, from) +
    JSON.stringify(report).replaceAll("<", "\\u003c") + text.slice(to);
  writeFileSync(`${shots}/big.html`, big);
  const page = await browser.newPage();
  const opened = performance.now();
  await page.goto(`file://${shots}/big.html`);
  const filtered = performance.now();
  await page.$eval("#text", (field) => {
    field.value = "oom";
    field.dispatchEvent(new Event("input"));
    return document.body.offsetHeight;
  });
  const done = performance.now();
  console.log(`10000 scenarios: ${(big.length / 1e6).toFixed(0)} MB, shown ` +
    `after ${Math.round(filtered - opened)} ms, filtered in ` +
    `${Math.round(done - filtered)} ms`);
}

const browser = await browserOf(chromium);
try {
  for (const [width, height, scheme] of
    [[1280, 900, "light"], [390, 844, "dark"]]) {
    const page = await opened(browser, `file://${path}`, { width, height, scheme });
    await page.screenshot({ path: `${shots}/list-${scheme}.png` });
    await filters(page);
    await details(page);
    await chain(page);
    await comparison(page);
    await accessible(page, scheme);
    await fits(page, `${width} pixels`);
    await page.screenshot({ path: `${shots}/open-${scheme}.png` });
    await map(browser, "sweep", /swallowed|hung|failed/, width, height, scheme);
    await map(browser, "shutdown", /unhandled/, width, height, scheme);
  }
  await excused(browser);
  await measure(browser);
} finally {
  await browser.close();
}
finish();

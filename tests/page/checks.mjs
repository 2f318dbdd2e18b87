// What looks at pages share: a browser, checks that are counted, and everything
// that a page may not do.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import puppeteer from "puppeteer-core";

const axe = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const wrong = [];
let checks = 0;

export function check(what, holds, seen) {
  checks += 1;
  if (!holds) wrong.push(`${what}: ${JSON.stringify(seen)}`);
}

export function equal(what, seen, right) {
  check(what, JSON.stringify(seen) === JSON.stringify(right), seen);
}

// A page that may load only what begins with `own`.
export async function opened(browser, url, { width, height, scheme, own = "file:" }) {
  const page = await browser.newPage();
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: scheme }]);
  page.on("console", (message) => wrong.push("console: " + message.text()));
  page.on("pageerror", (error) => wrong.push("error: " + error.message));
  page.on("dialog", (dialog) => {
    wrong.push("a dialog of hostile output: " + dialog.message());
    dialog.dismiss();
  });
  page.on("request", (request) => {
    const asked = request.url();
    if (!asked.startsWith(own) && asked !== "data:,") wrong.push("asks " + asked);
  });
  await page.goto(url);
  return page;
}

export async function accessible(page, scheme) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () =>
    (await globalThis.axe.run()).violations.map((one) =>
      [one.impact, one.id, one.nodes[0].html]));
  const serious = found.filter(([impact]) =>
    impact === "serious" || impact === "critical");
  equal(`axe finds nothing serious (${scheme})`, serious, []);
}

// Nothing is cut off at the side.
export async function fits(page, what) {
  const wide = await page.evaluate(() =>
    document.documentElement.scrollWidth - innerWidth);
  check(`${what} fits`, wide <= 0, wide);
}

export function browserOf(chromium) {
  return puppeteer.launch({ executablePath: chromium,
    args: process.getuid() === 0 ? ["--no-sandbox"] : [] });
}

export function finish() {
  for (const one of wrong) console.log("WRONG " + one);
  console.log(`${checks} checks, ${wrong.length} wrong`);
  process.exit(wrong.length === 0 ? 0 : 1);
}

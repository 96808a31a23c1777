// The pages end to end: the real desk, its real API and Debian's Chromium.
//
//   node e2e/run.mjs BINARY FOLDER
//
// Each fact is a sentence that holds or fails; none is skipped without being named. Screenshots of every page, light,
// dark and on a phone, stay in FOLDER.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { barriers } from "./access.mjs";
import { addPerson, startDesk } from "./desk.mjs";

const [binary, folder] = process.argv.slice(2);
if (!binary || !folder) throw new Error("node e2e/run.mjs BINARY FOLDER");
mkdirSync(folder, { recursive: true });

const PASSWORD = "a long enough password";
const BROWSER = "/usr/bin/chromium";
const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const PAGES = ["desk", "decisions", "chart", "gates", "missed", "learning", "discovery", "options", "replay", "health", "audit", "policy"];

const started = performance.now();
const failures = [];

async function fact(name, check) {
  const since = performance.now();
  let result = "ok";
  try {
    const note = await check();
    if (note) result = `ok (${note})`;
  } catch (cause) {
    failures.push(name);
    result = `FAILED\n      ${String(cause?.message ?? cause).split("\n").join("\n      ")}`;
  }
  console.log(`  ${name}: ${result}  ${((performance.now() - since) / 1000).toFixed(1)} s`);
}

function claim(holds, words) {
  if (!holds) throw new Error(words);
}

/** A page whose every complaint is kept; what the browser says about a fetch that was meant to be refused is not one. */
async function open(browser, options = {}) {
  const context = await browser.newContext({ viewport: WIDE, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    const at = message.location().url;
    if (/status of 401/.test(message.text()) && /\/api\/v1\/session$/.test(at)) return;
    complaints.push(`${message.type()}: ${message.text()} ${at}`);
  });
  page.setDefaultTimeout(15_000);
  return { context, page, complaints };
}

async function logIn(page, url, name) {
  await page.goto(url);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.locator(".shell").waitFor();
}

/** Goes to a page and waits until it has everything it asked for. */
async function visit(page, address) {
  await page.evaluate((hash) => (location.hash = hash), `#/${address}`);
  await page.locator("main h1").waitFor();
  await page.waitForFunction(() => !document.querySelector(".skeleton"));
  const fault = page.locator("[data-fault]").first();
  if (await fault.count()) throw new Error(`${address}: the desk did not answer: ${await fault.textContent()}`);
}

function quiet(complaints, where) {
  claim(!complaints.length, `${where}: ${[...new Set(complaints)].join("\n")}`);
}

async function look(page, complaints, addresses, suffix, touch = false) {
  const wrong = [];
  for (const [name, address] of addresses) {
    complaints.length = 0;
    try {
      await visit(page, address);
      for (const barrier of await barriers(page, { touch })) wrong.push(`${name}: ${barrier}`);
      quiet(complaints, name);
    } catch (cause) {
      wrong.push(String(cause.message ?? cause));
    }
    await page.screenshot({ path: join(folder, `${name}-${suffix}.png`) });
  }
  claim(!wrong.length, wrong.join("\n"));
  return `${addresses.length} pages`;
}

const desk = await startDesk(binary);
const browser = await chromium.launch({ executablePath: BROWSER, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
try {
  await facts();
} finally {
  await browser.close();
  await desk.stop();
}
console.log(`\n${failures.length ? `${failures.length} facts failed: ${failures.join("; ")}` : "all facts hold"}, ${((performance.now() - started) / 1000).toFixed(0)} s; screenshots in ${folder}`);
process.exitCode = failures.length ? 1 : 0;

async function facts() {
  const { page, complaints } = await open(browser);

  await fact("the printed link makes the first operator", async () => {
    await page.goto(desk.setUp);
    await page.getByRole("heading", { name: "Set up the first operator" }).waitFor();
    await page.getByLabel("Name").fill("ada");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByLabel("The password again").fill(PASSWORD);
    await page.screenshot({ path: join(folder, "set-up-light.png") });
    const wrong = await barriers(page);
    claim(!wrong.length, wrong.join("\n"));
    await page.getByRole("button", { name: "Create the operator" }).click();
    await page.locator(".shell").waitFor();
    claim(!page.url().includes("token"), `the address still holds the token: ${page.url()}`);
  });

  await fact("a page with faults would be found out", async () => {
    const faulty = await open(browser);
    await faulty.page.setContent(`<html lang="en"><title>Faulty</title><main><h1>One</h1><h3>Three</h3>
      <p><font color="#aaaaaa">pale</font></p><button></button><i id="a"></i><i id="a"></i><table width="3000"><tr><td>wide</td></tr></table></main>`);
    const found = (await barriers(faulty.page)).join("\n");
    for (const word of ["skips a level", "contrast of", "button has no name", "is there twice", "too wide"]) claim(found.includes(word), `not found out: ${word}; found:\n${found}`);
    await faulty.context.close();
  });

  await fact("the link works once, and a wrong password does not open", async () => {
    const other = await open(browser);
    await other.page.goto(desk.setUp);
    await other.page.getByLabel("Name").fill("eve");
    await other.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await other.page.getByLabel("The password again").fill(PASSWORD);
    await other.page.getByRole("button", { name: "Create the operator" }).click();
    await other.page.getByRole("alert").waitFor();
    await other.page.goto("about:blank");
    await other.page.goto(desk.url);
    await other.page.getByLabel("Name").fill("ada");
    await other.page.getByLabel("Password").fill("not the password");
    await other.page.screenshot({ path: join(folder, "log-in-light.png") });
    await other.page.getByRole("button", { name: "Log in" }).click();
    await other.page.getByRole("alert").waitFor();
    claim(!(await other.page.locator(".shell").count()), "a wrong password opened the desk");
    await other.context.close();
  });

  // Signals come with the sessions that are played first; the addresses of two decisions are taken from the list.
  await fact("six sessions are played within a minute", async () => {
    await visit(page, "decisions");
    await page.locator("tbody tr").nth(11).waitFor({ timeout: 60_000 });
  });
  const [taken, refused] = [await decision(page, "true"), await decision(page, "false")];
  const addresses = [...PAGES.map((name) => [name, name]), ["decision", `decision/${taken}`], ["decision-refused", `decision/${refused}`]];

  await fact("every page is whole in light, without a barrier", () => look(page, complaints, addresses, "light"));

  await fact("every page is whole in dark, without a barrier", async () => {
    await page.emulateMedia({ colorScheme: "dark" });
    try {
      return await look(page, complaints, addresses, "dark");
    } finally {
      await page.emulateMedia({ colorScheme: "light" });
    }
  });

  await fact("every page fits a phone and can be touched", async () => {
    const phone = await open(browser, { viewport: PHONE, hasTouch: true, isMobile: true });
    await logIn(phone.page, desk.url, "ada");
    const note = await look(phone.page, phone.complaints, addresses, "phone", true);
    await phone.page.getByRole("button", { name: "More" }).tap();
    await phone.page.getByRole("link", { name: "Policy" }).tap();
    await phone.page.getByRole("heading", { name: "Policy", level: 1 }).waitFor();
    await phone.context.close();
    return note;
  });

  await fact("the first paint comes within a second", async () => {
    const times = [];
    for (let turn = 0; turn < 3; turn += 1) {
      await page.goto("about:blank");
      await page.goto(desk.url);
      await page.locator(".shell").waitFor();
      times.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Infinity));
    }
    const best = Math.min(...times);
    claim(best < 1000, `${best.toFixed(0)} ms at best`);
    return `${best.toFixed(0)} ms`;
  });

  await fact("the desk lives, and nothing jumps while it does", async () => {
    await visit(page, "desk");
    const clock = page.getByRole("timer");
    const before = await clock.textContent();
    const { shift, moved } = await page.evaluate(
      () =>
        new Promise((resolve) => {
          let shift = 0;
          const moved = new Set();
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) {
              shift += entry.value;
              for (const { node } of entry.sources) moved.add((node?.parentElement ?? node)?.textContent?.trim().slice(0, 60));
            }
          }).observe({ type: "layout-shift" });
          setTimeout(() => resolve({ shift, moved: [...moved] }), 4000);
        }),
    );
    claim((await clock.textContent()) !== before, `the clock still says ${before}`);
    // At this speed hours pass while it is watched, so that rows and calls come and go. A page that jumped a little at
    // each of its forty updates would be far beyond this.
    claim(shift < 0.25, `the layout shifted by ${shift.toFixed(4)}: ${moved.join("; ")}`);
    return `shift ${shift.toFixed(4)}`;
  });

  await fact("keys: search anything, list the keys, go to a page, walk a table", () => keys(page));

  await fact("h and Enter halt, a reason resumes, and the audit names who", async () => {
    await visit(page, "desk");
    await page.keyboard.press("h");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Enter");
    await page.locator('[data-state="halted"]').waitFor();
    await page.screenshot({ path: join(folder, "halted-light.png") });
    await page.keyboard.press("h");
    const resume = page.getByRole("button", { name: "Resume" });
    claim(await resume.isDisabled(), "it resumes without a reason");
    await page.getByRole("dialog").getByRole("textbox").fill("the suite has seen enough");
    await resume.click();
    await page.locator('[data-state="active"]').waitFor();
    await visit(page, "audit");
    await page.getByText("the suite has seen enough").waitFor();
  });

  await fact("an alert is acknowledged, and stays so", async () => {
    await visit(page, "health");
    const open = page.getByRole("button", { name: "Acknowledge" });
    const before = await open.count();
    if (!before) {
      if (!(await page.getByText("No alert").count())) await page.getByText("over", { exact: true }).first().waitFor();
      return "nothing waits for anybody; the page says so";
    }
    await open.first().click();
    await page.getByText("seen by ada").first().waitFor();
    return `${before} before, ${await open.count()} after`;
  });

  await fact("a position is closed by hand", async () => {
    await visit(page, "desk");
    const close = page.getByRole("button", { name: /^Close / });
    if (!(await close.count())) {
      await page.getByText("Nothing is held").waitFor();
      return "the demo holds nothing now; the page says so";
    }
    const name = await close.first().getAttribute("aria-label");
    await close.first().click();
    await page.getByRole("button", { name: "Close it" }).click();
    await page.getByText("Close is journaled").waitFor();
    return name;
  });

  await fact("a policy is previewed, adopted with a reason, and is the next version", async () => {
    await visit(page, "policy");
    const setting = page.getByLabel("Cool down minutes", { exact: true });
    const before = Number(await setting.inputValue());
    await setting.fill("nonsense");
    await setting.press("Tab");
    await page.locator(".loss").first().waitFor();
    await setting.fill(String(before + 1));
    await setting.press("Tab");
    await page.getByText("the desk accepts it").waitFor();
    const adopt = page.getByRole("button", { name: "Adopt as the next version" });
    claim(await adopt.isDisabled(), "it adopts without a reason");
    await page.getByLabel("Why", { exact: true }).fill("the suite waits a minute longer");
    await page.screenshot({ path: join(folder, "policy-preview-light.png") });
    await adopt.click();
    await page.getByText("Version 2 is in force.").waitFor();
  });

  await fact("a viewer is told who can halt", async () => {
    await addPerson(desk, "vic", PASSWORD, "viewer");
    const viewer = await open(browser);
    await logIn(viewer.page, desk.url, "vic");
    await viewer.page.keyboard.press("h");
    await viewer.page.getByText("You are signed in as a viewer").waitFor();
    await viewer.context.close();
  });

  await fact("a what-if slider decides again", async () => {
    await visit(page, `decision/${refused}`);
    const slider = page.locator('input[type="range"]').first();
    await slider.focus();
    await page.keyboard.press("Home");
    await page.locator(".answer .chip").waitFor();
    return (await page.locator(".answer").textContent()).trim().replace(/\s+/g, " ").slice(0, 60);
  });

  await fact("a proposal is answered with a typed reason", async () => {
    await visit(page, "learning");
    const approve = page.getByRole("button", { name: "Approve" }).first();
    if (!(await approve.count())) {
      await page.getByText("No proposal waits for you").waitFor();
      return "the demo proposes nothing; the page says so";
    }
    claim(await approve.isDisabled(), "it approves without a reason");
    await page.getByLabel("Your reason").first().fill("the interval clears zero");
    await approve.click();
    await page.getByText("Approved.").waitFor();
    return "approved";
  });

  await fact("a desk that is not heard looks stale", async () => {
    await visit(page, "desk");
    await page.context().setOffline(true);
    await page.getByText("Not live.").waitFor({ timeout: 25_000 });
    await page.screenshot({ path: join(folder, "stale-light.png") });
    await page.context().setOffline(false);
    await page.getByText("Not live.").waitFor({ state: "detached", timeout: 25_000 });
  });

  await fact("logging out leaves nothing to see", async () => {
    await page.getByRole("button", { name: /^Log out/ }).click();
    await page.getByRole("heading", { name: "Log in to the desk" }).waitFor();
  });
}

/** The newest signal that was taken, or refused. */
async function decision(page, wanted) {
  await visit(page, `decisions?taken=${wanted}`);
  await page.locator("tbody tr").first().click();
  await page.waitForFunction(() => location.hash.startsWith("#/decision/"));
  return decodeURIComponent(new URL(page.url()).hash.split("/")[2]);
}

async function keys(page) {
  await visit(page, "desk");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.screenshot({ path: join(folder, "keys-light.png") });
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  const box = page.getByRole("combobox", { name: "Search anything" });
  await box.fill("chart");
  await page.getByRole("option").first().waitFor();
  await page.screenshot({ path: join(folder, "search-light.png") });
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash.startsWith("#/chart"));
  await page.keyboard.press("g");
  await page.keyboard.press("w");
  await page.getByRole("heading", { name: "Decisions", level: 1 }).waitFor();
  await page.locator("tbody tr").nth(1).waitFor();
  await page.locator("tbody tr").first().focus();
  await page.keyboard.press("j");
  claim(await page.locator("tbody tr").nth(1).evaluate((row) => row === document.activeElement), "j does not go down");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash.startsWith("#/decision/"));
  await page.getByRole("link", { name: "On the chart" }).focus();
  for (const turn of [1, 2, 3]) {
    await page.keyboard.press("Tab");
    const [who, outline] = await page.evaluate(() => [document.activeElement?.outerHTML.slice(0, 80), getComputedStyle(document.activeElement).outlineStyle]);
    claim(outline !== "none", `the focus is not shown after ${turn} tabs: ${who}`);
  }
}

// The desk under test: the demo of the real binary in a folder of its own, on a port that was free.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PATIENCE_MS = 90_000;

/** Starts a demo and waits for its address. */
export async function startDesk(binary) {
  const home = mkdtempSync(join(tmpdir(), "backsight-pages-"));
  const words = ["--home", home, "--json", "demo", "--days", "6", "--speed", "20", "--listen", "127.0.0.1:0"];
  const demo = spawn(binary, words, { stdio: ["ignore", "pipe", "pipe"] });
  let complaints = "";
  demo.stderr.on("data", (bytes) => (complaints += bytes));
  const ended = new Promise((resolve) => demo.on("exit", resolve));
  const stop = async () => {
    demo.kill("SIGINT");
    const late = setTimeout(() => demo.kill("SIGKILL"), 5000);
    await ended;
    clearTimeout(late);
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const first = await line(demo, ended, () => complaints);
    const { dashboard, set_up } = JSON.parse(first);
    return { binary, home, url: dashboard, setUp: set_up, stop };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

/** The first line that a process prints. */
function line(demo, ended, complaints) {
  return new Promise((resolve, reject) => {
    let text = "";
    const late = setTimeout(() => reject(new Error(`no address within ${PATIENCE_MS / 1000} s; ${complaints()}`)), PATIENCE_MS);
    demo.stdout.on("data", (bytes) => {
      text += bytes;
      if (!text.includes("\n")) return;
      clearTimeout(late);
      resolve(text.slice(0, text.indexOf("\n")));
    });
    void ended.then((code) => reject(new Error(`the demo ended with ${code}; ${complaints()}`)));
  });
}

/** Gives somebody a role, as an operator does at the machine. */
export function addPerson(desk, name, password, role) {
  return new Promise((resolve, reject) => {
    const users = spawn(desk.binary, ["--home", desk.home, "users", "add", name, "--role", role], { stdio: ["pipe", "ignore", "pipe"] });
    let complaints = "";
    users.stderr.on("data", (bytes) => (complaints += bytes));
    users.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`users add ended with ${code}: ${complaints}`))));
    users.stdin.end(`${password}\n`);
  });
}

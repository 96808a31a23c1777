// Orders to the desk. Each carries a key, so that pressing twice is one order; the answer only says that it was taken.

import { Fault, freshKey, send } from "../api/client";
import { tell } from "./toast.svelte";

export type CommandName = "halt" | "reduce" | "resume" | "flatten" | "close" | "acknowledge" | "approve" | "reject" | "withdraw";

/** Sends something and says what came of it; returns whether it was taken. */
export async function attempt(what: string, ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    tell(what);
    return true;
  } catch (cause) {
    if (cause instanceof Fault) tell(cause.message, true, cause.hint);
    else throw cause;
    return false;
  }
}

const DONE: Record<CommandName, string> = {
  halt: "Halt is journaled. Nothing opens until you resume.",
  reduce: "Reduce is journaled. Positions may only shrink.",
  resume: "Resume is journaled. The desk may open positions.",
  flatten: "Flatten is journaled. Every position is being closed.",
  close: "Close is journaled. The position is being sold.",
  acknowledge: "Acknowledged.",
  approve: "Approved. It runs in shadow first.",
  reject: "Rejected, with your reason.",
  withdraw: "Withdrawn. The old value is back.",
};

export function command(name: CommandName, why: string, target?: string): Promise<boolean> {
  const body = { command: name, why, key: freshKey(), ...(target === undefined ? {} : { target }) };
  return attempt(DONE[name], () => send("POST", "/commands", body));
}

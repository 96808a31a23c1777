// Who we are to the desk.

import { Fault, holdToken, read, send, whenSignedOut } from "./client";
import { connect, disconnect, whenEnded } from "./live.svelte";
import type { Role, Session } from "./types";

type Standing = "asking" | "in" | "out" | "unreachable";

let standing = $state<Standing>("asking");
let who = $state.raw<Session>();

export const session = {
  get standing() {
    return standing;
  },
  get name() {
    return who?.name ?? "";
  },
  get role(): Role {
    return who?.role ?? "viewer";
  },
  /** May approve, reject, halt. */
  get approves() {
    return who !== undefined && who.role !== "viewer";
  },
  /** May do everything. */
  get operates() {
    return who?.role === "operator";
  },
};

function enter(known: Session): void {
  who = known;
  holdToken(known.csrf ?? "");
  standing = "in";
  connect();
}

function leave(): void {
  who = undefined;
  holdToken("");
  standing = "out";
  disconnect();
}

whenSignedOut(leave);
whenEnded(leave);

/** Asks the desk who we are. */
export async function begin(): Promise<void> {
  try {
    enter(await read<Session>("/session"));
  } catch (cause) {
    if (cause instanceof Fault && cause.status === 0) standing = "unreachable";
    else leave();
  }
}

export async function logIn(name: string, password: string): Promise<void> {
  enter(await send<Session>("POST", "/session", { name, password }));
}

export async function setUp(token: string, name: string, password: string): Promise<void> {
  enter(await send<Session>("POST", "/setup", { token, name, password }));
}

export async function logOut(): Promise<void> {
  await send("DELETE", "/session");
  leave();
}

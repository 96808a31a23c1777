// The socket. It carries what changed and when the desk was last heard; pages decide what to ask again.

export type Topic = "desk" | "prices" | "stories" | "signals" | "orders" | "positions" | "alerts" | "learning";
export type Link = "connecting" | "live" | "lost";

export interface Message {
  seq: number;
  topic: Topic;
  kind: "snapshot" | "delta";
  body: unknown;
}

const TOPICS: Topic[] = ["desk", "prices", "stories", "signals", "orders", "positions", "alerts", "learning"];
const WAIT_MS_MAX = 10_000;
/** The close code with which the desk ends a socket whose session has ended. */
const LOGGED_OUT = 4001;

type Listener = (message: Message) => void;

let link = $state<Link>("connecting");
let heard = $state(0);
let now = $state(Date.now());
const listeners = new Map<Topic, Set<Listener>>();
let socket: WebSocket | undefined;
let wanted = false;
let last = 0;
let wait = 500;
let retry: ReturnType<typeof setTimeout> | undefined;

setInterval(() => (now = Date.now()), 1000);

export const live = {
  get link() {
    return link;
  },
  /** When the desk last said anything, in milliseconds of this browser's clock. */
  get heard() {
    return heard;
  },
  /** This browser's clock, once a second. */
  get now() {
    return now;
  },
  /** How long the desk has been silent. */
  get silent() {
    return heard ? Math.max(0, now - heard) / 1000 : 0;
  },
};

let onSignedOut: () => void = () => {};

/** Names whom to tell when the socket ends because the session has. */
export function whenEnded(tell: () => void): void {
  onSignedOut = tell;
}

/** Notes that the desk answered. */
export function hear(): void {
  heard = Date.now();
}

/** Calls back for every message of a topic, until the returned function is called. */
export function listen(topic: Topic, listener: Listener): () => void {
  const known = listeners.get(topic) ?? new Set();
  known.add(listener);
  listeners.set(topic, known);
  return () => known.delete(listener);
}

/** Keeps a socket open from here on. */
export function connect(): void {
  wanted = true;
  if (!socket) open();
}

/** Closes the socket for good. */
export function disconnect(): void {
  wanted = false;
  clearTimeout(retry);
  socket?.close();
}

function open(): void {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const opened = new WebSocket(`${scheme}://${location.host}/ws`);
  socket = opened;
  opened.addEventListener("open", () => {
    link = "live";
    wait = 500;
    hear();
    opened.send(JSON.stringify({ subscribe: TOPICS, ...(last ? { from: last } : {}) }));
  });
  opened.addEventListener("message", (event) => take(String(event.data)));
  opened.addEventListener("close", (event) => {
    socket = undefined;
    if (event.code === LOGGED_OUT) onSignedOut();
    if (!wanted) return;
    link = "lost";
    retry = setTimeout(open, wait);
    wait = Math.min(wait * 2, WAIT_MS_MAX);
  });
}

function take(text: string): void {
  hear();
  const message = JSON.parse(text) as Partial<Message>;
  if (!message.topic) return;
  if (typeof message.seq === "number") last = Math.max(last, message.seq);
  for (const listener of listeners.get(message.topic) ?? []) listener(message as Message);
}

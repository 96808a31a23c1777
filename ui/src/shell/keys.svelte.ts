// Keys that work everywhere except where text is typed.

import { untrack } from "svelte";

export interface Key {
  keys: string;
  does: string;
  run: () => void;
}

let known = $state.raw<Key[]>([]);
let first = "";
let firstAt = 0;

export const keys = {
  get list() {
    return known;
  },
};

/** Adds keys until the returned function is called. */
export function bind(...added: Key[]): () => void {
  // Whoever binds in an effect must not depend on what others bound.
  untrack(() => (known = [...known, ...added]));
  return () => {
    untrack(() => (known = known.filter((key) => !added.includes(key))));
  };
}

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Runs what a key stands for; a pair such as `g d` counts when its second comes within a second. */
export function press(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const pair = Date.now() - firstAt < 1000 && first ? `${first} ${event.key}` : "";
  const hit = known.find((key) => key.keys === pair) ?? known.find((key) => key.keys === event.key);
  first = hit ? "" : event.key;
  firstAt = Date.now();
  if (!hit) return;
  event.preventDefault();
  hit.run();
}

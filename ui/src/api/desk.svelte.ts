// The desk itself: one resource that every page shares, because the bar on top of all of them shows it.

import type { Resource } from "./resource.svelte";
import { resource, whole } from "./resource.svelte";
import { live } from "./live.svelte";
import type { Desk } from "./types";

let held = $state.raw<Resource<Desk>>();

/** Begins to follow the desk; called once, by the shell. */
export function followDesk(): Resource<Desk> {
  held = resource<Desk>(() => "/desk", { topics: ["desk"], take: whole("desk"), every: 5 });
  return held;
}

/** Seconds of silence after which what is shown is called stale, and lost. */
const STALE_S = 10;

export const desk = {
  get value() {
    return held?.value;
  },
  get fault() {
    return held?.fault;
  },
  /** Desk time: what "now" means on every page. */
  get at() {
    return held?.value?.at;
  },
  get stale() {
    return held?.value !== undefined && (STALE_S <= live.silent || held.fault !== undefined);
  },
  reload: () => held?.reload(),
};

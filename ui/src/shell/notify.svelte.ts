// Notifications of the browser: what the desk raises while these pages are open, also when another window is in front.
// Nobody is asked for permission before they press the button for it, and what was there when the pages opened is no news.

import { listen } from "../api/live.svelte";
import type { Alert, Listing } from "../api/types";
import { named } from "../words";

const CHOICE = "notify";
const SHOWN_MAX = 5;
const WORST = /warning|critical|emergency/;

const known = new Set<string>();
let begun = false;
const state = $state({ on: remembered() && permission() === "granted", permission: permission() });

function permission(): NotificationPermission | "none" {
  return "Notification" in window ? Notification.permission : "none";
}

function remembered(): boolean {
  return localStorage.getItem(CHOICE) === "yes";
}

export const notify = {
  get on() {
    return state.on;
  },
  get permission() {
    return state.permission;
  },
};

/** Turns notifications on or off; the browser asks for permission here and nowhere else. */
export async function turnNotifications(): Promise<void> {
  if (state.on) {
    state.on = false;
  } else if (state.permission !== "none") {
    state.permission = await Notification.requestPermission();
    state.on = state.permission === "granted";
  }
  localStorage.setItem(CHOICE, state.on ? "yes" : "no");
}

/** Shows what is new on the socket, until the returned function is called. */
export function followAlerts(): () => void {
  begun = false;
  return listen("alerts", (message) => {
    const fresh = (message.body as Listing<Alert>).items.filter((alert) => !known.has(alert.id));
    for (const alert of fresh) known.add(alert.id);
    if (begun && state.on) for (const alert of fresh.filter((each) => each.open && WORST.test(each.severity)).slice(0, SHOWN_MAX)) show(alert);
    begun = true;
  });
}

function show(alert: Alert): void {
  // The tag keeps a second tab from saying the same again.
  const shown = new Notification(`Backsight: ${named(alert.severity)}`, { body: alert.text, tag: alert.id, requireInteraction: alert.wants_acknowledgement });
  shown.onclick = () => window.focus();
}

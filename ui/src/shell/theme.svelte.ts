// Light, dark, or what the system says.

export type Theme = "system" | "light" | "dark";
const KEY = "backsight.theme";

function remembered(): Theme {
  const kept = document.documentElement.dataset["theme"];
  return kept === "light" || kept === "dark" ? kept : "system";
}

let chosen = $state<Theme>(remembered());
let turns = $state(0);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => (turns += 1));

export const theme = {
  get chosen() {
    return chosen;
  },
  /** Changes whenever colours change: what draws on a canvas reads it to draw again. */
  get turns() {
    return turns;
  },
};

/** Sets the theme and remembers it in this browser. */
export function choose(next: Theme): void {
  chosen = next;
  turns += 1;
  if (next === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = next;
  try {
    if (next === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // Storage is blocked: the choice holds until the page is closed.
  }
}

/** The next theme in turn. */
export function turn(): void {
  choose(chosen === "system" ? "dark" : chosen === "dark" ? "light" : "system");
}

/** What a token paints, for canvases, which know no variables. */
export function paint(token: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(--${token})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

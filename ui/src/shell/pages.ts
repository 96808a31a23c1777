// Every page once: its address, its name, the letter after `g`, and its picture.

export interface PageMark {
  page: string;
  name: string;
  letter: string;
  icon: string;
  asks: string;
}

export const GROUPS: PageMark[][] = [
  [
    { page: "desk", name: "Desk", letter: "d", icon: "desk", asks: "What is held, what it is worth, what needs me" },
    { page: "decisions", name: "Decisions", letter: "w", icon: "decisions", asks: "Why it traded, and why it did not" },
    { page: "chart", name: "Chart", letter: "c", icon: "chart", asks: "Price with stories, signals, orders and ghosts" },
  ],
  [
    { page: "gates", name: "Gates", letter: "g", icon: "gates", asks: "What each rule saved or cost" },
    { page: "missed", name: "Missed", letter: "m", icon: "missed", asks: "What was not traded and what it did" },
    { page: "learning", name: "Learning", letter: "l", icon: "learning", asks: "Proposals with evidence, and calibration" },
    { page: "discovery", name: "Discovery", letter: "f", icon: "discovery", asks: "Where candidates come from and fall out" },
  ],
  [
    { page: "options", name: "Options", letter: "o", icon: "options", asks: "Chain, Greeks and implied volatility" },
    { page: "replay", name: "Replay", letter: "r", icon: "replay", asks: "Any past minute as the desk saw it" },
  ],
  [
    { page: "health", name: "Health", letter: "h", icon: "health", asks: "What is late, silent or broken" },
    { page: "audit", name: "Audit", letter: "a", icon: "audit", asks: "Who did what, when and why" },
    { page: "policy", name: "Policy", letter: "p", icon: "policy", asks: "Every number a rule uses" },
  ],
];

export const PAGES: PageMark[] = GROUPS.flat();

export const pageNamed = (page: string): PageMark | undefined => PAGES.find((mark) => mark.page === page);

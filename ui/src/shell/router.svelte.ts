// Where we are. Addresses live behind the `#`, so the desk needs to serve one document only, and what is behind it
// (a set-up token) is never sent or logged.

export interface Place {
  page: string;
  parts: string[];
  query: URLSearchParams;
}

function parse(hash: string): Place {
  // The link that the first start prints ends with `#token=WORD`.
  const token = /^#token=(.+)$/.exec(hash)?.[1];
  if (token) return { page: "setup", parts: [], query: new URLSearchParams({ token }) };
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [page = "", ...parts] = path.split("/").map(decodeURIComponent);
  return { page: page || "desk", parts, query: new URLSearchParams(query) };
}

let here = $state.raw<Place>(parse(location.hash));
window.addEventListener("hashchange", () => {
  here = parse(location.hash);
});

/** The place that is shown. */
export const place = {
  get page() {
    return here.page;
  },
  get parts() {
    return here.parts;
  },
  get query() {
    return here.query;
  },
};

/** The address of a place. */
export function link(page: string, ...parts: string[]): string {
  return `#/${[page, ...parts].map(encodeURIComponent).join("/")}`;
}

/** Goes there. */
export function go(page: string, ...parts: string[]): void {
  location.hash = link(page, ...parts);
}

/** Goes to the first page and leaves no trace of where we were. */
export function restart(): void {
  history.replaceState(null, "", `/${link("desk")}`);
  here = parse(location.hash);
}

/** Changes a filter in the address without a new step in the history. */
export function refine(changes: Record<string, string | undefined>): void {
  const query = new URLSearchParams(here.query);
  for (const [key, value] of Object.entries(changes)) {
    if (value) query.set(key, value);
    else query.delete(key);
  }
  const words = query.toString();
  history.replaceState(null, "", link(here.page, ...here.parts) + (words ? `?${words}` : ""));
  here = { ...here, query };
}

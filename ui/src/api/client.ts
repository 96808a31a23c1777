// The one place that asks the desk something. Answers are trusted to have the shape that the OpenAPI promises;
// refusals arrive as `Fault` with the desk's own words.

/** A refusal or a failure, in words a person can act on. */
export class Fault extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly hint: string | undefined,
  ) {
    super(detail || title);
  }
}

let csrf = "";
let onSignedOut: () => void = () => {};

/** Remembers the token that commands carry. */
export function holdToken(token: string): void {
  csrf = token;
}

/** Names whom to tell when the desk no longer knows us. */
export function whenSignedOut(tell: () => void): void {
  onSignedOut = tell;
}

/** A path with the parameters that are set. */
export function withQuery(path: string, query: Record<string, string | number | boolean | undefined>): string {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const words = set.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`);
  return words.length ? `${path}?${words.join("&")}` : path;
}

/** Reads a resource; the browser revalidates by ETag. */
export async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  return ask<T>(path, { method: "GET", cache: "no-cache", ...(signal ? { signal } : {}) });
}

/** Sends a command or a question that changes something. */
export async function send<T>(method: "POST" | "DELETE", path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { "X-CSRF-Token": csrf };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  return ask<T>(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

async function ask<T>(path: string, request: RequestInit): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(`/api/v1${path}`, { credentials: "same-origin", ...request });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new Fault(0, "The desk does not answer", "No connection to the desk.", "See whether `backsight` still runs.");
  }
  if (!answer.ok) throw await refusal(answer, path);
  if (answer.status === 204) return undefined as T;
  return (await answer.json()) as T;
}

async function refusal(answer: Response, path: string): Promise<Fault> {
  const words = (await answer.json().catch(() => ({}))) as Partial<Record<"title" | "detail" | "hint", string>>;
  if (answer.status === 401 && path !== "/session") onSignedOut();
  return new Fault(answer.status, words.title ?? answer.statusText, words.detail ?? "", words.hint);
}

/** A key that makes a command idempotent; also outside of secure contexts. */
export function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

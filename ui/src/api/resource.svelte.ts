// Something the desk knows, kept fresh: read when its address changes, again when the socket says that its topics
// changed (at most once in a while), and now and then in any case.

import { Fault, read } from "./client";
import { hear, listen, type Message, type Topic } from "./live.svelte";

export interface Freshness<T> {
  topics?: Topic[];
  /** Takes a message as it is, so that nothing has to be read again; `undefined` when it does not say enough. */
  take?: (message: Message, held: T | undefined) => T | undefined;
  /** Seconds between readings without news from the socket; 0 reads once. */
  every?: number;
  /** Seconds between two readings that the socket asks for. */
  apart?: number;
}

export class Resource<T> {
  value = $state.raw<T>();
  fault = $state.raw<Fault>();
  /** When the value was read, in milliseconds of this browser's clock. */
  at = $state(0);
  #path: () => string | null;
  #reading: AbortController | undefined;

  constructor(path: () => string | null) {
    this.#path = path;
  }

  /** Reads it again; the value that is there stays until the new one has come. */
  reload = async (): Promise<void> => {
    const path = this.#path();
    if (path === null) return;
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    try {
      this.value = await read<T>(path, reading.signal);
      this.fault = undefined;
      this.at = Date.now();
      hear();
    } catch (cause) {
      if (reading.signal.aborted) return;
      this.fault = cause instanceof Fault ? cause : new Fault(0, "The answer could not be read", String(cause), undefined);
    }
  };

  /** Holds what the socket said. */
  put(value: T): void {
    this.value = value;
    this.fault = undefined;
    this.at = Date.now();
  }

  stop(): void {
    this.#reading?.abort();
  }

  forget(): void {
    this.value = undefined;
    this.fault = undefined;
  }
}

/** A resource that lives as long as the component that calls this. */
export function resource<T>(path: () => string | null, fresh: Freshness<T> = {}): Resource<T> {
  const held = new Resource<T>(path);
  let shown: string | null = null;
  $effect(() => {
    const asked = path();
    if (asked === null) return;
    if (shown !== null && shown.split("?")[0] !== asked.split("?")[0]) held.forget();
    shown = asked;
    void held.reload();
    return () => held.stop();
  });
  $effect(() => {
    const apart = (fresh.apart ?? 1) * 1000;
    let due: ReturnType<typeof setTimeout> | undefined;
    const soon = (message: Message) => {
      const taken = fresh.take?.(message, held.value);
      if (taken !== undefined) {
        held.put(taken);
        return;
      }
      due ??= setTimeout(() => {
        due = undefined;
        void held.reload();
      }, apart);
    };
    const deaf = (fresh.topics ?? []).map((topic) => listen(topic, soon));
    const beat = fresh.every === 0 ? undefined : setInterval(() => void held.reload(), (fresh.every ?? 30) * 1000);
    return () => {
      for (const stop of deaf) stop();
      clearTimeout(due);
      clearInterval(beat);
    };
  });
  return held;
}

interface Rows<T> {
  items: T[];
  next: number | null;
}

/** Takes the whole of a topic. */
export const whole =
  <T>(topic: Topic) =>
  (message: Message): T | undefined =>
    message.topic === topic && message.kind === "snapshot" ? (message.body as T) : undefined;

/** Takes all rows of a topic that is always told in full. */
export const allRows =
  <T>(topic: Topic) =>
  (message: Message): Rows<T> | undefined =>
    message.topic === topic && message.kind === "snapshot" ? { items: (message.body as Rows<T>).items, next: null } : undefined;

/** Lays new and changed rows over those that are there, newest first. */
export const newRows =
  <T extends { id: string }>(topic: Topic, most: number) =>
  (message: Message, held: Rows<T> | undefined): Rows<T> | undefined => {
    if (message.topic !== topic || message.kind !== "delta" || !held) return undefined;
    const changed = new Map((message.body as Rows<T>).items.map((row) => [row.id, row]));
    const old = held.items.map((row) => {
      const taken = changed.get(row.id);
      changed.delete(row.id);
      return taken ?? row;
    });
    return { items: [...changed.values(), ...old].slice(0, most), next: held.next };
  };

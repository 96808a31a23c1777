// The answers of the desk, by the names the pages use. What the description of the API names is taken from there, so that
// a page that asks for a field that is not there does not compile.

import type { components } from "./schema";

/** What the desk sends: `null` stands for what is missing, and no field is left out. */
type Told<T> = T extends (infer Row)[] ? Told<Row>[] : T extends object ? { [Field in keyof T]-?: Told<Exclude<T[Field], undefined>> } : T;
type Shapes = { [Name in keyof components["schemas"]]: Told<components["schemas"][Name]> };

export type Session = Shapes["Me"];
export type Role = Shapes["Role"];
export type Desk = Shapes["Desk"];
export type Account = Shapes["Account"];
export type Position = Shapes["Position"];
export type Order = Shapes["Order"];
export type SignalLine = Shapes["SignalLine"];
export type SignalTale = Omit<Shapes["SignalTale"], "signal"> & { signal: Omit<Shapes["Signal"], "features"> & { features: Record<string, number | null> } };
export type Verdict = Shapes["Verdict"];
export type Check = Shapes["Check"];
export type Choice = Shapes["Choice"];
export type Factor = Shapes["Factor"];
export type Outcome = Shapes["Outcome"];
export type Story = Shapes["Story"];
export type Quoted = Shapes["Symbol"];
export type Columns = Shapes["Columns"];
export type Mark = Shapes["Mark"];
export type Marks = Shapes["Marks"];
export type PriceLine = Shapes["Line"];
export type Alert = Shapes["Alert"];
export type Channel = Shapes["Channel"];
export type Equity = Shapes["Equity"];
export type Setting = Shapes["Setting"];
export type PolicyTree = Shapes["PolicyTree"];
export type Preview = Shapes["Preview"];
export type WhatIf = Shapes["WhatIf"];
export type GateValue = Shapes["GateValue"];
export type Missed = Shapes["Missed"];
export type LearningReport = Shapes["LearningReport"];
export type Calibration = Shapes["Calibration"];
export type Proposal = Shapes["Proposal"];
export type Station = Shapes["Station"];
export type Finding = Shapes["Finding"];
export type Chain = Shapes["Chain"];
export type Expiry = Shapes["Expiry"];
export type Quote = Shapes["ContractRow"];
export type Discovery = Shapes["Discovery"];
export type Candidate = Discovery["candidates"][number];
export type Stage = Discovery["stages"][number];
export type ReplaySession = Shapes["ReplaySession"];
export type Moment = Omit<Shapes["Moment"], "watched"> & { watched: Watched[] };
export type Watched = Omit<Shapes["Watched"], "features"> & { features: Record<string, number | null> };
export type Deed = Shapes["DeedRow"];

/** A part of a list, newest first. */
export interface Listing<T> {
  items: T[];
  next: number | null;
}

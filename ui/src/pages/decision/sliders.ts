// Which numbers of the policy are worth moving for one signal: those its gates compared with, then those of its
// account and its playbook.

import type { Setting, SignalTale } from "../../api/types";

export interface Slider {
  setting: Setting;
  low: number;
  high: number;
  step: number;
}

const SHOWN_MAX = 7;

/** The sliders for a signal in an account, the ones that may change the answer first. */
export function sliders(settings: Setting[], found: SignalTale, account: string): Slider[] {
  const verdict = found.verdicts.find((each) => each.account === account);
  const refused = new Set((verdict?.gates ?? []).filter((gate) => gate.outcome !== "pass").map((gate) => gate.gate));
  const weigh = (setting: Setting) => {
    const [section = "", name = ""] = split(setting.path);
    const names = [name, name.replace(/_(min|max)$/, ""), name.replace(/^max_/, "")];
    const near = [...refused].some((gate) => names.some((each) => gate.includes(each) || each.includes(gate)));
    return (near ? 4 : 0) + (section === `accounts.${account}` ? 2 : 0) + (section.endsWith(found.signal.playbook) ? 1 : 0);
  };
  const fits = settings.filter((setting) => !/^accounts\./.test(setting.path) || setting.path.startsWith(`accounts.${account}.`));
  const weighed = fits.map((setting) => ({ setting, weight: weigh(setting) })).filter((each) => 0 < each.weight);
  weighed.sort((a, b) => b.weight - a.weight);
  return weighed.flatMap(({ setting }) => slider(setting) ?? []).slice(0, SHOWN_MAX);
}

function split(path: string): [string, string] {
  const dot = path.lastIndexOf(".");
  return [path.slice(0, dot), path.slice(dot + 1)];
}

/** A slider around the value in force, within the range that is allowed; none where the setting is no number. */
function slider(setting: Setting): Slider | undefined {
  const value = Number(setting.value);
  const bounds = /^(-?[\d.]+)\.\.(-?[\d.]+)$/.exec(String(setting.range ?? ""));
  if (setting.value === "" || Number.isNaN(value) || !bounds) return undefined;
  const [lowest, highest] = [Number(bounds[1]), Number(bounds[2])];
  const low = Math.max(lowest, value === 0 ? lowest : 0);
  const high = Math.min(highest, value === 0 ? 10 : Math.abs(value) * 3);
  const whole = Number.isInteger(value) && 1 < high - low;
  return { setting, low, high, step: whole ? Math.max(1, Math.round((high - low) / 200)) : (high - low) / 100 };
}

// The command line of the bench.
import { parseArgs } from "node:util";
import { fullScale, quickScale } from "./scale.ts";
import type { Scale } from "./scale.ts";

export interface Options {
  readonly scale: Scale;
  /** Names of parts; null: all. */
  readonly only: readonly string[] | null;
  /** A checkout of an earlier version, built: only this build and that one are compared; null: none. */
  readonly before: string | null;
  /** How often both are measured. */
  readonly pairs: number;
  /** Figures that stand in docs/ are written there. */
  readonly writesDocs: boolean;
  /** Where the database and everything else temporary lies; null: the system's folder. */
  readonly folder: string | null;
}

const versionPairs = 9;

export const usage = `npm run bench -- [options]
  --quick                 everything, but short: within 3 minutes
  --only intake,latency   these parts alone: intake, delivery, redrive, latency, health, kinds, cost, growth, soak
  --rounds 3              how often each contestant's turn comes
  --seconds 5             how long a run of intake is measured
  --growth 100000,1000000 sizes of the database, in runs
  --soak-minutes 2        length of the soak
  --before DIR            only this: intake and delivery beside the build in that checkout, in turns; --rounds 9 pairs, --only intake or delivery
  --docs                  write the table of kinds into docs/
  --folder DIR            for the database; must be on a real disk
  --no-build              take what is compiled already`;

/** Throws with a message for the terminal. */
export function readOptions(args: readonly string[], partNames: readonly string[]): Options | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      rounds: { type: "string" },
      seconds: { type: "string" },
      growth: { type: "string" },
      "soak-minutes": { type: "string" },
      before: { type: "string" },
      docs: { type: "boolean", default: false },
      folder: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const base = values.quick ? quickScale : fullScale;
  const rounds = positive("rounds", values.rounds);
  const seconds = positive("seconds", values.seconds);
  const soakMinutes = positive("soak-minutes", values["soak-minutes"]);
  const sizes = values.growth?.split(",").map((size) => positive("growth", size) ?? 0);
  const only = values.only?.split(",") ?? null;
  for (const name of only ?? []) {
    if (!partNames.includes(name))
      throw new Error(`--only: there is no part ${name}; parts: ${partNames.join(", ")}`);
  }
  return {
    scale: {
      ...base,
      ...(rounds === null
        ? {}
        : {
            rounds,
            kindRounds: rounds,
            latencyRounds: rounds,
            healthRounds: rounds,
            growthRounds: rounds,
            starts: rounds,
          }),
      ...(seconds === null ? {} : { measuredMs: seconds * 1_000 }),
      ...(soakMinutes === null ? {} : { soakMs: soakMinutes * 60_000 }),
      ...(sizes === undefined ? {} : { growthSizes: sizes }),
    },
    only,
    before: values.before ?? null,
    pairs: rounds ?? versionPairs,
    writesDocs: values.docs,
    folder: values.folder ?? null,
  };
}

function positive(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name}: ${text} is no positive number`);
  return value;
}

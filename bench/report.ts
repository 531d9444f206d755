// Turns the results into one Markdown file for people and one JSON file for programs.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { productFolder } from "./machine/built-product.ts";
import type { Machine } from "./machine/machine.ts";
import type { Figure, PartResult, Target } from "./result.ts";
import type { Scale } from "./scale.ts";
import { summarise } from "./statistics.ts";

export interface BenchReport {
  /** ISO date and time. */
  readonly at: string;
  readonly scale: Scale;
  readonly machine: Machine;
  readonly settings: Readonly<Record<string, string>>;
  readonly peers: Readonly<Record<string, string>>;
  /** Idle cores were kept from sleeping. */
  readonly coresAwake: boolean;
  readonly disturbed: Bench["disturbed"];
  readonly tookSeconds: number;
  readonly parts: readonly PartResult[];
}

/** Returns the path of the Markdown file. */
export async function writeReport(report: BenchReport): Promise<string> {
  const folder = join(productFolder, "bench", "results");
  await mkdir(folder, { recursive: true });
  const { at, machine, scale } = report;
  const quick = scale.name === "quick" ? "-quick" : "";
  const name = `${at.slice(0, 16).replaceAll(":", "")}-${machine.commit}${machine.dirty ? "-dirty" : ""}${quick}`;
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
  const path = join(folder, `${name}.md`);
  await writeFile(path, markdown(report));
  return path;
}

export function verdict({ wanted, values }: Target): "met" | "**not met**" | "not measured" {
  if (values.length === 0) return "not measured";
  const { median } = summarise(values);
  const met = "atLeast" in wanted ? median >= wanted.atLeast : median <= wanted.atMost;
  return met ? "met" : "**not met**";
}

export function markdown(report: BenchReport): string {
  const { machine, parts, scale } = report;
  const lines = [
    `# Bench of ${report.at.slice(0, 16).replace("T", " ")} UTC`,
    "",
    ...(scale.name === "quick"
      ? ["A quick run: it shows that everything works; its figures are too short to judge by.", ""]
      : []),
    `Commit ${machine.commit}${machine.dirty ? " with changes that are not in it" : ""}. ${machine.cores} cores (${machine.processor}), ` +
      `${machine.memoryGb} GB, ${machine.system}, Node.js ${machine.node}, PostgreSQL ${report.settings["server_version"] ?? "?"}. ` +
      `Everything on this one machine, connected by loopback. Took ${Math.round(report.tookSeconds)} s.`,
    "",
    `PostgreSQL: ${list(report.settings)}. Peers: ${list(report.peers)}.`,
    "",
    report.coresAwake
      ? "Idle cores were kept from sleeping."
      : "Idle cores slept; only root may keep them from it. In a virtual machine the host may give them back late.",
    "",
    ...warnings(report),
    "## Targets",
    "",
    ...targetTable(parts.flatMap(({ targets }) => targets)),
    ...disturbedLines(report),
    ...parts.flatMap(partLines),
  ];
  return `${lines.join("\n")}\n`;
}

function warnings({ machine, parts }: BenchReport): string[] {
  const lines: string[] = [];
  if (machine.loadBefore > 0.5)
    lines.push(`- The machine was busy before (load ${machine.loadBefore}): figures are disturbed.`);
  if (machine.dataInMemory)
    lines.push("- The data folder is in memory: fsync costs nothing there. **No figure counts.**");
  for (const problem of parts.flatMap(({ problems }) => problems)) lines.push(`- **Problem:** ${problem}`);
  return lines.length === 0 ? ["No problem was found by any check.", ""] : ["## Warnings", "", ...lines, ""];
}

function disturbedLines({ disturbed, scale }: BenchReport): string[] {
  if (disturbed.length === 0) return [];
  return [
    "## Disturbed runs",
    "",
    `The host took more than ${scale.takenShareMax * 100} % of the cores' time in these. A run is tried until it takes less, ` +
      `${scale.triesMax} times at most; the try in which it took least counts.`,
    "",
    ...disturbed.map(({ what, takenShare }) => `- ${what}: ${number(takenShare * 100)} %`),
    "",
  ];
}

function targetTable(targets: readonly Target[]): string[] {
  const rows = targets.map((target) => {
    const { what, wanted, unit, values } = target;
    const bound = "atLeast" in wanted ? `≥ ${wanted.atLeast}` : `≤ ${wanted.atMost}`;
    const { median } = summarise(values);
    const found = values.length === 0 ? "–" : `${number(median)} ${unit}`;
    return `| ${what} | ${bound} ${unit} | ${found} | ${verdict(target)} |`;
  });
  return ["| | wanted | median | |", "|---|---|---|---|", ...rows, ""];
}

function partLines({ title, about, figures, checks }: PartResult): string[] {
  return [
    `## ${title}`,
    "",
    about,
    "",
    "| | unit | min | median | max | runs |",
    "|---|---|---|---|---|---|",
    ...figures.map(figureRow),
    "",
    "Checked:",
    "",
    ...checks.map((check) => `- ${check}`),
    "",
  ];
}

function figureRow({ what, unit, values }: Figure): string {
  if (values.length === 0) return `| ${what} | ${unit} | – | – | – | 0 |`;
  const { min, median, max, runs } = summarise(values);
  return `| ${what} | ${unit} | ${number(min)} | ${number(median)} | ${number(max)} | ${runs} |`;
}

/** Three significant digits are all that a measurement here is worth. */
function number(value: number): string {
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}

function list(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

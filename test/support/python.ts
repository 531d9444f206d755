// What other programs read of the files that are written here: Python's own csv, and openpyxl, where they are installed.
import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";

/** The system's, which Debian's packages of libraries are for. */
const python = "/usr/bin/python3";

export const hasPython = spawnSync(python, ["-c", "import csv, json"]).status === 0;
export const hasOpenpyxl = spawnSync(python, ["-c", "import openpyxl"]).status === 0;

/** What the script prints, as JSON. */
export async function askPython<Answer>(script: string, ...args: string[]): Promise<Answer> {
  const { stdout } = await promisify(execFile)(python, ["-c", script, ...args], { maxBuffer: 1 << 26 });
  return JSON.parse(stdout) as Answer;
}

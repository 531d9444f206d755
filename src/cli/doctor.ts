// leadledger doctor
import type { Command } from "commander";
import type { CommandContext } from "./command.ts";
export function registerDoctor(_program: Command, _context: CommandContext): void {
  return;
}

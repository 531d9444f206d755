// The options by which users and API keys are limited to clients of an agency, and how the limit is shown.
import type { Command } from "commander";
import type { CommandContext } from "../frame/command.ts";

export interface ClientLimitOptions {
  readonly client?: readonly string[];
}

/** `--client a b`: of somebody who is made. */
export function addClientLimit(command: Command, { say }: CommandContext): Command {
  return command.option(
    "--client <client...>",
    say({
      en: "limited to these clients; absent: sees everything",
      de: "auf diese Kunden beschränkt; sonst ohne Beschränkung",
    }),
  );
}

export function clientsText({ say }: CommandContext, clients: readonly string[] | null): string {
  return clients === null ? say({ en: "all", de: "alle" }) : clients.join(", ");
}

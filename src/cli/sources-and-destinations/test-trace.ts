// Says to whom a test lead goes and what it leaves behind there, before it is sent, and asks whether that is wanted.
import { declaredOf } from "../../config/declared-kind.ts";
import { namesIn } from "../../domain/leads/distribution.ts";
import { testPersonText } from "../../domain/leads/test-person.ts";
import type { Api } from "../frame/api-client.ts";
import { confirmed } from "../frame/ask.ts";
import type { CommandContext } from "../frame/command.ts";

interface Reached {
  readonly name: string;
  readonly kind: string;
}

export interface TestTrace {
  readonly part: "source" | "destination";
  readonly name: string;
  /** It is about somebody else than the test person. */
  readonly hasBody: boolean;
  /** Nobody is asked. */
  readonly yes: boolean;
}

/** false: somebody at the terminal does not want it. */
export async function maySendTest(context: CommandContext, api: Api, trace: TestTrace): Promise<boolean> {
  const { terminal, say } = context;
  for (const { name, kind } of await reached(api, trace)) {
    const leaves = declaredOf(context.kinds.destinations, kind)?.testLeaves;
    terminal.note(leaves === undefined ? name : `${name}: ${say(leaves)}`);
  }
  if (!trace.hasBody) terminal.note(say(testPersonText));
  if (trace.yes) return true;
  const wanted = await confirmed(context, say({ en: "Send the test lead?", de: "Den Testlead senden?" }));
  if (wanted === false) terminal.note(say({ en: "Nothing was sent.", de: "Nichts wurde gesendet." }));
  return wanted !== false;
}

const namedMax = 500;

/** Of a source each member of a group, too. */
async function reached(api: Api, { part, name }: TestTrace): Promise<readonly Reached[]> {
  if (part === "destination") return [await api.call("GET /destinations/:name", { params: { name } })];
  const { to, client } = await api.call("GET /sources/:name", { params: { name } });
  const { items } = await api.call("GET /destinations", { query: { enabled: true, limit: namedMax } });
  const names = namesIn(to);
  return items.filter((item) => names?.includes(item.name) ?? item.client === client);
}

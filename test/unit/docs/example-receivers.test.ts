// The receivers of examples/ that are imported elsewhere: whole, connected, and without anybody's secret.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import { describe, expect, it } from "vitest";

const folder = join(import.meta.dirname, "../../../examples");

interface N8nWorkflow {
  readonly nodes: readonly {
    readonly name: string;
    readonly type: string;
    readonly parameters: Readonly<Record<string, unknown>>;
  }[];
  readonly connections: Readonly<Record<string, { readonly main: readonly { readonly node: string }[][] }>>;
}

interface NodeRedNode {
  readonly id: string;
  readonly type: string;
  readonly wires?: readonly (readonly string[])[];
  readonly outputs?: number;
  readonly func?: string;
}

describe("the receiver for n8n", () => {
  const { nodes, connections } = JSON.parse(text("n8n-receiver.json")) as N8nWorkflow;
  const follow = (name: string): string[] => (connections[name]?.main ?? []).flat().map(({ node }) => node);

  it("connects only nodes that it has, and reaches each of them from its webhook", () => {
    const names = nodes.map(({ name }) => name);
    expect(Object.keys(connections).filter((name) => !names.includes(name))).toEqual([]);
    expect(reached("Webhook", follow).toSorted()).toEqual(names.toSorted());
  });

  it("answers 200 only behind the step that stores, and 500 where that fails", () => {
    const statuses = (connections["Store once"]?.main ?? []).map(([next]) => {
      const { parameters } = nodes.find(({ name }) => name === next?.node) ?? {};
      return parameters?.["options"];
    });
    expect(statuses).toEqual([{ responseCode: 200 }, { responseCode: 500 }]);
    expect(follow("Webhook")).toEqual(["Store once"]);
    expect(nodes.find(({ name }) => name === "Webhook")?.parameters).toMatchObject({
      httpMethod: "POST",
      authentication: "headerAuth",
      responseMode: "responseNode",
    });
  });
});

describe("the receiver for Node-RED", () => {
  const flow = JSON.parse(text("node-red-receiver.json")) as NodeRedNode[];
  const follow = (id: string): string[] => flow.find((node) => node.id === id)?.wires?.flat() ?? [];

  it("connects only nodes that it has, and leaves none alone", () => {
    const ids = flow.filter(({ type }) => type !== "tab").map(({ id }) => id);
    const starts = flow.filter(({ type }) => ["http in", "catch"].includes(type)).map(({ id }) => id);
    expect([...new Set(starts.flatMap((start) => reached(start, follow)))].toSorted()).toEqual(
      ids.toSorted(),
    );
  });

  it("has functions that compile, with a wire for each output", () => {
    for (const { func, outputs, wires } of flow.filter(({ type }) => type === "function")) {
      expect(wires).toHaveLength(outputs ?? 0);
      // Compiled only, never run.
      expect(() => new Script(`async (msg, env, node) => {\n${func ?? ""}\n}`)).not.toThrow();
    }
  });
});

it.each(["n8n-receiver.json", "node-red-receiver.json", "receiver.php"])("%s holds no secret", (name) => {
  expect(text(name)).not.toMatch(/whsec_[A-Za-z0-9+/=]|Bearer \S|"credentials"|token/i);
});

function text(name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

/** The nodes on the ways that begin at `start`, itself among them. */
function reached(start: string, follow: (node: string) => readonly string[]): string[] {
  const found = new Set([start]);
  for (const node of found) for (const next of follow(node)) found.add(next);
  return [...found];
}

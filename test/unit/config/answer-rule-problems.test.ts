// What is wrong with a destination's rules on answers is said at its place, in the file.
import { expect, it } from "vitest";
import { problemsOf } from "./load.ts";

const rule = { status: 200, outcome: "delivered" };

it.each<[code: string, place: string, success: unknown]>([
  ["wrong_type", "success", { status: 200 }],
  ["success_rule_invalid", "success[0]", ["delivered"]],
  ["success_rule_invalid", "success[0]", [{ status: 200 }]],
  ["not_one_of", "success[0].outcome", [{ ...rule, outcome: "deliverd" }]],
  ["unknown_key", "success[1].satus", [rule, { ...rule, satus: 200 }]],
  ["success_status_invalid", "success[0].status", [{ ...rule, status: 600 }]],
  ["success_status_invalid", "success[0].status[1]", [{ ...rule, status: [200, "20x"] }]],
  ["success_rule_invalid", "success[0].header", [{ ...rule, header: "x-reason" }]],
  ["header_name_invalid", "success[0].header.name", [{ ...rule, header: { name: "x y", exists: true } }]],
  ["success_comparison", "success[0].header", [{ ...rule, header: { name: "x-reason" } }]],
  ["success_rule_invalid", "success[0].body", [{ ...rule, body: "/ok" }]],
  ["pointer_invalid", "success[0].body.pointer", [{ ...rule, body: { pointer: "ok", equals: true } }]],
  ["success_comparison", "success[0].body", [{ ...rule, body: { pointer: "/ok" } }]],
  [
    "success_comparison",
    "success[0].body[1]",
    [{ ...rule, body: [{ equals: "ok" }, { equals: "ok", exists: true }] }],
  ],
  ["success_value_invalid", "success[0].body.equals", [{ ...rule, body: { pointer: "/a", equals: ["b"] } }]],
  ["success_value_invalid", "success[0].body.in", [{ ...rule, body: { pointer: "/a", in: [1, {}] } }]],
  ["list_empty", "success[0].body.in", [{ ...rule, body: { pointer: "/a", in: [] } }]],
  ["value_missing", "success[0].body.exists", [{ ...rule, body: { pointer: "/a", exists: "yes" } }]],
  ["value_missing", "success[0].body.matches", [{ ...rule, body: { pointer: "/a", matches: "" } }]],
  ["success_pattern_unfit", "success[0].body.matches", [{ ...rule, body: { pointer: "/a", matches: "(" } }]],
  [
    "success_pattern_unfit",
    "success[0].body.matches",
    [{ ...rule, body: { pointer: "/a", matches: "(a)\\1" } }],
  ],
  [
    "success_pattern_unfit",
    "success[0].body.matches",
    [{ ...rule, body: { pointer: "/a", matches: "a{900}" } }],
  ],
  ["success_place_invalid", "success[0].id", [{ ...rule, id: "id" }]],
  ["success_place_invalid", "success[0].reason", [{ ...rule, reason: "header:" }]],
  ["success_url_invalid", "success[0].url", [{ ...rule, url: "https://crm.example/{name}" }]],
  ["success_url_invalid", "success[0].url", [{ ...rule, url: "javascript:alert(1)" }]],
  ["success_wait_invalid", "success[0].retry_after", [{ ...rule, retry_after: "48h" }]],
  ["list_too_long", "success", Array.from({ length: 51 }, () => rule)],
])("%s at %s", async (code, place, success) => {
  const yaml = JSON.stringify({
    destinations: { crm: { kind: "http", url: "https://crm.example/", success } },
  });
  const problems = await problemsOf(yaml);
  expect(problems.map((problem) => [problem.code, problem.path])).toContainEqual([
    code,
    `destinations.crm.${place}`,
  ]);
});

// Automations as receivers of kind `http`: what their answers prove, and which of their addresses are none for leads.
import { describe, expect, it } from "vitest";
import { checkDestination } from "../../../src/config/check-part.ts";
import { outcomeOfAnswer } from "../../../src/domain/destinations/answer-outcome.ts";
import { answersKnownOf } from "../../../src/kinds/destinations/http/known-receivers.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";

const zapier = "https://hooks.zapier.com/hooks/catch/1/abc/";
const make = "https://hook.eu2.make.com/abc";
const n8n = "https://n8n.example.de/webhook/leads";
const flow =
  "https://prod-1.germanywestcentral.logic.azure.com/workflows/1/triggers/manual/paths/invoke?sig=x";
const json = "application/json; charset=utf-8";
const notRegistered =
  '{"code":404,"message":"The requested webhook \\"POST leads\\" is not registered.","hint":"…"}';

describe("what an automation answers", () => {
  it.each([
    ["a Zap, on or off", zapier, 200, '{"status":"success","id":"1"}', json, "unproven"],
    ["a Zap that is asked too often", zapier, 429, "", json, "destination_throttled"],
    ["a Zap of a region", "https://eu.hooks.zapier.com/hooks/catch/1/", 200, "{}", json, "unproven"],
    ["a scenario that queues", make, 200, "Accepted", "text/plain", "unproven"],
    ["a scenario with an answer of its own", make, 200, '{"ok":true}', json, "delivered"],
    ["a scenario whose queue is full", make, 400, "Queue is full.", "text/plain", "destination_error"],
    ["a scenario that is gone", make, 410, "Gone", "text/plain", "destination_configuration"],
    ["a workflow that is off", n8n, 404, notRegistered, json, "destination_configuration"],
    ["another 404", n8n, 404, "<h1>Not found</h1>", "text/html", "destination_rejected"],
    ["a workflow that was started", n8n, 200, '{"message":"Workflow was started"}', json, "unproven"],
    ["a workflow that answers at its end", n8n, 200, '{"id":7}', json, "delivered"],
    ["one that answers with a text", n8n, 200, "ok", "text/plain", "delivered"],
    ["one that answers with nothing", n8n, 200, "", "", "delivered"],
    ["a flow that was started", flow, 202, "", "", "unproven"],
    ["a flow with a response at its end", flow, 200, "{}", json, "delivered"],
    ["somebody else", "https://crm.example/api", 200, "Accepted", "text/plain", "delivered"],
    ["a name that only looks alike", "https://hooks.zapier.com.example/x", 200, "{}", json, "delivered"],
  ])("%s: %s %i means what it can mean", (_who, url, status, text, contentType, meaning) => {
    const header = (name: string): string | null => (name === "content-type" ? contentType : null);
    const answer = { status, header, body: { kind: "whole", text } } as const;
    const to = { name: "crm", attempt: 1, nowMs: 0 };
    const outcome = outcomeOfAnswer(answersKnownOf(new URL(url)), answer, to);
    if (outcome.kind === "failed") expect(outcome.code).toBe(meaning);
    else expect(outcome.receipt?.proven === false ? "unproven" : "delivered").toBe(meaning);
  });
});

describe("an address", () => {
  it.each([
    ["https://n8n.example.de/webhook-test/leads", ["url"]],
    ["https://n8n.example.de/webhook/leads", []],
  ])("%s is taken for leads only where leads can arrive", (url, places) => {
    const around = { sources: [], destinations: [], timezone: "UTC", rejectBodySchema: () => null };
    const checked = checkDestination("crm", { kind: "http", url }, around, builtInKinds);
    expect(checked.ok ? [] : checked.problems.map(({ place }) => place)).toEqual(places);
  });
});

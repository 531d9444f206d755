// POST and DELETE /runs/:run_id/contacted: somebody spoke with the person, which ends speed to lead.
import { Type } from "typebox";
import type { Database } from "../../../ledger/connection/database.ts";
import { markContacted, readContact, undoContact } from "../../../ledger/leads/contacts.ts";
import type { Contact } from "../../../ledger/leads/contacts.ts";
import { ok, refuse, route } from "../frame/route.ts";
import { closed, reason, runId, timestampText } from "../frame/schemas.ts";
import { contact } from "./run-schemas.ts";

const answer = Type.Object({ run_id: runId, contacted: contact });

const common = {
  path: "/runs/:run_id/contacted",
  tag: "runs",
  access: "dlq.retry",
  params: Type.Object({ run_id: runId }),
  answers: { 200: answer },
} as const;

export function contactRoutes({ database }: { readonly database: Database }) {
  return [
    route(
      {
        ...common,
        method: "POST",
        summary: "Mark a lead as contacted",
        description:
          "For speed to lead (`contacted` in `sla`). A CRM can call it when somebody moves the lead to the stage in which its person has been spoken to. The first mark stands: calling again changes nothing and answers it. `at`, absent: now.",
        body: Type.Object({ at: Type.Optional(timestampText("When the person was contacted.")) }, closed),
        problems: ["run_unknown"],
      },
      async ({ params: { run_id: id }, body, principal }) => {
        const at = body.at ?? null;
        const marked = await markContacted(database, principal.actor, id, { at, via: "api" });
        switch (marked.kind) {
          case "not_found":
            return refuse("run_unknown");
          case "time_unfit":
            return refuse("request_invalid", { reason: "at lies before the lead, or in the future" });
          case "known":
          case "marked":
            return ok(answerOf(id, marked.contact));
        }
      },
    ),
    route(
      {
        ...common,
        method: "DELETE",
        summary: "Take back that a lead was contacted",
        description: "As if nobody had marked it. The audit log keeps both.",
        body: Type.Object({ reason: Type.Optional(reason) }, closed),
        problems: ["run_unknown"],
      },
      async ({ params: { run_id: id }, body, principal }) => {
        const undone = await undoContact(database, principal.actor, id, body.reason ?? null);
        if (undone === null) return refuse("run_unknown");
        return ok(answerOf(id, await readContact(database, id)));
      },
    ),
  ];
}

function answerOf(id: string, contacted: Contact | null) {
  return { run_id: id, contacted };
}

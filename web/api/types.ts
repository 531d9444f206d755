// What the API answers, by the calls that answer it.
import type { Answer, Item } from "./client.ts";

export type { Role, Permission } from "../../src/domain/accounts/roles.ts";
export type { Page } from "../../src/http/api/frame/call-types.ts";

export type Session = Answer<"GET /session">;
export type User = Item<"GET /users">;
export type ApiKey = Item<"GET /api-keys">;
export type Settings = Answer<"GET /settings">;

export type Lead = Item<"GET /runs">;
/** `body`: as it was sent, person data masked; numbers that JavaScript would write otherwise are ExactNumber. */
export type LeadStory = Answer<"GET /runs/:run_id">;
/** A delivery that is waiting or under way. */
export type WaitingDelivery = LeadStory["deliveries"][number];

export type Entry = Item<"GET /dlq">;
export type EntryWithPayload = LeadStory["dlq"][number];
export type LogEntry = Item<"GET /audit-events">;

// Cases.
export type EntryGroup = Item<"GET /dlq/groups">;
export type ShownEntry = Answer<"GET /dlq/:dlq_id">;
export type EditDryRun = Answer<"POST /dlq/:dlq_id/edit/dry-run">;
export type ShownQuarantined = Answer<"GET /quarantine/:quarantine_id">;
export type Operation = Item<"GET /operations">;
export type OperationAction = Operation["action"];

// Overview and figures.
export type Overview = Answer<"GET /overview">;
export type Alarm = Overview["alarms"][number];
export type KpiDay = Item<"GET /kpi/daily">;
export type KpiSourceDay = Item<"GET /kpi/sources">;
export type ErrorExplanation = Answer<"GET /error-codes/:code">;
export type Source = Answer<"GET /sources/:name">;
export type MapPreview = Answer<"POST /sources/:name/map-preview">;
export type TargetPreview = Answer<"POST /destinations/:name/map-preview">;
export type RemoteFields = Answer<"GET /destinations/:name/fields">;
export type RemoteField = NonNullable<RemoteFields["fields"]>[number];
export type Destination = Answer<"GET /destinations/:name">;
export type Remark = Answer<"PATCH /sources/:name">["warnings"][number];
export type Forms = Answer<"GET /forms">;
export type { FormField } from "../../src/http/api/sources-and-destinations/form-schemas.ts";
export type Activity = Answer<"GET /activity">;
export type SourceActivity = Activity["sources"][number];
export type DestinationActivity = Activity["destinations"][number];
export type SenderNotice = NonNullable<SourceActivity["sender_notices"]>[number];
export type RefusedRequests = SourceActivity["refused_last_24h"][number];

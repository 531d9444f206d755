// What the API answers, by the schemas that its answers are made from.
import type { ApiKeyItem, SessionItem, UserItem } from "../../src/http/api/accounts/account-schemas.ts";
import type { DeliverySwitchItem } from "../../src/http/api/leads/deliveries-routes.ts";
import type { GroupItem } from "../../src/http/api/attention/dlq-routes.ts";
import type { EditDryRun as EditDryRunAnswer } from "../../src/http/api/attention/dry-run-routes.ts";
import type { ErrorExplanation as ErrorExplanationItem } from "../../src/http/api/frame/error-code-routes.ts";
import type { OperationItem } from "../../src/http/api/attention/operation-schemas.ts";
import type { KpiDayItem, KpiSourceDayItem } from "../../src/http/api/figures/kpi-routes.ts";
import type { Overview as OverviewAnswer } from "../../src/http/api/figures/overview-schemas.ts";
import type { Activity as ActivityBody } from "../../src/http/api/figures/activity-routes.ts";
import type {
  ChangeMembers,
  DestinationItem,
  SourceItem,
} from "../../src/http/api/sources-and-destinations/part-schemas.ts";
import type {
  AuditEventItem,
  EntryItem,
  EntryWithPayload as EntryWithPayloadItem,
  RunDetail,
  RunItem,
  ShownEntry as ShownEntryItem,
} from "../../src/http/api/leads/run-schemas.ts";
import type {
  QuarantinedItem,
  ReleasedItem,
  ShownQuarantined as ShownQuarantinedItem,
} from "../../src/http/api/attention/quarantine-routes.ts";
import type { Settings as SettingsItem } from "../../src/http/api/settings/settings-routes.ts";
import type { System } from "../../src/http/api/figures/system-routes.ts";
import type { Wire } from "./wire.ts";

export type { Role, Permission } from "../../src/domain/accounts/roles.ts";

export type Session = Wire<SessionItem>;
export type User = Wire<UserItem>;
export type ApiKey = Wire<ApiKeyItem>;
export type DeliverySwitch = Wire<DeliverySwitchItem>;
export type Settings = Wire<SettingsItem>;
export type SystemCondition = Wire<System>;

export type Lead = Wire<RunItem>;
/** `body`: as it was sent, person data masked; numbers that JavaScript cannot hold are LosslessNumber. */
export type LeadStory = Wire<RunDetail>;
/** A delivery that is waiting or under way. */
export type WaitingDelivery = LeadStory["deliveries"][number];

export type Entry = Wire<EntryItem>;
export type EntryWithPayload = Wire<EntryWithPayloadItem>;
export type LogEntry = Wire<AuditEventItem>;

// Cases.
export type EntryGroup = Wire<GroupItem>;
export type ShownEntry = Wire<ShownEntryItem>;
export type EditDryRun = Wire<EditDryRunAnswer>;
/** What was not accepted and is kept aside. */
export type Quarantined = Wire<QuarantinedItem>;
export type ShownQuarantined = Wire<ShownQuarantinedItem>;
export type ReleasedRequest = Wire<ReleasedItem>;
export type Operation = Wire<OperationItem>;
export type OperationAction = Operation["action"];

// Overview and figures.
export type Overview = Wire<OverviewAnswer>;
export type Alarm = Overview["alarms"][number];
export type KpiDay = Wire<KpiDayItem>;
export type KpiSourceDay = Wire<KpiSourceDayItem>;
export type ErrorExplanation = Wire<ErrorExplanationItem>;
export type Source = Wire<SourceItem>;
export type Destination = Wire<DestinationItem>;
/** What a change is answered with beside the source or destination. */
export type ChangeRemarks = Wire<ChangeMembers>;
export type { PlacedProblem as Remark } from "../../src/http/problem.ts";
export type { SourceSamples as Samples } from "../../src/http/api/sources-and-destinations/samples-routes.ts";
export type { FormField, Forms } from "../../src/http/api/sources-and-destinations/form-schemas.ts";
export type Activity = Wire<ActivityBody>;
export type SourceActivity = Activity["sources"][number];
export type DestinationActivity = Activity["destinations"][number];
export type SenderNotice = NonNullable<SourceActivity["sender_notices"]>[number];
export type RefusedRequests = SourceActivity["refused_last_24h"][number];

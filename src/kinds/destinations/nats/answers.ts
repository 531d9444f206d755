// What a NATS server's refusals mean for a delivery (errors.json of nats-server; clients' errors by their classes).
import { JetStreamApiCodes, JetStreamApiError, jetstreamManager } from "@nats-io/jetstream";
import { errors } from "@nats-io/transport-node";
import type { NatsConnection } from "@nats-io/transport-node";
import { failure, timedOut } from "../../../domain/destinations/outcome.ts";
import type { FailureCode } from "../../../domain/destinations/outcome.ts";
import { AttemptFailed } from "../../../outgoing/connect-error.ts";
import { verdict } from "../verdict.ts";
import type { NatsDestination } from "./fields.ts";

type Whom = Pick<NatsDestination, "name" | "subject" | "timeoutMs">;

/** Whether a stream takes the subject; `untold`: this user may not ask. Rejects where the server does not answer. */
export async function streamFor(
  link: NatsConnection,
  { subject, timeoutMs }: Whom,
): Promise<"there" | "missing" | "untold"> {
  const manager = await jetstreamManager(link, { checkAPI: false, timeout: timeoutMs });
  try {
    await manager.streams.find(subject);
    return "there";
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound)
      return "missing";
    // Nobody who could be asked: JetStream is switched off.
    if (isNobody(error)) return "missing";
    if (mayNotPublish(error)) return "untold";
    throw error;
  }
}

function mayNotPublish(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof errors.PermissionViolationError) return error.operation === "publish";
  return mayNotPublish(error.cause);
}

export function noStream({ name, subject }: Whom): AttemptFailed {
  return verdict("destination_configuration", name, `no JetStream stream takes the subject ${subject}`);
}

/** Nobody listens to the subject: no stream, and nobody else. The client takes it for a server without JetStream. */
export function isNobody(error: unknown): boolean {
  return error instanceof Error && (error instanceof errors.NoRespondersError || isNobody(error.cause));
}

/** Where nobody took a message: because there is no stream, or because it has no leader at the moment. */
export async function whyNobody(link: NatsConnection, whom: Whom): Promise<AttemptFailed> {
  if ((await streamFor(link, whom)) !== "there") return noStream(whom);
  return verdict("destination_error", whom.name, "the stream has nobody to take messages at the moment");
}

/** JSStreamMessageExceedsMaximumErr, JSStreamHeaderExceedsMaximumErr. */
const tooLarge = [10_054, 10_097];
/** JSStreamSealedErr, JSNotEnabledForAccountErr, JSNotEnabledErr. */
const notSetUp = [10_109, 10_039, 10_076];

/** null: it is the network's matter. */
export function meaningOf(error: unknown, whom: Whom): AttemptFailed | null {
  if (error instanceof errors.AuthorizationError || error instanceof errors.UserAuthenticationExpiredError)
    return verdict("destination_auth", whom.name, error.message);
  if (error instanceof JetStreamApiError)
    return verdict(codeOf(error), whom.name, `${error.message} (${error.code})`);
  if (error instanceof errors.InvalidArgumentError && error.message.includes("max_payload"))
    return verdict("destination_rejected", whom.name, error.message);
  if (error instanceof errors.TimeoutError) return new AttemptFailed(timedOut(whom.name, whom.timeoutMs));
  if (error instanceof errors.PermissionViolationError)
    return verdict("destination_configuration", whom.name, error.message);
  const why = withoutTls(error);
  if (why !== null)
    return new AttemptFailed(failure("destination_tls", `no secure connection to ${whom.name} (${why})`));
  // What befell a request stands in the error that tells of it.
  return error instanceof Error && error.cause !== undefined ? meaningOf(error.cause, whom) : null;
}

/** How the client puts it that one side alone wants TLS; null: it is about something else. */
function withoutTls(error: unknown): string | null {
  if (!(error instanceof errors.ConnectionError)) return null;
  if (error.message.includes("does not support 'tls'")) return "the server offers no TLS";
  // It looks for certificates in what it was told not to use.
  return error.cause instanceof TypeError ? "the server wants TLS, which is switched off here" : null;
}

function codeOf({ code }: JetStreamApiError): FailureCode {
  if (tooLarge.includes(code)) return "destination_rejected";
  return notSetUp.includes(code) ? "destination_configuration" : "destination_error";
}

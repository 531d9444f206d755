import { pipedrive } from "../../src/kinds/destinations/pipedrive/kind.ts";
import { pipedriveTransport } from "../../src/kinds/destinations/pipedrive/transport.ts";
import type { DoubleAnswer } from "../support/json-double.ts";
import { mappedSender } from "../support/mapped-sender.ts";
import { pipedriveDestination, startPipedriveDouble } from "../support/pipedrive-double.ts";
import { describeAnswers } from "./answers.ts";
import { describeDestinationKind } from "./destination.ts";
import type { Receiver } from "./destination.ts";

const addLead = "POST /v1/leads";

const answers: Record<Receiver, DoubleAnswer | null> = {
  accepts: null,
  refuses_for_good: { kind: "answer", status: 400, body: '{"success":false}\u0000' },
  fails_for_now: [502],
  wants_credentials: [401, { success: false, error: "unauthorized access" }],
  hangs: { kind: "hang" },
  absent: { kind: "reset" },
};

describeDestinationKind(pipedrive, async ({ receiver, timeoutMs, forbidden }) => {
  const double = await startPipedriveDouble();
  const answer = answers[receiver];
  if (answer !== null) double.instead(addLead, answer);
  if (receiver === "absent") await double.close();
  const destination = pipedriveDestination(double.url, { timeoutMs, allowPrivate: forbidden !== true });
  return {
    destination,
    sender: mappedSender(destination, pipedriveTransport.open(destination, { nowMs: Date.now })),
    received: () =>
      double.asked.flatMap(({ method, path, json }) =>
        `${method} ${path}` === addLead ? [`${(json as { readonly origin_id: string }).origin_id}:crm`] : [],
      ),
    stop: () => double.close(),
  };
});

describeAnswers(pipedrive, {
  async start(answer, timeoutMs) {
    const double = await startPipedriveDouble();
    double.instead(addLead, answer);
    const destination = pipedriveDestination(double.url, { timeoutMs });
    return {
      sender: mappedSender(destination, pipedriveTransport.open(destination, { nowMs: Date.now })),
      stop: () => double.close(),
    };
  },
  success: {
    status: 201,
    headers: { "content-type": "application/json" },
    body: '{"success":true,"data":{"id":"adf21080-0e10-11eb-879b-05d71fb42601"}}',
    verdict: "delivered",
  },
  bodyDecides: true,
  verdicts: {
    multi_status: "indeterminate",
    error_inside: "rejected",
    duplicate_as_500: "transient",
    conflict: "rejected",
    empty_202: "indeterminate",
    page: "configuration",
    throttled: "throttled",
    plain_ok: "indeterminate",
  },
});

// Of one lead: what is still on its way, where it arrived, and what each destination answered last.
import { heldState, stateText } from "../../domain/attention/state-words.ts";
import { receiptSigns, receiptWords } from "../../domain/destinations/receipt-words.ts";
import type { Answer, ApiClient } from "../frame/api-client.ts";
import type { CommandContext } from "../frame/command.ts";
import { printRecord, printTable, printable } from "../frame/table.ts";
import { reasonText } from "../frame/words.ts";
import type { WordContext } from "../frame/words.ts";

type Run = Answer<"GET /runs/:run_id">;

export function printDeliveries(
  { terminal, say, language }: CommandContext,
  { deliveries }: Pick<Run, "deliveries">,
  times: ApiClient["times"],
): void {
  const waiting = deliveries.filter(({ delivered_at: at }) => at === null);
  const arrived = deliveries.filter(({ delivered_at: at }) => at !== null);
  if (waiting.length > 0) {
    terminal.out("");
    printTable(
      terminal,
      [
        { title: say({ en: "not delivered yet to", de: "noch nicht zugestellt an" }), wraps: true },
        { title: say({ en: "attempts begun", de: "Versuche begonnen" }), align: "right" },
        { title: say({ en: "next", de: "nächster" }) },
      ],
      waiting.map(({ destination, attempt, due_at, held_reason }) => [
        destination,
        attempt,
        due_at === null ? stateText(heldState(held_reason), language) : times.at(new Date(due_at)),
      ]),
    );
  }
  if (arrived.length > 0) {
    terminal.out("");
    printTable(
      terminal,
      [
        { title: say({ en: "arrived at", de: "angekommen bei" }) },
        { title: say({ en: "when", de: "wann" }) },
        { title: "HTTP", align: "right" },
        { title: say({ en: "record", de: "Datensatz" }) },
        { title: say({ en: "to know", de: "zu wissen" }), wraps: true },
      ],
      arrived.map((delivery) => [
        delivery.destination,
        delivery.delivered_at === null ? null : times.at(new Date(delivery.delivered_at)),
        delivery.http_status,
        delivery.remote_url ?? delivery.remote_id,
        [...receiptSigns(delivery).map((sign) => receiptWords[sign][language]), delivery.warning]
          .filter((each) => each !== null)
          .join("; "),
      ]),
    );
  }
}

export function printLastAnswers(
  context: CommandContext,
  attempts: Run["last_attempts"],
  { language, times }: WordContext,
): void {
  const { terminal, say } = context;
  for (const { destination, at, delivered, attempt, error_code, message, answer, ...rest } of attempts) {
    const { http_status: status, duration_ms: durationMs } = rest;
    const reason = message === null ? null : reasonText(error_code, message, language);
    terminal.out("");
    terminal.out(
      terminal.paint(
        "bold",
        say({ en: "last attempt at ", de: "letzter Versuch an " }) + printable(destination),
      ),
    );
    printRecord(terminal, [
      [say({ en: "when", de: "wann" }), times.at(new Date(at))],
      [say({ en: "attempt", de: "Versuch" }), attempt],
      [
        say({ en: "ended", de: "Ausgang" }),
        delivered ? stateText("delivered", language) : (reason ?? error_code ?? "delivery_failed"),
      ],
      [say({ en: "took", de: "Dauer" }), durationMs === null ? null : `${durationMs} ms`],
      ["HTTP", answer?.status ?? status],
      ...Object.entries(answer?.headers ?? {}).map(([name, value]) => [printable(name), value] as const),
      [
        say({ en: "answer", de: "Antwort" }),
        answer === null ? noAnswer(context, status) : bodyOf(context, answer),
      ],
    ]);
  }
}

/** Where there was no HTTP, the sentence above says what there is to say. */
function noAnswer({ say }: CommandContext, status: number | null): string | null {
  return status === null ? null : say({ en: "not kept", de: "nicht aufbewahrt" });
}

function bodyOf({ say }: CommandContext, { body_excerpt: body }: { readonly body_excerpt: string }): string {
  return body.trim() === "" ? say({ en: "(empty)", de: "(leer)" }) : body;
}

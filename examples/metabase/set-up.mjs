// Sets up LeadLedger in Metabase: database, collection, questions and a dashboard, by Metabase's REST API (any edition; its
// own import is not in the free one). May be run again: what is there by name is brought up to date.
//
//   METABASE_URL=http://localhost:3000 METABASE_API_KEY=mb_… \
//   LEADLEDGER_BI_URL="$(leadledger db url --bi)" node set-up.mjs
//
// Instead of the key: METABASE_USERNAME and METABASE_PASSWORD of an administrator. METABASE_LANGUAGE=de: German titles.
const { METABASE_URL, METABASE_API_KEY, METABASE_USERNAME, METABASE_PASSWORD, LEADLEDGER_BI_URL } =
  process.env;
const german = process.env.METABASE_LANGUAGE === "de";
const name = "LeadLedger";
const syncWaitMs = 60_000;

if (!METABASE_URL || !LEADLEDGER_BI_URL || !(METABASE_API_KEY || (METABASE_USERNAME && METABASE_PASSWORD))) {
  console.error(
    "METABASE_URL, LEADLEDGER_BI_URL, and METABASE_API_KEY or METABASE_USERNAME and METABASE_PASSWORD are needed.",
  );
  process.exit(2);
}

/** Sizes in columns of 24, and rows. `en`, `de`: the title. */
const questions = [
  {
    en: "Leads by day",
    de: "Leads nach Tagen",
    display: "bar",
    size: [16, 7],
    settings: {
      "graph.dimensions": ["day"],
      "graph.metrics": ["delivered", "failed", "other"],
      "stackable.stack_type": "stacked",
    },
    query: `SELECT day, sum(delivered_count) AS delivered, sum(failed_count) AS failed,
  sum(received_count - coalesce(delivered_count, 0) - failed_count) AS other
FROM figures_daily_v1 WHERE day > current_date - 30 GROUP BY day ORDER BY day`,
  },
  {
    en: "Waiting for a person",
    de: "Wartet auf eine Entscheidung",
    display: "scalar",
    size: [8, 7],
    settings: {},
    query: "SELECT count(*) AS entries FROM attention_v1 WHERE waits_for = 'needs_decision'",
  },
  {
    en: "Received, delivered and failed by source, 30 days",
    de: "Eingang, zugestellt und gescheitert nach Quelle, 30 Tage",
    display: "table",
    size: [12, 7],
    settings: {},
    query: `SELECT f.source, max(s.client_label) AS client, sum(received_count) AS received, sum(delivered_count) AS delivered,
  sum(failed_count) AS failed, round(sum(processing_ms_sum) / nullif(sum(processed_count), 0)) AS avg_ms
FROM figures_daily_v1 f LEFT JOIN sources_v1 s ON s.source = f.source
WHERE day > current_date - 30 GROUP BY f.source ORDER BY received DESC`,
  },
  {
    en: "95 % delivered within (ms), by day",
    de: "95 % zugestellt innerhalb von (ms), nach Tagen",
    display: "line",
    size: [12, 7],
    settings: { "graph.dimensions": ["day"], "graph.metrics": ["p95_ms"] },
    query: `SELECT day, min(bucket_upper_ms) FILTER (WHERE so_far >= 0.95 * leads) AS p95_ms
FROM (
  SELECT day, bucket_upper_ms, sum(sum(count)) OVER (PARTITION BY day ORDER BY bucket_upper_ms) AS so_far,
    sum(sum(count)) OVER (PARTITION BY day) AS leads
  FROM durations_hourly_v1 WHERE measure = 'first_delivery' AND day > current_date - 30 GROUP BY day, bucket_upper_ms) AS h
GROUP BY day ORDER BY day`,
  },
  {
    en: "By weekday and hour, 90 days",
    de: "Nach Wochentag und Stunde, 90 Tage",
    display: "pivot",
    size: [12, 8],
    settings: {},
    query: `SELECT extract(isodow FROM day)::integer AS weekday, hour_of_day AS hour, sum(received_count) AS received
FROM figures_hourly_v1 WHERE day > current_date - 90 GROUP BY 1, 2 ORDER BY 1, 2`,
  },
  {
    en: "What waits for a person, the oldest first",
    de: "Was auf eine Entscheidung wartet, das Älteste zuerst",
    display: "table",
    size: [12, 8],
    settings: {},
    query: `SELECT created_local AS since, source, destination, error_code, round(open_seconds / 3600.0, 1) AS hours, run_id
FROM attention_v1 WHERE waits_for = 'needs_decision' ORDER BY created_at LIMIT 100`,
  },
];

/** Views have no primary keys: what tells their rows apart. Metabase calls it the entity key. */
const entityKeys = {
  leads_v1: "run_id",
  deliveries_v1: "delivery_id",
  attention_v1: "entry_id",
  sources_v1: "source",
};

const credentials = METABASE_API_KEY ? { "x-api-key": METABASE_API_KEY } : await signIn();
const database = await ensureDatabase();
const collection = await ensureCollection();
const cards = [];
for (const question of questions) cards.push(await ensureCard(question));
const dashboard = await ensureDashboard(cards);
await setEntityKeys();
console.log(`${METABASE_URL.replace(/\/$/, "")}/dashboard/${dashboard}`);

async function call(method, path, body, headers = credentials) {
  const answer = await fetch(new URL(path, METABASE_URL), {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
  return text === "" ? null : JSON.parse(text);
}

async function signIn() {
  const { id } = await call(
    "POST",
    "/api/session",
    { username: METABASE_USERNAME, password: METABASE_PASSWORD },
    {},
  );
  return { "x-metabase-session": id };
}

/** Lists come bare or as `data`, by version. */
function items(answer) {
  return Array.isArray(answer) ? answer : answer.data;
}

async function ensureDatabase() {
  const url = new URL(LEADLEDGER_BI_URL);
  const sslmode = url.searchParams.get("sslmode") ?? "prefer";
  const encrypted = ["require", "verify-ca", "verify-full"].includes(sslmode);
  const user = decodeURIComponent(url.username);
  const details = {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port),
    dbname: decodeURIComponent(url.pathname.slice(1)),
    user,
    password: decodeURIComponent(url.password),
    ssl: encrypted,
    ...(encrypted ? { "ssl-mode": sslmode } : {}),
    "schema-filters-type": "inclusion",
    "schema-filters-patterns": "bi,bi_client",
  };
  const found = items(await call("GET", "/api/database")).find((one) => one.name === name);
  const wanted = { name, engine: "postgres", details };
  if (found === undefined) return (await call("POST", "/api/database", wanted)).id;
  await call("PUT", `/api/database/${found.id}`, wanted);
  return found.id;
}

async function ensureCollection() {
  const found = items(await call("GET", "/api/collection")).find((one) => one.name === name && !one.archived);
  return (found ?? (await call("POST", "/api/collection", { name }))).id;
}

async function inCollection(model, title) {
  const there = items(await call("GET", `/api/collection/${collection}/items?models=${model}`));
  return there.find((one) => one.model === model && one.name === title);
}

async function ensureCard({ en, de, display, settings, query }) {
  const title = german ? de : en;
  const card = {
    name: title,
    display,
    collection_id: collection,
    visualization_settings: settings,
    dataset_query: { type: "native", database, native: { query, "template-tags": {} } },
  };
  const found = await inCollection("card", title);
  if (found === undefined) return (await call("POST", "/api/card", card)).id;
  await call("PUT", `/api/card/${found.id}`, card);
  return found.id;
}

async function ensureDashboard(cardIds) {
  const found = await inCollection("dashboard", name);
  const id = (found ?? (await call("POST", "/api/dashboard", { name, collection_id: collection }))).id;
  let [row, col, rowHeight] = [0, 0, 0];
  // Negative ids are new ones; those that are not named are taken away.
  const dashcards = questions.map(({ size: [width, height] }, index) => {
    if (col + width > 24) [row, col, rowHeight] = [row + rowHeight, 0, 0];
    const place = { row, col, size_x: width, size_y: height };
    [col, rowHeight] = [col + width, Math.max(rowHeight, height)];
    return {
      id: -1 - index,
      card_id: cardIds[index],
      ...place,
      parameter_mappings: [],
      visualization_settings: {},
    };
  });
  await call("PUT", `/api/dashboard/${id}`, { name, dashcards });
  return id;
}

async function setEntityKeys() {
  await call("POST", `/api/database/${database}/sync_schema`);
  const until = Date.now() + syncWaitMs;
  for (;;) {
    const { tables } = await call("GET", `/api/database/${database}/metadata`);
    const keys = tables.flatMap((table) =>
      (table.fields ?? []).filter((field) => field.name === entityKeys[table.name]),
    );
    if (keys.length >= Object.keys(entityKeys).length || Date.now() > until) {
      for (const { id } of keys) await call("PUT", `/api/field/${id}`, { semantic_type: "type/PK" });
      if (keys.length === 0)
        console.error("Metabase has not read the views yet: run this again for the entity keys.");
      return;
    }
    await new Promise((done) => setTimeout(done, 1_000));
  }
}

// What a page's address says of where somebody came from: `?utm_source=google&gclid=…`.
import { recognisedField } from "./field-names.ts";

export function trackingIn(page: string | null, field: "utm" | "click_id"): Record<string, string> {
  const query = page === null ? -1 : page.indexOf("?");
  if (page === null || query < 0) return {};
  const found: Record<string, string> = {};
  const parameters = new URLSearchParams(
    page
      .slice(query + 1)
      .split("#", 1)
      .join(""),
  );
  for (const [name, value] of [...parameters].slice(0, parametersMax)) {
    const recognised = recognisedField(name);
    if (recognised?.field === field && value !== "") found[recognised.key] ??= value;
  }
  return found;
}

const parametersMax = 100;

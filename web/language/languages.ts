// The languages that the dashboard speaks; apart from what React needs of them.
export type Language = "de" | "en";

// What a state means for whoever reads it: its colour and its sign (state.tsx).
export type Tone = "good" | "waiting" | "healing" | "bad" | "byHand" | "quiet";

// Country.tsx - asked once, of an engineer: in which country the box is, since that decides which channels its hotspot may use.
import { useEffect, useState } from "preact/hooks";
import { tellAll, you } from "../box";
import { rest } from "../rest";
import { words } from "../words";
import { Part, Press } from "./controls";

interface Network {
  readonly asks: boolean;
}

export function Country() {
  const w = words.value,
    [asks, setAsks] = useState(false),
    [typed, setTyped] = useState("");
  useEffect(() => {
    if (you.value.role === "engineer")
      rest<Network>("GET", "/api/network").then(
        (told) => setAsks(told.asks),
        () => setAsks(false),
      );
  }, []);
  if (!asks) return null;
  const send = () =>
    rest<Network>("PUT", "/api/network", { country: typed }).then(
      (told) => setAsks(told.asks),
      (e: Error) => tellAll(e.message),
    );
  return (
    <Part title={w.country} class="asking">
      <p class="hint">{w.countryHint}</p>
      <div class="acts">
        <input
          type="text"
          aria-label={w.country}
          maxLength={2}
          autocomplete="country"
          placeholder="DE"
          value={typed}
          onInput={(e) => setTyped(e.currentTarget.value.trim())}
        />
        <Press disabled={typed.length !== 2} act={() => void send()}>
          {w.save}
        </Press>
      </div>
    </Part>
  );
}

// Effects.tsx - two effects: what each is, how it sounds, and what goes into it.
import { set, stripName } from "../box";
import { order } from "../order";
import { Choose, Line, Part, Press, Segments, Switch } from "../parts/controls";
import { textOf } from "../store";
import { effects } from "../table";
import { words } from "../words";

const OF_EITHER = ["level", "decay", "tone", "time", "width", "low_cut"] as const;

export function Effects() {
  const w = words.value;
  return (
    <div class="effects">
      {effects.map((k) => {
        const path = `fx/${k}`,
          off = textOf(`${path}/type`) === "off";
        return (
          <Part key={k} title={w.effect(k)} action={<Switch path={`${path}/mute`} danger of={w.effect(k)} />}>
            <Segments path={`${path}/type`} />
            {!off && (
              <>
                {OF_EITHER.map((what) => (
                  <Line key={what} path={`${path}/${what}`} of={w.effect(k)} />
                ))}
                <Choose path={`${path}/division`} />
                <Switch path={`${path}/pingpong`} />
              </>
            )}
            {!off && (
              <details>
                <summary>{w.whatGoesIn}</summary>
                {order.value.map((n) => (
                  <Line key={n} path={`strip/${n}/fxsend/${k}/level`} label={stripName(n)} of={w.effect(k)} />
                ))}
              </details>
            )}
          </Part>
        );
      })}
      <Part title={w.tempo}>
        <Line path="box/tempo" />
        <Press class="wide go" act={() => set("box/tap", true)}>
          {w.tapTempo}
        </Press>
      </Part>
    </div>
  );
}

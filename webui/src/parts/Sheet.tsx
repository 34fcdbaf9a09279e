// Sheet.tsx - a dialog over the page: from below on a phone, in the middle elsewhere. Escape, the cross and a tap beside it shut it.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { words } from "../words";
import { Icon } from "./Icon";

export function Sheet({ title, shut, children }: { title: string; shut: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-label={title}
      onClose={shut}
      onClick={(e) => {
        if (e.target === dialog.current) dialog.current?.close();
      }}
    >
      <div class="sheet-in">
        <div class="part-head">
          <h2>{title}</h2>
          <button class="plain" aria-label={words.value.close} onClick={() => dialog.current?.close()}>
            <Icon name="close" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}

// taste.js - what corrections taught the box, in its own words: shown, forgotten one by one or all, learnt on or not at all.

const LOOK_MS = 3000;      // between two looks while it is open: other phones, a command and the box itself change it, too
const SURE_MS = 5000;      // so long the first tap on 'forget' waits for the second: what is forgotten cannot be taken back
const NOTHING = "The box has learnt nothing yet; it does so from corrections that stay.";

export class Taste {
  /** `sheet`: the dialog. `wish.forget(place)`, `wish.learn(on)`: what the hand wants. `say(words)`: for everybody to read. */
  constructor(sheet, wish, say) {
    Object.assign(this, { sheet, wish, say, text: "" });
    for (const part of ["learn", "words", "likes", "take", "all", "shut"]) this[part] = sheet.querySelector(`.${part}`);
    this.learn.onclick = () => wish.learn(this.learn.ariaChecked !== "true");
    this.shut.onclick = () => sheet.close();
    this.twice(this.all, "Forget all of it?", "all");
    setInterval(() => sheet.open && this.look(), LOOK_MS);
  }

  open() {
    this.sheet.showModal();
    this.look();
  }

  /** Whether the box learns, as it says. */
  on(on) {
    this.learn.ariaChecked = on;
    this.learn.lastElementChild.textContent = on ? "on" : "off";
  }

  async look() {
    try {
      const answer = await fetch("/taste"), text = await answer.text();
      if (text === this.text) return;
      this.text = text;
      const told = JSON.parse(text);
      this.draw(Object.entries(told.says ?? {}), answer.status === 503 ? told.error : NOTHING);
    } catch { /* the page says by itself that the connection is lost */ }
  }

  draw(likes, otherwise) {
    const within = this.likes.contains(document.activeElement);
    this.words.textContent = likes.length ? "" : otherwise;
    this.take.hidden = this.all.hidden = !likes.length;
    this.likes.replaceChildren(...likes.map(([place, says], n) => {
      const line = document.createElement("li"), words = document.createElement("span"), button = document.createElement("button");
      words.id = `like-${n}`;
      words.textContent = says.join("\n");
      button.textContent = "forget";
      button.setAttribute("aria-describedby", words.id);
      this.twice(button, "really?", place);
      line.append(words, button);
      return line;
    }));
    if (within) (this.likes.querySelector("button") ?? this.shut).focus();
  }

  twice(button, question, place) {
    const before = button.textContent;
    let waits = 0;
    button.onclick = () => {
      const sure = waits;
      clearTimeout(waits);
      waits = sure ? 0 : setTimeout(() => { waits = 0; button.textContent = before; }, SURE_MS);
      button.textContent = sure ? before : question;
      if (!sure) this.say("tap again: it cannot be taken back");
      else if (!this.wish.forget(place)) this.say("not connected: nothing was forgotten");
    };
  }
}

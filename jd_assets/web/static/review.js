// Shortcuts of the review queue, and what stays as it was when the queue is drawn anew.
"use strict";
{
  const STORED_OFF = "jd-shortcuts-off";
  const help = document.getElementById("help");
  const done = document.getElementById("done");
  const keys = document.getElementById("keys");
  const queue = () => document.getElementById("queue");
  const cards = () => [...queue().querySelectorAll(".cards > li")];
  const ticks = () => [...queue().querySelectorAll("input[name=item_id][form=bulk]")];
  const current = () => document.activeElement.closest(".cards > li");

  const go = (step) => {
    const all = cards();
    const at = all.indexOf(current());
    all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)]?.focus();
  };
  const press = (decision) => current()?.querySelector(`button[name=decision][value=${decision}]`)?.click();
  const merge = () => {
    const details = current()?.querySelector("details");
    if (details) {
      details.open = true;
      details.querySelector("input").focus();
    }
  };
  const ACTIONS = {
    j: () => go(1),
    k: () => go(-1),
    a: () => press("approved"),
    r: () => press("rejected"),
    m: merge,
    u: () => press("reopened"),
    x: () => current()?.querySelector("input[name=item_id][form=bulk]")?.click(),
    "?": () => help.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    const taken = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
    if (taken || help.open || !keys.checked || event.target.closest("input, select, textarea, [contenteditable]")) {
      return;
    }
    const moves = event.key === "j" || event.key === "k";
    if (Object.hasOwn(ACTIONS, event.key) && (moves || !event.repeat)) {
      event.preventDefault();
      ACTIONS[event.key]();
    }
  });

  // Single-key shortcuts can be switched off, for who speaks to the browser or presses keys by accident.
  keys.checked = localStorage.getItem(STORED_OFF) === null;
  keys.addEventListener("change", () => {
    if (keys.checked) {
      localStorage.removeItem(STORED_OFF);
    } else {
      localStorage.setItem(STORED_OFF, "1");
    }
  });
  const button = document.getElementById("shortcuts");
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());

  const showTickAll = () => queue().querySelector(".tick[hidden]")?.removeAttribute("hidden");
  showTickAll();
  document.addEventListener("change", ({ target }) => {
    if (target.id === "all") {
      ticks().forEach((tick) => { tick.checked = target.checked; });
    }
  });

  // A decision draws the queue anew: what else was ticked stays so, and the focus goes to the next thing.
  let before = null;
  document.addEventListener("htmx:beforeRequest", ({ detail: { elt, requestConfig } }) => {
    done.textContent = "";
    before = requestConfig.verb === "post" && {
      at: cards().indexOf(elt.closest(".cards > li")),
      ticked: new Set(ticks().filter((tick) => tick.checked).map((tick) => tick.value)),
      says: requestConfig.triggeringEvent?.submitter?.dataset.done ?? "",
    };
  });
  document.addEventListener("htmx:afterSettle", () => {
    showTickAll();
    if (before) {
      ticks().forEach((tick) => { tick.checked = before.ticked.has(tick.value); });
      const left = cards();
      (left[Math.min(Math.max(before.at, 0), left.length - 1)] ?? button).focus();
      done.textContent = before.says;
      before = null;
    }
  });
}

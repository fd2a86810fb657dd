// What every page does beyond htmx: it says what went wrong, moves the focus after paging, asks nothing twice.
"use strict";
{
  const said = document.getElementById("said");
  const say = (text) => { said.textContent = text; };

  document.addEventListener("htmx:beforeRequest", () => say(""));
  document.addEventListener("htmx:sendError", () => say("The server can't be reached. Try again."));
  document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
    let problem = {};
    try {
      problem = JSON.parse(xhr.responseText);
    } catch {
      // Whatever stands between may answer something else than problem+json.
    }
    say(problem.detail || `The server answered ${xhr.status}.`);
  });

  document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig, successful } }) => {
    if (successful && requestConfig.elt.closest(".pages")) {
      document.getElementById(requestConfig.target.id)?.querySelector("[tabindex]")?.focus();
    }
  });

  // A form asks once for the same, though Enter changes the field and sends the form, and leaving it is a change.
  const asked = new WeakMap();
  document.addEventListener("htmx:confirm", (event) => {
    const { elt, verb, triggeringEvent } = event.detail;
    if (verb !== "get" || elt.tagName !== "FORM") {
      return;
    }
    const wanted = new URLSearchParams(new FormData(elt)).toString();
    const runs = document.querySelector(".htmx-request") !== null;
    if (asked.get(elt) === wanted && (runs || triggeringEvent?.type !== "submit")) {
      event.preventDefault();
    }
    asked.set(elt, wanted);
  });
}

// The living parts of a page: colours, contents on a phone, questions, and the exercise, which asks the workshop's
// server when there is one. Without a server or a script the page says everything in its text.
//
// All that a server sends is put in as text, never as markup.
"use strict";

(() => {
  const html = document.documentElement;

  /** A new element with text. */
  const make = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };

  /** An element with a sentence in which `words` stand for code. Everything in it stays text. */
  const prose = (name, text) => {
    const element = make(name);
    const parts = String(text ?? "").split("`");
    if (parts.length % 2 === 0) return make(name, "", text);
    element.append(...parts.map((part, at) => (at % 2 ? make("code", "", part) : part)));
    return element;
  };

  // ------------------------------------------------------------------------------------- the frame

  const menu = document.querySelector(".menu");
  const narrow = window.matchMedia("(max-width: 61.99rem)");
  const foldMenu = () => { if (menu) menu.open = !narrow.matches; };
  foldMenu();
  narrow.addEventListener("change", foldMenu);

  const colours = ["auto", "light", "dark"];
  const toggle = document.getElementById("theme-toggle");
  const nameColours = () => { toggle.textContent = `Colours: ${html.dataset.colours || "auto"}`; };
  toggle?.addEventListener("click", () => {
    const next = colours[(colours.indexOf(html.dataset.colours || "auto") + 1) % colours.length];
    if (next === "auto") delete html.dataset.colours;
    else html.dataset.colours = next;
    try {
      localStorage.setItem("ciworkshop-colours", next);
    } catch {
      // No storage here: the choice holds for this page.
    }
    nameColours();
  });
  if (toggle) nameColours();

  // What does not scroll needs no stop of the tab key.
  for (const region of document.querySelectorAll("main [tabindex='0']")) {
    if (region.scrollWidth <= region.clientWidth) region.removeAttribute("tabindex");
  }

  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("main details")) details.open = true;
  });

  // --------------------------------------------------------------------------------- the questions

  const isRight = (input) => input.checked === input.hasAttribute("data-right");

  for (const question of document.querySelectorAll("fieldset[data-question]")) {
    const inputs = [...question.querySelectorAll("input")];
    const said = question.querySelector(".said");
    const answer = question.querySelector("details.answer");
    question.addEventListener("change", () => {
      const chosen = inputs.some((input) => input.checked);
      const right = inputs.every(isRight);
      said.replaceChildren();
      if (right) answer.open = true;
      if (!chosen) return;
      said.append(make("span", `word ${right ? "ok" : "no"}`, right ? "ok" : "no"));
      said.append(right ? " That is it. Here is why." : ` ${encouragement(question.dataset.question)}`);
    });
  }

  function encouragement(kind) {
    return kind === "checkbox" ? "Not these yet. Go through them one by one." : "Not this one. Look once more.";
  }

  // ---------------------------------------------------------------------------------- the last run

  const results = { passed: "ok", failed: "no", killed: "no", failed_ignored: "no", stopped_early: "ok" };

  function showRun(place, run) {
    const line = make("p");
    const at = new Date(run.at * 1000).toLocaleString();
    line.append(make("span", `word ${run.green ? "ok" : "no"}`, run.green ? "green" : "red"));
    line.append(` ${run.project}: ${run.event}, ${run.ref.replace(/^refs\/(heads|tags)\//, "")}, ${run.commit.slice(0, 8)}, ${at}`);
    const table = make("table");
    const head = make("tr");
    head.append(...["step", "what became of it", "seconds"].map((it) => make("th", "", it)));
    table.append(head, ...run.pipelines.flatMap((pipeline) => pipeline.steps.map((step) => stepRow(pipeline, step))));
    place.replaceChildren(line, table);
    if (run.partial) place.append(make("p", "", "Only a part of the build was asked for."));
  }

  function stepRow(pipeline, step) {
    const row = make("tr");
    const code = step.code ? ` (exit code ${step.code})` : "";
    const result = make("td");
    result.append(make("span", `word ${results[step.result] ?? "skip"}`, step.result.replace("_", ", ")), code);
    row.append(make("td", "", `${pipeline.name}/${step.name}`), result, make("td", "", step.seconds.toFixed(1)));
    return row;
  }

  async function showLastRun() {
    const place = document.querySelector("[data-last-run]");
    const run = place && await ask("/api/last-run");
    if (run) showRun(place, run);
  }

  // --------------------------------------------------------------------------------- the exercises

  const words = { passed: "ok", failed: "no", skipped: "skip", todo: "not done yet" };
  const sections = new Map();
  for (const section of document.querySelectorAll("section[data-exercise]")) {
    sections.set(section.dataset.exercise, section);
  }
  const part = (section, name) => section.querySelector(`[data-part="${name}"]`);

  /** Asks the server; `null` when there is none, or it says no. */
  async function ask(path, method = "GET") {
    try {
      const answer = await fetch(path, { method, headers: { Accept: "application/json" } });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  function stateWord(exercise) {
    const word = make("span", `word ${exercise.state === "todo" ? "" : words[exercise.state]}`, words[exercise.state] ?? exercise.state);
    return word;
  }

  function showExercise(exercise) {
    showInMenu(exercise);
    const section = sections.get(exercise.id);
    if (!section) return;
    part(section, "state").replaceChildren(" · ", stateWord(exercise));
    // Where its files really are.
    if (exercise.folder) part(section, "folder").textContent = exercise.folder;
    showHints(section, exercise);
    showVerdict(part(section, "verdict"), exercise);
  }

  function showVerdict(verdict, exercise) {
    // Saying the same again would only interrupt a screen reader.
    const said = JSON.stringify([exercise.state, exercise.checked, exercise.findings, exercise.not_run]);
    if (verdict.dataset.said === said) return;
    verdict.dataset.said = said;
    verdict.replaceChildren();
    if (!exercise.checked) return;
    const findings = exercise.findings ?? [];
    const line = make("p");
    line.append(make("span", `word ${findings.length ? "no" : "ok"}`, findings.length ? "no" : "ok"));
    line.append(findings.length ? " Not there yet. Start with the first of these." : " All that was checked holds.");
    verdict.append(line, ...findings.map(findingBlock), ...heldBlock("Holds", exercise.holds));
    verdict.append(...heldBlock("Not run here", exercise.not_run));
  }

  function findingBlock(finding) {
    const block = make("div", "finding");
    const at = finding.file ? ` ${finding.file}:${finding.line}:${finding.column}` : "";
    block.append(make("p", "code", `${finding.code}${at}`));
    block.append(prose("p", finding.happened), prose("p", finding.expected));
    if (finding.excerpt) {
      const excerpt = make("pre", "", finding.excerpt);
      excerpt.tabIndex = 0;
      block.append(excerpt);
    }
    const next = prose("p", finding.next);
    next.prepend(make("strong", "", "Next: "));
    block.append(next);
    return block;
  }

  function heldBlock(title, sentences) {
    if (!sentences?.length) return [];
    const details = make("details", "held");
    const list = make("ul");
    list.append(...sentences.map((it) => prose("li", it)));
    details.append(make("summary", "", `${title}: ${sentences.length}`), list);
    return [details];
  }

  function showHints(section, exercise) {
    const shown = exercise.hints ?? [];
    const list = part(section, "hints");
    const fresh = shown.slice(list.children.length).map((it) => prose("li", it));
    list.append(...fresh);
    const button = part(section, "hint");
    button.disabled = shown.length >= exercise.hints_total;
    button.textContent = button.disabled
      ? "No more hints"
      : `Show a hint (${shown.length + 1} of ${exercise.hints_total})`;
  }

  const states = new Map();

  function showInMenu(exercise) {
    states.set(exercise.id, exercise.state);
    const page = String(exercise.page ?? "").split("#")[0];
    const link = document.querySelector(`.menu li[data-page="${CSS.escape(page)}"] > a`);
    if (link) {
      link.querySelector(".state")?.remove();
      link.normalize();
      if (exercise.state !== "todo") {
        const word = words[exercise.state] ?? exercise.state;
        link.append(make("span", `state word ${word}`, ` ${word}`));
      }
    }
    const progress = document.querySelector('[data-part="progress"]');
    if (!progress) return;
    const passed = [...states.values()].filter((it) => it === "passed").length;
    progress.hidden = false;
    progress.textContent = `${passed} of ${states.size} exercises ok`;
  }

  function bringToLife(section) {
    const id = encodeURIComponent(section.dataset.exercise);
    part(section, "live").hidden = false;
    part(section, "paper").hidden = true;
    const react = (name, path) => {
      const button = part(section, name);
      button.addEventListener("click", async () => {
        button.disabled = true;
        const exercise = await ask(path, "POST");
        button.disabled = false;
        if (exercise) {
          part(section, "verdict").dataset.said = name === "check" ? "" : part(section, "verdict").dataset.said;
          showExercise(exercise);
        } else {
          part(section, "state").replaceChildren(" · the workshop does not answer; is it still running?");
        }
      });
    };
    react("check", `/api/check/${id}`);
    react("hint", `/api/hint/${id}`);
  }

  function showState(state) {
    for (const exercise of state.exercises ?? []) showExercise(exercise);
  }

  function listen() {
    const events = new EventSource("/api/events");
    const read = (show) => (event) => {
      try {
        show(JSON.parse(event.data));
      } catch {
        // Half a message: the next one is whole.
      }
    };
    events.addEventListener("exercise", read(showExercise));
    events.addEventListener("state", read(showState));
    window.addEventListener("pagehide", () => events.close());
  }

  async function begin() {
    if (location.protocol === "file:") return;
    const state = await ask("/api/state");
    if (!Array.isArray(state?.exercises)) return;
    showLastRun();
    for (const section of sections.values()) bringToLife(section);
    showState(state);
    listen();
  }

  begin();
})();

// How did it go: the answers of today, kept on the phone until the laptop has them.
const says = data.says;
const QUEUE = `answers.${data.home}`;
const LAST = `told.${data.home}`;
const SEND_AGAIN_MS = 15000;
const TAKE_BACK_MS = 10 * 60 * 1000;
const LOOK_MS = 60000;
const LOOK_SOON_MS = 2000;
let isSending = false;

const inTemplate = (template, values) =>
  template.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** 128 random bits: the same answer is written once, however often it is sent. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const waitingAnswers = () => recall(QUEUE) ?? [];

/** What was told last of the day of this page; null if nothing. */
function lastTold() {
  const last = recall(LAST);
  return last?.day === data.date ? last : null;
}

function put(answer) {
  const number = Math.max(data.number, lastTold()?.number ?? 0) + 1;
  const whole = { key: newKey(), day: data.date, number, ...answer };
  keep(QUEUE, [...waitingAnswers(), whole]);
  return whole;
}

function tell(kind, answer, more = {}) {
  const { key, number, day } = put(answer);
  keep(LAST, { kind, key, number, day, at: Date.now(), lines: [], state: "waiting", ...more });
  showTold();
  if (more.stops) stopListening();
  element("told").focus();
  send();
}

/** Sends what waits, one after the other; what cannot be sent stays. */
async function send() {
  if (isSending) return;
  isSending = true;
  try {
    for (const answer of waitingAnswers()) {
      const { status, ...reply } = await post("check-in", answer);
      if (!status || status === 408 || status === 429 || status >= 500) break;
      keep(QUEUE, waitingAnswers().filter(({ key }) => key !== answer.key));
      const last = recall(LAST);
      if (last?.key === answer.key || last?.backKey === answer.key) {
        keep(LAST, {
          ...last, lines: reply.lines ?? [], state: status < 300 ? "saved" : "refused",
          fault: reply.error ?? "",
        });
      }
    }
  } finally {
    isSending = false;
    showTold();
  }
  lookSoon();
}

/** The answer of the laptop; without a status if it is away. */
async function post(place, body) {
  try {
    const response = await fetch(place, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
      signal: AbortSignal.timeout?.(SEND_AGAIN_MS),
    });
    const reply = await response.json().catch(() => ({}));
    return { ...reply, status: response.status };
  } catch {
    return {};
  }
}

function showTold() {
  const last = lastTold();
  const told = element("told");
  document.querySelectorAll("[data-answer]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.dataset.answer === last?.kind));
  });
  const isWaiting = waitingAnswers().length > 0;
  told.dataset.state = isWaiting ? "waiting" : last?.state ?? "";
  const sentence = last ? says[`kinds.${last.back ? "back" : last.kind}`] : told.dataset.told ?? "";
  const state = isWaiting ? says.waiting
    : !last ? ""
    : last.state === "refused" ? inTemplate(says.refused, { fault: last.fault })
    : says.saved;
  const text = [sentence, state].filter(Boolean).join(" ");
  if (told.textContent !== text) told.textContent = text;
  const lines = [last?.whom, ...last?.lines ?? []].filter(Boolean);
  const reply = element("reply");
  if (reply.dataset.shown !== lines.join("\n")) {
    reply.dataset.shown = lines.join("\n");
    reply.replaceChildren(...lines.map((line) => Object.assign(
      document.createElement("p"), { textContent: line, className: line === last.whom ? "whom" : "" })));
  }
  const canTakeBack = last?.kind === "call" && last.urgent && !last.back
    && Date.now() - last.at < TAKE_BACK_MS;
  element("take-back").hidden = !canTakeBack;
}

function takeBack() {
  const last = lastTold();
  const { key } = put({ takes_back: last.key });
  keep(LAST, { ...last, back: true, backKey: key, number: last.number + 1, state: "waiting" });
  showTold();
  element("told").focus();
  send();
}

// --- pain or heaviness ---------------------------------------------------------------------------

function answersOf(form) {
  const answers = {};
  for (const set of form.querySelectorAll("fieldset:not([hidden])")) {
    const chosen = set.querySelector("input:checked");
    if (chosen) answers[set.dataset.name] = chosen.value === "yes";
  }
  return answers;
}

function listenToTrouble() {
  const form = element("trouble");
  form.addEventListener("change", () => {
    const answers = answersOf(form);
    form.querySelectorAll("[data-after]").forEach((set) => {
      set.hidden = answers[set.dataset.after] !== true;
    });
    const open = [...form.querySelectorAll("fieldset:not([hidden])")];
    form.querySelector("button").disabled = open.some((set) => !set.querySelector("input:checked"));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const answers = answersOf(form);
    form.hidden = true;
    form.reset();
    tell("trouble", { answers }, { stops: answers.pain || answers.heaviness });
  });
}

// --- something to call about ---------------------------------------------------------------------

function listenToSigns() {
  const forms = [...document.querySelectorAll(".group")];
  for (const form of forms) {
    const { group } = form.dataset;
    form.addEventListener("change", () => {
      forms.forEach((other) => {
        if (other !== form) other.reset();
        other.querySelector(".confirm").hidden = other !== form;
      });
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = form.querySelector("input:checked");
      if (!chosen) return;
      const sign = Number(chosen.value);
      form.reset();
      form.querySelector(".confirm").hidden = true;
      const urgent = group === "now" || group === "today";
      const whom = form.querySelector("h3").textContent;
      tell("call", { call: { group, sign, confirmed: true } }, { urgent, whom, stops: urgent });
    });
  }
}

function listenToClearance() {
  const form = document.querySelector("#clearance form");
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const status = document.querySelector("#clearance [role=status]");
    const reply = await post("clearance", { on: element("cleared").value });
    status.textContent = !reply.status ? says.away : reply.error ?? reply.lines.join(" ");
    lookSoon();
  });
}

function listenToSport() {
  const form = document.querySelector("#sport form");
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answers = Object.fromEntries([...new FormData(form)].filter(([, told]) => told));
    if (!Object.keys(answers).length) return;
    const { status, error, lines } = await post("sport", { day: data.date, answers });
    const said = !status ? [says.away] : lines ?? [error];
    document.querySelector("#sport [role=status]").replaceChildren(...said.map((line) =>
      Object.assign(document.createElement("p"), { textContent: line })));
    lookSoon();
  });
}

function listenToVoice() {
  document.querySelectorAll("[data-wants]").forEach((button) => {
    button.addEventListener("click", async () => {
      const status = document.querySelector("#voice [role=status]");
      const reply = await post("voice", { wants: button.dataset.wants === "yes" });
      status.textContent = !reply.status ? says.away : reply.error ?? reply.lines.join(" ");
      if (!reply.lines) return;
      status.focus();
      button.parentNode.hidden = true;
      lookSoon();
    });
  });
}

// --- what the laptop makes meanwhile -------------------------------------------------------------

let looking = 0;
function lookSoon() {
  clearTimeout(looking);
  looking = setTimeout(lookAgain, LOOK_SOON_MS);
}

async function lookAgain() {
  clearTimeout(looking);
  let now = null;
  try {
    const response = await fetch("now.json", { cache: "no-store", signal: AbortSignal.timeout?.(SEND_AGAIN_MS) });
    if (response.ok) now = await response.json();
  } catch {
    now = null; // the laptop is away: the page goes on without it
  }
  if (now) {
    const making = element("making");
    making.hidden = !now.making && !now.remarks.length;
    const text = now.making ?? now.remarks.join(" ");
    if (making.textContent !== text) making.textContent = text;
    if (waitingAnswers().length) send();
    if (now.state !== data.state && !now.making) openAgain();
  }
  const isSoon = now?.making || !data.isReady;
  looking = setTimeout(lookAgain, isSoon ? LOOK_SOON_MS : LOOK_MS);
}

/** Opens the page again, unless that would cut her off. */
function openAgain() {
  const isBusy = isListening() || !element("trouble").hidden
    || document.querySelector(".group input:checked") || document.querySelector("#sport select:focus, #sport [role=status] p");
  if (!isBusy) location.reload();
  else element("changed").hidden = false;
}

function startToday() {
  keep("address", location.pathname); // for the page without a key, to which a calendar leads
  const presses = {
    good: () => tell("good", { answers: data.good }),
    "not-today": () => tell("not-today", { answers: { done: false } }),
    trouble: (button) => {
      const form = element("trouble");
      form.hidden = !form.hidden;
      button.setAttribute("aria-expanded", String(!form.hidden));
      if (!form.hidden) form.querySelector("input").focus();
    },
    call: () => {
      element("signs").scrollIntoView();
      element("signs").focus();
    },
  };
  document.querySelectorAll("[data-answer]").forEach((button) => {
    button.addEventListener("click", () => presses[button.dataset.answer](button));
  });
  element("take-back").addEventListener("click", takeBack);
  element("open-again").addEventListener("click", () => location.reload());
  listenToTrouble();
  listenToSigns();
  listenToClearance();
  listenToSport();
  listenToVoice();
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.hidden || lookAgain());
  setInterval(() => waitingAnswers().length && send(), SEND_AGAIN_MS);
  setInterval(showTold, LOOK_MS / 2);
  showTold();
  send().then(lookAgain);
}

startToday();

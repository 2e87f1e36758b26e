// The first questions, one at a time. The answers stay on the phone until all are given.
const says = JSON.parse(document.getElementById("data").textContent);
const element = (id) => document.getElementById(id);
const KEPT = "first-questions";
let answers = recall(KEPT) ?? [];
let isAsking = false;

async function ask() {
  if (isAsking) return;
  isAsking = true;
  element("status").textContent = "";
  try {
    const response = await fetch("start", {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ answers }),
    });
    const reply = await response.json();
    if (response.status === 409 || response.status === 201) {
      keep(KEPT, []);
      element("status").textContent = says.done;
      history.scrollRestoration = "manual"; // today's page opens at its top
      scrollTo(0, 0);
      location.reload();
    } else if (reply.question) {
      answers = answers.slice(0, reply.at);
      keep(KEPT, answers);
      show(reply);
    } else {
      element("status").textContent = reply.error;
    }
  } catch {
    element("status").textContent = says.away;
    setTimeout(ask, 5000);
  } finally {
    isAsking = false;
  }
}

function answer(text) {
  answers = [...answers, text];
  ask();
}

function button(label, text, name = "answer") {
  const made = Object.assign(document.createElement("button"), {
    type: "button", textContent: label, className: name,
  });
  made.addEventListener("click", () => answer(text));
  return made;
}

function field(question) {
  const form = document.createElement("form");
  const input = Object.assign(document.createElement("input"), {
    type: question.kind === "day" ? "date" : "text", id: "typed", autocomplete: "off",
  });
  input.setAttribute("aria-labelledby", "question");
  if (question.kind === "day") Object.assign(input, { min: question.first, max: question.last });
  else input.maxLength = 60;
  const next = Object.assign(document.createElement("button"), {
    type: "submit", textContent: question.next, className: "wide main",
  });
  form.append(input, next);
  form.noValidate = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim() || !question.skip) answer(input.value);
    else input.focus();
  });
  return form;
}

function show(question) {
  document.documentElement.lang = question.language;
  element("question").textContent = question.question;
  element("before").textContent = question.before;
  element("before").hidden = !question.before;
  element("fault").textContent = question.error;
  const replies = [];
  if (question.kind === "choice") {
    replies.push(...question.labels.map((label, index) => button(label, String(index + 1))));
  } else if (question.kind === "yes_no") {
    replies.push(button(question.yes, "yes"), button(question.no, "no"));
  } else {
    replies.push(field(question));
  }
  if (question.skip) replies.push(button(question.skip, "", "wide"));
  element("replies").replaceChildren(...replies);
  element("replies").dataset.at = question.at;
  const previous = element("previous");
  previous.hidden = !question.at;
  previous.textContent = question.back;
  previous.onclick = () => {
    answers = answers.slice(0, -1);
    ask();
  };
  element("question").focus();
}

ask();

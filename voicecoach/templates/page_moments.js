// What there is to show at each moment of a session. Times are milliseconds.
const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words;
const LINGER_MS = 3000;
const LET_GO_MS = 2000;
const SHORT_REST_MS = 5000;
/** Kinds whose seconds are not counted aloud: the page counts down. */
const UNCOUNTED = new Set(["stretch", "activity"]);

const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** The last of `list`, which is in order of `from`, that has begun at `t`. */
function begun(list, t) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].from <= t) low = middle + 1;
    else high = middle;
  }
  return list[low - 1];
}

function inGroups(numbers, size) {
  const groups = [];
  for (let i = 0; i < numbers.length; i += size) groups.push(numbers.slice(i, i + size));
  return groups;
}

function unpackSays([, start, passage]) {
  let before = start;
  return inGroups(data.passages[passage], 2).map(([after, utterance]) => {
    const [text, length] = data.utterances[utterance];
    const from = before + after;
    before = from + length;
    return { from, to: before, text: data.texts[text] };
  });
}

function unpackBlock(block) {
  const reps = block.reps ?? block.breaths;
  const runs = inGroups(block.at, 4);
  const each = runs.flatMap(([count, ...numbers]) => Array(count).fill(numbers));
  let before = 0;
  const parts = each.map((numbers, index) => {
    const from = before + numbers[0];
    const middle = from + numbers[1];
    before = middle + numbers[2];
    return { from, middle, to: before, set: Math.floor(index / reps) + 1, rep: index % reps + 1 };
  });
  return { ...block, parts, from: parts[0].from, to: before + (block.rest_ms ?? 0) };
}

function unpack(session) {
  return {
    ...session,
    says: session.chapters.flatMap(unpackSays),
    blocks: session.blocks.filter((block) => block.at.length).map(unpackBlock),
    chapters: session.chapters.map(([title, from]) => ({ title, from })),
  };
}

function breathingAt(block, t) {
  const part = begun(block.parts, t);
  const isIn = t < part.middle;
  return {
    view: block.kind, block, part,
    isCalm: t > part.middle + (part.to - part.middle) * 0.7,
    phase: isIn ? words.inhale : words.exhale,
    where: fill(words.breath, { rep: part.rep, reps: block.breaths }),
  };
}

/** The moves of a repetition; one that is shorter than the others is held at once. */
function movesOf(block, part) {
  const length = part.to - part.middle;
  const usual = block.moves.reduce((sum, move) => sum + move[1], 0);
  return length === usual ? block.moves : [[block.moves[0][0], length, 1, null]];
}

/** What is done at `t`, within a repetition. */
function moveAt(block, part, t) {
  let end = part.middle;
  return movesOf(block, part).find(([, length]) => t < (end += length));
}

function effortPhase(block, part, next, t) {
  if (t < part.middle && part.rep === 1) return words.ready;
  if (t >= part.middle && t < part.to) return words[`moves.${moveAt(block, part, t)[0]}`];
  if (!block.lets_go) return words.rest;
  const isShort = (next ? next.middle - part.to : block.rest_ms) < SHORT_REST_MS;
  return t >= part.to && (isShort || t < part.to + LET_GO_MS) ? words.release : words.rest;
}

function effortBlockAt(block, t) {
  const part = begun(block.parts, t);
  const next = block.parts[block.parts.indexOf(part) + 1];
  const phase = effortPhase(block, part, next, t);
  const tighten = t < part.middle ? part : next;
  const isCounting = tighten && (phase === words.rest || phase === words.ready);
  const isTold = UNCOUNTED.has(block.kind) && t >= part.middle && t < part.to;
  const until = isCounting ? tighten.middle : isTold ? part.to : null;
  const template = block.sets === 1 ? words.rep : words.set_and_rep;
  return {
    view: "effort", block, part, phase,
    seconds: until === null ? null : Math.ceil((until - t) / 1000),
    isCalm: (t < part.middle || t >= part.to + RELEASE_MS)
      && !(tighten && tighten.middle - t < FADE_MS),
    where: block.sets * block.reps === 1
      ? "" : fill(template, { ...part, sets: block.sets, reps: block.reps }),
  };
}

/** What there is at `t`: view, words, phase, place among sets, and whether it may stop there. */
function momentAt(session, t) {
  const say = begun(session.says, t);
  const isSaid = Boolean(say) && t < say.to;
  const block = begun(session.blocks, t);
  let moment = { view: "talk", phase: "", where: "", isCalm: true };
  if (block && t < block.to) {
    moment = block.kind === "breathing" ? breathingAt(block, t) : effortBlockAt(block, t);
  }
  return {
    seconds: null, ...moment, isCalm: moment.isCalm && !isSaid,
    words: isSaid ? say.text : "",
    said: say && !isSaid && t < say.to + LINGER_MS ? say.text : "",
    chapter: begun(session.chapters, t),
  };
}

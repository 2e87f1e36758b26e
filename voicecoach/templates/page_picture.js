// The moment as a picture: a breath that grows and shrinks, or a mark on the curve of effort.
const RISE_MS = 600;
const RELEASE_MS = 1200;
const MS_A_PX = 14000 / 320;
const MARK_X = 96;
const FLOOR_Y = 180;
const HIGHEST = 132;
const STANDING_BEFORE_MS = 3000;
const [SMALLEST_R, LARGEST_R] = [50, 88];

const element = (id) => document.getElementById(id);
const stillness = matchMedia("(prefers-reduced-motion: reduce)");
const soft = (share) => 0.5 - 0.5 * Math.cos(Math.PI * Math.min(1, Math.max(0, share)));
let drawnBlock = null;

const percentOf = (block) => block.high_percent ?? 60;
const heightOf = (block) => (HIGHEST * percentOf(block)) / Math.max(60, percentOf(block) + 20);
const slopeOf = ([, length, , slope]) => slope ?? Math.min(RISE_MS, length);

/** From 0 to 1, how much of the effort there is at `t`. */
function effortAt(block, part, t) {
  if (t < part.middle) return 0;
  let [start, before] = [part.middle, 0];
  for (const move of movesOf(block, part)) {
    const [, length, height] = move;
    if (t < start + length) return before + (height - before) * soft((t - start) / slopeOf(move));
    [start, before] = [start + length, height];
  }
  return before * (1 - soft((t - part.to) / RELEASE_MS));
}

/** The whole curve of a block, in pixels from its start. The bends are nearly those of `soft`. */
function curveOf(block) {
  const y = (share) => FLOOR_Y - heightOf(block) * share;
  const px = (ms) => ((ms - block.from) / MS_A_PX).toFixed(1);
  const bend = (from, length, before, after) =>
    `C${px(from + length * 0.364)} ${before} ${px(from + length * 0.636)} ${after}` +
    ` ${px(from + length)} ${after}`;
  const pieces = block.parts.map((part) => {
    let [start, before, drawn] = [part.middle, 0, ""];
    for (const move of movesOf(block, part)) {
      drawn += `H${px(start)}` + bend(start, slopeOf(move), y(before), y(move[2]));
      [start, before] = [start + move[1], move[2]];
    }
    return `${drawn}H${px(part.to)}` + (before ? bend(part.to, RELEASE_MS, y(before), FLOOR_Y) : "");
  });
  return `M-400 ${FLOOR_Y}${pieces.join("")}H${px(block.to + 20000)}`;
}

function prepare(block) {
  if (block === drawnBlock) return;
  drawnBlock = block;
  if (block.kind === "breathing") return;
  const y = FLOOR_Y - heightOf(block);
  const { low_percent: low, high_percent: high } = block;
  document.querySelectorAll(".curve").forEach((path) => path.setAttribute("d", curveOf(block)));
  element("guide").setAttribute("d", `M0 ${y}H320`);
  element("percent").setAttribute("y", y - 8);
  const percent = low === high ? `${high} %` : `${low}–${high} %`;
  element("percent").textContent = high === null ? "" : percent;
}

function drawBreath(block, part, t) {
  const isIn = t < part.middle;
  let share = isIn
    ? soft((t - part.from) / (part.middle - part.from - block.pause_full_ms))
    : 1 - soft((t - part.middle) / (part.to - part.middle));
  if (stillness.matches) share = isIn ? 1 : 0;
  element("lungs").setAttribute("r", (SMALLEST_R + (LARGEST_R - SMALLEST_R) * share).toFixed(2));
}

/** Where motion is not wanted, the contraction stands still and the mark waits before, on or after
 *  its top. */
function standing(part, t) {
  const at = (ms) => (ms - part.middle + STANDING_BEFORE_MS) / MS_A_PX;
  const start = part.middle - STANDING_BEFORE_MS;
  if (t < part.middle) return { start, x: at(part.middle - 1500), share: 0 };
  if (t < part.to) return { start, x: at((part.middle + part.to) / 2), share: 1 };
  return { start, x: at(part.to + 2000), share: 0 };
}

function drawEffort(block, part, t) {
  const moving = { start: t - MARK_X * MS_A_PX, x: MARK_X, share: effortAt(block, part, t) };
  const { start, x, share } = stillness.matches ? standing(part, t) : moving;
  const shift = `translate(${((block.from - start) / MS_A_PX).toFixed(2)})`;
  document.querySelectorAll(".moving").forEach((g) => g.setAttribute("transform", shift));
  element("gone").setAttribute("width", x.toFixed(1));
  element("mark").setAttribute("cx", x.toFixed(1));
  element("mark").setAttribute("cy", (FLOOR_Y - heightOf(block) * share).toFixed(2));
}

function draw({ block, part }, t) {
  if (!block) return;
  prepare(block);
  if (block.kind === "breathing") drawBreath(block, part, t);
  else drawEffort(block, part, t);
}

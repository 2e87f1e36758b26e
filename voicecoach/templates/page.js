// The page itself: which session is at hand, playing it, and all that shows where it is.
const FADE_MS = 1500;
const WAIT_MS = 6000;
const SKIP_S = 10;
const MINUTE_MS = 60000;
const BETWEEN_MS = 2500;
const isFile = location.protocol === "file:";

const tracks = [...document.querySelectorAll("audio")].map((audio, index) => ({
  audio,
  key: audio.getAttribute("src").split("/").pop(),
  title: audio.parentNode.querySelector(".name").textContent,
  pending: null,
  ...unpack(data.sessions[index]),
}));
const days = new Map(data.days.map((day) => [day.day, { ...day, entries: entriesOf(day) }]));
const [firstDay, lastDay] = [data.days[0].day, data.days[data.days.length - 1].day];

let shown = null; // the day whose sessions are shown
let current = null; // the entry at hand: a session, as it is done on a day for the n-th time
let isBegun = false; // whether the current entry has played since it was chosen
let sleepAt = null;
let fading = null;
let waiting = 0;
let between = 0;
let sound = null; // of the sign between two sessions
let rows = [];

function entriesOf({ day, tracks: places }) {
  return places.map((place, index) => ({
    day, track: tracks[place],
    nth: places.slice(0, index + 1).filter((other) => other === place).length,
  }));
}

const isDone = (entry) => timesDone(entry.day, entry.track) >= entry.nth;
const isPlaying = () => Boolean(current) && !current.track.audio.paused;
/** Also while the sign between two sessions is heard. */
const isListening = () => isPlaying() || between > 0;
const milliseconds = (track) => track.pending ?? track.audio.currentTime * 1000;

const countdown = (seconds) => seconds < 60 ? seconds : clock(seconds * 1000);

function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function minutes(ms) {
  const count = Math.max(1, Math.round(ms / MINUTE_MS));
  return count === 1 ? words.one_minute : fill(words.minutes, { minutes: count });
}

function leftText(ms) {
  if (ms < MINUTE_MS) return words.almost_done;
  const count = Math.round(ms / MINUTE_MS);
  return count === 1 ? words.minute_left : fill(words.minutes_left, { minutes: count });
}

function write(id, text) {
  if (element(id).textContent !== text) element(id).textContent = text;
}

function made(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

const inLanguage = (text) => made("span", { lang: data.language, textContent: text });

// --- what is at hand ---------------------------------------------------------------------------

/** Whether she told today of what it is better to stop for; the laptop may not know yet. */
function isStopped() {
  if (shown !== data.today?.day) return false;
  const last = recall(`told.${data.home}`);
  const isNews = last?.day === data.date && last.number > data.number;
  return isNews ? last.stops && !last.back : data.isStopped;
}

/** The session to do next: the one she left last, else the first that is not done. */
function nextEntry() {
  const open = isStopped() ? [] : days.get(shown)?.entries.filter((entry) => !isDone(entry)) ?? [];
  const at = (entry) => placeIn(entry.track)?.at ?? 0;
  return open.reduce((best, entry) => (best && at(best) >= at(entry) ? best : entry), null);
}

function choose(entry) {
  if (current && current !== entry) current.track.audio.pause();
  current = entry;
  isBegun = false;
  if (entry) {
    const { track } = entry;
    seek(track, placeIn(track)?.ms ?? 0);
    track.audio.preload = "metadata";
    element("seek").max = Math.floor(track.duration_ms / 1000);
    listChapters(track);
  }
  show();
}

/** Talks may go faster; what is done keeps its time. */
function setSpeed({ audio, blocks }) {
  const speed = blocks.length ? 1 : Number(element("speed").value);
  audio.defaultPlaybackRate = audio.playbackRate = speed;
}

function seek(track, ms) {
  const at = Math.min(Math.max(0, ms), track.duration_ms - 500);
  const isKnown = track.audio.readyState > 0;
  track.pending = isKnown ? null : at || null;
  if (isKnown) track.audio.currentTime = at / 1000;
}

function play() {
  const { audio } = current.track;
  if (audio.error || current.track.isLost) {
    current.track.isLost = false;
    current.track.pending = milliseconds(current.track);
    audio.load();
  }
  isBegun = true;
  write("fault", "");
  write("status", "");
  element("reload").hidden = true;
  stopBetween();
  readySign();
  setSpeed(current.track);
  audio.play().catch((error) => {
    if (error.name !== "AbortError" && error.name !== "NotAllowedError") fail();
    show();
  });
}

function toggle() {
  stopBetween();
  if (isPlaying()) current.track.audio.pause();
  else play();
}

function playEntry(entry) {
  if (entry !== current) choose(entry);
  else if (isPlaying()) return;
  play();
  const isSmooth = !stillness.matches;
  element("player").scrollIntoView({ block: "nearest", behavior: isSmooth ? "smooth" : "auto" });
}

function skip(seconds) {
  seek(current.track, milliseconds(current.track) + seconds * 1000);
  showMoment();
}

function step(by) {
  if (by < 0 && milliseconds(current.track) > 5000) {
    seek(current.track, 0);
    return;
  }
  const { entries } = days.get(current.day);
  const entry = entries[entries.indexOf(current) + by];
  if (entry) playEntry(entry);
}

/** To the next or previous part of the session; past its ends, to another session. */
function stepChapter(by) {
  const { track } = current;
  const t = milliseconds(track);
  const starts = track.chapters.map(({ from }) => from);
  const to = by > 0
    ? starts.find((from) => from > t + 500)
    : starts.filter((from) => from < t - 3000).pop();
  if (to !== undefined) seek(track, to);
  else if (by < 0 && t > 5000) seek(track, 0);
  else step(by);
}

/** Browsers allow sound only after a touch, so it is made ready then. */
function readySign() {
  try {
    sound ??= new AudioContext();
    sound.resume();
  } catch {
    sound = null; // then there is silence between two sessions
  }
}

/** A soft falling third between two sessions. */
function playSign() {
  [[660, 0], [550, 0.45]].forEach(([hertz, after]) => {
    if (!sound) return;
    const [tone, gain, at] = [sound.createOscillator(), sound.createGain(), sound.currentTime + after];
    tone.frequency.value = hertz;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.06, at + 0.06);
    gain.gain.exponentialRampToValueAtTime(0.0005, at + 0.9);
    tone.connect(gain).connect(sound.destination);
    tone.start(at);
    tone.stop(at + 0.95);
  });
}

function stopBetween() {
  clearTimeout(between);
  between = 0;
}

function stopListening() {
  stopBetween();
  if (isPlaying()) current.track.audio.pause();
  choose(nextEntry());
}

/** The next session, after the sign. A tap in between decides otherwise. */
function playOn(entry) {
  stopBetween();
  playSign();
  between = setTimeout(() => {
    between = 0;
    if (current === entry && !isPlaying()) play();
  }, BETWEEN_MS);
}

function finish() {
  const { track, day } = current;
  keepPlace(track, 0);
  track.audio.currentTime = 0;
  if (!isDone(current)) addDone(day, track);
  const isLast = element("sleep").value === "end";
  if (isLast) setSleep("");
  const next = nextEntry();
  const isNew = next && timesDone(next.day, next.track) === 0;
  const hadFocus = document.activeElement === element("play");
  choose(next);
  write("status", words.ended);
  if (element("on").checked && isNew && !isLast) playOn(next);
  else if (!next && element("how")) {
    element("how").scrollIntoView({ behavior: stillness.matches ? "auto" : "smooth" });
  } else if (!next && hadFocus) element("lead").focus();
}

function fail() {
  current.track.isLost = true;
  current.track.audio.pause();
  clearTimeout(waiting);
  write("status", "");
  write("fault", isFile ? words.failed_here : words.failed);
  element("reload").hidden = false;
}

// --- the sleep timer ---------------------------------------------------------------------------

function setSleep(value) {
  element("sleep").value = value;
  sleepAt = Number(value) ? Date.now() + Number(value) * MINUTE_MS : null;
}

/** When it is time, waits for a moment of rest, and goes softly. */
function sleepIfTime(t, isCalm) {
  const { audio } = current.track;
  if (fading === null) {
    if (sleepAt === null || Date.now() < sleepAt || !isCalm) return;
    fading = t;
  }
  const share = Math.min(1, Math.max(0, t - fading) / FADE_MS);
  audio.volume = 1 - share;
  if (share < 1) return;
  audio.pause();
  seek(current.track, fading);
  setSleep("");
  write("status", words.slept);
}

// --- what it looks like ------------------------------------------------------------------------

function showMoment() {
  if (!current) return;
  const { track } = current;
  const t = milliseconds(track);
  const moment = momentAt(track, t);
  const isIdle = !isBegun && t === 0;
  element("stage").className = isIdle ? "idle" : moment.view;
  write("words", moment.words);
  element("said").dataset.text = moment.said;
  write("phase", moment.seconds ? `${moment.phase} ${countdown(moment.seconds)}` : moment.phase);
  write("where", isIdle ? minutes(track.duration_ms) : moment.where);
  const chapter = moment.chapter?.title ?? "";
  write("lead", isIdle ? words.next : chapter === track.title ? "" : chapter);
  write("at", clock(t));
  write("left", leftText(track.duration_ms - t));
  const slider = element("seek");
  slider.value = Math.floor(t / 1000);
  slider.setAttribute(
    "aria-valuetext", fill(words.range, { at: clock(t), all: clock(track.duration_ms) }));
  draw(moment, t);
  if (isPlaying()) sleepIfTime(t, moment.isCalm);
}

function show() {
  const button = element("play");
  const isOn = isPlaying();
  element("now").classList.toggle("begun", Boolean(current) && (isBegun || milliseconds(current.track) > 0));
  element("now").classList.toggle("free", shown !== null && !current);
  button.dataset.state = isOn ? "playing" : "paused";
  if (current) {
    write("title", current.track.title);
    button.setAttribute(
      "aria-label", isOn ? words.pause : fill(words.play, { title: current.track.title }));
  } else {
    write("title", "");
    write("lead", words.all_done);
    write("where", "");
    element("stage").className = "idle";
  }
  showMoment();
  rows.forEach(showRow);
  tellPhone();
}

function frame() {
  if (!isPlaying()) return;
  showMoment();
  requestAnimationFrame(frame);
}

function makeRow(entry) {
  const [sign, meta] = [made("span", { className: "sign" }), made("span", { className: "meta" })];
  sign.setAttribute("aria-hidden", "true");
  const what = made("span", { className: "what" }, inLanguage(entry.track.title), " ", meta);
  const button = made("button", { className: "row", type: "button" }, sign, what);
  button.addEventListener("click", () => playEntry(entry));
  rows.push({ entry, button, sign, meta });
  return made("li", {}, button);
}

function showRow({ entry, button, sign, meta }) {
  const isCurrent = entry === current;
  const place = entry.day === shown && placeIn(entry.track);
  const next = days.get(entry.day).entries.find((e) => e.track === entry.track && !isDone(e));
  let state = "";
  if (isCurrent && isPlaying()) state = words.playing;
  else if (isDone(entry)) state = words.done;
  else if (place && next === entry) state = fill(words.place, { time: clock(place.ms) });
  sign.textContent = isDone(entry) ? "✓" : "▸";
  button.classList.toggle("done", isDone(entry));
  if (isCurrent) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
  meta.textContent = [minutes(entry.track.duration_ms), state].filter(Boolean).join(", ");
}

function listChapters(track) {
  element("chapters").replaceChildren(...track.chapters.map(({ title, from }) => {
    const what = made("span", { className: "what" }, title, " ",
      made("span", { className: "meta", textContent: clock(from) }));
    const button = made("button", { className: "row", type: "button" }, what);
    button.addEventListener("click", () => {
      seek(track, from);
      play();
    });
    return made("li", {}, button);
  }));
}

function summary(entries) {
  const count = entries.length;
  const all = entries.reduce((sum, { track }) => sum + track.duration_ms, 0);
  return `${count === 1 ? words.one_session : fill(words.sessions, { count })}, ${minutes(all)}`;
}

function listWeek() {
  element("days").replaceChildren(...[...days.values()].map(({ title, entries }) => {
    const sum = made("span", { className: "meta", textContent: summary(entries) });
    const list = made("ol", { className: "rows" }, ...entries.map(makeRow));
    return made("details", {}, made("summary", {}, inLanguage(title), " ", sum), list);
  }));
}

/** Shows the sessions of `day`; with null, only what is said about today. */
function showDay(day) {
  const isSame = day === shown && day !== null;
  shown = day;
  rows = rows.filter((row) => !element("entries").contains(row.button));
  const { title, entries } = days.get(day) ?? { title: "", entries: [] };
  element("entries").replaceChildren(...entries.map(makeRow));
  element("player").hidden = element("today").hidden = day === null;
  const isToday = day === dayNow();
  write("today-title", isToday ? words.today : title);
  write("today-sum", (isToday ? `${title}: ` : "") + summary(entries));
  if (!isPlaying() && !(isSame && current)) choose(nextEntry());
  else show();
}

function showToday() {
  const day = dayNow();
  const isHere = days.has(day);
  const select = element("day");
  const blank = select.options[0];
  blank.textContent = day === null ? words.choose : fill(words.this_day, { day });
  blank.hidden = isHere;
  select.value = isHere ? day : "";
  let note = "";
  if (day === null) note = words.choose_day;
  else if (day < firstDay) note = fill(words.before, { day, first: firstDay });
  else if (!isHere) note = fill(words.after, { day, last: lastDay });
  write("note", note);
  element("note").hidden = !note;
  const toToday = element("to-today");
  if (toToday) toToday.hidden = isFile || day === null || day <= lastDay;
  const offered = day < firstDay ? firstDay : lastDay;
  const offer = element("offer");
  offer.hidden = isHere || day === null;
  offer.textContent = fill(words.show_day, { day: offered });
  offer.onclick = () => showDay(offered);
  if (day === null) showDay(firstDay);
  else showDay(isHere ? day : null);
}

function dayFromAddress() {
  const day = Number(/^#day-(\d{1,3})$/.exec(location.hash)?.[1]);
  if (!days.has(day)) return;
  tellDay(day);
  // So that the same address, opened tomorrow, does not set the day back.
  history.replaceState(null, "", location.pathname + location.search);
}

// --- the lock screen ---------------------------------------------------------------------------

function tellPhone() {
  if (!("mediaSession" in navigator) || !current || !isBegun) return;
  const session = navigator.mediaSession;
  const { track } = current;
  session.playbackState = isPlaying() ? "playing" : "paused";
  if (session.metadata?.title !== track.title && "MediaMetadata" in window) {
    const cover = { src: document.querySelector("link[rel=icon]").href, type: "image/jpeg" };
    session.metadata = new MediaMetadata({
      title: track.title, artist: data.artist, album: document.title,
      artwork: isFile ? [] : [cover], // browsers take pictures from the network alone
    });
  }
  session.setPositionState?.({
    duration: track.duration_ms / 1000, playbackRate: track.audio.playbackRate,
    position: Math.min(milliseconds(track), track.duration_ms) / 1000,
  });
}

function listenToPhone() {
  if (!("mediaSession" in navigator)) return;
  const pause = () => current?.track.audio.pause();
  const actions = {
    play: () => current && play(), pause, stop: pause,
    seekbackward: (details) => current && skip(-(details.seekOffset || SKIP_S)),
    seekforward: (details) => current && skip(details.seekOffset || SKIP_S),
    seekto: (details) => current && seek(current.track, details.seekTime * 1000),
    previoustrack: () => current && stepChapter(-1),
    nexttrack: () => current && stepChapter(1),
  };
  for (const [action, handler] of Object.entries(actions)) {
    try {
      navigator.mediaSession.setActionHandler(action, handler);
    } catch {
      continue; // an action that this browser does not know
    }
  }
}

// --- what happens ------------------------------------------------------------------------------

function noteTime(track) {
  const ms = milliseconds(track);
  if (!isBegun || current?.track !== track || Math.abs((track.noted ?? -9999) - ms) < 1000) return;
  track.noted = ms;
  keepPlace(track, ms);
}

function noteNow(track) {
  track.noted = undefined;
  if (!track.audio.ended) noteTime(track);
}

function hear(track) {
  const { audio } = track;
  audio.controls = false;
  const on = (name, handler) => audio.addEventListener(name, handler);
  const mine = (handler) => () => current?.track === track && handler();
  on("loadedmetadata", () => {
    // It may come so late that the sound plays already.
    if (track.pending !== null) audio.currentTime = track.pending / 1000;
    track.pending = null;
  });
  on("play", () => {
    tracks.filter((other) => other !== track).forEach((other) => other.audio.pause());
    stopBetween();
    if (current?.track !== track) choose(entryWith(track));
    isBegun = true;
    fading = null;
    audio.volume = 1;
    show();
    requestAnimationFrame(frame);
  });
  on("pause", () => {
    audio.volume = 1;
    clearTimeout(waiting);
    if (sleepAt !== null && Date.now() >= sleepAt) setSleep("");
    if (current?.track === track) noteNow(track);
    show();
  });
  on("timeupdate", mine(() => {
    clearTimeout(waiting);
    noteTime(track);
    showMoment();
  }));
  on("seeked", mine(() => {
    noteNow(track);
    show();
  }));
  on("waiting", mine(() => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      write("status", words.waiting);
      waiting = setTimeout(fail, 2 * WAIT_MS);
    }, WAIT_MS);
  }));
  on("playing", mine(() => {
    clearTimeout(waiting);
    write("status", "");
    tellPhone();
  }));
  on("error", mine(() => isBegun && fail()));
  on("ended", mine(finish));
}

function entryWith(track) {
  const today = days.get(shown)?.entries ?? [];
  const all = [...today.filter((entry) => !isDone(entry)), ...today,
    ...[...days.values()].flatMap(({ entries }) => entries)];
  return all.find((entry) => entry.track === track);
}

function remember() {
  if (current) noteNow(current.track);
}

function start() {
  if (data.today) keep("today", data.today);
  tracks.forEach(hear);
  listWeek();
  element("now").hidden = element("week").hidden = false;
  const clicks = {
    play: toggle, back: () => skip(-SKIP_S), forward: () => skip(SKIP_S),
    reload: () => location.reload(),
    restart: () => { seek(current.track, 0); play(); },
  };
  for (const [id, handler] of Object.entries(clicks)) element(id).addEventListener("click", handler);
  element("day").addEventListener("change", ({ target }) => {
    if (target.value) tellDay(Number(target.value));
    showToday();
  });
  const slider = element("seek");
  slider.addEventListener("input", () => seek(current.track, Number(slider.value) * 1000));
  element("sleep").addEventListener("change", ({ target }) => setSleep(target.value));
  const on = element("on");
  on.checked = recall("on") !== false;
  on.addEventListener("change", () => keep("on", on.checked));
  const speed = element("speed");
  const known = [...speed.options].map(({ value }) => value);
  if (known.includes(recall("speed"))) speed.value = recall("speed");
  speed.addEventListener("change", () => {
    keep("speed", speed.value);
    tracks.forEach(setSpeed);
    tellPhone();
  });
  stillness.addEventListener("change", showMoment);
  addEventListener("hashchange", () => { dayFromAddress(); showToday(); });
  addEventListener("pagehide", remember);
  addEventListener("storage", () => rows.forEach(showRow));
  const lookAgain = () => dayNow() !== dayAtLook && look();
  addEventListener("pageshow", lookAgain);
  document.addEventListener("visibilitychange", () => document.hidden ? remember() : lookAgain());
  listenToPhone();
  dayFromAddress();
  look();
}

let dayAtLook = null;
function look() {
  showToday();
  dayAtLook = dayNow();
}

start();

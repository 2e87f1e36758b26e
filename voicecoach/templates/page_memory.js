// What the page remembers on this phone, and nowhere else. It works without a memory, too.
const PREFIX = "voicecoach.";
const PLACE_LASTS_MS = 12 * 3600 * 1000;
const DAY_MS = 24 * 3600 * 1000;
/** A day ends at four: a feed at one in the morning belongs to the evening. */
const DAY_ENDS_AT_HOUR = 4;
const kept = new Map();

/** Private windows and some phones forbid storage, and what stands there may not be ours. */
function recall(key) {
  try {
    const text = localStorage.getItem(PREFIX + key);
    if (text !== null) return JSON.parse(text);
  } catch {
    return kept.get(key) ?? null;
  }
  return kept.get(key) ?? null;
}

function keep(key, value) {
  kept.set(key, value);
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    return;
  }
}

/** The number of the local date, one more each night at four. */
function dateNumber() {
  const date = new Date();
  if (date.getHours() < DAY_ENDS_AT_HOUR) date.setDate(date.getDate() - 1);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS);
}

function dateText(number) {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

/** Which day it is, counted on from the day that she told; null where she did not. */
function dayNow() {
  const told = recall("today");
  const date = Date.parse(`${told?.date}T00:00:00Z`) / DAY_MS;
  if (!Number.isInteger(told?.day) || !Number.isInteger(date)) return null;
  return told.day + dateNumber() - date;
}

function tellDay(day) {
  keep("today", { day, date: dateText(dateNumber()) });
}

/** The date on which `day` is. A day that she did not tell is today. */
function dateOf(day) {
  return dateText(dateNumber() + day - (dayNow() ?? day));
}

/** The same on the page of a week and on that of today. */
const fileOf = (track) => track.key.split("?")[0];

/** How often a session was done on `day`. It stays done when its pack is built again. */
function timesDone(day, track) {
  const done = recall(`done.${day}`);
  const times = done?.date === dateOf(day) ? done.files?.[fileOf(track)] : 0;
  return Number.isInteger(times) ? times : 0;
}

function addDone(day, track) {
  const times = timesDone(day, track) + 1;
  const before = recall(`done.${day}`);
  const date = dateOf(day);
  const files = before?.date === date ? before.files : {};
  keep(`done.${day}`, { date, files: { ...files, [fileOf(track)]: times } });
}

/** Where in a session she is: {ms, at}; null where at its start, or where that is long ago. */
function placeIn(track) {
  const place = recall(`place.${track.key}`);
  if (!Number.isFinite(place?.ms) || !Number.isFinite(place.at)) return null;
  const isOld = Math.abs(Date.now() - place.at) > PLACE_LASTS_MS;
  return isOld || place.ms < 1000 || place.ms >= track.duration_ms ? null : place;
}

function keepPlace(track, ms) {
  keep(`place.${track.key}`, { ms: Math.round(ms), at: Date.now() });
}

// Waits for a condition: polls it until a deadline, with no fixed sleep.

import { setTimeout as pause } from 'node:timers/promises';

const pollEveryMs = 10;

/** Returns the first truthy result of the given function; throws an error that names the condition once the deadline has passed. */
export async function until(what, poll, withinMs = 10_000) {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await poll();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(`Waited ${withinMs} ms in vain for ${what}.`);
    await pause(pollEveryMs);
  }
}

/** Runs `action` for every item, at most `width` at a time; the answers come in the items' order. */
export async function eachOf(items, width, action) {
  const answers = new Array(items.length);
  let next = 0;
  const lane = async () => {
    for (let i = next++; i < items.length; i = next++) answers[i] = await action(items[i], i);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return answers;
}

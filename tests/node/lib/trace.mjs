// Reads the output of `strace -f -tt -y`. Its lines stand in the order in which the calls were entered and left.

const whole = /^(\d+)\s+[\d:.]+ (\w+)\((.*)$/;
const resumed = /^(\d+)\s+[\d:.]+ <\.\.\. (\w+) resumed>(.*)$/;
const unfinished = ' <unfinished ...>';
const receiving = new Set(['read', 'readv', 'recvfrom', 'recvmsg']);
const sending = new Set(['write', 'writev', 'sendto', 'sendmsg', 'sendmmsg']);
const syncing = new Set(['fsync', 'fdatasync']);

/** Each system call as {call, text, entered, left}; `entered` and `left` are line numbers. */
export function readTrace(text) {
  const calls = [];
  const open = new Map();
  text.split('\n').forEach((line, number) => {
    const begun = whole.exec(line);
    if (begun) {
      const [, thread, call, rest] = begun;
      const entry = { call, text: rest, entered: number, left: number };
      calls.push(entry);
      if (rest.endsWith(unfinished)) {
        entry.left = Infinity;
        open.set(thread, entry);
      }
      return;
    }
    const ended = resumed.exec(line);
    if (ended && open.has(ended[1])) {
      const entry = open.get(ended[1]);
      open.delete(ended[1]);
      entry.text += ended[3];
      entry.left = number;
    }
  });
  return calls;
}

/**
 * For each marker, in the order in which its request was sent: was there a completed sync of a write-ahead log that began after
 * the request was received and ended before its answer was sent? The requests must have been sent one by one on one connection.
 */
export function checkSyncs(calls, markers, status) {
  const result = { synced: [], withoutSync: [], unanswered: [] };
  for (const marker of markers) {
    const received = calls.find(({ call, text }) => receiving.has(call) && text.includes(marker));
    const connection = received && /socket:\[\d+\]|TCP:\[[^\]]*\]/.exec(received.text)?.[0];
    const answered =
      connection &&
      calls.find(
        ({ call, text, entered }) =>
          sending.has(call) && entered > received.left && text.includes(connection) && text.includes(`HTTP/1.1 ${status}`),
      );
    if (!answered) {
      result.unanswered.push(marker);
      continue;
    }
    const synced = calls.some(
      ({ call, text, entered, left }) =>
        syncing.has(call) && /-wal>/.test(text) && /= 0$/.test(text.trimEnd()) && entered > received.left && left < answered.entered,
    );
    (synced ? result.synced : result.withoutSync).push(marker);
  }
  return result;
}

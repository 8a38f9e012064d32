// Reading lists to their end.

const mostPages = 100_000;

/** Every page of a list, from `query.after` on. */
export async function* pages(api, path, query = {}) {
  let after = query.after;
  for (let page = 0; page < mostPages; page++) {
    const list = await api.get(path, { ...query, after });
    yield list;
    if (list.list_metadata.after === null) return;
    if (list.list_metadata.after === after) throw new Error(`The list ${path} does not move on from ${after}.`);
    after = list.list_metadata.after;
  }
  throw new Error(`The list ${path} has no end.`);
}

/** Every item of a list, in its order. */
export async function all(api, path, query = {}) {
  const items = [];
  for await (const page of pages(api, path, { limit: 100, ...query })) items.push(...page.data);
  return items;
}

/** The newest event's id, or null: equal before and after, nothing was written in between. */
export async function newestEvent(api) {
  await settle(api);
  const { data } = await api.get('/events', { limit: 1, order: 'desc' });
  return data[0]?.id ?? null;
}

/** Receipts follow their changes. Listing a node's receipts writes those that it has issued: then the log is complete. */
export async function settle(api) {
  await api.get('/receipts', { limit: 1 });
}

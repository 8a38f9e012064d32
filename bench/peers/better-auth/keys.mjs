/** The settings of a key in all modes. */
export function newKey(auth, i) {
  // Each of another owner: in secondary storage the plugin rewrites the list of an owner's keys whenever one of them is used.
  return auth.api.createApiKey(
    { body: { userId: `user-${i}`, name: 'Nightly export', permissions: { posts: ['read', 'write'], invoices: ['read'] } } });
}

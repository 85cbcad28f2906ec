// Names of fields and query words, in lower case, that an API has its keys under: told by whoever makes a key, so that a
// recording leaves out what no rule could know for a secret.
export const secretNames = new Set<string>()

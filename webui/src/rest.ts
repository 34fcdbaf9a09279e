// rest.ts - what is asked with HTTP: who is here.

/** The answer's JSON; an Error with the box's own line where it refuses. */
export async function rest<T>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<T> {
  const answer = await fetch(path, { method, ...(body ? { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } } : {}) });
  const told = (await answer.json().catch(() => ({}))) as T & { error?: string };
  if (!answer.ok) throw new Error(told.error ?? `${answer.status}`);
  return told;
}

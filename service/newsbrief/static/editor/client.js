// Calls API v1; everything that goes wrong becomes a Problem.
import { readEvents } from "./events.js";

const KEY = "newsbrief.key";

// `name` is the last part of the problem's type, or "network" or "broken" where there was no answer.
export class Problem extends Error {
  constructor(name, described = {}) {
    super(described.detail ?? "");
    this.name = name;
    this.status = described.status ?? 0;
    this.detail = described.detail ?? "";
    this.field = described.field ?? null;
    this.requestId = described.request_id ?? null;
    this.retryAfter = described.retry_after ?? null;
  }
}

export function useKey(key) {
  sessionStorage.setItem(KEY, key);
}

// Yields {name, data} of each step; the last one is named "brief".
export async function* streamBrief(payload, signal) {
  const response = await post("v1/briefs", payload, "text/event-stream", signal);
  let complete = false;
  try {
    for await (const event of readEvents(response.body)) {
      if (event.name === "problem") throw fromDocument(event.data);
      complete ||= event.name === "brief";
      yield event;
    }
  } catch (error) {
    if (error instanceof Problem || signal.aborted) throw error;
    throw new Problem("broken");
  }
  if (!complete) throw new Problem("broken");
}

export async function translate(payload, signal) {
  const response = await post("v1/translations", payload, "application/json", signal);
  return response.json();
}

async function post(path, payload, accept, signal) {
  const headers = { "Content-Type": "application/json", Accept: accept };
  const key = sessionStorage.getItem(KEY);
  if (key) headers.Authorization = `Bearer ${key}`;
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers,
      body: JSON.stringify(payload),
      signal,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Problem("network");
  }
  if (!response.ok) throw await fromResponse(response);
  return response;
}

async function fromResponse(response) {
  let described;
  try {
    described = await response.json();
  } catch {
    described = {}; // an answer of something between us and the service
  }
  const wait = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return fromDocument({
    status: response.status,
    request_id: response.headers.get("X-Request-ID"),
    ...described,
    ...(wait >= 0 && { retry_after: wait }),
  });
}

function fromDocument(described) {
  return new Problem(String(described.type ?? "other").split(":").pop(), described);
}

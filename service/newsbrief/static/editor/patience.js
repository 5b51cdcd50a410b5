// Waits as long as a busy service asks, saying so each second, and tries again.
import { Problem } from "./client.js";

const UNSAID = 5; // seconds, for a 429 that doesn't say how long

// `tick(seconds, skip)` is told the seconds left, and may call `skip` to try at once; `tick(0)`
// when the wait is over.
export async function patiently(attempt, signal, tick) {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 429) throw error;
      await countdown(error.retryAfter ?? UNSAID, signal, tick);
    }
  }
}

function countdown(seconds, signal, tick) {
  const until = Date.now() + seconds * 1000;
  return new Promise((resolve, reject) => {
    const stop = (settle, reason) => {
      clearInterval(timer);
      signal.removeEventListener("abort", abort);
      tick(0);
      settle(reason);
    };
    const abort = () => stop(reject, signal.reason);
    const step = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      if (left <= 0) stop(resolve);
      else tick(left, () => stop(resolve));
    };
    const timer = setInterval(step, 1000);
    signal.addEventListener("abort", abort);
    step();
  });
}

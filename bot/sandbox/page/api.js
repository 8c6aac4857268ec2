// Talking to the sandbox: requests, and the websocket that tells what happens.

const HEARTBEAT = 1500;

/** What the sandbox says to a request; throws Error with its words where it refuses. */
async function ask(path, init) {
  const response = await fetch(`/sandbox/${path}`, init);
  const reply = await response.json();
  if (!reply.ok) throw new Error(reply.description);
  return reply.result;
}

export const get = (path, query) => ask(`${path}?${new URLSearchParams(query)}`);

/** Send fields; files among them travel as files. */
export function post(path, fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null && value !== undefined) body.append(name, value);
  }
  return ask(path, { method: "POST", body });
}

/**
 * Follow what happens from a snapshot on. `heard` gets each event, `lost` is told true when the
 * connection breaks and false when it is back, `stale` when a new snapshot is needed.
 * Returns a function that stops following.
 */
export function follow(snapshot, { heard, lost, stale }) {
  let seen = snapshot.number;
  let socket = null;
  let timer = 0;
  let stopped = false;

  function connect() {
    const query = new URLSearchParams({ user: snapshot.user, run: snapshot.run, after: seen });
    socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/sandbox/live?${query}`);
    socket.onopen = () => lost(false);
    socket.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      if (stopped) return;
      if (event.kind === "stale") return stale();
      seen = event.number;
      heard(event);
    };
    socket.onclose = () => {
      if (stopped) return;
      lost(true);
      timer = setTimeout(connect, HEARTBEAT);
    };
  }

  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    socket.close();
  };
}

import { setTimeout as wait } from 'node:timers/promises';
import type { Reply } from './exchange.ts';
import type { FaultBox, FaultTarget } from './fault-box.ts';
import type { FaultOptions } from './faults.ts';
import type { EndpointLabel } from './request-log.ts';

/** `cut`: close the connection without an answer; `never`: leave it open without one. */
export type Outcome = Reply | 'cut' | 'never';

/** Runs a handler with the armed faults of the wire itself around it. */
export async function withTransportFaults(
  faults: FaultBox,
  endpoint: EndpointLabel,
  target: FaultTarget,
  work: () => Promise<Reply>,
): Promise<Outcome> {
  const here = (options: FaultOptions) => [endpoint, 'any'].includes(options.endpoint ?? 'token');
  const before = (options: FaultOptions) => here(options) && options.after !== true;
  const after = (options: FaultOptions) => here(options) && options.after === true;

  if (endpoint === 'keys' && faults.take('keys_unreachable')) return 'cut';
  if (faults.take('drop_connection', target, before)) return 'cut';
  if (faults.take('hang', target, before)) return 'never';
  const slow = faults.take('slow', target, here);
  if (slow) await wait(slow.ms ?? 2000);

  const reply = await work();
  if (faults.take('drop_connection', target, after)) return 'cut';
  if (faults.take('hang', target, after)) return 'never';
  if (faults.take('empty_body', target, here)) return { ...reply, status: 200, body: '' };
  if (faults.take('truncated_json', target, here)) {
    return { ...reply, body: reply.body.toString().slice(0, Math.floor(reply.body.length / 2)) };
  }
  if (faults.take('wrong_content_type', target, here)) {
    return { ...reply, headers: { ...reply.headers, 'content-type': 'text/plain' } };
  }
  const huge = faults.take('huge_body', target, here);
  if (huge) {
    const padding = 'x'.repeat(huge.bytes ?? 32 * 1024 * 1024);
    return { ...reply, status: 200, body: JSON.stringify({ padding }) };
  }
  return reply;
}

/**
 * @module People who sign in, an application that uses their tokens, an administrator who edits, while something else
 * is done to the server: every request must be answered as if nothing were.
 */
import { checkFacts } from '../reliability/check-facts.ts';
import { Ledger } from '../reliability/ledger.ts';
import { runLoad } from '../reliability/load.ts';
import { addSource, type Node, type World } from '../reliability/world.ts';

export interface SteadyLoad {
  readonly ledger: Ledger;
  /** Ends it. @throws whatever went wrong in any request since the start */
  stop(): Promise<void>;
}

export const startSteadyLoad = async (world: World, nodes: Node[], workers = 3): Promise<SteadyLoad> => {
  const ledger = new Ledger();
  const [first] = nodes as [Node];
  const name = 'Edited under load';
  const sourceId = await addSource(first.client, { ...world, name });
  ledger.rest({ kind: 'edit', sourceId, name, pending: undefined });
  let over = false;
  const load = Promise.all(
    nodes.map(({ client: node }) =>
      runLoad({ world, ledger, node, isOver: () => over, isExcused: () => false }, workers),
    ),
  );
  // A failure counts where it is awaited, not before.
  load.catch(() => {});
  return {
    ledger,
    async stop() {
      over = true;
      await load;
    },
  };
};

/** What the load was told is still so. */
export const checkLoad = (world: World, { ledger }: SteadyLoad, { client: node }: Node): Promise<void> =>
  checkFacts({ world, ledger, node });

import { startSandbox, type Sandbox } from '../../sandbox';

/** Below those that the system gives connections: a port that is let go would be taken by one of the matrix's own. */
const FIRST = 20_000;
const LAST = 32_000;
let next = FIRST;

/** A sandbox whose ports are its own, also while nobody listens there. */
export async function startSandboxOnOwnPorts(
	settings: Parameters<typeof startSandbox>[0],
): Promise<Sandbox> {
	for (;;) {
		const port = next;
		next = next + 2 > LAST ? FIRST : next + 2;
		try {
			return await startSandbox({ ...settings, port, storagePort: port + 1 });
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
		}
	}
}

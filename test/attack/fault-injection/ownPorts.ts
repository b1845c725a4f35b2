import { startSandbox, type Sandbox } from '../../sandbox';

/** Below those that the system gives connections: a released port would be taken by the matrix's own connections. */
const FIRST = 20_000;
const LAST = 32_000;
let next = FIRST;

/** A sandbox whose ports are its own, also while nothing listens there. */
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

/*
 * Loaded into n8n's process (node --require) by instance.ts: however the process that started n8n
 * ends, its end of the standard input closes, and n8n must not outlive it.
 *
 * No import or export in this file: Node.js would take it for an ES module and warn about it.
 */
{
	/** How long n8n may take to end in order, in milliseconds. */
	const GRACE_MS = 10_000;

	const endInOrder = (): void => {
		process.kill(process.pid, 'SIGTERM');
		setTimeout(() => process.kill(-process.pid, 'SIGKILL'), GRACE_MS).unref();
	};

	// A worker thread loads this too, and its standard input is not that of the process.
	if (process.getBuiltinModule('node:worker_threads').isMainThread) {
		const { Socket } = process.getBuiltinModule('node:net');
		const input = new Socket({ fd: 0, readable: true, writable: false });
		input.on('close', endInOrder).resume();
		// Watching the parent must not be what keeps n8n alive.
		input.unref();
	}
}

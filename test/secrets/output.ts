import { sawInPlace } from './watch';

const CONSOLE = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;

/** Where a process writes. */
interface Output {
	console: object;
	streams: readonly object[];
}

/** Sees what is written to the console and to standard output and error. Out: ends that. */
export function watchOutput(
	output: Output = { console, streams: [process.stdout, process.stderr] },
): () => void {
	const ends = [
		...CONSOLE.map((method) => watch(output.console, method)),
		...output.streams.map((stream) => watch(stream, 'write')),
	];
	return () => {
		for (const end of ends) end();
	};
}

function watch(target: object, method: string): () => void {
	const write: unknown = Reflect.get(target, method);
	if (typeof write !== 'function') throw new Error(`There is no ${method} to watch`);
	Reflect.set(target, method, (...args: unknown[]): unknown => {
		sawInPlace('the output', args);
		return Reflect.apply(write, target, args) as unknown;
	});
	return () => Reflect.set(target, method, write);
}

import { sawInPlace } from './watch';

const CONSOLE = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;

/** Sees what is written to the console and to standard output and error. Out: ends that. */
export function watchOutput(): () => void {
	const restorers: (() => void)[] = [];
	const watch = <Name extends string>(target: Record<Name, unknown>, name: Name): void => {
		const write = target[name];
		if (typeof write !== 'function') return;
		target[name] = function (this: unknown, ...args: unknown[]): unknown {
			sawInPlace('the output', args);
			return Reflect.apply(write, this, args) as unknown;
		};
		restorers.push(() => {
			target[name] = write;
		});
	};
	for (const name of CONSOLE) watch(console as unknown as Record<typeof name, unknown>, name);
	for (const stream of [process.stdout, process.stderr]) {
		watch(stream as unknown as Record<'write', unknown>, 'write');
	}
	return () => {
		for (const restore of restorers) restore();
	};
}

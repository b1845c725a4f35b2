/** What must not happen to a process while it is attacked. */
export interface Watch {
	/** What was thrown and not caught. */
	crashes: string[];
	/** Names that every object has got since the watch began. */
	polluted(): string[];
	end(): void;
}

/** Watches this process. Without it the first crash would end it. */
export function watchProcess(): Watch {
	const crashes: string[] = [];
	const shared = [Object.prototype, Array.prototype, Function.prototype, String.prototype];
	const before = shared.map((one) => new Set(Reflect.ownKeys(one)));
	const thrown = (error: unknown): void => {
		crashes.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
	};
	process.on('uncaughtException', thrown);
	process.on('unhandledRejection', thrown);
	return {
		crashes,
		polluted: () =>
			shared.flatMap((one, at) =>
				Reflect.ownKeys(one)
					.filter((key) => before[at]?.has(key) === false)
					.map(String),
			),
		end: () => {
			process.off('uncaughtException', thrown);
			process.off('unhandledRejection', thrown);
		},
	};
}

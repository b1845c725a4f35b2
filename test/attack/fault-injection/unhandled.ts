/** What was left unhandled in this process since {@link watchUnhandled}. */
const unhandled: string[] = [];

/** Keeps unhandled rejections and errors, instead of letting the process end. */
export function watchUnhandled(): readonly string[] {
	const keep = (error: unknown): void => {
		unhandled.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
	};
	process.on('unhandledRejection', keep);
	process.on('uncaughtException', keep);
	return unhandled;
}

/** Says what is being done and how long it took. */
export type Progress = <T>(what: string, work: () => Promise<T>) => Promise<T>;

/** How often a step that is still running says so, in milliseconds: it must not appear to hang. */
const REMINDER_INTERVAL_MS = 30_000;

/** How long something took, as a person would say it: "0.4 s", "2 min 18 s". */
export function formatDuration(milliseconds: number): string {
	const seconds = milliseconds / 1000;
	if (seconds < 10) return `${seconds.toFixed(1)} s`;
	if (seconds < 60) return `${Math.round(seconds)} s`;
	const whole = Math.round(seconds);
	return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** A Progress that writes a line when a step starts to be slow, and one when it ends. */
export function printProgress(write: (line: string) => void): Progress {
	return async (what, work) => {
		const started = Date.now();
		const elapsed = () => formatDuration(Date.now() - started);
		const reminder = setInterval(() => {
			write(`${what} … still at it after ${elapsed()}`);
		}, REMINDER_INTERVAL_MS);
		try {
			const result = await work();
			write(`${what}: done in ${elapsed()}`);
			return result;
		} catch (error) {
			write(`${what}: failed after ${elapsed()}`);
			throw error;
		} finally {
			clearInterval(reminder);
		}
	};
}

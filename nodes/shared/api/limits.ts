/** How long others may take, in milliseconds, and since when. Tests set other times through `Wan27.limits`. */
export const limits = {
	/** Until all of Runflow's servers show a run that one of them has accepted. */
	runShown: 15_000,
	/** Until Runflow has handled a start, counted from when it was sent. */
	startHandled: 60_000,
	/** When this process loaded the package (ms since 1970): an n8n that it replaces had been stopped by then. */
	loadedAt: Date.now(),
	/** How long to try for a file that is paid for, counted from the first failure. */
	patience: 60_000,
	/** When to check the runs of a suspended execution without a callback, counted from the suspension. */
	missedCallbackChecks: [3000, 15_000, 60_000],
};

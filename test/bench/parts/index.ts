import type { Part } from '../part';

/** The parts of the benchmarks, in the order in which they are run; each is loaded when it is run. */
export const PARTS: Record<string, () => Promise<Part>> = {
	load: async () => await import('./load.js'),
	created: async () => await import('./created.js'),
	'waited-image': async () => await import('./waitedImage.js'),
	'waited-video': async () => await import('./waitedVideo.js'),
	runflow: async () => await import('./runflow.js'),
	callbacks: async () => await import('./callbacks.js'),
	'callback-memory': async () => await import('./callbackMemory.js'),
	memory: async () => await import('./memory.js'),
	'growth-immediately': async () => await import('./growthImmediately.js'),
	'growth-polling': async () => await import('./growthPolling.js'),
	'growth-callback': async () => await import('./growthCallback.js'),
};

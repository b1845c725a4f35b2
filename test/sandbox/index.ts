import { setTimeout as wait } from 'node:timers/promises';

import { allowKeyAt } from '../secrets/homes';
import { guardSecret } from '../secrets/watch';
import { handleApi } from './api/api';
import type { Delivery } from './callbacks/delivery';
import type { ActiveFault, Fault } from './faults';
import { startHost, type Host } from './http/host';
import type { HostName, LoggedRequest } from './requestLog';
import { addRuns, type AddedRun } from './runs/addRuns';
import { endRun, moveRun } from './runs/lifeCycle';
import { isTerminal, type Outcome, type RunStatus, type SandboxRun } from './runs/run';
import { clearState, closeState, createState, type SandboxState } from './state';
import type { SandboxAsset } from './assets/asset';
import type { SampleName } from './storage/samples';
import { handleStorage, STORAGE_BODY_LIMIT_BYTES } from './storage/storage';
import { DEFAULT_SWITCHES, type Switches } from './switches';

export type { Delivery } from './callbacks/delivery';
export { signCallback } from './callbacks/signature';
export type { Fault, FaultBehaviour, FaultKind, FaultMatch } from './faults';
export type { Json, JsonObject } from './json';
export type { HostName, LoggedRequest } from './requestLog';
export type { AddedRun } from './runs/addRuns';
export type { Outcome, RunFailure, RunStatus, SandboxRun } from './runs/run';
export type { SandboxAsset } from './assets/asset';
export type { SampleName } from './storage/samples';
export {
	ALL_SCOPES,
	DEFAULT_API_KEY,
	DEFAULT_ORGANIZATION,
	DEFAULT_SWITCHES,
	type ApiKey,
	type CallbackSecret,
	type Organization,
	type OutputShape,
	type RateLimit,
	type Switches,
} from './switches';

/** The switches to start with, and where to listen (any free ports by default). */
export interface SandboxOptions extends Partial<Switches> {
	readonly port?: number;
	readonly storagePort?: number;
	/** Called with every request that is answered. */
	readonly onRequest?: (request: LoggedRequest) => void;
}

/** A running sandbox. */
export interface Sandbox {
	/** The API's base URL, without `/v1`. */
	readonly url: string;
	/** The storage host's: uploads, outputs, assets, samples. */
	readonly storageUrl: string;
	/** The first key. */
	readonly apiKey: string;
	/** Every request to either host, oldest first. A live list; `reset` empties it. */
	readonly requests: readonly LoggedRequest[];
	/** The API's POSTs, those only whose path contains `pathPart` when it is given. */
	posts(pathPart?: string): readonly LoggedRequest[];
	/** Every run, in the order of creation: the money spent. */
	acceptedRuns(): readonly SandboxRun[];
	/** Every upload session, with the bytes that came and whether it was confirmed. */
	uploads(): readonly SandboxAsset[];
	/** Every callback, of one run when its id is given. */
	deliveries(runId?: string): readonly Delivery[];
	/** Puts an unfinished run into a status that is not terminal. */
	setRunStatus(id: string, status: Exclude<RunStatus, Outcome>): void;
	/** Ends a run now, manual or not; callbacks go out. Nothing happens to a run that is over. */
	finishRun(id: string, outcome?: Outcome): void;
	/**
	 * Adds finished runs without a request or a callback, for lists of thousands; `describe` says what each is, the
	 * oldest being 0. Out: the runs, also among `acceptedRuns`.
	 */
	addRuns(count: number, describe?: (index: number) => AddedRun): readonly SandboxRun[];
	addFault(fault: Fault): void;
	/** Closes a host: connections are refused. Requests under way are still answered. */
	refuse(host: HostName): void;
	/** Ends that. */
	listenAgain(host: HostName): Promise<void>;
	/** Changes switches from now on. */
	configure(switches: Partial<Switches>): void;
	/** A public file on the storage host that stands for a user's own. */
	sampleUrl(name: SampleName): string;
	/** Resolves when every run that ends on a timer has ended and no callback is under way or waiting. */
	idle(): Promise<void>;
	/** Forgets runs, assets, callbacks, log and faults, and puts the switches back as they were at the start. */
	reset(): void;
	/** Stops both hosts, all timers and all connections; what was logged can still be read. */
	close(): Promise<void>;
}

const IDLE_POLL_MS = 5;

/**
 * In: switches and ports, all optional. Out: a running Runflow on 127.0.0.1, as far as its documents describe it.
 * @see docs/runflow-api.md; test/sandbox/README.md, "Switches"
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const { port = 0, storagePort = 0, onRequest = null, ...given } = options;
	const initial: Switches = { ...DEFAULT_SWITCHES, ...given };
	const state = createState(initial);
	const api = await startHost(state, {
		name: 'api',
		port,
		bodyLimitBytes: ({ switches }) => switches.jsonBodyLimitBytes,
		handle: handleApi,
		onAnswered: onRequest,
	});
	const storage = await startHost(state, {
		name: 'storage',
		port: storagePort,
		bodyLimitBytes: () => STORAGE_BODY_LIMIT_BYTES,
		handle: handleStorage,
		onAnswered: onRequest,
	}).catch(async (error: unknown) => {
		await api.close();
		throw error;
	});
	state.storageUrl = storage.url;
	allowKeyAt(api.url);
	guardSwitches(initial);
	return sandboxOf(state, initial, api, storage);
}

function sandboxOf(state: SandboxState, initial: Switches, api: Host, storage: Host): Sandbox {
	const hosts: Record<HostName, Host> = { api, storage };
	return {
		url: api.url,
		storageUrl: storage.url,
		apiKey: initial.keys[0]?.key ?? '',
		requests: state.requests,
		posts: (pathPart = '') =>
			state.requests.filter(
				({ host, method, path }) => host === 'api' && method === 'POST' && path.includes(pathPart),
			),
		acceptedRuns: () => [...state.runs.values()],
		uploads: () => [...state.assets.values()].filter(({ sourceType }) => sourceType === 'upload'),
		deliveries: (runId) =>
			state.deliveries.filter((one) => runId === undefined || one.runId === runId),
		setRunStatus: (id, status) => {
			moveRun(knownRun(state, id), status, Date.now());
		},
		finishRun: (id, outcome) => {
			endRun(state, knownRun(state, id), outcome, Date.now());
		},
		addRuns: (count, describe = () => ({})) => addRuns(state, count, describe),
		addFault: (fault) => {
			const active: ActiveFault = { fault, seen: 0, fired: 0 };
			state.faults.push(active);
		},
		refuse: (host) => {
			hosts[host].refuse();
		},
		listenAgain: async (host) => {
			await hosts[host].listenAgain();
		},
		configure: (switches) => {
			guardSwitches(switches);
			state.switches = { ...state.switches, ...switches };
		},
		sampleUrl: (name) => `${storage.url}/samples/${name}`,
		idle: async () => {
			while (isBusy(state)) await wait(IDLE_POLL_MS);
		},
		reset: () => {
			clearState(state);
			state.switches = initial;
		},
		close: async () => {
			closeState(state);
			await Promise.all([api.close(), storage.close()]);
		},
	};
}

/** What only Runflow may see. */
function guardSwitches({ keys = [], callbackSecrets = [] }: Partial<Switches>): void {
	for (const { key } of keys) guardSecret('apiKey', key);
	for (const { secret } of callbackSecrets) guardSecret('callbackSecrets', secret);
}

function knownRun(state: SandboxState, id: string): SandboxRun {
	const run = state.runs.get(id);
	if (run === undefined) throw new Error(`The sandbox has no run ${id}`);
	return run;
}

function isBusy(state: SandboxState): boolean {
	if (state.isClosed) return false;
	const running = [...state.runs.values()].some(
		({ manual, durationMs, status }) =>
			!manual && Number.isFinite(durationMs) && !isTerminal(status),
	);
	return running || state.deliveries.some(({ status }) => status === 'pending');
}

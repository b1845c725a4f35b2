import type { HostName, LoggedRequest, Sandbox } from '../../sandbox';

export const COMPLETIONS = ['immediately', 'polling', 'callback'] as const;
/** How a run comes back. */
export type Completion = (typeof COMPLETIONS)[number];

/** When a request is sent: before the execution is suspended or ends, while it is suspended, or when it is retried. */
export type Stage = 'start' | 'suspended' | 'start or suspended' | 'retry';

/** Something that has to go wrong first, for the request to be sent at all. */
export interface Precondition {
	is: (request: LoggedRequest) => boolean;
	/** Of which item; of any where it is left out. */
	item?: number;
	fault: 'answer lost' | 'refused for lack of credit' | 'fault of the server' | 'link expired';
	forGood?: boolean;
	/** It goes wrong until such a request was answered, however often. */
	until?: (request: LoggedRequest) => boolean;
}

/** One request that the package makes, as the matrix knows it. */
export interface PackageRequest {
	id: string;
	title: string;
	/** Method and path. */
	sent: string;
	/** When it is sent, for the page. */
	when: string;
	by: 'Wan 2.7' | 'Runflow Trigger';
	host: HostName;
	/** The completions that it is sent with; empty for the trigger, which has none. */
	completions: readonly Completion[];
	/** Why it is not sent with the others. */
	notWith?: string;
	/** Sent in the one setting "Stop" alone, and why. */
	stopsOnly?: string;
	stage: Stage;
	/** Whether Runflow does something when it comes, which is done also where the answer is lost. */
	acts: boolean;
	answers: 'JSON' | 'a file' | 'nothing';
	/** Whether it is sent again where it failed. */
	isRepeated: boolean;
	/** How long it may take, in milliseconds, where the user cannot set that. */
	timeout: number | 'set by the user';
	/** How many items the node gets. */
	items: number;
	/** The items that it is sent for: for all together, as a list is, or for each. */
	isForAll: boolean;
	is: (request: LoggedRequest, sandbox: Sandbox) => boolean;
	preconditions: readonly Precondition[];
	/** Whether the request is the next one after this one was answered; where it is left out, at its stage's beginning. */
	comesAfter?: (request: LoggedRequest, sandbox: Sandbox) => boolean;
	/** What the node is set to beside the completion. */
	setUp: {
		operation?: 'imageToVideo';
		files?: 'asset' | 'signedUrl';
		download?: boolean;
		/** Runflow does not call back. */
		noCallbacks?: boolean;
	};
}

const CREATE_PATH = /^\/v1\/models\/.+\/runs$/;
const RUN_PATH = /^\/v1\/runs\/[^/]+$/;

const starts = ({ method, path }: LoggedRequest): boolean =>
	method === 'POST' && CREATE_PATH.test(path);
const readsRun = ({ method, path }: LoggedRequest): boolean =>
	method === 'GET' && RUN_PATH.test(path);
const readsList = ({ method, path }: LoggedRequest): boolean =>
	method === 'GET' && path === '/v1/runs';
const confirms = ({ path }: LoggedRequest): boolean => path.endsWith('/confirmations');
const stores = ({ method }: LoggedRequest): boolean => method === 'PUT';
const downloads = ({ method, host }: LoggedRequest): boolean =>
	method === 'GET' && host === 'storage';
const refusedByStorage = (request: LoggedRequest): boolean =>
	request.host === 'storage' && request.status === 403;
/** Only then does Runflow renew the signatures of the output links. A slow answer is one. */
const showsRun = (request: LoggedRequest): boolean =>
	readsRun(request) &&
	request.status === 200 &&
	(request.fault === null || request.fault === 'slow');
const isAnswered = ({ status }: LoggedRequest): boolean => status !== null;

/** A start is answered and all runs are accepted: no run is read before that. */
const afterAllStarts =
	(runs: number) =>
	(request: LoggedRequest, sandbox: Sandbox): boolean =>
		starts(request) && isAnswered(request) && sandbox.acceptedRuns().length >= runs;

const API_TIMEOUT = 30_000;

const ofNode = {
	by: 'Wan 2.7',
	host: 'api',
	completions: COMPLETIONS,
	stage: 'start',
	acts: false,
	answers: 'JSON',
	isRepeated: true,
	timeout: API_TIMEOUT,
	items: 2,
	isForAll: false,
	preconditions: [],
	setUp: {},
} as const satisfies Partial<PackageRequest>;

const ofTrigger = {
	...ofNode,
	by: 'Runflow Trigger',
	completions: [],
	timeout: 10_000,
	items: 1,
} as const satisfies Partial<PackageRequest>;

const RETRY_ONLY = 'n8n retries only executions that failed';

/** Every request that the package makes to Runflow. */
export const REQUESTS: readonly PackageRequest[] = [
	{
		...ofNode,
		id: 'create',
		title: 'Starting a run',
		sent: 'POST /v1/models/…/runs',
		when: 'once for each item',
		acts: true,
		isRepeated: false,
		timeout: 'set by the user',
		is: starts,
	},
	{
		...ofNode,
		id: 'lookup',
		title: 'Looking for a run whose start got no answer',
		sent: 'GET /v1/runs',
		when: 'up to four times after the answer to a start was lost, up to six where it was not waited for any longer, by the node or a gateway',
		isForAll: true,
		is: readsList,
		preconditions: [{ is: starts, item: 1, fault: 'answer lost' }],
		comesAfter: (request) => starts(request) && request.fault !== null,
	},
	{
		...ofNode,
		id: 'poll',
		title: 'Asking for a run',
		sent: 'GET /v1/runs/{id}',
		when: 'again and again while fewer than four runs are waited for',
		completions: ['polling'],
		notWith: 'only polling asks again and again',
		is: readsRun,
		comesAfter: afterAllStarts(1),
	},
	{
		...ofNode,
		id: 'poll-list',
		title: 'Asking for four runs or more',
		sent: 'GET /v1/runs',
		when: 'again and again while four runs or more are waited for',
		completions: ['polling'],
		notWith: 'only polling asks again and again',
		items: 4,
		isForAll: true,
		is: readsList,
		comesAfter: afterAllStarts(4),
	},
	{
		...ofNode,
		id: 'early',
		title: 'The look before the execution is suspended',
		sent: 'GET /v1/runs/{id}',
		when: 'once, a second after the start, for fewer than four runs',
		completions: ['callback'],
		notWith: 'only on callback an execution is suspended',
		isRepeated: false,
		is: readsRun,
		comesAfter: afterAllStarts(1),
	},
	{
		...ofNode,
		id: 'early-list',
		title: 'The same look at four runs or more',
		sent: 'GET /v1/runs',
		when: 'a second after the last start',
		completions: ['callback'],
		notWith: 'only on callback an execution is suspended',
		isRepeated: false,
		items: 4,
		isForAll: true,
		is: readsList,
		comesAfter: afterAllStarts(4),
		setUp: { operation: 'imageToVideo' },
	},
	{
		...ofNode,
		id: 'resume',
		title: 'Reading a run when a callback has come',
		sent: 'GET /v1/runs/{id}',
		when: 'up to three times at once, then at growing intervals',
		completions: ['callback'],
		notWith: 'callbacks are taken on callback only',
		stage: 'suspended',
		is: readsRun,
	},
	{
		...ofNode,
		id: 'resume-list',
		title: 'Reading four runs or more when a callback has come',
		sent: 'GET /v1/runs',
		when: 'before the execution continues',
		completions: ['callback'],
		notWith: 'callbacks are taken on callback only',
		stage: 'suspended',
		items: 4,
		isForAll: true,
		is: readsList,
		setUp: { operation: 'imageToVideo' },
	},
	{
		...ofNode,
		id: 'late',
		title: 'The looks after the execution was suspended',
		sent: 'GET /v1/runs/{id}',
		when: '3, 15 and 60 s after it, where no callback has come',
		completions: ['callback'],
		notWith: 'only on callback an execution is suspended',
		stage: 'suspended',
		is: readsRun,
		setUp: { noCallbacks: true },
	},
	{
		...ofNode,
		id: 'session',
		title: 'Uploading a file, first step: the session',
		sent: 'POST /v1/asset-uploads',
		when: 'once for each binary file, up to three times',
		acts: true,
		is: ({ path }) => path === '/v1/asset-uploads',
		setUp: { files: 'asset' },
	},
	{
		...ofNode,
		id: 'put',
		title: 'Uploading a file, second step: the bytes',
		sent: 'PUT to the storage',
		when: 'up to three times',
		host: 'storage',
		acts: true,
		answers: 'nothing',
		timeout: 120_000,
		is: stores,
		setUp: { files: 'asset' },
	},
	{
		...ofNode,
		id: 'confirm',
		title: 'Uploading a file, third step: the confirmation',
		sent: 'POST /v1/asset-uploads/{id}/confirmations',
		when: 'up to three times',
		acts: true,
		is: confirms,
		comesAfter: (request) => stores(request) && isAnswered(request),
		setUp: { files: 'asset' },
	},
	{
		...ofNode,
		id: 'asset',
		title: 'Reading an uploaded file whose confirmation got no answer',
		sent: 'GET /v1/assets/{id}',
		when: 'where the model is told of files by a signed URL',
		isRepeated: false,
		is: ({ method, path }) => method === 'GET' && path.startsWith('/v1/assets/'),
		preconditions: [{ is: confirms, item: 1, fault: 'answer lost' }],
		comesAfter: (request) => confirms(request) && request.status === 409,
		setUp: { files: 'signedUrl' },
	},
	{
		...ofNode,
		id: 'download',
		title: 'Downloading an output',
		sent: 'GET from the storage',
		when: 'up to three times',
		host: 'storage',
		completions: ['polling', 'callback'],
		notWith: 'nothing is there to download immediately',
		stage: 'start or suspended',
		answers: 'a file',
		timeout: 60_000,
		is: downloads,
		setUp: { download: true },
	},
	{
		...ofNode,
		id: 'refresh',
		title: 'Reading a run for fresh links to its outputs',
		sent: 'GET /v1/runs/{id}',
		when: 'where a link has expired, up to three times',
		completions: ['polling', 'callback'],
		notWith: 'nothing is there to download immediately',
		stage: 'start or suspended',
		is: (request, sandbox) => readsRun(request) && sandbox.requests.some(refusedByStorage),
		preconditions: [{ is: downloads, item: 1, fault: 'link expired', until: showsRun }],
		comesAfter: refusedByStorage,
		setUp: { download: true },
	},
	{
		...ofNode,
		id: 'retried',
		title: 'Looking up the run of an item when the execution is retried',
		sent: 'GET /v1/runs/{id}',
		when: 'where another item has failed',
		stopsOnly: RETRY_ONLY,
		stage: 'retry',
		is: readsRun,
		preconditions: [{ is: starts, item: 0, fault: 'refused for lack of credit' }],
	},
	{
		...ofNode,
		id: 'retried-lookup',
		title: 'Looking for a run whose start got no answer when the execution is retried',
		sent: 'GET /v1/runs',
		when: 'where it could not be found before',
		stopsOnly: RETRY_ONLY,
		stage: 'retry',
		isRepeated: false,
		isForAll: true,
		is: readsList,
		preconditions: [
			{ is: starts, item: 1, fault: 'answer lost' },
			{ is: readsList, fault: 'fault of the server', forGood: true },
		],
	},
	{
		...ofTrigger,
		id: 'trigger-run',
		title: 'Runflow Trigger: reading the full run',
		sent: 'GET /v1/runs/{id}',
		when: 'up to three times a callback, with Full Run',
		is: readsRun,
	},
	{
		...ofTrigger,
		id: 'trigger-history',
		title: 'Runflow Trigger: reading the deliveries of a run',
		sent: 'GET /v1/runs/{id}/callback',
		when: 'where a delivery comes again with the same bytes: is it a copy, or did somebody ask for it?',
		is: ({ method, path }) => method === 'GET' && path.endsWith('/callback'),
		comesAfter: (request) => request.path.endsWith('/callback-redeliveries') && isAnswered(request),
	},
	{
		...ofTrigger,
		id: 'trigger-download',
		title: 'Runflow Trigger: downloading an output',
		sent: 'GET from the storage',
		when: 'up to three times a callback, with Download Outputs',
		host: 'storage',
		answers: 'a file',
		timeout: 60_000,
		is: downloads,
		setUp: { download: true },
	},
	{
		...ofTrigger,
		id: 'trigger-refresh',
		title: 'Runflow Trigger: reading a run for fresh links to its outputs',
		sent: 'GET /v1/runs/{id}',
		when: 'where a link has expired, up to three times',
		is: (request, sandbox) => readsRun(request) && sandbox.requests.some(refusedByStorage),
		preconditions: [{ is: downloads, fault: 'link expired', until: showsRun }],
		comesAfter: refusedByStorage,
		setUp: { download: true },
	},
];

/** Requests that are not cells of the matrix, and why. */
export const LEFT_OUT: readonly { request: string; why: string }[] = [
	{
		request: 'GET /v1/auth/me',
		why: "n8n itself sends it for the credential's test and words its outcome",
	},
	{
		request: "POST to n8n's own address of a suspended execution",
		why: 'goes to n8n, not to Runflow: where n8n refuses it or is not reached is in test/engine-tests/suspend',
	},
];

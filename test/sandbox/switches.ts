import type { ValidatorSpelling } from './models/validators';
import type { Outcome, RunFailure, SandboxRun } from './runs/run';

/** A key that the API knows. @see docs/runflow-api.md, "Authentication" */
export interface ApiKey {
	readonly key: string;
	readonly scopes: readonly string[];
	readonly email: string;
}

/**
 * An organization that every key is a member of; the first is the default one.
 * @see docs/runflow-api.md, "Account" and "Scopes"
 */
export interface Organization {
	readonly id: string;
	readonly name: string;
	readonly slug: string;
	readonly plan_code: string;
}

/** A callback signing secret; the one that `isCurrent` signs. @see docs/runflow-api.md, "Signing secrets" */
export interface CallbackSecret {
	readonly secret: string;
	readonly isCurrent: boolean;
}

/** At most so many API calls a second. @see docs/runflow-api.md, "Rate limits" */
export interface RateLimit {
	readonly perSecond: number;
	/** Whether a 429 says when to come back (older wording) or not (newer wording). */
	readonly retryAfter: boolean;
}

export type OutputShape =
	'outputs' | 'image_urls' | 'image' | 'url' | 'output_url' | 'images' | 'image_objects' | 'comfy';

/**
 * What the documents leave open, or say in two ways, made switchable. README.md beside this file has the table
 * with the open question that each one stands for.
 */
export interface Switches {
	readonly keys: readonly ApiKey[];
	readonly organizations: readonly Organization[];
	readonly meOrganization: 'checked' | 'ignored';
	readonly createStatus: 200 | 201;
	readonly answerDelayMs: number;
	readonly jsonBodyLimitBytes: number;
	readonly rateLimit: RateLimit | null;
	readonly idempotency: 'ignored' | 'honoured';

	readonly manual: boolean;
	readonly runDurationMs: number | ((run: SandboxRun) => number);
	readonly outcome: Outcome;
	readonly outcomeFor: ((run: SandboxRun) => Outcome | undefined) | null;
	readonly failure: RunFailure | ((run: SandboxRun) => RunFailure);

	readonly idKey: 'id' | 'run_id';
	readonly statusKey: 'status_code' | 'status';
	readonly canceledSpelling: 'canceled' | 'cancelled';
	readonly failureSpelling: 'codes' | 'stage' | 'error';
	readonly nsfwDetected: boolean | null;
	readonly outputShape: OutputShape;
	readonly outputBytes: number | null;
	readonly outputUrlTtlMs: number;
	readonly pagingSpelling: 'next' | 'next_pq';
	/** Whether the list of runs shows the `client_ref` that each run's record has. */
	readonly listsClientRef: boolean;
	/** What becomes of `q`: 422, only exact matches are known, or everything is listed. */
	readonly filters: 'refused' | 'exact' | 'ignored';

	/** How many models there are; null for those of `MODELS`. */
	readonly catalogueSize: number | null;
	readonly publicModels: 'served' | 'missing';
	readonly modelListShape: 'page' | 'array';
	/** Where a model's record has `inputs`: everywhere, where they are embedded, in the read of one model, nowhere. */
	readonly modelInputs: 'always' | 'embed' | 'single' | 'never';
	/** How `GET /v1/models/{owner}/{id}` takes a slug of several segments. */
	readonly modelPath: 'segments' | 'encoded' | 'refused';
	readonly modelSlug: 'full' | 'without-owner';
	readonly validatorSpelling: ValidatorSpelling;

	/** In dollars, as decimal text. */
	readonly balance: string;
	/** `balance_usd` is had from another path. */
	readonly balanceSpelling: 'balance' | 'balance_cents' | 'balance_usd';

	readonly imageSizeSpelling: 'x' | '*' | 'both' | 'object';
	readonly assetRefs: 'accepted' | 'rejected';
	readonly assetMimeTypes: readonly string[];
	readonly assetReconfirm: 'conflict' | 'same';
	readonly uploadUrlTtlMs: number;

	readonly callbackSecrets: readonly CallbackSecret[];
	readonly callbackSignature: 'sent' | 'omitted';
	readonly callbackRetryPolicy: 'seed' | 'newer';
	readonly callbackRetryDelaysMs: readonly number[];
	readonly callbackTimeoutMs: number;
	readonly callbackCopies: number;
	readonly callbackFailureOutput: 'null' | 'error';
	readonly callbackCanceledSpelling: 'canceled' | 'cancelled';
	readonly callbackHosts: readonly string[];
}

export const DEFAULT_API_KEY = 'rf_live_sandbox';

export const ALL_SCOPES = [
	'runs:create',
	'runs:read',
	'runs:execute',
	'assets:create',
	'assets:read',
	'credit_balance:read',
] as const;

export const DEFAULT_ORGANIZATION: Organization = {
	id: '0198c7a0-0000-7000-8000-000000000001',
	name: 'Sandbox',
	slug: 'sandbox',
	plan_code: 'free',
};

/** The strictest reading of the documents, except where the model pages say something: then their reading. */
export const DEFAULT_SWITCHES: Switches = {
	keys: [{ key: DEFAULT_API_KEY, scopes: ALL_SCOPES, email: 'sandbox@example.com' }],
	organizations: [DEFAULT_ORGANIZATION],
	meOrganization: 'checked',
	createStatus: 201,
	answerDelayMs: 0,
	jsonBodyLimitBytes: 72 * 1024 * 1024,
	rateLimit: null,
	idempotency: 'ignored',

	manual: false,
	runDurationMs: 300,
	outcome: 'succeeded',
	outcomeFor: null,
	failure: {
		code: 'INPUT_VALIDATION_FAILED',
		message: 'The provider could not read image 1.',
		stage: 'preprocess',
	},

	idKey: 'id',
	statusKey: 'status_code',
	canceledSpelling: 'canceled',
	failureSpelling: 'codes',
	nsfwDetected: false,
	outputShape: 'outputs',
	outputBytes: null,
	outputUrlTtlMs: 60 * 60 * 1000,
	pagingSpelling: 'next',
	listsClientRef: true,
	filters: 'refused',

	catalogueSize: null,
	publicModels: 'served',
	modelListShape: 'page',
	modelInputs: 'embed',
	modelPath: 'segments',
	modelSlug: 'full',
	validatorSpelling: 'choices',

	balance: '42.1250',
	balanceSpelling: 'balance',

	imageSizeSpelling: 'both',
	assetRefs: 'accepted',
	assetMimeTypes: [
		'image/jpeg',
		'image/png',
		'image/bmp',
		'image/webp',
		'video/mp4',
		'video/quicktime',
		'audio/mpeg',
		'audio/wav',
		'audio/x-wav',
	],
	assetReconfirm: 'conflict',
	uploadUrlTtlMs: 15 * 60 * 1000,

	callbackSecrets: [],
	callbackSignature: 'sent',
	callbackRetryPolicy: 'seed',
	callbackRetryDelaysMs: [1000, 2000],
	callbackTimeoutMs: 5000,
	callbackCopies: 1,
	callbackFailureOutput: 'null',
	callbackCanceledSpelling: 'cancelled',
	callbackHosts: ['127.0.0.1', 'localhost', '[::1]'],
};

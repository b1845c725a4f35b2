import { findSecrets, type Secret } from './findSecrets';
import { allowKeyAt } from './homes';

/**
 * What the tests of one file have let be seen, and the secrets that must not be in it. Filled by the engine, the
 * sandbox and what setUp.ts listens to; emptied after each test. Outside of jest nothing watches, and nothing is kept.
 */
let watching = false;

/** A shorter secret could not be distinguished from ordinary text. */
const MIN_SECRET_CHARACTERS = 8;

/** A place where something can be seen: the name of a kind of place, and what is there. */
interface Place {
	where: string;
	what: unknown;
}

/** A place where a test puts a secret on purpose. */
interface Exception {
	where: string;
	why: string;
	isUsed: boolean;
}

const secrets = new Map<string, Secret>();
let places: Place[] = [];
let exceptions: Exception[] = [];

/** Begins to keep what is seen. */
export function startWatching(): void {
	watching = true;
}

/** From now on this must not be visible; an empty one is none. */
export function guardSecret(name: string, value: unknown): void {
	if (!watching || typeof value !== 'string') return;
	const bare = value.trim();
	if (bare === '') return;
	if (bare.length < MIN_SECRET_CHARACTERS) {
		throw new Error(`${name} is too short to be searched for: give the test an unmistakable one`);
	}
	secrets.set(bare, { name, value: bare });
}

/** Guards the secrets of a `runflowApi` credential: the API key and each of the signing secrets. */
export function guardCredential(credential: Record<string, unknown>): void {
	if (!watching) return;
	const { apiKey, baseUrl, callbackSecrets } = credential;
	guardSecret('apiKey', apiKey);
	if (typeof callbackSecrets === 'string') {
		for (const one of callbackSecrets.split(/[\s,]+/)) guardSecret('callbackSecrets', one);
	}
	if (typeof baseUrl === 'string') allowKeyAt(baseUrl);
}

/** Whether a header is what an API is given its key by. */
export function isBearerOfKey(value: unknown): boolean {
	return [...secrets.values()].some(
		(secret) => secret.name === 'apiKey' && value === `Bearer ${secret.value}`,
	);
}

/** Notes that this is visible. It is searched after the test, in its state at that time. */
export function sawInPlace(where: string, what: unknown): void {
	if (watching) places.push({ where, what });
}

/**
 * For a test that puts a secret somewhere on purpose: until its end secrets may be in that kind of place, and have to be.
 * @param where as the check names the place
 * @param why for the reader of the test
 */
export function expectSecretIn(where: string, why: string): void {
	exceptions.push({ where, why, isUsed: false });
}

/** What was seen since the last time that should not have been, one line each; forgets all that was seen. */
export function takeLeaks(): string[] {
	const all = [...secrets.values()];
	const leaks: string[] = [];
	for (const { where, what } of places) {
		for (const { secret, path } of findSecrets(what, all)) {
			const exception = exceptions.find((one) => one.where === where);
			if (exception !== undefined) exception.isUsed = true;
			else
				leaks.push(
					`${describeSecret(secret)} is in ${where}${path === '' ? '' : `: ${masked(path, all)}`}`,
				);
		}
	}
	for (const { where, why, isUsed } of exceptions) {
		if (!isUsed) leaks.push(`No secret was in ${where}, though it was expected there: ${why}`);
	}
	places = [];
	exceptions = [];
	return leaks;
}

function describeSecret({ name, value }: Secret): string {
	return `${name} (${value.slice(0, 4)}…, ${value.length} characters)`;
}

function masked(text: string, all: readonly Secret[]): string {
	return all.reduce((rest, { value }) => rest.replaceAll(value, `${value.slice(0, 4)}…`), text);
}

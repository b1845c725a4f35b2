import type { INodeProperties } from 'n8n-workflow';

import { setTimeout as wait } from 'node:timers/promises';

import { createEngine, type Engine, type Outcome } from '../../engine/engine';
import { MADE_REFERENCE, wanWorkflow } from '../../engine/workflows';
import { startSandbox, type LoggedRequest, type Sandbox } from '../../sandbox';
import { watchProcess, type Watch } from '../fuzz-webhooks/crashes';
import { storedOf, type Entry } from './entry';
import { expectedOf, type Expected } from './expected';

/** How long one item may take, in milliseconds. */
const PATIENCE_MS = 20_000;

/** The node in n8n's engine in front of the strict sandbox, to be tried with entries. */
export interface Mapping {
	/** The result of an entry. */
	tryOne(entry: Entry): Promise<Tried>;
	close(): Promise<void>;
}

/** The result of an entry, and what is wrong with it, if anything. */
export interface Tried {
	came: 'a run' | 'a refusal' | "Runflow's refusal of Additional Input" | 'neither';
	problem?: string;
}

/** Every name that the editor shows, those inside collections too. */
function displayedNames(properties: readonly INodeProperties[]): string[] {
	return properties.flatMap(({ displayName, options = [] }) => [
		displayName,
		...options.flatMap((option) => {
			if ('values' in option) return displayedNames(option.values);
			return 'displayName' in option ? displayedNames([option]) : [];
		}),
	]);
}

/** Starts what entries are tried with. */
export async function openMapping(): Promise<Mapping> {
	const sandbox = await startSandbox({ manual: true });
	const engine = await createEngine({
		runflowApi: {
			apiKey: sandbox.apiKey,
			baseUrl: sandbox.url,
			callbackSecrets: '',
			organizationId: '',
		},
	});
	const watch = watchProcess();
	const node = engine.loaded.nodes['n8n-nodes-runflow.wan27'];
	const names = displayedNames(node?.description.properties ?? []);
	return {
		tryOne: async (entry) => {
			sandbox.reset();
			const tried = await tryOne(entry, { sandbox, engine, watch, names });
			return tried.problem === undefined
				? tried
				: { ...tried, problem: `${tried.problem} [sent: ${sentTo(sandbox)}]` };
		},
		close: async () => {
			watch.end();
			await sandbox.close();
		},
	};
}

interface Bench {
	sandbox: Sandbox;
	engine: Engine;
	watch: Watch;
	/** The displayed names of the node's parameters. */
	names: readonly string[];
}

async function tryOne(entry: Entry, { sandbox, engine, watch, names }: Bench): Promise<Tried> {
	const { parameters, item } = storedOf(entry);
	const expected = expectedOf(entry);
	const outcome = await Promise.race([
		engine.run(wanWorkflow(parameters, [item])).catch((error: unknown) => ({ thrown: error })),
		wait(PATIENCE_MS, 'hung' as const, { ref: false }),
	]);
	if (outcome === 'hung') return { came: 'neither', problem: `nothing within ${PATIENCE_MS} ms` };
	if (watch.crashes.length > 0) {
		return { came: 'neither', problem: `crash: ${watch.crashes.splice(0).join('; ')}` };
	}
	if (watch.polluted().length > 0) {
		return { came: 'neither', problem: `every object has got ${watch.polluted().join()}` };
	}
	const posts = sandbox.posts();
	const [post] = posts;
	if (post === undefined) return checkRefusal(messageOf(outcome), expected, names);
	if (posts.length > 1) return { came: 'neither', problem: `${posts.length} POSTs` };
	if (post.status === 201) return checkRun(outcome, post, expected);
	return checkAnswer(outcome, post, expected);
}

type Came = Outcome | { thrown: unknown };

function messageOf(outcome: Came): string {
	const error = 'thrown' in outcome ? outcome.thrown : outcome.error;
	// An error that n8n has stored is a copy, of no class.
	const { message } = (error ?? {}) as { message?: unknown };
	return typeof message === 'string' ? message : String(error);
}

/** Refused before anything was sent: by a name of the editor's, and rightly so. */
function checkRefusal(message: string, expected: Expected, names: readonly string[]): Tried {
	const came = 'a refusal' as const;
	const named = namedIn(message, names);
	if (named === undefined) return { came, problem: `names no parameter: ${message}` };
	if ('body' in expected) return { came, problem: `refused, and all is in order: ${message}` };
	if ('refused' in expected) {
		return expected.refused.includes(named)
			? { came }
			: { came, problem: `names another one: ${message}` };
	}
	// A parameter in order is not to be blamed, but for going together with others, or for being missing.
	const isToBlame = expected.unclear.includes(named) || WITH_OTHERS.has(named);
	return isToBlame ? { came } : { came, problem: `blames what is in order: ${message}` };
}

const WITH_OTHERS: ReadonlySet<string> = new Set(['Image', 'Audio', 'Images', 'Prompt']);

/** The longest name that a message begins with, or that n8n's own message has in quotes. */
function namedIn(message: string, names: readonly string[]): string | undefined {
	const own = names
		.filter((name) =>
			new RegExp(`^(?:The expression for )?${name.replace(/[()]/g, '\\$&')}[ :]`).test(message),
		)
		.sort((a, b) => b.length - a.length)[0];
	if (own !== undefined) return own;
	const quoted = /"([^"]+)"/.exec(message)?.[1] ?? '';
	return names.includes(quoted) ? quoted : undefined;
}

function checkRun(outcome: Came, { json }: LoggedRequest, expected: Expected): Tried {
	const came = 'a run' as const;
	if ('thrown' in outcome || outcome.status !== 'success') {
		return { came, problem: `a run, and an error: ${messageOf(outcome)}` };
	}
	if ('refused' in expected) return { came, problem: `not refused for ${expected.refused.join()}` };
	if ('unclear' in expected && expected.isNoRun) return { came, problem: 'a run without its file' };
	if ('body' in expected && canonical(withoutMade(json)) !== canonical(expected.body)) {
		return { came, problem: `not the body that is due: ${canonical(expected.body)}` };
	}
	return { came };
}

/** A body without the name that the node gives a run where the user gives none. */
function withoutMade(json: unknown): unknown {
	const { client_ref: reference, ...body } = json as Record<string, unknown>;
	return typeof reference === 'string' && MADE_REFERENCE.test(reference) ? body : json;
}

/** Only what the user has added as it is may be left to Runflow, which then names it. */
function checkAnswer(outcome: Came, post: LoggedRequest, expected: Expected): Tried {
	const said = 'thrown' in outcome ? '' : (outcome.error?.description ?? '');
	const isUnclear = 'unclear' in expected && expected.unclear.includes('Additional Input');
	const lines = said.split('\n').filter((line) => line.startsWith('• '));
	const isNamed = lines.length > 0 && lines.every((line) => line.startsWith('• input'));
	return post.status === 422 && isUnclear && isNamed
		? { came: "Runflow's refusal of Additional Input" }
		: { came: 'neither', problem: `Runflow has answered ${post.status ?? 'nothing'}: ${said}` };
}

/** JSON with its names in order, so that two are the same where they mean the same. */
function canonical(value: unknown): string {
	return JSON.stringify(value, (_name, part: unknown) =>
		typeof part === 'object' && part !== null && !Array.isArray(part)
			? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
			: part,
	);
}

function sentTo(sandbox: Sandbox): string {
	return sandbox
		.posts()
		.map(({ rawBody }) => rawBody.toString().slice(0, 1000))
		.join();
}

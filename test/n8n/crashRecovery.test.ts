import { attackWith, type Audit } from '../attack/crash-recovery/audit';
import type { Account } from '../attack/crash-recovery/account';
import type { Round } from '../attack/crash-recovery/kills';
import { makeTasks, MODES, type Mode } from '../attack/crash-recovery/tasks';
import { runflow, setUp } from '../attack/crash-recovery/setUp';
import type { Demo } from './demo';
import { makeTemporaryFolder } from './temporaryFolder';
import { START_TIMEOUT_MS, startTestDemo } from './testDemo';

/** The share of `npm run attack:crashes` that runs each time: two kills, both in the middle of all modes. */
const SEED = 7;
const TASKS = MODES.map((mode) => makeTasks(mode, 4));
const ROUNDS: Round[] = [
	{
		tasks: TASKS.flatMap((tasks) => tasks.slice(0, 2)),
		moment: { mode: 'polling', phase: 'looking at the run', count: 1, delayMs: 0 },
	},
	{
		tasks: TASKS.flatMap((tasks) => tasks.slice(2)),
		moment: { mode: 'callback', phase: 'suspended', count: 1, delayMs: 0 },
	},
];

/** How long runs last, in milliseconds: longer than it takes to be suspended, shorter than n8n takes to start. */
const RUN_DURATION = 5000;

const cleanups: (() => Promise<void>)[] = [];
let audit: Audit;

beforeAll(async () => {
	const { folder, remove } = await makeTemporaryFolder('kill');
	cleanups.push(remove);
	const sandbox = { ...runflow(SEED), runDurationMs: RUN_DURATION };
	const demo: Demo = await startTestDemo(folder, sandbox);
	cleanups.push(async () => {
		await demo.stop();
	});
	audit = await attackWith(await setUp(demo, SEED, MODES), ROUNDS);
}, START_TIMEOUT_MS);

afterAll(async () => {
	for (const cleanUp of cleanups.reverse()) await cleanUp();
});

function account(mode: Mode): Account {
	const found = audit.accounts.get(mode);
	if (found === undefined) throw new Error(`There is no account of ${mode}`);
	return found;
}

it('is killed in the middle of executions', () => {
	expect(audit.kills.map(({ inTime }) => inTime)).toEqual([true, true]);
	expect(account('polling').found['broken off']).toBeGreaterThan(0);
	expect(account('callback').found.waiting).toBeGreaterThan(0);
});

it.each(MODES)('loses no run and pays for none twice: %s', (mode) => {
	const { lost, paidTwice, unserved, paid, tasks, found } = account(mode);
	const { traces } = audit;
	expect({ traces, lost, paidTwice, unserved, paid, tasks, nowhere: found.nowhere }).toEqual({
		traces: [],
		lost: [],
		paidTwice: [],
		unserved: [],
		paid: 4,
		tasks: 4,
		nowhere: 0,
	});
});

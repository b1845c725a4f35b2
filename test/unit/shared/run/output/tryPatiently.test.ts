import { limits } from '../../../../../nodes/shared/api/limits';
import { tryPatiently, type Again } from '../../../../../nodes/shared/run/output/tryPatiently';

const { patience } = limits;
const never = new AbortController().signal;

afterEach(() => {
	limits.patience = patience;
});

async function attempts(again: Partial<Again>, good = 99, over = never): Promise<number> {
	let made = 0;
	return await tryPatiently(
		async () => await Promise.resolve(++made),
		(result) => (result >= good ? undefined : { isPassing: true, retryAfter: undefined, ...again }),
		over,
	);
}

it('has a minute’s patience', () => {
	expect(patience).toBe(60_000);
});

it('stops at a good result', async () => {
	expect(await attempts({}, 1)).toBe(1);
	expect(await attempts({}, 2)).toBe(2);
});

it('makes as many attempts as patience allows', async () => {
	limits.patience = 300;
	expect(await attempts({})).toBe(2);
});

it('makes three attempts at what will hardly pass', async () => {
	expect(await attempts({ isPassing: false })).toBe(3);
});

it('does not wait longer than patience for what the server asks', async () => {
	limits.patience = 300;
	expect(await attempts({ retryAfter: 301 })).toBe(1);
});

it('waits as long as the server asks', async () => {
	const from = Date.now();
	expect(await attempts({ retryAfter: 500 }, 2)).toBe(2);
	expect(Date.now() - from).toBeGreaterThanOrEqual(495);
});

it('ends at once when it is over', async () => {
	const over = new AbortController();
	expect(await attempts({}, 99, AbortSignal.abort())).toBe(1);
	const trying = attempts({ retryAfter: 50_000 }, 99, over.signal);
	setTimeout(() => {
		over.abort();
	}, 20);
	expect(await trying).toBe(1);
});

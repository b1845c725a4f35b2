import { sleep } from 'n8n-workflow';

/** How many items do something in one go: n8n can do nothing else meanwhile. */
export const AT_ONCE = 50;

/** Lets n8n do all else that is due. A timer set before others are at work runs right behind them: so two. */
export async function breath(): Promise<void> {
	await sleep(0);
	await sleep(0);
}

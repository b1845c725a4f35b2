import type { Sandbox } from '../../sandbox';

/** A run that has ended, and the callback that Runflow has made for it and not sent yet. */
export interface Ended {
	id: string;
	callback: Buffer;
}

/** Starts a run that reports to an address, ends it, and keeps its callback back. */
export async function endedRun(sandbox: Sandbox, callbackUrl: string): Promise<Ended> {
	const response = await fetch(`${sandbox.url}/v1/models/alibaba/wan/v2.7/pro/edit/runs`, {
		method: 'POST',
		headers: { authorization: `Bearer ${sandbox.apiKey}`, 'content-type': 'application/json' },
		body: JSON.stringify({
			input: { prompt: 'Blue', image_urls: [sandbox.sampleUrl('sneaker.png')] },
			callback_url: callbackUrl,
			metadata: { order: '1001' },
		}),
	});
	const { id } = (await response.json()) as { id: string };
	sandbox.finishRun(id);
	return { id, callback: callbackOf(sandbox, id) };
}

/** The callback that Runflow has made for a run that has ended. */
export function callbackOf(sandbox: Sandbox, runId: string): Buffer {
	const [delivery] = sandbox.deliveries(runId);
	if (delivery === undefined) throw new Error(`Run ${runId} reports to nobody`);
	return delivery.body;
}

/** The requests of n8n to the API since the one of that number, such as `GET /v1/runs/1`. */
export function requestsSince(sandbox: Sandbox, before: number): string[] {
	return sandbox.requests
		.slice(before)
		.filter(({ host }) => host === 'api')
		.map(({ method, path }) => `${method} ${path}`);
}

/** Whether n8n has any reason to send it for a callback. It has none to start a run. */
export function readsRun(request: string): boolean {
	return /^GET \/v1\/(?:runs|batches)\/[^/]+(?:\/callback)?$/.test(request);
}

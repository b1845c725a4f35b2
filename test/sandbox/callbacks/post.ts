import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** What one attempt met. */
export type PostResult =
	| {
			readonly kind: 'answered';
			readonly status: number;
			readonly body: string;
			readonly tookMs: number;
	  }
	| { readonly kind: 'unreachable'; readonly error: string; readonly tookMs: number };

export interface PostPlan {
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Buffer;
	readonly timeoutMs: number;
	/** Hosts that may be called; every other one counts as unreachable. */
	readonly hosts: readonly string[];
}

const KEPT_ANSWER_CHARACTERS = 4096;

/**
 * In: what to send where, and the set of requests under way, so that closing the sandbox can break it off.
 * Out: what it met; it never throws and follows no redirect.
 * @see docs/runflow-api.md, "Callback retries"
 */
export async function postOnce(plan: PostPlan, underWay: Set<ClientRequest>): Promise<PostResult> {
	const startedAt = Date.now();
	const took = (): number => Date.now() - startedAt;
	const url = new URL(plan.url);
	if (!plan.hosts.includes(url.hostname)) {
		return {
			kind: 'unreachable',
			error: `The sandbox calls back to ${plan.hosts.join(', ')} only`,
			tookMs: 0,
		};
	}
	const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
	const request = send(url, {
		method: 'POST',
		// A separate connection that ends with it: nothing stays open behind a test.
		agent: false,
		headers: { ...plan.headers, 'content-length': String(plan.body.length) },
	});
	underWay.add(request);
	const timer = setTimeout(() => request.destroy(new Error('timeout')), plan.timeoutMs);
	try {
		const response = await answerOf(request, plan.body);
		const body = await textOf(response);
		return { kind: 'answered', status: response.statusCode ?? 0, body, tookMs: took() };
	} catch (error) {
		return {
			kind: 'unreachable',
			error: error instanceof Error ? error.message : String(error),
			tookMs: took(),
		};
	} finally {
		clearTimeout(timer);
		underWay.delete(request);
	}
}

async function answerOf(request: ClientRequest, body: Buffer): Promise<IncomingMessage> {
	return await new Promise((resolve, reject) => {
		request.once('response', resolve);
		request.on('error', reject);
		// Broken off without an error, as by closing the sandbox.
		request.once('close', () => {
			reject(new Error('connection closed'));
		});
		request.end(body);
	});
}

async function textOf(response: IncomingMessage): Promise<string> {
	let text = '';
	for await (const chunk of response as AsyncIterable<Buffer>) {
		if (text.length < KEPT_ANSWER_CHARACTERS) text += chunk.toString();
	}
	return text.slice(0, KEPT_ANSWER_CHARACTERS);
}

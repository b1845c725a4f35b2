import { isAuthorized, type Service } from './service';

/** What the model gets: the part of a request to OpenAI's Responses API that matters here. */
export interface ModelRequest {
	model: string;
	input: ModelInput[];
	tools: { type: string; name: string; description: string; parameters: unknown }[];
	stream?: boolean;
}

interface ModelInput {
	type?: string;
	role?: string;
	content?: unknown;
	/** What a tool gave back, as JSON. */
	output?: string;
}

/** OpenAI with a model that does not think: it calls the first tool once, and answers with its link. */
export interface OpenAi extends Service {
	requests: ModelRequest[];
}

/**
 * @param apiKey the key that it takes
 * @param decide the arguments that the model calls the tool with, by what the user has said last
 * @see https://platform.openai.com/docs/api-reference/responses
 */
export function standInForOpenAi(
	apiKey: string,
	decide: (said: string) => Record<string, unknown>,
): OpenAi {
	const requests: ModelRequest[] = [];
	return {
		host: 'api.openai.com',
		requests,
		answer: (request) => {
			if (request.method !== 'POST' || request.path !== '/v1/responses') return undefined;
			if (!isAuthorized(request, apiKey)) {
				return { status: 401, body: { error: { message: 'Incorrect API key provided' } } };
			}
			const modelRequest = request.body as ModelRequest;
			requests.push(modelRequest);
			const [tool] = modelRequest.tools;
			const last = modelRequest.input.at(-1);
			if (last?.type === 'function_call_output') {
				return {
					body: response(modelRequest, requests.length, message(sayLink(last.output ?? ''))),
				};
			}
			if (tool === undefined) return undefined;
			const call = {
				type: 'function_call',
				id: `fc_${requests.length}`,
				call_id: `call_${requests.length}`,
				name: tool.name,
				arguments: JSON.stringify(decide(textOf(last?.content))),
				status: 'completed',
			};
			return { body: response(modelRequest, requests.length, call) };
		},
	};
}

function sayLink(output: string): string {
	const link = /https?:\/\/[^"\\\s]+/.exec(output)?.[0];
	return link === undefined ? `The tool says: ${output}` : `Here is your picture: ${link}`;
}

function textOf(content: unknown): string {
	if (typeof content === 'string') return content;
	const parts = Array.isArray(content) ? (content as { text?: string }[]) : [];
	return parts.map(({ text = '' }) => text).join('');
}

function message(text: string): object {
	const content = [{ type: 'output_text', text, annotations: [] }];
	return { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content };
}

function response({ model }: ModelRequest, number: number, output: object): object {
	return {
		id: `resp_${number}`,
		object: 'response',
		created_at: 1_700_000_000,
		status: 'completed',
		error: null,
		incomplete_details: null,
		model,
		output: [output],
		usage: {
			input_tokens: 10,
			input_tokens_details: { cached_tokens: 0 },
			output_tokens: 5,
			output_tokens_details: { reasoning_tokens: 0 },
			total_tokens: 15,
		},
	};
}

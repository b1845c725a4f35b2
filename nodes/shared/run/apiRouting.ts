import type {
	IExecutePaginationFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	INodeExecutionData,
	INodePropertyRouting,
} from 'n8n-workflow';

import { callApi, type ApiCall, type Connection } from '../api/client';
import { explainError, type Purpose } from '../api/errorTexts/errorTexts';
import type { ApiResult, Read } from '../api/result/result';
import { pauseAfter, tryAgain } from '../api/retry';
import { REQUEST_SETTINGS } from './nodeRun/settings';
import { byPath, readSettings, type SettingsTable } from '../validation/settings';
import { apiError, invalidParameterError, isFailure, type Failure } from './read/itemErrors';
import { failed } from './toOutput';

/** An operation that starts no run: its endpoint, and how the answer becomes items. */
export interface ApiOperation {
	method: IHttpRequestMethods;
	/** The path of its endpoint, as on its documentation page. */
	url: string;
	/** Sends the requests for one item. The items in the result need no link to the input item. */
	execute: (item: ItemCall) => Promise<INodeExecutionData[] | Failure>;
}

/** One item of an operation that starts no run. */
export interface ItemCall {
	context: IExecutePaginationFunctions;
	itemIndex: number;
	/** The Base URL, proxy and certificate settings of the node. */
	connection: Connection;
	/**
	 * Reads the parameters by their rules, and puts Request Options into the connection.
	 * @returns their values; or the error of the first one that cannot be read
	 */
	settings: <Values extends object>(table: SettingsTable<Values>) => Values | Failure;
	/**
	 * Sends a request that costs nothing, and repeats it after a transient failure. One that Runflow acts on is repeated
	 * only if Runflow cannot have received it.
	 * @param read takes the value from a response with a 2xx status
	 */
	call: <Value>(call: ApiCall, read: Read<Value>, purpose: Purpose) => Promise<Value | Failure>;
	/** The same for a request that a function sends. */
	request: <Value>(
		send: () => Promise<ApiResult<Value>>,
		purpose: Purpose,
	) => Promise<Value | Failure>;
}

/**
 * The routing of an operation that starts no run. As with {@link runRouting}, n8n's pagination hook is where the
 * package takes over: only there does an error keep its link to the item.
 */
export function apiRouting({ method, url, execute }: ApiOperation): INodePropertyRouting {
	return {
		request: { method, url },
		send: { paginate: true },
		operations: {
			async pagination(this: IExecutePaginationFunctions, { options }) {
				return await executeOperation(itemCall(this, options as IHttpRequestOptions), execute);
			},
		},
	};
}

async function executeOperation(
	item: ItemCall,
	execute: ApiOperation['execute'],
): Promise<INodeExecutionData[]> {
	const result = await execute(item);
	if (isFailure(result)) return failed(item.context, result);
	return result.map((one) => ({ ...one, pairedItem: { item: item.itemIndex } }));
}

function itemCall(context: IExecutePaginationFunctions, gathered: IHttpRequestOptions): ItemCall {
	const connection: Connection = { ...gathered };
	const itemIndex = context.getItemIndex();
	const attempt = async <Value>(
		send: () => Promise<ApiResult<Value>>,
		purpose: Purpose,
		pause: (result: ApiResult<unknown>) => number | undefined = pauseAfter,
	): Promise<Value | Failure> => {
		const result = await tryAgain(send, pause, context.getExecutionCancelSignal());
		if (result.ok) return result.value;
		const { error } = result;
		const text = explainError(error, purpose);
		return apiError(context.getNode(), text, { itemIndex, status: error.status });
	};
	return {
		context,
		itemIndex,
		connection,
		settings: (table) => {
			const read = byPath((name) => context.getNodeParameter(name, null));
			const readRaw = byPath((name) =>
				context.getNodeParameter(name, null, { rawExpressions: true }),
			);
			const { values, ...own } = readSettings(table, read, readRaw);
			const requests = readSettings(REQUEST_SETTINGS, read);
			const problem = own.problem ?? requests.problem;
			if (problem !== undefined) {
				return invalidParameterError(context.getNode(), problem, itemIndex);
			}
			const { timeout, ignoreSslIssues } = requests.values;
			connection.skipSslCertificateValidation = ignoreSslIssues;
			if (timeout !== undefined) connection.readTimeout = timeout;
			return values;
		},
		call: async (call, read, purpose) =>
			await attempt(
				async () => await callApi(context, call, connection, read),
				purpose,
				call.method === 'GET' ? pauseAfter : pauseIfNotReceived,
			),
		request: async (send, purpose) => await attempt(send, purpose),
	};
}

/** As {@link pauseAfter}, for a request that must not be acted on twice. */
function pauseIfNotReceived(result: ApiResult<unknown>): number | undefined {
	return !result.ok && result.error.mayHaveActed ? undefined : pauseAfter(result);
}

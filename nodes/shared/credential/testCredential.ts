import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { asText, isObject } from '../values/json';
import { authenticateRequest, readBaseUrl } from '../api/authentication';
import { send } from '../api/client';
import { isRunflows, readEnvelope } from '../api/result/envelope';
import { describeForeignAnswer } from '../api/errorTexts/foreignAnswer';
import { describeNetworkError } from '../api/errorTexts/networkErrorText';
import { quote, quoteBody } from '../api/result/quote';
import type { ApiAnswer, ApiError } from '../api/result/result';

/** Whose key it is. */
const ACCOUNT_PATH = '/v1/auth/me';

/** How long Runflow may take to answer, in milliseconds. */
const TIMEOUT = 30_000;

/** The message for a key that Runflow does not know. */
export const KEY_REFUSED =
	'Runflow does not know this API key. Copy it again from Settings → API Keys in Runflow.';
const ACCOUNT_REFUSED =
	'Runflow knows this API key but refuses it. Check that the email address of the account is verified, and the Organization ID if you gave one.';
const NOT_THE_API =
	'The Base URL does not lead to the Runflow API. The public one is https://api.runflow.io';

/**
 * What n8n does when a credential is saved or tested: it asks Runflow whose key it is. Never throws, and never changes
 * anything at Runflow. It is a function, since n8n's declarative tests show only the code of an error without a response.
 * @see docs/runflow-api.md, "Authentication"
 */
export async function testRunflowApi(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const problem = await findProblem(this.helpers, credential.data ?? {});
	return problem === undefined
		? { status: 'OK', message: 'Connection successful!' }
		: { status: 'Error', message: problem };
}

/** A sentence that says what to change in the credential; undefined if it can be used. */
async function findProblem(
	helpers: ICredentialTestFunctions['helpers'],
	data: ICredentialDataDecryptedObject,
): Promise<string | undefined> {
	const baseUrl = readBaseUrl(data.baseUrl);
	const addressProblem = problemOfAddress(baseUrl);
	if (addressProblem !== undefined) return addressProblem;
	const result = await send(
		async () => {
			const request = authenticateRequest(data, {
				method: 'GET',
				uri: baseUrl.replace(/\/+$/, '') + ACCOUNT_PATH,
				json: true,
				timeout: TIMEOUT,
			});
			// The one helper that n8n gives to tests of credentials.
			return (await helpers.request({
				...request,
				simple: false,
				resolveWithFullResponse: true,
				followRedirect: false,
			})) as unknown;
		},
		{ timeout: TIMEOUT },
		({ body }) => (isObject(body) && asText(body.id) !== '' ? body : undefined),
	);
	return result.ok ? undefined : problemOf(result.error, baseUrl);
}

function problemOfAddress(baseUrl: string): string | undefined {
	if (/^https?:\/\//i.test(baseUrl) && URL.canParse(baseUrl)) return undefined;
	if (baseUrl === '') return 'The Base URL is empty. The public one is https://api.runflow.io';
	const completed = `https://${baseUrl}`;
	return !/^https?\b|:\/\//i.test(baseUrl) && URL.canParse(completed)
		? `The Base URL must start with https://. Try ${completed}`
		: 'The Base URL is not a web address. It must start with https://, as in https://api.runflow.io';
}

function problemOf(error: ApiError, baseUrl: string): string {
	if (error.kind === 'network') {
		const { message, advice } = describeNetworkError(error, { hasOptions: false });
		const code = error.code === '' ? '' : ` [${error.code}]`;
		return [message, advice].filter((part) => part !== '').join('. ') + code;
	}
	const { answer, status } = error;
	if (error.kind === 'unreadable') return sentences(notTheApi(baseUrl), quotedAnswer(answer));
	if (isRunflows(answer)) return problemOfRefusal(answer, baseUrl);
	const { message, advice, quoted } = describeForeignAnswer(answer);
	if (status === 404 || status === 405) return sentences(notTheApi(baseUrl), quoted);
	return sentences(`${message}.`, advice, quoted);
}

function notTheApi(baseUrl: string): string {
	return /\/v1\/?$/.test(baseUrl) ? `${NOT_THE_API}, without /v1 at its end.` : `${NOT_THE_API}.`;
}

function problemOfRefusal({ status, body }: ApiAnswer, baseUrl: string): string {
	const { message = `HTTP status ${status}` } = readEnvelope(body);
	if (status === 401) return KEY_REFUSED;
	if (status === 403) return ACCOUNT_REFUSED;
	if (status === 404) return notTheApi(baseUrl);
	return `Runflow answered: ${message}`;
}

function quotedAnswer({ status, body }: ApiAnswer): string {
	const said = quoteBody(body);
	return said === ''
		? `It answered with HTTP status ${status} and no account data.`
		: `It answered: ${quote(said)}`;
}

function sentences(...parts: string[]): string {
	return parts.filter((part) => part !== '').join(' ');
}

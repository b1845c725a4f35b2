import { asText } from '../../values/json';
import { quote, quoteBody } from '../result/quote';
import type { ApiAnswer } from '../result/result';

/** What to say of a response that is not Runflow's. */
export interface ForeignText {
	message: string;
	/** What to check. */
	advice: string;
	/** The contents of the response, on a separate line. Empty if it has none. */
	quoted: string;
}

const CHECK =
	'Check the Base URL in the Runflow API credential, and the proxy, filter or gateway that requests of n8n pass through.';

/** What to say of a response that a proxy, a filter or a gateway has probably given. */
export function describeForeignAnswer({ status, headers, body }: ApiAnswer): ForeignText {
	const said = quoteBody(body);
	return {
		message: `Something between n8n and Runflow answered with HTTP status ${status}`,
		advice: adviseByStatus(status, asText(headers.location)),
		quoted: said === '' ? '' : `Its answer: ${said}`,
	};
}

function adviseByStatus(status: number, location: string): string {
	switch (status) {
		case 407:
			return 'The proxy requires a user name and password. Put them into the Proxy under Request Options, or into the proxy in the environment of n8n: http://user:password@proxy.example.com:3128.';
		case 404:
		case 405:
			return 'There is no Runflow API at this address. Check the Base URL in the Runflow API credential: https://api.runflow.io, without /v1 at its end.';
		case 413:
			return 'It does not accept requests of this size. Give large files by a URL or as Binary, not within the text.';
		case 429:
			return 'It limits the number of requests. Wait a moment, or add Batching to the Request Options in the Settings of the node.';
		case 408:
			return 'It timed out before Runflow answered.';
		default:
			break;
	}
	if (status >= 300 && status < 400) {
		return `Check the Base URL in the Runflow API credential: it redirects to another address (${quote(location) || 'no address given'}); the API key was not sent there.`;
	}
	return status >= 500 ? `Runflow, or a gateway in front of it, had an error. ${CHECK}` : CHECK;
}

import type { Demo } from '../n8n/demo';
import { node, type WorkflowNode } from '../n8n/workflows';
import { MINIMAL } from './minimalNode';

const PRO_EDIT_PATH = '/v1/models/alibaba/wan/v2.7/pro/edit/runs';
const VIDEO_PATH = '/v1/models/alibaba/wan/v2.7/image-to-video/runs';

/** What is made of each item. */
export type Kind = 'image' | 'video';

/** Our node, which reads the prompt of each item. */
export function ours(
	{ sandbox, credential }: Demo,
	kind: Kind,
	completion: 'immediately' | 'polling' | 'callback',
): WorkflowNode {
	const source = { __rl: true, mode: 'url', value: sandbox.sampleUrl('sneaker.png') };
	return node('Wan 2.7', 'n8n-nodes-runflow.wan27', {
		parameters: {
			...(kind === 'image'
				? { operation: 'proEdit', images: { image: [{ source }] } }
				: { operation: 'imageToVideo', image: source }),
			prompt: '={{ $json.prompt }}',
			completion,
			// As the contenders, which get links.
			downloadOutputs: false,
		},
		credentials: { runflowApi: { id: credential.id, name: credential.name } },
	});
}

/** A minimal declarative node, doing the same. */
export function minimal({ sandbox, credential }: Demo, type = MINIMAL): WorkflowNode {
	return node('Minimal', type, {
		parameters: {
			operation: 'proEdit',
			prompt: '={{ $json.prompt }}',
			image: sandbox.sampleUrl('sneaker.png'),
		},
		credentials: { runflowApi: { id: credential.id, name: credential.name } },
	});
}

/** n8n's HTTP Request node with the same credential, sending the same. */
export function httpPost(demo: Demo, kind: Kind): WorkflowNode {
	return httpRequest('HTTP POST', demo.credential, startOf(demo, kind));
}

/** The same with n8n's own header credential, as a user has it who does not know this package. */
export async function httpPostWithHeader(demo: Demo, kind: Kind): Promise<WorkflowNode> {
	const { session, sandbox } = demo;
	const { id, name } = await session.rest<{ id: string; name: string }>(
		'POST',
		'/rest/credentials',
		{
			name: 'Header',
			type: 'httpHeaderAuth',
			data: { name: 'Authorization', value: `Bearer ${sandbox.apiKey}` },
		},
	);
	return node('HTTP POST', 'n8n-nodes-base.httpRequest', {
		typeVersion: 4.4,
		parameters: {
			authentication: 'genericCredentialType',
			genericAuthType: 'httpHeaderAuth',
			options: {},
			...startOf(demo, kind),
		},
		credentials: { httpHeaderAuth: { id, name } },
	});
}

/** What an HTTP Request node needs to start a run for each item. */
function startOf({ sandbox }: Demo, kind: Kind): WorkflowNode['parameters'] {
	const image = sandbox.sampleUrl('sneaker.png');
	const media = kind === 'image' ? `"image_urls": ["${image}"]` : `"image_url": "${image}"`;
	return {
		method: 'POST',
		url: sandbox.url + (kind === 'image' ? PRO_EDIT_PATH : VIDEO_PATH),
		sendBody: true,
		specifyBody: 'json',
		jsonBody: `={ "input": { "prompt": "{{ $json.prompt }}", ${media} } }`,
	};
}

/** n8n's HTTP Request node, reading the run of each item. */
export function httpGet({ sandbox, credential }: Demo): WorkflowNode {
	return httpRequest('HTTP GET', credential, { url: `=${sandbox.url}/v1/runs/{{ $json.id }}` });
}

function httpRequest(
	name: string,
	{ id, name: credentialName }: Demo['credential'],
	parameters: WorkflowNode['parameters'],
): WorkflowNode {
	return node(name, 'n8n-nodes-base.httpRequest', {
		typeVersion: 4.4,
		parameters: {
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'runflowApi',
			options: {},
			...parameters,
		},
		credentials: { runflowApi: { id, name: credentialName } },
	});
}

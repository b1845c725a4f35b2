import { operations } from '../../nodes/Wan27/operations';

/** What the tests must know of one model, from its page in docs/runflow-api.md. */
interface Model {
	endpoint: string;
	/** The parameters of the operation alone, by their paths, in the order in which the editor shows them. */
	fields: string[];
	/** Parameters that are shown for one value of another parameter only. */
	shownIf?: { parameter: string; is: string; isNot: string[]; fields: string[] }[];
	/** Which of the fields must be filled in. */
	required: string[];
	/** Those in the collection Options. */
	options: string[];
	/** Every number, value and format that the refusal of a parameter names, sorted. */
	limits: Record<string, string[]>;
	/** What the descriptions say of a field beyond its limits. */
	says: Record<string, RegExp[]>;
}

const IMAGE = ['BMP', 'JPEG', 'PNG', 'URL', 'WEBP'];

/**
 * One row for each operation, by its stored name. The tests here compare the node with these rows.
 * @see docs/runflow-api.md, "Pro Edit: input", "Image to Video: input" and "Text to Video: input"
 */
export const MODELS: Record<string, Model> = {
	proEdit: {
		endpoint: '/v1/models/alibaba/wan/v2.7/pro/edit/runs',
		fields: ['prompt', 'images', 'images.image.source', 'imageSize', 'numberOfImages'],
		shownIf: [
			{
				parameter: 'imageSize',
				is: 'custom',
				isNot: ['', 'square'],
				fields: ['imageWidth', 'imageHeight'],
			},
		],
		required: ['prompt'],
		options: ['negativePrompt', 'promptExpansion', 'safetyChecker', 'seed'],
		limits: {
			images: ['1', '4', ...IMAGE],
			numberOfImages: ['1', '4'],
			negativePrompt: ['500'],
			seed: ['0', '2147483647'],
		},
		says: {
			prompt: [/\bEnglish\b/, /\bChinese\b/, /image 1 to image 4/],
			images: [/order/i, /prompt refers/],
			imageSize: [/Square HD/, /Landscape/, /Custom/, /pixels/],
			imageWidth: [/pixels/],
			imageHeight: [/pixels/],
			numberOfImages: [/charged/],
			negativePrompt: [/keep out/, /characters/],
			seed: [/same seed/, /random/],
			safetyChecker: [/input/, /images/],
		},
	},
	imageToVideo: {
		endpoint: '/v1/models/alibaba/wan/v2.7/image-to-video/runs',
		fields: [
			'prompt',
			'mediaNotice',
			'image',
			'endImage',
			'video',
			'audio',
			'resolution',
			'duration',
		],
		required: [],
		options: ['negativePrompt', 'promptExpansion', 'safetyChecker', 'seed'],
		limits: {
			prompt: ['5000'],
			image: IMAGE,
			endImage: IMAGE,
			video: ['MOV', 'MP4', 'URL'],
			audio: ['MP3', 'URL', 'WAV'],
			resolution: ['1080p', '720p'],
			duration: ['15', '2'],
			negativePrompt: ['500'],
			seed: ['0', '2147483647'],
		},
		says: {
			image: [/first frame/],
			endImage: [/last frame/],
			video: [/continue/, /seconds/, /charged/],
			audio: [/seconds/, /its own sound/],
			duration: [/seconds/, /charged/],
			negativePrompt: [/keep out/, /characters/],
			seed: [/same seed/, /random/],
			safetyChecker: [/input/, /video/],
		},
	},
	textToVideo: {
		endpoint: '/v1/models/alibaba/wan/v2.7/text-to-video/runs',
		fields: ['prompt', 'audio', 'aspectRatio', 'resolution', 'duration'],
		required: ['prompt'],
		options: ['negativePrompt', 'promptExpansion', 'safetyChecker', 'seed'],
		limits: {
			prompt: ['5000'],
			audio: ['MP3', 'URL', 'WAV'],
			aspectRatio: ['1', '16', '3', '4', '9'],
			resolution: ['1080p', '720p'],
			duration: ['15', '2'],
			negativePrompt: ['500'],
			seed: ['0', '2147483647'],
		},
		says: {
			audio: [/seconds/, /its own sound/],
			aspectRatio: [/width to height/, /Landscape/, /Portrait/, /Square/],
			duration: [/seconds/, /charged/],
			negativePrompt: [/keep out/, /characters/],
			seed: [/same seed/, /random/],
			safetyChecker: [/input/, /video/],
		},
	},
};

/** The row of an operation. */
export function modelOf(operation: string): Model {
	const model = MODELS[operation];
	if (model === undefined) {
		throw new Error(
			`Give the operation ${operation} a row of MODELS in test/descriptions/models.ts`,
		);
	}
	return model;
}

/** The operations by their displayed names, with their stored ones. */
export const OPERATIONS = operations.map(({ option }) => [option.name, option.value] as const);

import type { INodePropertyOptions } from 'n8n-workflow';

import { essentialField } from '../../shared/properties/bodyField';
import { mediaField } from '../../shared/properties/media/media';
import {
	negativePrompt,
	promptExpansion,
	resolution,
	safetyChecker,
	seed,
	videoDuration,
} from '../../shared/properties/model';
import { runRouting } from '../../shared/run/executeItem';
import type { Operation } from '../../shared/properties/operation';
import { VIDEO_POLLING } from '../../shared/run/nodeRun/pollingPolicy';
import { oneOf, requiredText } from '../../shared/validation/rules';

/** @see docs/runflow-api.md, "Text to Video: limits upstream" */
const MAX_PROMPT_CHARACTERS = 5000;
/** Seconds. @see docs/runflow-api.md, "Text to Video: limits upstream" */
const DURATION = { min: 2, max: 15 };

/** @see docs/runflow-api.md, "Text to Video: input" */
const ASPECT_RATIOS = [
	{ name: 'Automatic', value: '', description: 'Leaves the choice to Runflow' },
	{ name: 'Landscape 16:9', value: '16:9' },
	{ name: 'Landscape 4:3', value: '4:3' },
	{ name: 'Portrait 3:4', value: '3:4' },
	{ name: 'Portrait 9:16', value: '9:16' },
	{ name: 'Square 1:1', value: '1:1' },
] as const satisfies INodePropertyOptions[];

/**
 * Wan 2.7 Text to Video. Runflow's page shows Prompt, Duration and Resolution. The other fields are those of the
 * upstream model, and are not sent when they are left out.
 * @see docs/runflow-api.md, "Text to Video: input", row by row
 */
export const textToVideo: Operation = {
	option: {
		name: 'Text to Video',
		value: 'textToVideo',
		action: 'Turn text into video',
		description: 'Make a video from text, for $0.10 per second of video',
		routing: runRouting({
			endpoint: '/v1/models/alibaba/wan/v2.7/text-to-video/runs',
			policy: VIDEO_POLLING,
		}),
	},
	fields: [
		essentialField(
			'input.prompt',
			requiredText('Say what happens in the video.', { max: MAX_PROMPT_CHARACTERS }),
			{
				displayName: 'Prompt',
				name: 'prompt',
				type: 'string',
				typeOptions: { rows: 4 },
				required: true,
				default: '',
				placeholder: 'e.g. A shoe turns slowly on a pedestal, soft studio light',
				description: `What the video shows, and how the camera moves, in up to ${MAX_PROMPT_CHARACTERS} characters`,
			},
		),
		// From the upstream model.
		mediaField('input.audio_url', 'audio', {
			displayName: 'Audio',
			name: 'audio',
			placeholder: 'e.g. https://example.com/voice.mp3',
			description:
				'Sound for the video: WAV or MP3, 2 to 30 seconds, up to 15 MB. Without it, the model may add its own sound.',
		}),
		// From the upstream model.
		essentialField('input.aspect_ratio', oneOf(...ASPECT_RATIOS), {
			displayName: 'Aspect Ratio',
			name: 'aspectRatio',
			type: 'options',
			default: '',
			description: 'The shape of the video, width to height',
			options: [...ASPECT_RATIOS],
		}),
		resolution('How sharp the video is'),
		videoDuration(DURATION),
	],
	// All from the upstream model.
	options: [negativePrompt('video'), promptExpansion, safetyChecker('video'), seed('video')],
};

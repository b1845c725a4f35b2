import type { IDataObject } from 'n8n-workflow';

import { flag, mediaUrl, oneOf, text, wholeNumber } from '../fields/rules';
import { mediaSource } from '../fields/mediaSource';
import { sent } from '../fields/sent';
import { NOTHING, refuse, type Verdict } from '../fields/verdict';
import { VIDEO_PACE } from '../behaviour/pace';
import { startsRun } from '../behaviour/startsRun';
import type { Operation } from './operation';

/** Seconds. @see runflow-api.md section 9c, "duration" */
const DURATION = { min: 2, max: 15 };

/**
 * Which media go together: a first frame (and a last one, and a sound), or a clip to continue (and the
 * frame it ends on).
 * @see runflow-api.md section 9c, "Legal media combinations", and 10 (22)
 */
function legalMedia({
	image_url: image,
	video_url: video,
	audio_url: audio,
}: IDataObject): Verdict {
	if (image === undefined && video === undefined) {
		return refuse(
			'is empty, and so is Video',
			'Give the image that the video starts from, or a video to continue.',
			'Image',
		);
	}
	if (image !== undefined && video !== undefined) {
		return refuse(
			'and Video are both given',
			'Leave one of them empty: a video either starts from an image or continues another video.',
			'Image',
		);
	}
	if (video !== undefined && audio !== undefined) {
		return refuse(
			'cannot go with Video',
			'Leave Audio empty, or start from an image instead of a video.',
			'Audio',
		);
	}
	return NOTHING;
}

/** Wan 2.7 Image to Video. @see SEED-V (seeds/002_f02e495eeafa4c89.txt), row by row */
export const imageToVideo: Operation = {
	option: {
		name: 'Image to Video',
		value: 'imageToVideo',
		action: 'Turn an image into a video',
		description: 'Make a video from an image or continue a video, for $0.10 per second of video',
		routing: startsRun({
			endpoint: '/v1/models/alibaba/wan/v2.7/image-to-video/runs',
			pace: VIDEO_PACE,
			judgeInput: legalMedia,
		}),
	},
	fields: [
		sent('input.prompt', text(), {
			displayName: 'Prompt',
			name: 'prompt',
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			placeholder: 'e.g. The shoe turns slowly on a pedestal, soft studio light',
			description: 'What happens in the video, and how the camera moves',
		}),
		sent(
			'input.image_url',
			mediaUrl,
			mediaSource({
				displayName: 'Image',
				name: 'image',
				placeholder: 'e.g. https://example.com/shoe.png',
				description:
					'The first frame: JPEG, PNG without transparency, BMP or WEBP, up to 20 MB. Leave empty to continue a video.',
			}),
		),
		sent(
			'input.end_image_url',
			mediaUrl,
			mediaSource({
				displayName: 'End Image',
				name: 'endImage',
				placeholder: 'e.g. https://example.com/shoe-side.png',
				description: 'The last frame, if the video is to end on a certain one',
			}),
		),
		sent(
			'input.video_url',
			mediaUrl,
			mediaSource({
				displayName: 'Video',
				name: 'video',
				placeholder: 'e.g. https://example.com/clip.mp4',
				description:
					'A clip to continue, instead of an image: MP4 or MOV, 2 to 10 seconds, up to 100 MB. It goes without Audio.',
			}),
		),
		sent(
			'input.audio_url',
			mediaUrl,
			mediaSource({
				displayName: 'Audio',
				name: 'audio',
				placeholder: 'e.g. https://example.com/voice.mp3',
				description: 'Sound for the video: WAV or MP3, 2 to 30 seconds, up to 15 MB',
			}),
		),
		sent('input.resolution', oneOf('720p', '1080p'), {
			displayName: 'Resolution',
			name: 'resolution',
			type: 'options',
			default: '',
			description: 'How sharp the video is; its shape follows the image or video given',
			options: [
				{ name: '1080p', value: '1080p' },
				{ name: '720p', value: '720p' },
				{ name: 'Automatic', value: '', description: 'Leaves the choice to Runflow' },
			],
		}),
		sent('input.duration', wholeNumber(DURATION.min, DURATION.max), {
			displayName: 'Duration (Seconds)',
			name: 'duration',
			type: 'number',
			typeOptions: { minValue: DURATION.min, maxValue: DURATION.max, numberPrecision: 0 },
			default: 5,
			description: `Length of the video, ${DURATION.min} to ${DURATION.max}. Each second is charged.`,
		}),
	],
	options: [
		sent('input.negative_prompt', text({ max: 500 }), {
			displayName: 'Negative Prompt',
			name: 'negativePrompt',
			type: 'string',
			typeOptions: { rows: 2 },
			default: '',
			placeholder: 'e.g. shaking, text, watermark',
			description: 'What to keep out of the video, in up to 500 characters',
		}),
		sent('input.enable_prompt_expansion', flag, {
			displayName: 'Prompt Expansion',
			name: 'promptExpansion',
			type: 'boolean',
			default: true,
			description: 'Whether Runflow may add detail to the prompt before it is used',
		}),
		sent('input.enable_safety_checker', flag, {
			displayName: 'Safety Checker',
			name: 'safetyChecker',
			type: 'boolean',
			default: true,
			description: 'Whether the input and the video made are moderated',
		}),
		sent('input.seed', wholeNumber(0, 2147483647), {
			displayName: 'Seed',
			name: 'seed',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 2147483647, numberPrecision: 0 },
			default: 0,
			description:
				'Whole number from 0 to 2147483647. The same seed and input give much the same video again.',
		}),
	],
};

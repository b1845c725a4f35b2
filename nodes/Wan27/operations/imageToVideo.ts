import type { IDataObject } from 'n8n-workflow';

import { mediaField } from '../../shared/properties/media/media';
import { text } from '../../shared/validation/rules';
import {
	negativePrompt,
	promptExpansion,
	resolution,
	safetyChecker,
	seed,
	videoDuration,
} from '../../shared/properties/model';
import { essentialField } from '../../shared/properties/bodyField';
import type { InvalidParameter } from '../../shared/validation/result';
import { VIDEO_POLLING } from '../../shared/run/nodeRun/pollingPolicy';
import { runRouting } from '../../shared/run/executeItem';
import type { Operation } from '../../shared/properties/operation';

/** @see docs/runflow-api.md, "Image to Video: limits upstream" */
const MAX_PROMPT_CHARACTERS = 5000;
/** Seconds. @see docs/runflow-api.md, "Image to Video: limits upstream" */
const DURATION = { min: 2, max: 15 };

/**
 * Which media go together: a first frame (and a last one, and a sound), or a clip to continue (and the
 * frame it ends on).
 * @see docs/runflow-api.md, "Media combinations"; docs/readings.md, row 22
 */
function legalMedia({
	image_url: image,
	video_url: video,
	audio_url: audio,
}: IDataObject): InvalidParameter | undefined {
	// Additional Input can take a field away by null.
	const [hasImage, hasVideo, hasAudio] = [image, video, audio].map((url) => (url ?? '') !== '');
	if (hasImage !== true && hasVideo !== true) {
		return {
			parameter: 'Image',
			problem: 'is empty, and so is Video',
			advice: 'Give the image that the video starts from, or a video to continue.',
		};
	}
	if (hasImage === true && hasVideo === true) {
		return {
			parameter: 'Image',
			problem: 'and Video are both given',
			advice:
				'Leave one of them empty: a video either starts from an image or continues another video.',
		};
	}
	if (hasVideo === true && hasAudio === true) {
		return {
			parameter: 'Audio',
			problem: 'cannot be combined with Video',
			advice: 'Leave Audio empty, or start from an image instead of a video.',
		};
	}
	return undefined;
}

/** Wan 2.7 Image to Video. @see docs/runflow-api.md, "Image to Video: input", row by row */
export const imageToVideo: Operation = {
	option: {
		name: 'Image to Video',
		value: 'imageToVideo',
		action: 'Turn image into video',
		description: 'Make a video from an image or continue a video, for $0.10 per second of video',
		routing: runRouting({
			endpoint: '/v1/models/alibaba/wan/v2.7/image-to-video/runs',
			policy: VIDEO_POLLING,
			validateInput: legalMedia,
		}),
	},
	fields: [
		essentialField('input.prompt', text({ max: MAX_PROMPT_CHARACTERS }), {
			displayName: 'Prompt',
			name: 'prompt',
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			placeholder: 'e.g. The shoe turns slowly on a pedestal, soft studio light',
			description: `What happens in the video, and how the camera moves, in up to ${MAX_PROMPT_CHARACTERS} characters. May be left empty.`,
		}),
		{
			displayName:
				'Give an Image to start from, or a Video to continue. The other media are optional.',
			name: 'mediaNotice',
			type: 'notice',
			default: '',
		},
		mediaField('input.image_url', 'image', {
			displayName: 'Image',
			name: 'image',
			placeholder: 'e.g. https://example.com/shoe.png',
			description:
				'The first frame: JPEG, PNG without transparency, BMP or WEBP, up to 20 MB. Leave empty to continue a video.',
		}),
		mediaField('input.end_image_url', 'image', {
			displayName: 'End Image',
			name: 'endImage',
			placeholder: 'e.g. https://example.com/shoe-side.png',
			description:
				'The last frame, to end the video with a certain image: JPEG, PNG without transparency, BMP or WEBP, up to 20 MB',
		}),
		mediaField('input.video_url', 'video', {
			displayName: 'Video',
			name: 'video',
			placeholder: 'e.g. https://example.com/clip.mp4',
			description:
				'A clip to continue, instead of an image: MP4 or MOV, 2 to 10 seconds, up to 100 MB (50 MiB as a file). Cannot be combined with Audio. Its seconds may be charged too.',
		}),
		mediaField('input.audio_url', 'audio', {
			displayName: 'Audio',
			name: 'audio',
			placeholder: 'e.g. https://example.com/voice.mp3',
			description:
				'Sound for the video: WAV or MP3, 2 to 30 seconds, up to 15 MB. Without it, the model may add its own sound.',
		}),
		resolution('How sharp the video is. Its shape follows the image or the video.'),
		videoDuration(DURATION),
	],
	options: [negativePrompt('video'), promptExpansion, safetyChecker('video'), seed('video')],
};

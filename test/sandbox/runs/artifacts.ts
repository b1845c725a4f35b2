import type { Model } from '../models/model';
import type { PixelSize } from '../validation/imageSize';
import { readImageSize } from '../validation/imageSize';
import { videoSeconds, videoSize } from './askedVideo';
import type { Artifact, Outcome, SandboxRun } from './run';

/** Of a picture whose size the input does not ask for. */
const DEFAULT_SIZE: PixelSize = { width: 1024, height: 1024 };

const SOUND_SECONDS = 1;

/**
 * In: a run and how it ends. Out: the files that it made: num_images pictures, one video or one sound; about half of
 * the pictures when it succeeded in part, nothing when it failed or was canceled.
 * @see docs/runflow-api.md, "Pro Edit: input" and "Output"
 */
export function makeArtifacts(run: SandboxRun, outcome: Outcome): readonly Artifact[] {
	if (outcome === 'failed' || outcome === 'canceled') return [];
	if (run.model.output === 'none') return [];
	if (run.model.output === 'video') return [videoArtifact(run)];
	if (run.model.output === 'audio') return [audioArtifact(run)];
	const wanted = typeof run.input.num_images === 'number' ? run.input.num_images : 1;
	const made = outcome === 'partial_succeeded' ? Math.max(1, Math.floor(wanted / 2)) : wanted;
	const size = pictureSize(run);
	return Array.from({ length: made }, (_, index) => pictureArtifact(run, index, size));
}

function videoArtifact(run: SandboxRun): Artifact {
	return {
		path: `/outputs/${run.id}/0.mp4`,
		type: 'video',
		...videoSize(run.input),
		durationSeconds: videoSeconds(run.input),
		pattern: run.seed,
	};
}

function audioArtifact(run: SandboxRun): Artifact {
	return {
		path: `/outputs/${run.id}/0.wav`,
		type: 'audio',
		width: 0,
		height: 0,
		durationSeconds: SOUND_SECONDS,
		pattern: run.seed,
	};
}

function pictureArtifact(run: SandboxRun, index: number, size: PixelSize): Artifact {
	return {
		path: `/outputs/${run.id}/${index}.png`,
		type: 'image',
		...size,
		durationSeconds: null,
		// Any change of the low bits shows in the picture.
		pattern: run.seed + index * 0x334455,
	};
}

function pictureSize(run: SandboxRun): PixelSize {
	const rule = imageSizeRule(run.model);
	const wanted = rule === undefined ? null : readAnySize(run, rule);
	return wanted ?? DEFAULT_SIZE;
}

function imageSizeRule(model: Model) {
	return model.fields.flatMap((field) =>
		field.type === 'string' && field.imageSize !== undefined ? [field.imageSize] : [],
	)[0];
}

/** The input was accepted already, whichever spelling was in force then. */
function readAnySize(run: SandboxRun, rule: Parameters<typeof readImageSize>[1]): PixelSize | null {
	const value = run.input.image_size;
	if (value === undefined) return null;
	return readImageSize(value, rule, typeof value === 'string' ? 'both' : 'object');
}

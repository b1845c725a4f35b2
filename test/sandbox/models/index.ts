import { imageToVideo } from './imageToVideo';
import type { Model } from './model';
import { proEdit } from './proEdit';

/** The models that the sandbox speaks. @see docs/runflow-api.md, "Models" */
export const MODELS: readonly Model[] = [proEdit, imageToVideo];

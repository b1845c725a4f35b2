import type { Operation } from '../../shared/properties/operation';
import { imageToVideo } from './imageToVideo';
import { proEdit } from './proEdit';
import { textToVideo } from './textToVideo';

/** Every model of the node. To add one, add a file and a line here. */
export const operations: Operation[] = [imageToVideo, proEdit, textToVideo];

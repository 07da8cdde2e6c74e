/** The worker thread in which hiring statements are drawn: an entry of the build. */
import { serveRenderings } from '~/pdf';
import { drawStatement } from './draw';

serveRenderings(drawStatement);

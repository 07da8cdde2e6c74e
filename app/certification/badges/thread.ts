/** The worker thread in which badges are drawn: an entry of the build. Font and canvas stay out of the process. */
import { serveRenderings } from '~/pdf';
import { drawBadge } from './draw';

serveRenderings(drawBadge);

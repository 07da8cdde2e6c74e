/** The worker thread in which tables are drawn on paper: an entry of the build. */
import { serveRenderings } from '~/pdf';
import { drawTable } from './table-pdf';

serveRenderings(drawTable);

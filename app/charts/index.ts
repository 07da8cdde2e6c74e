/** The door of charts: drawn as SVG on the server, each with its figures as a table. No library in the browser. */
export { BarChart, type Bar } from './bar-chart';
export { ProgressChart } from './progress-chart';
export { ShareChart, type Share } from './share-chart';

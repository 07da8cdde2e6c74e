/** The service for personnel systems: who may start, what changed, and what is recorded by them. */
export { API_BASE, apiRouter } from './api.http';
export { openApi, PROBLEM_STATUSES, type ProblemStatus } from './openapi.service';
export { guideOf, type GuideOperation } from './guide.service';
export { EXAMPLES, type OperationId } from './examples';
export { OPERATIONS, type Operation } from './operations.service';
export { forgetAnswers } from './once.service';
export { requestsOf, type ListedRequest } from './requests.repository';
export { forgetRequests } from './requests.service';
export { toldChange } from './clearances.service';

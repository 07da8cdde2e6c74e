/** Sending: digests, channels, what became of each dispatch. */
export { E_MAIL, maskAddress } from './channel';
export { pathOf } from './compose';
export { deliver } from './deliver.service';
export { planDigests } from './digest.service';
export { ADDRESSED_BY, BODY_EXAMPLES, BODY_PLACEHOLDERS, bodyOf, bodyProblem, GATEWAY_KINDS, signatureOf } from './gateway';
export { changeGateway, makeGateway, tryGateway, type Tried } from './gateways.service';
export { allGateways, findGateway, lastFailureOf, resultsOfGateway, type KeptGateway } from './gateways.repository';
export { closeMail } from './mail';
export { badAddressesOf, type BadAddress } from './reach.repository';
export { recordBounce, watchBounces } from './bounces.service';
export { sweepDispatches } from './sweep.service';
export { OUTCOMES, type DispatchOutcome } from './dispatches.repository';
export { SEND_RESULTS, type SendResult, type Sent } from './send-log.repository';

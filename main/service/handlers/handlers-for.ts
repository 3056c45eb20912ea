import type { ControlHandlers, PushName, RequestName } from '../../../shared/ipc/contract.ts';

/** The handlers of some leaves of the contract, as one concern brings them. */
export interface HandlersFor<Requests extends RequestName, Pushes extends PushName = never> {
  readonly requests: Pick<ControlHandlers['requests'], Requests>;
  readonly pushes: Pick<ControlHandlers['pushes'], Pushes>;
}

/** The client of the live protocol, without a framework. */
export { afterClose, delayBefore, type AfterClose } from "./backoff";
export { CompanyStore, type Company } from "./company";
export {
  Connection,
  ConnectionLost,
  RequestRefused,
  type ConnectionOptions,
  type ConnectionState,
  type ConnectionStatus,
  type TopicHandlers,
} from "./connection";
export { Conversation, type ConversationOptions, type ConversationState } from "./conversation";
export { folding, GapError, type Folded, type Reducer, type Reducers } from "./fold";
export { Marks } from "./marks";
export { Outbox, type OutboxOptions, type Pending } from "./outbox";
export { browser, type Platform, type Socket, type SocketHandlers } from "./platform";
export {
  topicOf,
  type Actor,
  type Answer,
  type ErrorBody,
  type EventData,
  type Frame,
  type Recorded,
  type Request,
  type Role,
  type Signal,
  type You,
} from "./protocol";
export { Cell, type Store } from "./store";
export {
  advance,
  emptyTimeline,
  lastSeqFor,
  timelineReducers,
  unreadFor,
  type Customer,
  type Delivery,
  type Entry,
  type Mark,
  type Message,
  type Participant,
  type Reach,
  type Timeline,
} from "./timeline";
export { TopicStore, type TopicOptions, type TopicState } from "./topic";
export { transcript, type Bubble, type Day, type Row } from "./transcript";

import type { Time } from './common';
import type { Conversation } from './conversation';
import type { Filter } from './view';

export type AvailabilityState = 'online' | 'away' | 'busy' | 'transfers_only' | 'offline';

export interface Switches {
  chat: boolean;
  mail: boolean;
}

export interface Capacity {
  total: number;
  chat: number;
  mail: number;
}

export interface Load {
  chat: number;
  mail: number;
}

/** Whether an agent is there for new work: what they said, and how it really is. */
export interface Availability {
  agent_id: string;
  state: AvailabilityState;
  effective: AvailabilityState;
  because: 'idle' | 'gone' | 'shift_over' | null;
  reason: string | null;
  since: Time;
  on: Switches;
  capacity: Capacity;
  skill_ids: string[];
  shift_ends_at: Time | null;
}

export interface AvailabilityReason {
  name: string;
  state: AvailabilityState;
}

export interface OwnAvailability {
  /** There is a queue. */
  routing: boolean;
  availability: Availability;
  reasons: AvailabilityReason[];
}

export interface AvailabilityForm {
  state?: AvailabilityState;
  reason?: string | null;
  on?: Switches;
  shift_ends_at?: Time | null;
  hand_over?: boolean;
}

export interface AvailabilitySettings {
  grace_seconds: number;
  idle_minutes: number | null;
  reasons: AvailabilityReason[];
}

export interface AgentWork {
  capacity: Capacity;
  skill_ids: string[];
}

export interface Skill {
  id: string;
  name: string;
  language: string | null;
}

export interface SkillForm {
  name: string;
  language: string | null;
}

export interface OpenHours {
  day: number;
  from: string;
  until: string;
}

export interface QueueRule {
  priority: number;
  strategy: 'spare_capacity' | 'longest_idle' | 'round_robin';
  offers: boolean;
  accept_seconds: number;
  same_agent: boolean;
  representative: boolean;
  hold_seconds: number;
  newcomer_rota: boolean;
  required: string[];
  preferred: string[];
  language: 'ignored' | 'preferred' | 'required';
  relax_seconds: number | null;
  overflow: string | null;
  overflow_seconds: number;
  lift_seconds: number | null;
  silent_minutes: number;
  silence_seconds: number | null;
  return_when_gone: boolean;
  answer_seconds: number;
  hours: OpenHours[];
}

export interface Queue {
  id: string;
  version: number;
  name: string;
  position: number;
  filter: Filter;
  team_ids: string[];
  agent_ids: string[];
  rule: QueueRule;
  created_at: Time;
  updated_at: Time;
}

export interface QueueForm {
  name: string;
  filter: Filter;
  team_ids: string[];
  agent_ids: string[];
  rule: QueueRule;
}

export interface QueueOrder {
  queue_ids: string[];
}

export interface Offer {
  conversation: Conversation;
  queue_id: string;
  queue_name: string;
  since: Time;
  until: Time;
  seconds_left: number;
}

export interface NextTaken {
  conversation_id: string | null;
}

export interface BoardQueue {
  id: string;
  name: string;
  open: boolean;
  waiting: number;
  longest_since: Time | null;
  /** How many wait for a call instead. */
  calls: number;
  online: number;
  offered: number;
  answered: number;
  answered_in_time: number;
  answer_seconds: number;
  service_level: number | null;
  average_answer_seconds: number | null;
  abandoned: number;
  abandonment: number | null;
}

export interface BoardAgent {
  id: string;
  name: string;
  state: AvailabilityState;
  because: 'idle' | 'gone' | 'shift_over' | null;
  reason: string | null;
  since: Time;
  on: Switches;
  capacity: Capacity;
  load: Load;
}

export interface LiveBoard {
  at: Time;
  since: Time;
  queues: BoardQueue[];
  agents: BoardAgent[];
}

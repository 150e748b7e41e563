import type { Time } from './common';

/** A company whose people write to us. */
export interface Company {
  id: string;
  version: number;
  name: string;
  domains: string[];
  external_id: string | null;
  notes: string;
  customer_count: number;
  created_at: Time;
  updated_at: Time;
}

export interface NewCompany {
  name: string;
  domains?: string[];
  external_id?: string | null;
  notes?: string;
}

export interface CompanyPatch {
  name?: string;
  domains?: string[];
  external_id?: string | null;
  notes?: string;
}

/** Customers who write from a domain of a company and are in none. */
export interface Candidates {
  domain: string;
  customers: number;
}

export interface TakenIn {
  taken: number;
  more: boolean;
}

export interface CompanyHit {
  company: Company;
  name_ranges: [number, number][];
}

/** Who answers a company first. */
export interface Representative {
  agent_id: string | null;
}
